"""Loading of catalogue.yaml: categories, the citizens' page, prestations and their forms."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from prestations.audiences import applied, chosen
from prestations.loading.checks_catalogue import Known, check_catalogue
from prestations.loading.checks_links import missing_links
from prestations.loading.files import check_schema, read_yaml
from prestations.loading.links import link_articles
from prestations.loading.problems import DataFileError
from prestations.loading.procedures import write_procedures
from prestations.loading.rows import Summary, lock_loading, replace_children, sync
from prestations.loading.schema_catalogue import CATALOGUE
from prestations.loading.search_index import index_search
from prestations.loading.unsorted import BLOCK, FORM, write_unsorted
from prestations.models import (
    Category,
    Department,
    FormVersion,
    LetterTemplate,
    PortalEntry,
    PortalGroup,
    Prestation,
    Site,
    Software,
    Team,
)

DEFAULT_FILE = Path(__file__).resolve().parent.parent / "data" / "catalogue.yaml"


def load_catalogue(file: Path = DEFAULT_FILE) -> Summary:
    """Load the catalogue of `file`, in one transaction; a second load changes nothing.

    A changed form becomes a new `FormVersion`: filed requests keep theirs. A prestation that is
    no longer in the file is taken out of use, never deleted.

    Returns what changed. Raises `DataFileError` with every mistake; then nothing is written.
    """
    data = read_catalogue(file)
    return write_catalogue(data)


def read_catalogue(file: Path = DEFAULT_FILE) -> dict[str, Any]:
    """Return the checked content of `file`, or raise `DataFileError`."""
    data = read_yaml(file)
    problems = check_schema(data, CATALOGUE)
    known = known_codes()
    if not known.teams:
        problems.add("", "no reference data yet: run load_reference first")
        raise DataFileError(file, problems)
    with problems.attempt():
        check_catalogue(data, known, problems)
    if problems:
        raise DataFileError(file, problems)
    return data


def known_codes() -> Known:
    """Return the codes of the reference data in use.

    A letter that waits for its first approval is one: a general letter stands in for it.
    """

    def codes(model) -> frozenset[str]:
        return frozenset(model.objects.filter(is_active=True).values_list("code", flat=True))

    awaited = frozenset(LetterTemplate.objects.awaited().values_list("code", flat=True))
    return Known(
        teams=codes(Team),
        departments=codes(Department),
        sites=codes(Site),
        templates=codes(LetterTemplate) | awaited,
        software=codes(Software),
    )


@transaction.atomic
def write_catalogue(data: dict[str, Any]) -> Summary:
    """Write the checked content of a catalogue file."""
    lock_loading()
    summary = Summary()
    sync(Category, grouping_rows(data["categories"]), summary)
    sync(PortalGroup, grouping_rows(data["portal_groups"]), summary)
    public = {one["prestation"]: one["nearby_metres"] for one in data["public_reports"]}
    restricted = {one["prestation"]: one["reason"] for one in data["restricted"]}
    checks = {one["prestation"]: one["checks"] for one in data["checks"]}
    approval = {one["prestation"]: one["reason"] for one in data["approval"]}
    rows = {
        item["code"]: prestation_columns(item)
        | _public(public, item)
        | {
            "restricted": restricted.get(item["code"], ""),
            "checks": checks.get(item["code"], []),
            "approval": approval.get(item["code"], ""),
            "order": 10 * (index + 1),
        }
        for index, item in enumerate(data["prestations"])
    }
    for code, choices in chosen(rows).items():  # the town's ticks outlive the file
        rows[code]["audiences"] = applied(rows[code]["audiences"], choices)
    prestations = sync(Prestation, rows, summary)
    write_sites(data["prestations"], summary)
    _write_forms(data, prestations, summary)
    entries = [
        {
            "group_id": group["code"],
            "prestation_id": entry["code"],
            "portal_label": entry["portal_label"] or "",
            "order": 10 * (position + 1),
        }
        for group in data["portal_groups"]
        for position, entry in enumerate(group["prestations"])
    ]
    replace_children(PortalEntry.objects.all(), entries, summary)
    link_articles(summary)
    write_procedures(summary)
    index_search()
    summary.warnings += missing_links(data["prestations"])
    return summary


def grouping_rows(items: list[dict]) -> dict[str, dict[str, Any]]:
    """Columns of categories or groups by code."""
    return {
        item["code"]: {"label": item["label"], "order": item["order"], "team_id": item["team"]}
        for item in items
    }


def prestation_columns(item: dict) -> dict[str, Any]:
    """Columns of one prestation; the form itself is in its version."""
    legal, templates = item["legal"], item["templates"]
    target, urgent = item["target_delay"], item["urgent_delay"] or {}
    silence = legal["silence_delay"] or {}
    same = (
        "label handling routing_rules status audiences channels anonymous_allowed residents_only"
        " location immediate_at_counter appointment fee delivery_modes summary eligibility"
        " external_link open311_exposed keywords"
    )
    text = ("appointment_info", "replaced_by", "legacy_software", "notes")
    return (
        {key: item[key] for key in same.split()}
        | {key: item[key] or "" for key in text}
        | {
            "cerfa": item.get("cerfa", []),
            "on_behalf": item.get("on_behalf", {}),
            "category_id": item["category"],
            "team_id": item["team"],
            "expert_department_id": item["expert_department"],
            "target_value": target["value"],
            "target_unit": target["unit"],
            "target_kind": target["kind"],
            "urgent_value": urgent.get("value"),
            "urgent_unit": urgent.get("unit", ""),
            "urgent_condition": urgent.get("condition", ""),
            "urgent_if": urgent.get("urgent_if", []),
            "acknowledgement": legal["acknowledgement"],
            "silence_effect": legal["silence_effect"],
            "silence_value": silence.get("value"),
            "silence_unit": silence.get("unit", ""),
            "legal_basis": legal["basis"],
            "legal_confirmed": legal["confirmed"],
            "appeal": legal["appeal"] or "",
            "legal_note": legal["note"] or "",
            "acknowledgement_template": templates["acknowledgement"],
            "outcome_positive_template": templates["outcome_positive"] or "",
            "outcome_negative_template": templates["outcome_negative"] or "",
            "other_templates": templates["other"],
        }
    )


def _public(public: dict[str, int], item: dict) -> dict[str, Any]:
    metres = public.get(item["code"])
    return {"public_reports": metres is not None} | ({"nearby_metres": metres} if metres else {})


def write_sites(items: list[dict], summary: Summary) -> None:
    """Say at which sites each of the prestations `items` is offered."""
    through = Prestation.sites.through
    wanted = [
        {"prestation_id": item["code"], "site_id": site} for item in items for site in item["sites"]
    ]
    codes = [item["code"] for item in items]
    replace_children(through.objects.filter(prestation_id__in=codes), wanted, summary)


def _write_forms(data: dict, prestations: dict[str, Prestation], summary: Summary) -> None:
    """Give a new version to each prestation whose form differs from its current one."""
    blocks = {block["code"]: block for block in data["requester_blocks"]}
    items = [(item, prestations[item["code"]]) for item in data["prestations"]]
    unsorted = write_unsorted()
    if unsorted and BLOCK in blocks:
        items.append((FORM, unsorted))
    current = {
        version.prestation_id: version
        for version in FormVersion.objects.order_by("prestation", "number")
    }
    for item, prestation in items:
        definition = form_definition(item, blocks[item["requester_block"]])
        summary.created += write_form(prestation, definition, current.get(item["code"]))
    summary.totals["form_fields"] = sum(len(item["form_fields"]) for item in data["prestations"])


def write_form(
    prestation: Prestation, definition: dict[str, Any], latest: FormVersion | None
) -> bool:
    """Make `definition` the current form; return whether it became a new version.

    Args:
        latest: the prestation's last version, if it has one.
    """
    checksum = checksum_of(definition)
    is_new = latest is None or latest.checksum != checksum
    if latest is None or is_new:
        latest = FormVersion.objects.create(
            prestation=prestation,
            number=latest.number + 1 if latest else 1,
            definition=definition,
            checksum=checksum,
        )
    if prestation.current_form_id != latest.pk:
        prestation.current_form = latest
        prestation.save(update_fields=["current_form"])
    return is_new


def form_definition(item: dict, block: dict) -> dict[str, Any]:
    """Return the definition that a `FormVersion` keeps (see its docstring).

    Without questions of eligibility the key is left out: the forms of before stay what they were.
    """
    questions = item.get("eligibility_questions")
    return ({"eligibility": questions} if questions else {}) | {
        "requester_block": {
            key: block[key] for key in ("code", "label", "requester_kinds", "fields")
        },
        "fields": item["form_fields"],
        "documents": item["documents"],
        "location": item["location"],
    }


def checksum_of(definition: dict[str, Any]) -> str:
    """Return the SHA-256 of `definition` written in one canonical way."""
    canonical = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
