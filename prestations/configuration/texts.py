"""The town's words: letters, reasons for closing, what complaints are sorted by."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from prestations.configuration.coded import coded
from prestations.configuration.kinds import Kind, State
from prestations.enums import VersionState
from prestations.loading.reference import authority_columns, closing_columns, template_columns
from prestations.loading.schema_reference import ADDRESS, EMAIL, TEMPLATE
from prestations.loading.shapes import BOOLEAN, maybe, text
from prestations.models import (
    Authority,
    ClosingReason,
    LetterTemplate,
    LetterVersion,
    RootCause,
    Severity,
)

ENGLISH = ("subject_en", "body_en", "sms_body_en")
WORDS = ("subject", "body", "sms_body", *ENGLISH)
_BLANK = text(empty=True)


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


def _letters() -> Kind:
    """Letters: whoever imports a configuration answers for their words, which become a version."""
    own = {k: v for k, v in TEMPLATE["properties"].items() if k not in ("code", "label")}
    kind = coded(
        LetterTemplate,
        "templates",
        gettext_lazy("Modèle de lettre"),
        item=_letter,
        columns=_letter_columns,
        schema=own | dict.fromkeys(["sms_body", *ENGLISH], _BLANK),
        fixed=gettext_lazy(
            "Les mots d’une lettre se proposent et s’approuvent à deux : reprenez l’ancien texte"
            " depuis la page du modèle."
        ),
    )

    def restore(key: str, state: State | None, *, actor) -> None:
        known = LetterTemplate.objects.filter(pk=key).first()
        before = {name: getattr(known, name) for name in WORDS} if known else {}
        assert kind.restore is not None
        kind.restore(key, state, actor=actor)
        if state is None or before == {name: state[name] for name in WORDS}:
            return
        now = timezone.now()
        row = LetterTemplate.objects.get(pk=key)
        row.taken_up_at = now
        row.save(update_fields=["taken_up_at"])
        LetterVersion.objects.create(
            template=row,
            number=row.last_number() + 1,
            state=VersionState.VALIDATED,
            author=actor,
            written_at=now,
            decided_by=actor,
            decided_at=now,
            **{name: state[name] for name in WORDS},
        )

    return replace(kind, restore=restore)


KINDS = [
    _letters(),
    coded(
        ClosingReason,
        "closing_reasons",
        gettext_lazy("Motif de clôture"),
        item=lambda row: {"positive": row.positive, "decision": row.is_decision},
        columns=closing_columns,
        schema={"positive": BOOLEAN, "decision": BOOLEAN},
    ),
    coded(
        Authority,
        "authorities",
        gettext_lazy("Autorité extérieure"),
        item=lambda row: {"address": row.address, "email": row.email or None},
        columns=authority_columns,
        schema={"address": ADDRESS, "email": maybe(EMAIL)},
    ),
    coded(
        Severity,
        "complaint_severities",
        gettext_lazy("Gravité d’une réclamation"),
        item=lambda row: {"hint": row.hint},
        columns=lambda state: {"hint": state["hint"]},
        schema={"hint": text(250)},
    ),
    coded(RootCause, "root_causes", gettext_lazy("Cause d’un problème")),
]
