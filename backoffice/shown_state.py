"""What a page showed of a request, which its forms send back; and the difference with today."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from massy_grc.common.posted import posted_id
from massy_grc.common.words import date_words
from prestations.translation import catalogue_text
from requests.models import ServiceRequest

LONGEST = 200  # of one fact: a difference is read at a glance
FORGED = -1  # a missing or forged version counts as stale


def _in_charge(sr: ServiceRequest) -> str:
    return sr.assignee.get_full_name() if sr.assignee else ""


def _department(sr: ServiceRequest) -> str:
    return str(sr.department) if sr.department_since and sr.department else ""


def _reach(sr: ServiceRequest) -> str:
    parts = (sr.requester_email, sr.requester_phone, sr.requester_address)
    return ", ".join(part for part in parts if part)


FACTS: dict[str, tuple[str | Promise, Callable[[ServiceRequest], str]]] = {
    "state": (_("État"), lambda sr: str(sr.get_state_display())),
    "due": (_("Échéance"), lambda sr: date_words(sr.due_at)),
    "in_charge": (_("Chargé de dossier"), _in_charge),
    "department": (_("Service"), _department),
    "prestation": (_("Prestation"), lambda sr: str(sr.prestation)),
    "subject": (_("Sujet"), lambda sr: catalogue_text(sr.subject)),
    "urgent": (_("Urgence"), lambda sr: str(_("urgente") if sr.urgent else _("non urgente"))),
    "reach": (_("Coordonnées"), _reach),
    "conclusion": (_("Conclusion du service"), lambda sr: sr.conclusion),
}


@dataclass(frozen=True)
class Shown:
    """What the reader has before them.

    Attributes:
        version: of the request, -1 when what came back is missing or forged.
        seen: the number of the last event on the page; None when it did not come back.
        facts: by name of `FACTS`, in words.
    """

    version: int
    seen: int | None
    facts: dict[str, str]

    @property
    def as_text(self) -> str:
        return json.dumps(self.facts, ensure_ascii=False)


@dataclass(frozen=True)
class Difference:
    """A fact that is no longer what the reader had before them."""

    label: str | Promise
    before: str
    now: str


def shown_now(sr: ServiceRequest) -> Shown:
    """Return what a page made now shows."""
    return Shown(sr.version, sr.event_count, _facts(sr))


def shown_before(request: HttpRequest) -> Shown:
    """Return what the page showed from which this form was sent."""
    version, seen = (posted_id(request.POST.get(name)) for name in ("version", "seen"))
    try:
        told = json.loads(request.POST.get("shown", ""))
    except (ValueError, RecursionError):
        told = {}
    facts = told if isinstance(told, dict) else {}
    kept = {
        name: text[: LONGEST + 1]
        for name, text in facts.items()
        if name in FACTS and isinstance(text, str)
    }
    return Shown(FORGED if version is None else version, seen, kept)


def differences(before: Shown, sr: ServiceRequest) -> list[Difference]:
    """Return what is no longer as it was shown, in the order of `FACTS`."""
    now = _facts(sr)
    return [
        Difference(FACTS[name][0], before.facts[name], now[name])
        for name in FACTS
        if name in before.facts and before.facts[name] != now[name]
    ]


def _facts(sr: ServiceRequest) -> dict[str, str]:
    return {name: Truncator(words(sr)).chars(LONGEST) for name, (_label, words) in FACTS.items()}
