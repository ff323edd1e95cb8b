"""Checks of the questions asked before a form: answers that exist, a way on, a form they fill."""

from collections.abc import Container, Mapping

from prestations.enums import FieldType
from prestations.loading.problems import Fault, Problems

YES_NO = ("oui", "non")


def check_eligibility(
    path: str,
    questions: list[dict],
    fields: list[dict],
    prestations: Container[str],
    problems: Problems,
) -> None:
    """Add to `problems` what is wrong with the questions of one prestation.

    Args:
        path: where they stand in the file.
        questions: `eligibility_questions`.
        fields: the form's fields, of which an answer may fill in one.
        prestations: codes of the whole file, to which a stop may lead.
        problems: the list to fill.
    """
    problems.duplicates(path, questions, "code")
    by_name = {field.get("name"): field for field in fields}
    for index, question in enumerate(questions):
        place = f"{path}[{index}]"
        with problems.attempt():
            _check_question(place, question, prestations, problems)
        with problems.attempt():
            _check_field(f"{place}.field", question, by_name, problems)
        with problems.attempt():
            _check_age(f"{place}.least_age", question, by_name, problems)
        for kind, value in question.get("by_organisation", {}).items():
            with problems.attempt():
                where = f"{place}.by_organisation.{kind}"
                problems.unknown(where, value, _values(question), "answer")


def _check_question(
    place: str, question: dict, prestations: Container[str], problems: Problems
) -> None:
    values = _values(question)
    if "choices" in question:
        problems.duplicates(f"{place}.choices", question["choices"], "value")
    stopping: list[str] = []
    for number, stop in enumerate(question["stops"]):
        for value in stop["values"]:
            problems.unknown(f"{place}.stops[{number}].values", value, values, "answer")
            if value in stopping:
                problems.add(
                    f"{place}.stops[{number}].values", f"{value!r} stops twice", Fault.STOPS_TWICE
                )
            stopping.append(value)
        if "prestation" in stop:
            where = f"{place}.stops[{number}].prestation"
            problems.unknown(where, stop["prestation"], prestations, "prestation")
    if not set(values) - set(stopping):
        problems.add(f"{place}.stops", "no answer lets anybody go on", Fault.NO_WAY_ON)


def _check_field(
    path: str, question: dict, fields: Mapping[str | None, dict], problems: Problems
) -> None:
    """An answer that lets go on must be one that the form's own field knows."""
    if "field" not in question:
        return
    field = fields.get(question["field"])
    if field is None or field["type"] != FieldType.SELECT:
        problems.add(path, f"{question['field']!r} is no select of this form", Fault.NOT_A_CHOICE)
        return
    known = [choice["value"] for choice in field["choices"] or []]
    stopping = {value for stop in question["stops"] for value in stop["values"]}
    for value in _values(question):
        if value not in stopping:
            problems.unknown(path, value, known, f"choice of {question['field']!r}:")


def _check_age(
    path: str, question: dict, fields: Mapping[str | None, dict], problems: Problems
) -> None:
    """An age is said by an answer of the question, of whom a date of the form is about."""
    rule = question.get("least_age")
    if rule is None:
        return
    for value in rule["values"]:
        problems.unknown(f"{path}.values", value, _values(question), "answer")
    if fields.get(rule["field"], {}).get("type") != "date":
        problems.add(
            f"{path}.field", f"{rule['field']!r} is no date of this form", Fault.NOT_A_DATE
        )


def _values(question: dict) -> list[str]:
    choices = question.get("choices")
    return [choice["value"] for choice in choices] if choices else list(YES_NO)
