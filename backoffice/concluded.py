"""What departments concluded for the front office, and whether a letter repeats it as it is."""

from requests.enums import Opinion, Outcome, TaskEnd
from requests.models import ServiceRequest

LEAST = 15  # characters: « Fait. » may be said as it is
WAY_OF_OPINION: dict[str, str] = {
    Opinion.FAVOURABLE: Outcome.POSITIVE,
    Opinion.UNFAVOURABLE: Outcome.NEGATIVE,
}


def conclusions_of(sr: ServiceRequest) -> list[str]:
    """Return what the departments concluded, the leading one's first."""
    return [text for text, _way in _concluded(sr)]


def repeats_conclusion(sr: ServiceRequest, *texts: str) -> bool:
    """Whether words for the requester hold a conclusion word for word: it was written inside."""
    said = [_plain(text) for text in texts]
    inside = [plain for one in conclusions_of(sr) if len(plain := _plain(one)) >= LEAST]
    return any(one in text for one in inside for text in said)


def gives_no_reason(sr: ServiceRequest, outcome: Outcome, text: str) -> bool:
    """Whether an answer is nothing but conclusions that do not support it.

    One whose way is not recorded supports no refusal: what was written inside of a file in order
    would be given as its reasons, which are owed in fact and in law (CRPA L211-2, L211-5).
    """
    said = left = _plain(text)
    for conclusion, way in _concluded(sr):
        if (way or Outcome.POSITIVE) != outcome:
            left = left.replace(_plain(conclusion).rstrip("."), "")
    return left != said and not any(sign.isalnum() for sign in left)


def _concluded(sr: ServiceRequest) -> list[tuple[str, str]]:
    """The conclusions, each with the `Outcome` that it goes towards, "" when it is not recorded."""
    done = sr.tasks.filter(end=TaskEnd.DONE).values_list("conclusion", "opinion")
    rows = [(text, WAY_OF_OPINION.get(opinion, "")) for text, opinion in done]
    return [row for row in [(sr.conclusion, sr.conclusion_outcome), *rows] if row[0]]


def _plain(text: str) -> str:
    return " ".join(text.split())
