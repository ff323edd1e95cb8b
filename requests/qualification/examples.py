"""What the classifier learns from: the catalogue's words, written examples, the town's requests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prestations.enums import FieldType
from prestations.loading.files import read_yaml
from prestations.models import Prestation
from requests.enums import State
from requests.models import Qualification, ServiceRequest
from requests.subjects import text_of

WRITTEN = Path(__file__).parent.parent / "data" / "messages.yaml"
EACH = 40  # of the town's newest closed requests, by prestation
SHORTEST = 15  # characters; less says nothing


@dataclass(frozen=True)
class Example:
    """A text and the prestation that it is about.

    Attributes:
        learnt: taken from a request of the town, not written for the purpose.
        is_message: such as comes in unsorted; a catalogue's words or a form's answers are not.
    """

    text: str
    prestation: str
    learnt: bool = False
    is_message: bool = False


@cache
def written_examples() -> tuple[Example, ...]:
    """Return the messages written so that it works on the first day, without any history."""
    messages: Mapping[str, list[str]] = read_yaml(WRITTEN)
    return tuple(
        Example(text, code, is_message=True) for code, texts in messages.items() for text in texts
    )


def catalogue_examples(prestations: Iterable[Prestation]) -> list[Example]:
    """Return the catalogue's own words of each prestation: name, summary, key words."""
    return [
        Example(text, one.pk)
        for one in prestations
        for text in (one.label, one.summary, ", ".join([one.label, *one.keywords]))
        if text
    ]


def learnt_examples(label_of: Mapping[str, str]) -> list[Example]:
    """Return the town's own: what agents qualified, then its newest closed requests.

    Each text once, and at most `EACH` of a prestation, so that a frequent one does not drown the
    others. A text written for several labels ("Nothing to add.") tells none of them. An erased
    request has no text any more.

    Args:
        label_of: the prestations to learn, and under which label each is learnt.
    """
    found: dict[str, dict[str, Example]] = {code: {} for code in label_of}
    settled = Qualification.objects.exclude(settled_by=None).select_related("request")
    for one in settled.order_by("-settled_at")[: EACH * len(found)].iterator():
        _keep(found, text_of(one.request.answers), one.settled_id, is_message=True)
    for code in found:  # a query each: its index gives the newest without reading the rest
        closed = ServiceRequest.objects.filter(prestation=code, state=State.CLOSE)
        newest = closed.select_related("form_version").order_by("-arrived_at", "-id")[:EACH]
        for request in newest:
            _keep(found, own_words(request), code)
    meant: dict[str, set[str]] = {}
    for code, texts in found.items():
        for text in texts:
            meant.setdefault(text, set()).add(label_of[code])
    return [one for texts in found.values() for text, one in texts.items() if len(meant[text]) == 1]


def _keep(
    found: dict[str, dict[str, Example]], text: str, code: str | None, *, is_message: bool = False
) -> None:
    texts = found.get(code or "")
    if texts is not None and code and len(text) >= SHORTEST and len(texts) < EACH:
        texts.setdefault(text.casefold(), Example(text, code, True, is_message))


def own_words(request: ServiceRequest) -> str:
    """Return what the requester wrote in the free fields of a form."""
    given = request.answers.get("reponses", {})
    fields = request.form_version.definition["fields"]
    free = [one["name"] for one in fields if one["type"] == FieldType.TEXTAREA]
    return "\n".join(str(given[name]).strip() for name in free if given.get(name))
