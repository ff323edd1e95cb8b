"""What a request is called when nobody has named it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import Truncator

from massy_grc.common.text import one_line
from prestations.forms import Row
from prestations.models import Prestation
from prestations.models.catalogue import UNSORTED
from requests.enums import LinkKind
from requests.models import ServiceRequest

MESSAGE = "message"  # beside the form's own scopes: what was written before there was a form
OPENING = 120  # characters of an unsorted text that make its subject


def text_of(answers: Mapping[str, Any]) -> str:
    """Return what a request said when it arrived unsorted; "" once erased.

    Its own form, filled in since, does not take it away.
    """
    return str(answers.get(MESSAGE) or answers.get("reponses", {}).get("texte") or "").strip()


def first_words(service_request: ServiceRequest) -> str:
    """Return the message that a request arrived as; "" for one that came with its form."""
    unsorted = service_request.form_version.prestation_id == UNSORTED
    answers = service_request.answers
    return text_of(answers) if unsorted or answers.get(MESSAGE) else ""


def text_left(service_request: ServiceRequest) -> str:
    """Return what an unsorted request asks beside the demands that were split off it.

    An agent copies the second demand out of the text: its sentences are left out. The whole text
    when nothing would remain.
    """
    text = text_of(service_request.answers)
    split_off = service_request.links.filter(kind=LinkKind.SPLIT, undone_at=None)
    gone: set[str] = set()
    for one in split_off.select_related("other"):
        gone |= {one_line(sentence) for sentence in _sentences(text_of(one.other.answers))}
    left = [sentence for sentence in _sentences(text) if one_line(sentence) not in gone]
    return " ".join(left) or text


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]


def words_beside(service_request: ServiceRequest, rows: Iterable[Row]) -> str:
    """Return the message that a request arrived as, unless one of the answers shown says it."""
    words = first_words(service_request)
    return "" if any(row.value == words for row in rows) else words


def subject_of(prestation: Prestation, answers: Mapping[str, Any]) -> str:
    """Return the prestation's label or, of what is not sorted yet, the first words of the text."""
    opening = one_line(text_of(answers)) if prestation.is_unsorted else ""
    return Truncator(opening).chars(OPENING) or prestation.label


def matter_of(service_request: ServiceRequest) -> str:
    """Return what a request says of its matter: its subject, and the free texts of its answers."""
    given = service_request.answers.get("reponses", {}).values()
    written = [text for text in given if isinstance(text, str) and " " in text.strip()]
    said = [first_words(service_request), *written]
    return "\n".join([service_request.subject, *dict.fromkeys(text for text in said if text)])
