"""Checks of a form: names, choices, conditions that refer to what is there."""

import re
from typing import Any

from prestations.enums import FieldType
from prestations.loading.problems import Fault, Problems

NUMBERS = {"integer", "decimal"}
PROOF_OF_ADDRESS = re.compile(r"domicile|justificatif.*\badresse", re.IGNORECASE)


def check_fields(path: str, fields: list[dict], problems: Problems) -> None:
    """Check the fields of one form: unique names, choices, and conditions on earlier fields.

    A condition may only look at a field declared before it, so that no cycle can exist.
    """
    problems.duplicates(path, fields, "name")
    for index, field in enumerate(fields):
        with problems.attempt():
            _check_choices(f"{path}[{index}]", field, problems)
        with problems.attempt():
            _check_number_of_answers(f"{path}[{index}]", field, problems)
        with problems.attempt():
            _check_visible_if(f"{path}[{index}].visible_if", index, fields, problems)
        with problems.attempt():
            _check_at_most(f"{path}[{index}].at_most", field, fields, problems)
        with problems.attempt():
            if field.get("page") and field["visible_if"]:
                problems.add(
                    f"{path}[{index}].page",
                    "stands on the page of what it depends on",
                    Fault.PAGE_OF_DEPENDENT,
                )
    described = [index for index, field in enumerate(fields) if field.get("description")]
    for index in described:
        if fields[index]["type"] != "textarea":
            problems.add(
                f"{path}[{index}].description",
                "a description is a textarea",
                Fault.DESCRIPTION_KIND,
            )
    if len(described) > 1:
        problems.add(
            f"{path}[{described[1]}].description",
            "a form has one description",
            Fault.DESCRIPTION_TWICE,
        )


def _check_visible_if(path: str, index: int, fields: list[dict], problems: Problems) -> None:
    field, names = fields[index], [item.get("name") for item in fields]
    condition = field["visible_if"]
    if condition is None:
        return
    target = condition["field"]
    if target in names[index:] and target not in names[:index]:
        what = "itself" if target == field["name"] else f"the later field {target!r}"
        problems.add(f"{path}.field", f"depends on {what}", Fault.DEPENDS_ON_LATER)
    else:
        check_condition(path, condition, fields, problems)


def _check_at_most(place: str, field: dict, fields: list[dict], problems: Problems) -> None:
    if "at_most" not in field:
        return
    others = [item for item in fields if item["name"] == field["at_most"] and item is not field]
    if not others:
        problems.add(place, f"no other field {field['at_most']!r} in this form", Fault.LIMIT_GONE)
    elif any(item["type"] not in NUMBERS for item in (field, others[0])):
        problems.add(place, "compares numbers", Fault.LIMIT_NUMBERS)


def _check_choices(place: str, field: dict, problems: Problems) -> None:
    if FieldType(field["type"]).has_choices:
        if field["choices"] is None:
            problems.add(f"{place}.choices", "a list needs choices", Fault.NO_CHOICES)
        else:
            problems.duplicates(f"{place}.choices", field["choices"], "value")
    elif field["choices"] is not None:
        problems.add(
            f"{place}.choices",
            f"a field of type {field['type']} has no choices",
            Fault.NEEDLESS_CHOICES,
        )


def _check_number_of_answers(place: str, field: dict, problems: Problems) -> None:
    """One may ask for so many answers, never for more than there are."""
    bounds = [key for key in ("least_answers", "most_answers") if key in field]
    if not bounds:
        return
    if not FieldType(field["type"]).many:
        problems.add(
            f"{place}.{bounds[0]}", "counts the answers to a selectboxes", Fault.ANSWERS_COUNTED
        )
        return
    proposed = len(field["choices"] or ())
    least, most = field.get("least_answers", 1), field.get("most_answers", proposed)
    if not least <= most <= proposed:
        problems.add(
            f"{place}.{bounds[0]}",
            f"from {least} to {most} answers of {proposed} cannot be given",
            Fault.ANSWERS_NUMBER,
        )


def check_condition(path: str, condition: dict, fields: list[dict], problems: Problems) -> None:
    """Check one condition `{field, operator, value}` against the form's `fields`."""
    field = next((item for item in fields if item.get("name") == condition["field"]), None)
    if field is None:
        problems.add(
            f"{path}.field", f"no field {condition['field']!r} in this form", Fault.CONDITION_GONE
        )
        return
    operator, value = condition["operator"], condition["value"]
    if operator == "in":
        if not isinstance(value, list) or not value:
            problems.add(f"{path}.value", "the operator in needs a list", Fault.CONDITION_VALUE)
            return
        for index, item in enumerate(value):
            _check_value(f"{path}.value[{index}]", item, field, problems)
    elif operator == "greater_than":
        if field["type"] not in NUMBERS:
            problems.add(
                f"{path}.operator", f"{field['name']!r} is not a number", Fault.CONDITION_NUMBER
            )
        elif not _is_number(value):
            problems.add(f"{path}.value", f"{value!r} is not a number", Fault.CONDITION_VALUE)
    else:
        _check_value(f"{path}.value", value, field, problems)


def _check_value(path: str, value: Any, field: dict, problems: Problems) -> None:
    kind = field["type"]
    if kind == "checkbox":
        if not isinstance(value, bool):
            problems.add(path, "a checkbox compares with true or false", Fault.CONDITION_VALUE)
    elif FieldType(kind).has_choices:
        known = [choice["value"] for choice in field["choices"] or []]
        if value not in known:
            problems.add(
                path, f"{value!r} is not a choice of {field['name']!r}", Fault.CONDITION_VALUE
            )
    elif kind in NUMBERS:
        if not _is_number(value):
            problems.add(path, f"{value!r} is not a number", Fault.CONDITION_VALUE)
    elif not isinstance(value, str):
        problems.add(path, f"{value!r} is not a text", Fault.CONDITION_VALUE)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_documents(path: str, documents: list[dict], fields: list[dict], problems: Problems):
    """Check the supporting documents of one form."""
    problems.duplicates(path, documents, "code")
    for index, document in enumerate(documents):
        with problems.attempt():
            _check_document(f"{path}[{index}]", document, fields, problems)


def _check_document(path: str, document: dict, fields: list[dict], problems: Problems) -> None:
    if document["mode"] == "obligatory":
        for key in ("condition", "required_if"):
            if document[key] is not None:
                problems.add(
                    f"{path}.{key}", "an obligatory document has no condition", Fault.ALWAYS_ASKED
                )
        if document.get("later"):
            problems.add(
                f"{path}.later",
                "an obligatory document is due with the request",
                Fault.DUE_WITH_REQUEST,
            )
    elif document["condition"] is None:
        problems.add(
            f"{path}.condition", "a conditional document says when it is asked", Fault.NO_SITUATION
        )
    if PROOF_OF_ADDRESS.search(document["label"]) and "source" not in document:
        problems.add(
            f"{path}.source",
            "a proof of address needs the text that allows it (CRPA R113-8)",
            Fault.PROOF_WITHOUT_TEXT,
        )
    if document["required_if"] is not None:
        check_condition(f"{path}.required_if", document["required_if"], fields, problems)
