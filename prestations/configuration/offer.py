"""What the town offers, as catalogue.yaml writes it: categories, prestations, groups."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations import enums
from prestations.audiences import chosen
from prestations.configuration.catalogue_checks import catalogue_faults
from prestations.configuration.coded import coded, order_of
from prestations.configuration.drafts import draft_faults, unfinished
from prestations.configuration.english import with_english
from prestations.configuration.kinds import Kind, State
from prestations.configuration.recording import reason_of_now
from prestations.loading.catalogue import (
    form_definition,
    prestation_columns,
    write_form,
    write_sites,
)
from prestations.loading.rows import Summary, keep_row, replace_children
from prestations.loading.schema_catalogue import PRESTATION, REQUESTER_BLOCK
from prestations.loading.shapes import (
    CODE,
    COUNT,
    POSITIVE,
    array,
    mapping,
    maybe,
    one_of,
    text,
)
from prestations.models import (
    AudienceChoice,
    Category,
    FormPublication,
    PortalEntry,
    PortalGroup,
    Prestation,
    Processing,
)

# Keys of catalogue.yaml that say where a line comes from: they are not kept.
NOT_KEPT = {"seed_label", "origin"}
_SAME_WORDS = (
    "code label order handling routing_rules status audiences channels anonymous_allowed"
    " residents_only location immediate_at_counter appointment fee delivery_modes summary"
    " eligibility external_link open311_exposed keywords cerfa on_behalf restricted checks approval"
)
DRAFT = enums.PrestationStatus.DRAFT
SAME = _SAME_WORDS.split()
OR_NONE = ("appointment_info", "replaced_by", "legacy_software", "notes")


def prestation_item(row: Prestation) -> State:
    """Return a prestation as the catalogue writes it, with its whole requester block.

    What stands in lists of their own there (restricted, checks, approval, public reports) and its
    processing are keys of it here.
    """
    form = row.current_form.definition if row.current_form else {}
    urgent = row.urgent_value is not None
    silence = row.silence_value is not None
    return (
        {name: getattr(row, name) for name in SAME}
        | {name: getattr(row, name) or None for name in OR_NONE}
        | {
            "category": row.category_id,
            "team": row.team_id,
            "expert_department": row.expert_department_id,
            "sites": sorted(site.pk for site in row.sites.all()),
            "target_delay": {
                "value": row.target_value,
                "unit": row.target_unit,
                "kind": row.target_kind,
            },
            "urgent_delay": {
                "value": row.urgent_value,
                "unit": row.urgent_unit,
                "condition": row.urgent_condition,
                "urgent_if": row.urgent_if,
            }
            if urgent
            else None,
            "legal": {
                "acknowledgement": row.acknowledgement,
                "silence_effect": row.silence_effect,
                "silence_delay": {"value": row.silence_value, "unit": row.silence_unit}
                if silence
                else None,
                "basis": row.legal_basis,
                "confirmed": row.legal_confirmed,
                "appeal": row.appeal or None,
                "note": row.legal_note or None,
            },
            "templates": {
                "acknowledgement": row.acknowledgement_template,
                "outcome_positive": row.outcome_positive_template or None,
                "outcome_negative": row.outcome_negative_template or None,
                "other": row.other_templates,
            },
            "public_reports": row.nearby_metres if row.public_reports else None,
            "processing": row.processing_id,
            "requester_block": form.get("requester_block"),
            "form_fields": form.get("fields", []),
            "documents": form.get("documents", []),
            "eligibility_questions": form.get("eligibility", []),
        }
    )


def _known() -> Any:
    """Those in use, and those being made: nobody sees them yet, but they are settings too."""
    rows = Prestation.objects.filter(Q(is_active=True) | Q(status=DRAFT))
    return rows.select_related("current_form").prefetch_related("sites")


def _snapshot(key: str) -> State | None:
    row = _known().filter(pk=key).first()
    return prestation_item(row) if row else None


def _restore(key: str, state: State | None, *, actor) -> None:
    """Write a prestation: its columns, its sites, and a new version of a form that differs."""
    if state is None:
        rows = Prestation.objects.filter(pk=key)
        rows.filter(status=DRAFT).update(status=enums.PrestationStatus.HISTORICAL)
        rows.update(is_active=False)
        return
    metres = state["public_reports"]
    row: Prestation = keep_row(
        Prestation,
        key,
        prestation_columns(state)
        | {name: state[name] for name in ("restricted", "checks", "approval")}
        | ({"nearby_metres": metres} if metres else {})
        | {
            "public_reports": metres is not None,
            "processing_id": state["processing"],
            "order": order_of(Prestation, key, state),
            "is_active": state["status"] != DRAFT,
        },
    )
    write_sites([state], Summary())
    if state["requester_block"]:
        definition = form_definition(state, state["requester_block"])
        is_new = write_form(row, definition, row.form_versions.order_by("number").last())
        if is_new and actor is not None and row.current_form is not None:
            FormPublication.objects.create(version=row.current_form, note=reason_of_now(), by=actor)
    _choose(row, actor)


def _faults(key: str, state: State | None) -> list[str]:
    gone = state["processing"] if state else None
    if gone and not Processing.objects.filter(pk=gone, is_active=True).exists():
        return [_("Le traitement de données « %(code)s » n’existe plus.") % {"code": gone}]
    if state and state["status"] == DRAFT:
        return draft_faults(state)
    return catalogue_faults("prestations", key, state)


def _choose(row: Prestation, actor) -> None:
    """Keep the audiences in the journal of ticks where it says something else."""
    if actor is None:
        return
    ticked = chosen([row.pk]).get(row.pk, {})
    moved = [one for one, is_open in ticked.items() if is_open != (one in row.audiences)]
    AudienceChoice.objects.bulk_create(
        AudienceChoice(
            prestation=row,
            audience=one,
            is_open=one in row.audiences,
            actor=actor,
            at=timezone.now(),
        )
        for one in moved
    )


def _without(schema: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return the schema of an object without some of its keys."""
    properties = {name: one for name, one in schema["properties"].items() if name not in names}
    required = [name for name in schema["required"] if name not in names]
    return schema | {"properties": properties, "required": required}


def _prestation_schema() -> dict[str, Any]:
    properties = PRESTATION["properties"]
    own = _without(PRESTATION, *NOT_KEPT, "target_delay", "urgent_delay", "requester_block")
    urgent = _without(properties["urgent_delay"], "source")
    full = own | {
        "properties": own["properties"]
        | {
            "order": COUNT,
            "target_delay": _without(properties["target_delay"], "source"),
            "urgent_delay": urgent,
            "requester_block": maybe(_without(REQUESTER_BLOCK, "note")),
            "eligibility_questions": array(
                properties["eligibility_questions"]["items"]  # none is written as an empty list
            ),
            "restricted": text(250, empty=True),
            "approval": text(250, empty=True),
            "checks": array(one_of(enums.Check.values), unique=True),
            "public_reports": maybe(POSITIVE),
            "processing": maybe(CODE),
        },
        "required": [
            *own["required"],
            *("target_delay", "urgent_delay", "requester_block", "restricted", "approval"),
            *("checks", "public_reports", "processing"),
        ],
    }
    return unfinished(full)


def _group(row: PortalGroup) -> State:
    entries = row.entries.order_by("order", "pk").values_list("prestation", "portal_label")
    return {
        "team": row.team_id,
        "prestations": [{"code": code, "portal_label": label or None} for code, label in entries],
    }


def _groups() -> Kind:
    """Groups of the citizens' page; their entries are replaced as a load replaces them."""
    entry = mapping({"code": CODE, "portal_label": maybe(text(250))})
    kind = coded(
        PortalGroup,
        "portal_groups",
        gettext_lazy("Rubrique de la page des habitants"),
        item=_group,
        columns=lambda state: {"team_id": state["team"]},
        schema={"team": CODE, "prestations": array(entry)},
        faults=partial(catalogue_faults, "portal_groups"),
    )

    def restore(key: str, state: State | None, *, actor) -> None:
        assert kind.restore is not None
        kind.restore(key, state, actor=actor)
        wanted = [
            {
                "group_id": key,
                "prestation_id": one["code"],
                "portal_label": one["portal_label"] or "",
                "order": 10 * (index + 1),
            }
            for index, one in enumerate(state["prestations"] if state else [])
        ]
        replace_children(PortalEntry.objects.filter(group=key), wanted, Summary())

    return replace(kind, restore=restore)


CATEGORIES = coded(
    Category,
    "categories",
    gettext_lazy("Catégorie"),
    item=lambda row: {"team": row.team_id},
    columns=lambda state: {"team_id": state["team"]},
    schema={"team": CODE},
    faults=partial(catalogue_faults, "categories"),
)
PRESTATIONS = Kind(
    code="prestations",
    label=gettext_lazy("Prestation"),
    keys=lambda: _known().values_list("pk", flat=True),
    snapshot=_snapshot,
    listed=lambda: {row.pk: prestation_item(row) for row in _known()},
    name=lambda state: state["label"],
    restore=_restore,
    faults=_faults,
    schema=_prestation_schema(),
    searched=True,
)
KINDS = [with_english(one) for one in (CATEGORIES, PRESTATIONS, _groups())]
