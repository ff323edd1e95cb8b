"""What a request is called when nobody has named it."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator

from massy_grc.common.text import one_line
from prestations.models import Prestation
from requests.models import ServiceRequest

OPENING = 120  # characters of an unsorted text that make its subject


def text_of(answers: Mapping[str, Any]) -> str:
    """Return what a request said when it arrived unsorted; "" once erased."""
    return str(answers.get("reponses", {}).get("texte") or "").strip()


def subject_of(prestation: Prestation, answers: Mapping[str, Any]) -> str:
    """Return the prestation's label or, of what is not sorted yet, the first words of the text."""
    opening = one_line(text_of(answers)) if prestation.is_unsorted else ""
    return Truncator(opening).chars(OPENING) or prestation.label


def matter_of(service_request: ServiceRequest) -> str:
    """Return what a request says of its matter: its subject, and the free texts of its answers."""
    given = service_request.answers.get("reponses", {}).values()
    written = [text for text in given if isinstance(text, str) and " " in text.strip()]
    return "\n".join([service_request.subject, *written])
