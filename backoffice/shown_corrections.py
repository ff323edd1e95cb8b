"""What was corrected in a request's answers: beside each of them, and what it leaves to decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from backoffice.acts import ACTS, Act
from backoffice.routing_words import where_to_go
from backoffice.timeline import Item
from massy_grc.common.words import date_words
from prestations.forms import Row
from prestations.models import Department, Team
from requests.corrections import last_corrections
from requests.enums import Verb
from requests.models import RequestEvent, ServiceRequest

# whoever does this has seen where the request stands, and lets it go on there or elsewhere
PLACED = frozenset(
    {
        *(Verb.ROUTE, Verb.QUALIFY, Verb.TRANSFER, Verb.RETURN, Verb.TAKE, Verb.ASSIGN),
        *(Verb.ASK_TASK, Verb.TREAT, Verb.READY, Verb.ANSWER),
    }
)
MADE_URGENT = frozenset({Verb.SET_URGENT, Verb.QUALIFY})


@dataclass(frozen=True)
class ToDecide:
    """What a correction leaves to an agent.

    Attributes:
        words: what no longer fits.
        act: by which it is put right; None when the reader may not.
        department: that the act proposes.
    """

    words: str
    act: Act | None
    department: str | None = None


def with_corrections(rows: Iterable[Row], items: Sequence[Item]) -> list[Row]:
    """The answers, each with who corrected it last and when."""
    of_events = {item.what.pk: item for item in items if isinstance(item.what, RequestEvent)}
    corrections = last_corrections(item.what for item in of_events.values())
    last = {key: of_events[event.pk] for key, event in corrections.items()}
    return [
        replace(row, note=_corrected(last[row.key])) if row.key in last else row for row in rows
    ]


def _corrected(item: Item) -> str:
    return _("Corrigée le %(day)s par %(name)s") % {
        "day": date_words(item.at),
        "name": item.signed,
    }


def left_to_decide(
    sr: ServiceRequest, items: Sequence[Item], verbs: Sequence[Verb]
) -> list[ToDecide]:
    """What the request would be by its corrected answers, and is not; nothing is done by itself."""
    events = [item.what for item in items if isinstance(item.what, RequestEvent)]
    found = []
    drawn = _last(events, "would_go", PLACED)
    if drawn is not None:
        holder = (sr.department_id, None) if sr.department_since else (None, sr.team_id)
        department, team = drawn.data["would_go"], drawn.data["would_team"]
        if (department, team) != holder:
            found.append(_elsewhere(department, team, verbs))
    drawn = _last(events, "would_be_urgent", MADE_URGENT)
    if drawn is not None and drawn.data["would_be_urgent"] != sr.urgent:
        words = (
            _("Ses réponses corrigées ne la rendraient plus urgente. Le délai n’a pas changé.")
            if sr.urgent
            else _("Ses réponses corrigées la rendraient urgente. Le délai n’a pas changé.")
        )
        act = ACTS["set_urgent"] if Verb.SET_URGENT in verbs else None
        found.append(ToDecide(words, act))
    return found


def _last(
    events: Sequence[RequestEvent], said: str, settled_by: frozenset[Verb]
) -> RequestEvent | None:
    """The last correction that says `said`, unless somebody has settled it since."""
    for event in reversed(events):
        if event.verb in settled_by:
            return None
        if event.verb == Verb.CORRECT and said in event.data:
            return event
    return None


def _elsewhere(department: str | None, team: str | None, verbs: Sequence[Verb]) -> ToDecide:
    names = {
        "departments": {one.pk: str(one) for one in Department.objects.filter(pk=department)},
        "teams": {one.pk: str(one) for one in Team.objects.filter(pk=team)},
    }
    slug = "transfer" if department and Verb.TRANSFER in verbs else "return"
    act = ACTS[slug] if ACTS[slug].verb in verbs else None
    words = _(
        "La demande est allée là où elle est d’après une réponse corrigée depuis. %(where)s. "
        "Rien n’a été transmis."
    ) % {"where": where_to_go({"would_go": department, "would_team": team}, names)}
    return ToDecide(words, act, department if slug == "transfer" else None)
