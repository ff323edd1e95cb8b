"""A prestation in use, in the shape of the catalogue's file: what the loader's checks read."""

from typing import Any

from django.db.models import F

from prestations.audiences import KINDS
from prestations.loading.checks_catalogue import Around
from prestations.models import Category, FormVersion, Prestation

NOT_KEPT = "–"  # sources of delays stand in the file only
_SAME = (
    *("code", "label", "handling", "routing_rules", "status", "audiences", "channels"),
    *("anonymous_allowed", "residents_only", "location", "immediate_at_counter", "appointment"),
    *("fee", "delivery_modes", "summary", "eligibility", "external_link", "open311_exposed"),
    *("keywords", "cerfa", "on_behalf"),
)
_OR_NONE = ("appointment_info", "replaced_by", "legacy_software", "notes")


def catalogue_item(prestation: Prestation, definition: dict[str, Any]) -> dict[str, Any]:
    """Return `prestation` with the form `definition` as catalogue.yaml would write it."""
    return (
        {key: getattr(prestation, key) for key in _SAME}
        | {key: getattr(prestation, key) or None for key in _OR_NONE}
        | ({"eligibility_questions": asked} if (asked := definition.get("eligibility")) else {})
        | {
            "seed_label": None,
            "origin": "derived",
            "category": prestation.category_id,
            "team": prestation.team_id,
            "expert_department": prestation.expert_department_id,
            "sites": [site.pk for site in prestation.sites.all()],
            "target_delay": _delay(prestation.target_value, prestation.target_unit)
            | {"kind": prestation.target_kind},
            "urgent_delay": _urgent(prestation),
            "requester_block": definition["requester_block"]["code"],
            "form_fields": definition["fields"],
            "documents": definition["documents"],
            "location": definition["location"],
            "legal": _legal(prestation),
            "templates": {
                "acknowledgement": prestation.acknowledgement_template,
                "outcome_positive": prestation.outcome_positive_template or None,
                "outcome_negative": prestation.outcome_negative_template or None,
                "other": prestation.other_templates,
            },
        }
    )


def _delay(value: int, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "source": NOT_KEPT}


def _urgent(prestation: Prestation) -> dict[str, Any] | None:
    if prestation.urgent_value is None:
        return None
    return _delay(prestation.urgent_value, prestation.urgent_unit) | {
        "condition": prestation.urgent_condition,
        "urgent_if": prestation.urgent_if,
    }


def _legal(prestation: Prestation) -> dict[str, Any]:
    delay = {"value": prestation.silence_value, "unit": prestation.silence_unit}
    return {
        "acknowledgement": prestation.acknowledgement,
        "silence_effect": prestation.silence_effect,
        "silence_delay": delay if prestation.silence_value else None,
        "basis": prestation.legal_basis,
        "confirmed": prestation.legal_confirmed,
        "appeal": prestation.appeal or None,
        "note": prestation.legal_note or None,
    }


def known_blocks() -> dict[str, dict[str, Any]]:
    """Return the blocks of questions about the requester that forms in use have, by code."""
    used = FormVersion.objects.filter(pk=F("prestation__current_form"))
    blocks = used.order_by("-prestation__is_active", "pk").values_list(
        "definition__requester_block", flat=True
    )
    return {block["code"]: block for block in blocks}


def around(definition: dict[str, Any]) -> Around:
    """Return what is in use around a prestation whose form is `definition`."""
    block = definition["requester_block"]
    return Around(
        blocks={block["code"]: block},
        categories={
            code: {"team": team} for code, team in Category.objects.values_list("code", "team")
        },
        prestations=frozenset(Prestation.objects.values_list("code", flat=True)),
        kinds_of_audience={
            str(audience): [str(kind) for kind in kinds] for audience, kinds in KINDS.items()
        },
    )
