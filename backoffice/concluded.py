"""What departments concluded for the front office, and whether a letter repeats it as it is."""

from requests.enums import TaskEnd
from requests.models import ServiceRequest

LEAST = 15  # characters: « Fait. » may be said as it is


def conclusions_of(sr: ServiceRequest) -> list[str]:
    """Return what the departments concluded, the leading one's first."""
    done = sr.tasks.filter(end=TaskEnd.DONE).values_list("conclusion", flat=True)
    return [one for one in (sr.conclusion, *done) if one]


def repeats_conclusion(sr: ServiceRequest, *texts: str) -> bool:
    """Whether words for the requester hold a conclusion word for word: it was written inside."""
    said = [_plain(text) for text in texts]
    inside = [plain for one in conclusions_of(sr) if len(plain := _plain(one)) >= LEAST]
    return any(one in text for one in inside for text in said)


def _plain(text: str) -> str:
    return " ".join(text.split())
