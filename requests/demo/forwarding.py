"""The demo's requests that were another administration's, and went to it (CRPA L114-2)."""

from datetime import datetime, timedelta

from massy_grc.users.models import User
from prestations.models import Authority
from requests import actions
from requests.demo.people import Staff
from requests.enums import State
from requests.models import ServiceRequest

LATELY = timedelta(days=30)
# a prestation, to whom such a request went, and why
ASTRAY = (
    (
        "voirie-intervention-rapide",
        "departement",
        "Cette rue est une route départementale\u00a0: le Département l'entretient.",
    ),
    (
        "eclairage-equipement-defectueux",
        "sncf",
        "Ce lampadaire éclaire le quai de la gare\u00a0: il est à SNCF Réseau.",
    ),
    (
        "voirie-mobilier-urbain",
        "ile-de-france-mobilites",
        "L'abribus appartient à Île-de-France Mobilités, qui le répare.",
    ),
    (
        "proprete-depot-sauvage",
        "paris-saclay",
        "Le terrain est à la communauté d'agglomération, qui le fait nettoyer.",
    ),
)


def make_forwardings(staff: Staff, now: datetime) -> None:
    """Send a few open requests on to whom they belong; once."""
    if ServiceRequest.objects.filter(forwarded_to__isnull=False).exists():
        return
    actor = User.objects.get(pk=staff.supervisor)
    open_ones = (
        ServiceRequest.objects.leading()
        .filter(
            state__in=(State.EN_COURS, State.TRANSMISE),
            arrived_at__gt=now - LATELY,
            tasks=None,
            merged=None,
        )
        .exclude(complaint__abusive=True)  # only a neutral template answers those
    )
    for code, authority, reason in ASTRAY:
        found = open_ones.filter(prestation=code).order_by("-arrived_at").first()
        if found is not None:
            actions.forward_request(
                request_id=found.pk,
                version=None,
                actor=actor,
                authority=Authority.objects.get(pk=authority),
                reason=reason,
                now=now,
            )
