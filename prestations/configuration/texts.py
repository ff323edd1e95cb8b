"""The town's words: letters, reasons for closing, what complaints are sorted by, programs."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from prestations.configuration.coded import coded
from prestations.configuration.kinds import State
from prestations.loading.reference import (
    authority_columns,
    closing_columns,
    software_columns,
    template_columns,
)
from prestations.loading.schema_reference import ADDRESS, EMAIL, TEMPLATE
from prestations.loading.shapes import BOOLEAN, maybe, text
from prestations.models import (
    Authority,
    ClosingReason,
    LetterTemplate,
    Prestation,
    RootCause,
    Severity,
    Software,
)

ENGLISH = ("subject_en", "body_en", "sms_body_en")
WORDS = ("subject", "body", "sms_body", *ENGLISH)
_BLANK = text(empty=True)
_LETTER = {k: v for k, v in TEMPLATE["properties"].items() if k not in ("code", "label")}


def _letter(row: LetterTemplate) -> State:
    return {
        "audience": row.audience,
        "channels": row.channels,
        "use": row.uses,
        **{name: getattr(row, name) for name in WORDS},
        "general": row.is_general,
        "authority": row.by_authority,
        "neutral": row.is_neutral,
    }


def _letter_columns(state: State) -> dict[str, Any]:
    return template_columns(state) | {name: state[name] for name in ENGLISH}


def _awaited() -> list[State]:
    """Letters that wait for their first approval, with the words that are proposed."""
    return [
        {"code": row.pk, "label": row.label, "order": row.order, **_letter(row)}
        | {name: getattr(row.pending(), name) for name in WORDS}
        for row in LetterTemplate.objects.awaited()
    ]


def _named_by(key: str) -> list[str]:
    """The prestations for which a general letter leaves while this one waits."""
    if not LetterTemplate.objects.awaited().filter(pk=key).exists():
        return []
    named = Q(acknowledgement_template=key) | Q(other_templates__contains=[key])
    named |= Q(outcome_positive_template=key) | Q(outcome_negative_template=key)
    return [str(one) for one in Prestation.objects.listed().filter(named)]


KINDS = [
    coded(
        LetterTemplate,
        "templates",
        gettext_lazy("Modèle de lettre"),
        awaited=_awaited,
        named_by=_named_by,
        item=_letter,
        columns=_letter_columns,
        schema=_LETTER | dict.fromkeys(["sms_body", *ENGLISH], _BLANK),
    ),
    coded(
        ClosingReason,
        "closing_reasons",
        gettext_lazy("Motif de clôture"),
        item=lambda row: {"positive": row.positive, "decision": row.is_decision},
        columns=closing_columns,
        schema={"positive": BOOLEAN, "decision": BOOLEAN},
        english=True,
    ),
    coded(
        Authority,
        "authorities",
        gettext_lazy("Autorité extérieure"),
        item=lambda row: {"address": row.address, "email": row.email or None},
        columns=authority_columns,
        schema={"address": ADDRESS, "email": maybe(EMAIL)},
        english=True,
    ),
    coded(
        Severity,
        "complaint_severities",
        gettext_lazy("Gravité d’une réclamation"),
        item=lambda row: {"hint": row.hint},
        columns=lambda state: {"hint": state["hint"]},
        schema={"hint": text(250)},
        english=True,
    ),
    coded(RootCause, "root_causes", gettext_lazy("Cause d’un problème"), english=True),
    coded(
        Software,
        "software",
        gettext_lazy("Logiciel métier"),
        item=lambda row: {"subject": row.subject, "double_entry": row.double_entry},
        columns=software_columns,
        schema={"subject": text(250, empty=True), "double_entry": BOOLEAN},
        english=True,
    ),
]
