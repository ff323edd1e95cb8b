"""Which answers of a request were corrected, and which say again what was said at first."""

from collections.abc import Iterable, Mapping
from typing import Any

from prestations.forms.address import PARTS
from prestations.forms.answers import flatten
from prestations.forms.definition import Definition, Question
from prestations.forms.register import pin_of
from requests.enums import Verb
from requests.models import RequestEvent, ServiceRequest

# beside the form's own answers, by key: what an answer was before it was corrected
FIRST = "avant_correction"
_ASKED_OF_A_SPOT = tuple(part for part in PARTS if part not in ("code_postal", "commune"))


def last_corrections(events: Iterable[RequestEvent]) -> dict[str, RequestEvent]:
    """The last correction of each answer that is not back at what was said at first, by key.

    Args:
        events: of one request, oldest first.
    """
    found: dict[str, RequestEvent] = {}
    for event in events:
        if event.verb == Verb.CORRECT:
            found |= dict.fromkeys(event.data["corrected"], event)
            for key in event.data.get("restored", ()):
                del found[key]
    return found


def first_answers(service_request: ServiceRequest, keys: Iterable[str]) -> dict[str, Any]:
    """What was answered at first, where that is known: to what was corrected before, and to `keys`.

    One corrected before this was kept is not known any more.
    """
    known = service_request.answers.get(FIRST, {})
    corrected = last_corrections(service_request.events.filter(verb=Verb.CORRECT))
    now = flatten(service_request.answers)
    first = {key: now.get(key) for key in keys if key not in corrected}
    return first | {key: known[key] for key in corrected if key in known}


def back_at_first(
    definition: Definition, given: Mapping[str, Any], first: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers among `given` that say what was said at first, as they were then."""
    return {
        key: first[key]
        for key, value in given.items()
        if key in first and _same(definition.by_key[key], value, first[key])
    }


def _same(question: Question, one: Any, other: Any) -> bool:
    if not (question.is_spot and isinstance(one, dict) and isinstance(other, dict)):
        return one == other
    parts = all(one.get(part) == other.get(part) for part in _ASKED_OF_A_SPOT)
    return parts and pin_of(one) == pin_of(other)
