"""Checks of catalogue.yaml that a schema cannot make: codes that exist, parts that agree."""

import re
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass

from prestations.loading.checks_eligibility import check_eligibility
from prestations.loading.checks_form import check_condition, check_documents, check_fields
from prestations.loading.checks_links import check_cerfa
from prestations.loading.checks_lists import (
    check_approval,
    check_checks,
    check_counts,
    check_portal_group,
    check_public,
)
from prestations.loading.problems import Fault, Problems

DELAY = re.compile(r"\d|\b(mois|jours?)\b")  # a remedy is told with its delay (CJA R421-5)


@dataclass(frozen=True)
class Known:
    """Codes of the reference data in use."""

    teams: frozenset[str]
    departments: frozenset[str]
    sites: frozenset[str]
    templates: frozenset[str]
    software: frozenset[str]


def check_catalogue(data: dict, known: Known, problems: Problems) -> None:
    """Add to `problems` every disagreement inside `data`, or with the reference data `known`."""
    for key in ("requester_blocks", "categories", "portal_groups", "prestations"):
        problems.duplicates(key, data[key], "code")
    problems.duplicates("prestations", data["prestations"], "label")
    for index, block in enumerate(data["requester_blocks"]):
        with problems.attempt():
            check_fields(f"requester_blocks[{index}].fields", block["fields"], problems)
    for key in ("categories", "portal_groups"):
        for index, group in enumerate(data[key]):
            with problems.attempt():
                problems.unknown(f"{key}[{index}].team", group["team"], known.teams, "team")
    around = Around(
        blocks=_by_code(data["requester_blocks"]),
        categories=_by_code(data["categories"]),
        prestations=_by_code(data["prestations"]),
        kinds_of_audience=data["rules"]["audience_requester_kinds"],
    )
    checker = PrestationChecker(around, known, problems)
    for index, prestation in enumerate(data["prestations"]):
        checker.check(f"prestations[{index}]", prestation)
    prestations = _by_code(data["prestations"])
    for index, group in enumerate(data["portal_groups"]):
        with problems.attempt():
            check_portal_group(f"portal_groups[{index}]", group, prestations, problems)
    for key in ("restricted", "approval", "checks"):
        problems.duplicates(key, data[key], "prestation")
        for index, entry in enumerate(data[key]):
            with problems.attempt():
                problems.unknown(
                    f"{key}[{index}].prestation", entry["prestation"], prestations, "prestation"
                )
    for index, entry in enumerate(data["checks"]):
        with problems.attempt():
            check_checks(f"checks[{index}].checks", entry, prestations, problems)
    for index, entry in enumerate(data["approval"]):
        with problems.attempt():
            check_approval(f"approval[{index}].prestation", entry, prestations, problems)
    problems.duplicates("public_reports", data["public_reports"], "prestation")
    for index, entry in enumerate(data["public_reports"]):
        with problems.attempt():
            check_public(f"public_reports[{index}].prestation", entry, prestations, problems)
    with problems.attempt():
        check_counts(data, problems)


def _by_code(items: list[dict]) -> dict[str, dict]:
    return {item["code"]: item for item in items if isinstance(item, dict) and "code" in item}


def _by_name(fields: list[dict]) -> dict[str, dict]:
    return {field["name"]: field for field in fields}


@dataclass(frozen=True)
class Around:
    """What stands around a prestation, by code: in the file, or in use.

    `kinds_of_audience` says which requester kinds each audience covers.
    """

    blocks: Mapping[str, dict]
    categories: Mapping[str, dict]
    prestations: Container[str]
    kinds_of_audience: Mapping[str, Collection[str]]


FEE_FAULTS = {"items": Fault.FEE, "paid_to": Fault.FEE_PAYEE, "payment": Fault.FEE_METHOD}


class PrestationChecker:
    """Checks one prestation after the other against what stands around it."""

    def __init__(self, around: Around, known: Known, problems: Problems) -> None:
        self.known = known
        self.problems = problems
        self.blocks = around.blocks
        self.categories = around.categories
        self.prestations = around.prestations
        self.kinds_of_audience = around.kinds_of_audience

    def check(self, path: str, item: dict) -> None:
        """Check the prestation `item`, which stands at `path`."""
        for part in (
            self._check_codes,
            self._check_templates,
            self._check_requester,
            self._check_handling,
            self._check_agreement,
            self._check_form,
            self._check_questions,
            self._check_cerfa,
            self._check_on_behalf,
        ):
            with self.problems.attempt():
                part(path, item)

    def _check_form(self, path: str, item: dict) -> None:
        fields = item["form_fields"]
        check_fields(f"{path}.form_fields", fields, self.problems)
        for index, field in enumerate(fields):
            if "leads_to" in field:
                place = f"{path}.form_fields[{index}].leads_to.prestation"
                code = field["leads_to"]["prestation"]
                self.problems.unknown(place, code, self.prestations, "prestation")
        check_documents(f"{path}.documents", item["documents"], fields, self.problems)
        for index, condition in enumerate((item["urgent_delay"] or {}).get("urgent_if", ())):
            place = f"{path}.urgent_delay.urgent_if[{index}]"
            check_condition(place, condition, fields, self.problems)

    def _check_on_behalf(self, path: str, item: dict) -> None:
        rule = item.get("on_behalf", {})
        place = f"{path}.on_behalf"
        if "instead" in rule:
            self.problems.unknown(
                f"{place}.instead", rule["instead"], self.prestations, "prestation"
            )
        names = _by_name(item["form_fields"])
        for part, name in rule.get("person", {}).items():
            self.problems.unknown(f"{place}.person.{part}", name, names, "field")
        own = rule.get("own", {})
        for part, name in own.get("person", {}).items():
            self.problems.unknown(f"{place}.own.person.{part}", name, names, "field")
        for where, asked in ((place, rule), (f"{place}.own", own)):
            if "when" in asked:
                check_condition(f"{where}.when", asked["when"], item["form_fields"], self.problems)

    def _check_questions(self, path: str, item: dict) -> None:
        questions = item.get("eligibility_questions", [])
        if questions and ("web" not in item["channels"] or item["status"] != "active"):
            self.problems.add(
                f"{path}.eligibility_questions", "are asked before an online form", Fault.NOT_ONLINE
            )
        check_eligibility(
            f"{path}.eligibility_questions",
            questions,
            item["form_fields"],
            self.prestations,
            self.problems,
        )

    def _check_cerfa(self, path: str, item: dict) -> None:
        check_cerfa(path, item, self.problems)

    def _check_codes(self, path: str, item: dict) -> None:
        unknown, known = self.problems.unknown, self.known
        unknown(f"{path}.category", item["category"], self.categories, "category")
        unknown(f"{path}.team", item["team"], known.teams, "team")
        for index, site in enumerate(item["sites"]):
            unknown(f"{path}.sites[{index}]", site, known.sites, "site")
        category = self.categories.get(item["category"])
        if category and item["team"] in known.teams and category["team"] != item["team"]:
            self.problems.add(
                f"{path}.team", f"its category belongs to {category['team']!r}", Fault.OTHER_TEAM
            )
        if item["legacy_software"] is not None:
            unknown(f"{path}.legacy_software", item["legacy_software"], known.software, "software")

    def _check_templates(self, path: str, item: dict) -> None:
        unknown, known = self.problems.unknown, self.known
        templates = item["templates"]
        for key in ("acknowledgement", "outcome_positive", "outcome_negative"):
            if templates[key] is not None:
                unknown(f"{path}.templates.{key}", templates[key], known.templates, "template")
        for index, template in enumerate(templates["other"]):
            unknown(f"{path}.templates.other[{index}]", template, known.templates, "template")

    def _check_requester(self, path: str, item: dict) -> None:
        block = self.blocks.get(item["requester_block"])
        if block is None:
            self.problems.unknown(
                f"{path}.requester_block", item["requester_block"], self.blocks, "requester block"
            )
            return
        kinds = set(block["requester_kinds"])
        for index, audience in enumerate(item["audiences"]):
            if not kinds.intersection(self.kinds_of_audience.get(audience, [])):
                self.problems.add(
                    f"{path}.audiences[{index}]",
                    f"the block {block['code']!r} has no requester kind for {audience!r}",
                    Fault.AUDIENCE_UNFIT,
                )
        if item["anonymous_allowed"] and "anonyme" not in kinds:
            self.problems.add(
                f"{path}.anonymous_allowed",
                f"the block {block['code']!r} asks for an identity",
                Fault.NOT_ANONYMOUS,
            )

    def _check_handling(self, path: str, item: dict) -> None:
        department = item["expert_department"]
        if item["handling"] == "complexe" and department is None:
            self.problems.add(
                f"{path}.expert_department",
                "a complexe prestation needs one",
                Fault.NEEDS_DEPARTMENT,
            )
        if item["handling"] == "simple" and department is not None:
            self.problems.add(
                f"{path}.expert_department",
                "a simple prestation has none",
                Fault.NEEDLESS_DEPARTMENT,
            )
        if item["handling"] == "simple" and item["routing_rules"]:
            self.problems.add(
                f"{path}.routing_rules", "a simple prestation is not routed", Fault.NOT_ROUTED
            )
        if department is not None:
            self._check_department(f"{path}.expert_department", department)
        for index, rule in enumerate(item["routing_rules"]):
            place = f"{path}.routing_rules[{index}]"
            self._check_department(f"{place}.expert_department", rule["expert_department"])
            check_condition(f"{place}.when", rule["when"], item["form_fields"], self.problems)

    def _check_department(self, path: str, code: str) -> None:
        self.problems.unknown(path, code, self.known.departments, "department")

    def _check_agreement(self, path: str, item: dict) -> None:
        add = self.problems.add
        legal, fee = item["legal"], item["fee"]
        if (legal["silence_effect"] == "none") != (legal["silence_delay"] is None):
            add(
                f"{path}.legal.silence_delay",
                "goes with an effect of silence, and only then",
                Fault.SILENCE_DELAY,
            )
        if legal["appeal"] is not None and not DELAY.search(legal["appeal"]):
            add(
                f"{path}.legal.appeal",
                "names no delay (a number of months or days)",
                Fault.APPEAL_DELAY,
            )
        if (item["appointment"] == "none") != (item["appointment_info"] is None):
            add(
                f"{path}.appointment_info",
                "goes with an appointment, and only then",
                Fault.APPOINTMENT_INFO,
            )
        if (item["status"] == "historical") != (item["replaced_by"] is not None):
            add(
                f"{path}.replaced_by",
                "goes with the status historical, and only then",
                Fault.REPLACED_BY,
            )
        if item["external_link"] is not None and "web" in item["channels"]:
            add(
                f"{path}.channels",
                "web is closed when the only online way is an external_link",
                Fault.ONLINE_TWICE,
            )
        for key, fault in FEE_FAULTS.items():
            if bool(fee[key]) == fee["free"]:
                add(f"{path}.fee.{key}", "is empty when it is free, and only then", fault)
