"""Replies the town has ready for one request, to be put into a text box and completed there."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from prestations.enums import LetterUse
from requests.letters.composing import agent_line, without_greeting
from requests.letters.context import context_for, without_keys
from requests.letters.known import known_values
from requests.letters.offering import offered
from requests.letters.rendering import body_to_complete
from requests.models import ServiceRequest

BETWEEN = "\n\n"


@dataclass(frozen=True)
class Canned:
    """The core of a letter; ``{…}`` where a value is left to be given, which bars the sending."""

    label: str
    text: str


def canned_replies(service_request: ServiceRequest, use: LetterUse, now: datetime) -> list[Canned]:
    """Return the templates for `use` with the values of this request, those of its kind first.

    Without greeting and name, which every letter gets (`own_letter`).
    """
    with translation.override("fr"):
        known = known_values(service_request, now, refused=use == LetterUse.REFUSAL)
        values = without_keys(context_for(service_request, **known))
        name = agent_line(service_request)
        return [
            Canned(str(template), _core(body_to_complete(template, values), name))
            for template in offered(service_request, use)
        ]


def _core(body: str, name: str) -> str:
    paragraphs = without_greeting(body).split(BETWEEN)
    if paragraphs and paragraphs[-1] == name:
        del paragraphs[-1]
    return BETWEEN.join(paragraphs)
