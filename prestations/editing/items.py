"""A prestation in use, in the shape of the catalogue's file: what the loader's checks read."""

from typing import Any

from django.db.models import F

from prestations.audiences import KINDS
from prestations.configuration.offer import prestation_item
from prestations.loading.checks_catalogue import Around
from prestations.loading.schema_catalogue import PRESTATION
from prestations.models import Category, FormVersion, Prestation

NOT_KEPT = "–"  # sources of delays stand in the file only


def catalogue_item(prestation: Prestation, definition: dict[str, Any]) -> dict[str, Any]:
    """Return `prestation` with the form `definition` as catalogue.yaml would write it."""
    item = prestation_item(prestation) | {
        "seed_label": None,
        "origin": "derived",
        "requester_block": definition["requester_block"]["code"],
        "form_fields": definition["fields"],
        "documents": definition["documents"],
        "location": definition["location"],
        "eligibility_questions": definition.get("eligibility"),
    }
    for name in ("target_delay", "urgent_delay"):
        if item[name]:
            item[name] = item[name] | {"source": NOT_KEPT}
    if not item["eligibility_questions"]:
        del item["eligibility_questions"]
    return {name: item[name] for name in PRESTATION["properties"] if name in item}


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
