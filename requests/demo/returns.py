"""The demo's requests sent to the wrong department: given back with a reason, then sent on."""

from datetime import datetime, timedelta

from django.db.models import Max

from massy_grc.users.models import User
from requests import actions
from requests.demo.lives import World
from requests.enums import State, Verb
from requests.models import RequestEvent, ServiceRequest

LATELY = timedelta(days=60)
ONE_IN, MOST = 2, 24
# department that it was sent to: the right one, and why
WRONG = {
    "voirie-assainissement": (
        "batiments",
        "C'est dans la cour d'un bâtiment communal, pas sur la voie. À voir avec les bâtiments.",
    ),
    "eclairage-public": (
        "voirie-assainissement",
        "Ce n'est pas un candélabre mais le mobilier du trottoir : à transmettre à la voirie.",
    ),
    "proprete-urbaine": (
        "gestion-dechets",
        "Les bacs n'ont pas été collectés : c'est la gestion des déchets, pas le nettoiement.",
    ),
    "gestion-dechets": (
        "proprete-urbaine",
        "C'est un dépôt sauvage sur la voie publique : la propreté urbaine s'en charge.",
    ),
    "espaces-verts": (
        "domaine-public",
        "La haie est celle d'un riverain : le domaine public le met en demeure, pas nous.",
    ),
    "affaires-scolaires": (
        "regie-facturation",
        "La question porte sur la facture, pas sur l'inscription : à la régie.",
    ),
    "stationnement": (
        "police-municipale",
        "Le véhicule est ventouse : l'enlèvement est décidé par la police municipale.",
    ),
}


def make_returns(world: World) -> None:
    """Let departments give back some of what they were sent lately; once."""
    if RequestEvent.objects.filter(verb=Verb.RETURN).exists():
        return
    sent = ServiceRequest.objects.filter(
        state=State.TRANSMISE,
        department__in=WRONG,
        department_since__gte=world.now - LATELY,
        prestation__restricted="",
    )
    rows = sent.select_related("prestation").annotate(last=Max("events__at"))
    moved = [(sr, *_moments(sr.last, world)) for sr in rows.order_by("-arrived_at", "-pk")]
    past = [one for one in moved if one[2] <= world.now]
    for service_request, returned_at, sent_on_at in past[::ONE_IN][:MOST]:
        _send_on(service_request, returned_at, sent_on_at, world)


def _moments(last: datetime, world: World) -> tuple[datetime, datetime]:
    """Given back soon after the last act, and sent on soon after that."""
    returned_at = world.timing.at_work(last)
    return returned_at, world.timing.at_work(returned_at)


def _send_on(
    service_request: ServiceRequest, returned_at: datetime, sent_on_at: datetime, world: World
) -> None:
    code = str(service_request.department_id)
    right, reason = WRONG[code]
    expert = world.random.choice(world.staff.experts[code])
    front = world.staff.front(service_request.prestation, service_request.team_id)
    actions.return_request(
        request_id=service_request.pk,
        version=None,
        actor=User.objects.get(pk=expert),
        note=reason,
        now=returned_at,
    )
    actions.transfer_request(
        request_id=service_request.pk,
        version=None,
        actor=User.objects.get(pk=service_request.front_agent_id or world.random.choice(front)),
        department=world.departments[right],
        now=sent_on_at,
    )
