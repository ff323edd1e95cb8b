"""Loading of reference.yaml: the town, its places, its organisation, its texts."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.cache import cache
from django.db import transaction

from prestations.loading.checks_reference import check_reference
from prestations.loading.closures import write_closures
from prestations.loading.files import check_schema, read_yaml
from prestations.loading.links import link_articles
from prestations.loading.problems import DataFileError
from prestations.loading.rows import Summary, lock_loading, sync
from prestations.loading.schema_reference import DAYS, REFERENCE
from prestations.loading.search_index import index_search
from prestations.models import (
    Authority,
    ClosingReason,
    ContractVersion,
    Department,
    Direction,
    EscalationStep,
    Facility,
    KnowledgeArticle,
    LetterTemplate,
    PostType,
    Prestation,
    RootCause,
    ServiceContract,
    Severity,
    Signatory,
    Site,
    Software,
    Team,
    Town,
)

DEFAULT_FILE = Path(__file__).resolve().parent.parent / "data" / "reference.yaml"
TOWN_COLUMNS = {
    "name",
    "insee_code",
    "postcode",
    "phone",
    "email",
    "website",
    "dpo_email",
    "address",
}


def load_reference(file: Path = DEFAULT_FILE) -> Summary:
    """Load the reference data of `file`, in one transaction; a second load changes nothing.

    Returns what changed. Raises `DataFileError` with every mistake; then nothing is written.
    """
    data = read_reference(file)
    return write_reference(data)


def read_reference(file: Path = DEFAULT_FILE) -> dict[str, Any]:
    """Return the checked content of `file`, or raise `DataFileError`."""
    data = read_yaml(file)
    problems = check_schema(data, REFERENCE)
    codes = frozenset(Prestation.objects.values_list("code", flat=True)) or None
    with problems.attempt():
        check_reference(data, codes, problems)
    if problems:
        raise DataFileError(file, problems)
    return data


@transaction.atomic
def write_reference(data: dict[str, Any]) -> Summary:
    """Write the checked content of a reference file."""
    lock_loading()
    summary = Summary()
    sync(Town, {"town": _town(data)}, summary)
    sync(Direction, _ordered(data["directions"]), summary)
    sync(Department, _ordered(data["departments"], department_columns), summary)
    sync(Team, _ordered(data["teams"], team_columns), summary)
    sync(Site, _ordered(data["sites"], site_columns), summary)
    sync(PostType, _ordered(data["post_types"], lambda item: {"task": item["task"]}), summary)
    sync(Facility, _ordered(data["facilities"], facility_columns), summary)
    sync(EscalationStep, _ordered(data["alert_levels"]["items"], step_columns), summary)
    written = ContractVersion.objects.values_list("department", flat=True)
    contracts = contracts_columns(data["service_contracts"]["examples"])
    sync(ServiceContract, contracts, summary, kept=set(written))
    write_closures(data["closures"], summary)
    sync(
        ClosingReason,
        _ordered(data["closing_reasons"]["items"], closing_columns),
        summary,
    )
    sync(Authority, _ordered(data["authorities"]["items"], authority_columns), summary)
    severities = data["complaint_severities"]["items"]
    sync(Severity, _ordered(severities, lambda item: {"hint": item["hint"]}), summary)
    sync(RootCause, _ordered(data["root_causes"]["items"]), summary)
    sync(Software, _ordered(data["software"]["items"], software_columns), summary)
    own = LetterTemplate.objects.exclude(taken_up_at=None).values_list("pk", flat=True)
    sync(LetterTemplate, _ordered(data["templates"], template_columns), summary, kept=set(own))
    sync(Signatory, _signatories(data["signatories"]), summary)
    known = data["knowledge_base"]
    taken_up = KnowledgeArticle.objects.exclude(taken_up_at=None).values_list("pk", flat=True)
    articles = _ordered(known["articles"], _article(known["review_months"]), label="title")
    sync(KnowledgeArticle, articles, summary, kept=set(taken_up))
    link_articles(summary)
    index_search()
    transaction.on_commit(lambda: cache.delete("town"))
    return summary


def _ordered(items, columns=lambda item: {}, *, label="label") -> dict[str, dict[str, Any]]:
    """Rows by code, in the file's order (tens, so that one can be put between two)."""
    return {
        item["code"]: {"label": item[label], "order": 10 * (index + 1), **columns(item)}
        for index, item in enumerate(items)
    }


def _contact(item: dict) -> dict[str, Any]:
    return {key: item[key] for key in ("address", "phone", "email")}


def _town(data: dict) -> dict[str, Any]:
    town = data["town"]
    facts = {key: value for key, value in town.items() if key not in TOWN_COLUMNS}
    facts["review_months"] = data["knowledge_base"]["review_months"]
    facts["phone_hours"] = _week(data["phone_hours"][0]["intervals"])
    return {key: town[key] for key in TOWN_COLUMNS} | {"facts": facts}


def _week(intervals: dict[str, list]) -> dict[str, list]:
    """Hours by day, `weekday` standing for Monday to Friday."""
    weekdays = dict.fromkeys(DAYS[:5], intervals.get("weekday", []))
    return {day: intervals.get(day, weekdays.get(day, [])) for day in DAYS}


def department_columns(item: dict) -> dict[str, Any]:
    """Columns of a department, but for its name and order; so for the others below."""
    return _contact(item) | {
        "direction_id": item["direction"],
        "target_return_days": item["target_return_days"],
    }


def team_columns(item: dict) -> dict[str, Any]:
    return _contact(item) | {"direction_id": item["direction"], "role_text": item["role"]}


def site_columns(item: dict) -> dict[str, Any]:
    keys = ("visit", "counters", "opening_hours")
    return _contact(item) | {key: item[key] for key in keys}


def facility_columns(item: dict) -> dict[str, Any]:
    return _contact(item) | {
        "kind": item["kind"],
        "site_id": item["site"],
        "opening_hours": item["opening_hours"],
    }


def step_columns(item: dict) -> dict[str, Any]:
    return {
        "share": item["share"] or 0,
        "days": item["days"] or 0,
        "told": item["told"],
        "at_once": item["at_once"],
    }


def contracts_columns(items: list[dict]) -> dict[str, dict[str, Any]]:
    return {
        item["department"]: {
            "prestations": sorted(item["prestations"]),
            "information": item["information_level"],
            "take_days": item["performance"]["acknowledge_expert_working_days"],
            "treat_days": item["performance"]["return_working_days"],
            "on_time_percent": round(100 * item["performance"]["on_time_rate"]),
            "resources": item["resources"],
            "evaluation": item["evaluation"],
        }
        for item in items
    }


def template_columns(item: dict) -> dict[str, Any]:
    keys = ("audience", "channels", "subject", "body")
    return {key: item[key] for key in keys} | {
        "sms_body": item.get("sms_body", ""),
        "uses": item["use"],
        "is_general": item.get("general", False),
        "by_authority": item.get("authority", True),
        "is_neutral": item.get("neutral", False),
    }


def authority_columns(item: dict) -> dict[str, Any]:
    return {"address": item["address"], "email": item["email"] or ""}


def software_columns(item: dict) -> dict[str, Any]:
    return {"subject": item["subject"], "double_entry": item["double_entry"]}


def closing_columns(item: dict) -> dict[str, Any]:
    return {"positive": item["positive"], "is_decision": item["decision"]}


def _signatories(items: list[dict]) -> dict[str, dict[str, Any]]:
    return {
        item["code"]: {key: value or "" for key, value in item.items() if key != "code"}
        | {key: item[key] for key in ("prestations", "templates", "categories", "departments")}
        | {"order": 10 * (index + 1)}
        for index, item in enumerate(items)
    }


def _article(review_months: int) -> Callable[[dict], dict[str, Any]]:
    """Columns of one article, to be read again `review_months` after it was last verified."""

    def columns(item: dict) -> dict[str, Any]:
        verified = dt.date.fromisoformat(item["verified_on"]) if item["verified_on"] else None
        return {
            "slug": item["slug"],
            "text": item["text"],
            "public": item["public"],
            "state": item["state"],
            "verified_on": verified,
            "review_on": verified + relativedelta(months=review_months) if verified else None,
            "prestation_codes": item["prestations"],
        }

    return columns
