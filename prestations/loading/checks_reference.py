"""Checks of reference.yaml that a schema cannot make."""

import re
from datetime import date

from prestations import enums
from prestations.loading.problems import Problems
from prestations.loading.schema_reference import DAYS

_VARIABLE = re.compile(r"\{\{\s*([^}|\s]+)[^}]*\}\}")
_TAG = re.compile(r"\{%\s*(\w+)\s*([^%]*?)\s*%\}")
_NAME = re.compile(r"\b[a-z_]+\.[a-z_]+\b")
# The file also names the citizen, who holds no membership of ours.
NOT_A_MEMBERSHIP = {"citoyen"}


def check_reference(data: dict, prestations: frozenset[str] | None, problems: Problems) -> None:
    """Add to `problems` every disagreement inside `data`.

    Args:
        data: the file's content.
        prestations: codes of the catalogue already loaded; None before its first load, when the
            articles' links cannot be checked yet.
        problems: the list to fill.
    """
    for part in (
        _check_codes,
        _check_enums,
        _check_places,
        _check_organisation,
        _check_closures,
        _check_states,
        _check_templates,
        _check_signatories,
    ):
        with problems.attempt():
            part(data, problems)
    with problems.attempt():
        _check_articles(data["knowledge_base"]["articles"], prestations, problems)


def _check_codes(data: dict, problems: Problems) -> None:
    for key in (
        "sites",
        "phone_hours",
        "facilities",
        "directions",
        "departments",
        "teams",
        "post_types",
        "roles",
        "channels",
        "requester_kinds",
        "request_states",
        "templates",
        "signatories",
    ):
        problems.duplicates(key, data[key], "code")
    for key in (
        "closing_reasons",
        "complaint_severities",
        "root_causes",
        "payment_methods",
        "software",
    ):
        problems.duplicates(f"{key}.items", data[key]["items"], "code")


def _check_enums(data: dict, problems: Problems) -> None:
    for key, known in (
        ("roles", {*enums.Role.values, *NOT_A_MEMBERSHIP}),
        ("channels", set(enums.Channel.values)),
        ("requester_kinds", set(enums.RequesterKind.values)),
    ):
        found = {item["code"] for item in data[key]}
        for index, item in enumerate(data[key]):
            problems.unknown(f"{key}[{index}].code", item["code"], known, "code")
        for code in sorted(known - found):
            problems.add(key, f"{code!r} is missing")


def _check_places(data: dict, problems: Problems) -> None:
    for key in ("sites", "facilities"):
        for index, place in enumerate(data[key]):
            with problems.attempt():
                check_hours(f"{key}[{index}].opening_hours", place["opening_hours"], problems)
    for index, hours in enumerate(data["phone_hours"]):
        for day, intervals in hours["intervals"].items():
            _check_intervals(f"phone_hours[{index}].intervals.{day}", intervals, problems)
    for index, site in enumerate(data["sites"]):
        total = sum(
            _minutes(end) - _minutes(start)
            for day in DAYS
            for start, end in site["opening_hours"][day]
        )
        if total != round(site["opening_hours_total"] * 60):
            problems.add(
                f"sites[{index}].opening_hours_total",
                f"says {site['opening_hours_total']}, the hours make {total / 60:g}",
            )
        for key in ("access", "come"):
            kind = "code" if key == "access" else "mode"
            problems.duplicates(f"sites[{index}].visit.{key}", site["visit"][key], kind)
    sites = {site["code"]: site for site in data["sites"]}
    for index, facility in enumerate(data["facilities"]):
        if facility["site"] is None:
            continue
        path = f"facilities[{index}]"
        problems.unknown(f"{path}.site", facility["site"], sites, "site")
        site = sites.get(facility["site"])
        if site and site["opening_hours"] != facility["opening_hours"]:
            problems.add(f"{path}.opening_hours", f"differ from those of {facility['site']!r}")


def check_hours(path: str, week: dict[str, list[list[str]]], problems: Problems) -> None:
    """Note each opening that ends before it starts, or starts before the one above has ended."""
    for day in DAYS:
        with problems.attempt():
            _check_intervals(f"{path}.{day}", week[day], problems)


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _check_intervals(path: str, intervals: list[list[str]], problems: Problems) -> None:
    previous = ""
    for index, (start, end) in enumerate(intervals):
        if start >= end:
            problems.add(f"{path}[{index}]", f"ends at {end}, before or when it starts ({start})")
        if previous and start < previous:
            problems.add(f"{path}[{index}]", f"starts at {start}, before the end of the one above")
        previous = end


def _check_organisation(data: dict, problems: Problems) -> None:
    directions = {item["code"] for item in data["directions"]}
    for key in ("departments", "teams"):
        for index, item in enumerate(data[key]):
            problems.unknown(
                f"{key}[{index}].direction", item["direction"], directions, "direction"
            )
    departments = {item["code"] for item in data["departments"]}
    bound = set()
    for index, item in enumerate(data["service_contracts"]["examples"]):
        path = f"service_contracts.examples[{index}].department"
        problems.unknown(path, item["department"], departments, "department")
        if item["department"] in bound:
            problems.add(path, f"{item['department']} has a contract already")
        bound.add(item["department"])


def _check_closures(data: dict, problems: Problems) -> None:
    sites = {site["code"] for site in data["sites"]}
    for index, closure in enumerate(data["closures"]):
        path = f"closures[{index}]"
        if closure["site"] is not None:
            problems.unknown(f"{path}.site", closure["site"], sites, "site")
        start = _check_date(f"{path}.start", closure["start"], problems)
        end = _check_date(f"{path}.end", closure["end"], problems)
        if start and end and end < start:
            problems.add(f"{path}.end", f"{closure['end']} is before {closure['start']}")
        shorter = closure["opens"] is not None or closure["closes"] is not None
        if closure["closed"] == shorter:
            problems.add(f"{path}.closed", "is either true, or opens or closes is given")


def _check_date(path: str, value: str, problems: Problems) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        problems.add(path, f"{value!r} is not a date")
        return None


def _check_states(data: dict, problems: Problems) -> None:
    states = {state["code"]: state for state in data["request_states"]}
    allowed = data["state_transitions"]["allowed"]
    for source, targets in allowed.items():
        path = f"state_transitions.allowed.{source}"
        problems.unknown(path, source, states, "state")
        for index, target in enumerate(targets):
            problems.unknown(f"{path}[{index}]", target, states, "state")
    for code in states.keys() - allowed.keys():
        problems.add("state_transitions.allowed", f"says nothing of the state {code!r}")


def _check_templates(data: dict, problems: Problems) -> None:
    variables = {
        f"{group}.{name}" for group, names in data["template_variables"].items() for name in names
    }
    for index, template in enumerate(data["templates"]):
        for key in ("subject", "body", "sms_body"):
            _check_words(f"templates[{index}].{key}", template.get(key, ""), variables, problems)
        if "sms" in template["channels"] and not template.get("sms_body"):
            problems.add(f"templates[{index}].sms_body", "is missing, the channel sms is named")


def _check_signatories(data: dict, problems: Problems) -> None:
    """Departments and templates exist; one line, without a list, signs what no other does."""
    places = ("prestations", "templates", "categories", "departments")
    for index, item in enumerate(data["signatories"]):
        for key in ("departments", "templates"):
            known = {row["code"] for row in data[key]}
            for position, code in enumerate(item[key]):
                path = f"signatories[{index}].{key}[{position}]"
                problems.unknown(path, code, known, key.removesuffix("s"))
    if sum(not any(item[key] for key in places) for item in data["signatories"]) != 1:
        problems.add("signatories", "exactly one must have no list: it signs all the rest")


def _check_words(path: str, words: str, variables: set[str], problems: Problems) -> None:
    for name in _VARIABLE.findall(words):
        problems.unknown(path, name, variables, "variable")
    open_tags = []
    for tag, arguments in _TAG.findall(words):
        if tag == "if":
            open_tags.append(tag)
        if tag in {"if", "elif"}:
            for name in _NAME.findall(arguments):
                problems.unknown(path, name, variables, "variable")
        elif tag == "endif" and open_tags:
            open_tags.pop()
        elif tag != "else" or not open_tags:
            problems.add(path, f"the tag {{% {tag} %}} is not understood here")
    if open_tags:
        problems.add(path, "an {% if %} is not closed")


def _check_articles(
    articles: list[dict], prestations: frozenset[str] | None, problems: Problems
) -> None:
    problems.duplicates("knowledge_base.articles", articles, "code")
    problems.duplicates("knowledge_base.articles", articles, "slug")
    for index, article in enumerate(articles):
        path = f"knowledge_base.articles[{index}].verified_on"
        if article["verified_on"] is not None:
            _check_date(path, article["verified_on"], problems)
        elif article["state"] == "publie":
            problems.add(path, "a published article says when it was checked")
    if prestations is None:
        return
    for index, article in enumerate(articles):
        for position, code in enumerate(article["prestations"]):
            path = f"knowledge_base.articles[{index}].prestations[{position}]"
            problems.unknown(path, code, prestations, "prestation")
