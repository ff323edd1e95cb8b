"""What a letter looks like before it has a request: each field by its name, or one request's."""

from dataclasses import dataclass

from django.utils import timezone, translation

from prestations.models.texts import LetterWords
from requests.letters.context import VARIABLES, context_for, without_keys
from requests.letters.engine import Values, fill
from requests.letters.known import known_values
from requests.letters.merge_fields import label_of
from requests.letters.rendering import capitals, english_values, prepared
from requests.models import ServiceRequest


@dataclass(frozen=True)
class Sample:
    """The words of one language; `sms` is blank for a letter that has none."""

    language: str
    subject: str
    body: str
    sms: str


def samples(letter: LetterWords, service_request: ServiceRequest | None) -> list[Sample]:
    """Return the letter in each language it has: French, then English.

    Args:
        service_request: gives the values, but for the keys of its pages; None writes ``{label}``
            for each, conditions met.
    """
    with translation.override("fr"):
        values = _values(service_request)
        shown = [_sample(letter, "fr", values)]
        if letter.body_en:
            shown.append(_sample(letter, "en", english_values(values)))
    return shown


def _values(service_request: ServiceRequest | None) -> Values:
    if service_request is None:
        return {
            group: {name: _hole(f"{group}.{name}") for name in names}
            for group, names in VARIABLES.items()
        }
    known = known_values(service_request, timezone.now())
    return without_keys(context_for(service_request, **known))


def _sample(letter: LetterWords, language: str, values: Values) -> Sample:
    suffix = "" if language == "fr" else f"_{language}"
    subject, body, sms = (
        fill(prepared(getattr(letter, f"{name}{suffix}")), values, _hole)
        for name in ("subject", "body", "sms_body")
    )
    return Sample(language=language, subject=subject, body=capitals(body), sms=sms)


def _hole(name: str) -> str:
    return f"{{{label_of(name)}}}"
