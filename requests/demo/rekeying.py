"""What the demo's agents typed again in the departments' own programs (S53)."""

from datetime import datetime

from massy_grc.users.models import User
from prestations.models import Prestation
from requests import actions
from requests.demo.people import Staff
from requests.enums import State
from requests.models import Rekeying, ServiceRequest

LATEST = 150  # of the newest requests that are to be typed again
# of so many, how many are: clerks of civil acts type at once, the workshops seldom
TYPED = {"melodie": (4, 5), "scolariciel": (3, 4), "services-techniques": (1, 3)}
USUALLY = (1, 2)


def make_rekeyings(staff: Staff, now: datetime) -> None:
    """Let agents note what they typed again, with the number that came of it; once."""
    if Rekeying.objects.exists():
        return
    agents = list(User.objects.filter(pk__in=staff.eas).order_by("pk"))
    requests = (
        ServiceRequest.objects.leading()
        .filter(prestation__in=Prestation.objects.typed_again(), unread_since=None)
        .exclude(state__in=(State.A_QUALIFIER, State.ANNULEE))
        .select_related("prestation")
        .order_by("-arrived_at", "-pk")[:LATEST]
    )
    seen: dict[str, int] = {}
    for sr in requests:
        code = sr.prestation.legacy_software
        place = seen[code] = seen.get(code, 0) + 1
        done, of = TYPED.get(code, USUALLY)
        if place % of >= done:
            continue
        actions.note_rekeying(
            request_id=sr.pk,
            version=None,
            actor=agents[place % len(agents)],
            number=f"{code[:3].upper()}-{now:%Y}-{4000 - place:04d}",
            now=now,
        )
