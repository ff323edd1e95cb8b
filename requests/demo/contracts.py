"""The demo's contracts between the front office and the departments; a few have none yet (S77)."""

from datetime import datetime, timedelta

from massy_grc.users.models import User
from prestations.agreeing import write_contract
from prestations.enums import Role
from prestations.models import ContractVersion, Department, Prestation, ServiceContract
from requests.demo.people import Staff

WRITTEN_BEFORE = timedelta(days=240)
# they still talk about theirs
WITHOUT = frozenset({"conservatoire", "foncier", "handicap-transports", "logement"})
INFORMATION = {
    "dst": "Lieu exact, photo, danger éventuel, délai annoncé\u00a0; pas d’avis technique.",
    "durb": "Pièces du dossier, étapes, délai légal\u00a0; jamais le sens de la décision.",
    "dsol": "Conditions, pièces, prochaine commission\u00a0; jamais le montant d’une aide.",
    "dedu": "Calendrier, pièces, tarif au quotient\u00a0; les places, par le service seul.",
    "dcsv": "Horaires, tarifs, conditions de réservation\u00a0; les exceptions, par le service.",
    "dpop": "Pièces, délai, retrait\u00a0; la filiation, par l’officier d’état civil.",
}
USUALLY = "Conditions, pièces et délai\u00a0; pas d’avis sur le fond."
RESOURCES = (
    "Un correspondant et son remplaçant, nommés\u00a0; une demi-heure par jour pour l’accueil.",
    "Un référent formé par l’accueil\u00a0; la fiche de procédure relue chaque semestre.",
    "Une ligne directe pour l’accueil le matin\u00a0; l’accès du service à la demande.",
)
EVALUATION = (
    "Revue trimestrielle\u00a0: volumes, retards, réouvertures, enquête.",
    "Point mensuel des deux responsables sur les retours hors délai.",
    "Bilan semestriel avec la note des usagers et dix dossiers tirés au sort.",
)
PERCENTS = (80, 85, 90)


def make_contracts(staff: Staff, now: datetime) -> None:
    """Write the contracts of most departments that treat something; once."""
    if ContractVersion.objects.exists():
        return
    actor = User.objects.get(pk=staff.demo[Role.ADMINISTRATEUR])
    known = ServiceContract.objects.filter(is_active=True).values("department")
    rest = Department.objects.filter(is_active=True).exclude(pk__in=known)
    written = 0
    for department in rest.exclude(pk__in=WITHOUT).order_by("order"):
        prestations = Prestation.objects.offered().filter(expert_department=department)
        if not prestations:
            continue
        write_contract(
            department=department,
            prestations=prestations,
            information=INFORMATION.get(department.direction_id, USUALLY),
            take_days=min(1 + written % 3, department.target_return_days),
            treat_days=department.target_return_days,
            on_time_percent=PERCENTS[written % len(PERCENTS)],
            resources=RESOURCES[written % len(RESOURCES)],
            evaluation=EVALUATION[written % len(EVALUATION)],
            actor=actor,
            now=now - WRITTEN_BEFORE + timedelta(days=3 * written),
        )
        written += 1
