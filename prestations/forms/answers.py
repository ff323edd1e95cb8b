"""Answers between their three shapes: nested JSON (stored), flat (judged), posted data."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from phonenumber_field.phonenumber import PhoneNumber

from prestations.enums import FieldType
from prestations.forms.address import PARTS, PIN
from prestations.forms.definition import ANSWERS, REQUESTER, Question
from prestations.forms.register import pin_of


def flatten(answers: Mapping | None) -> dict[str, Any]:
    """``{"reponses": {"motif": "x"}}`` as ``{"reponses.motif": "x"}``."""
    return {
        f"{scope}.{name}": value
        for scope in (REQUESTER, ANSWERS)
        for name, value in ((answers or {}).get(scope) or {}).items()
    }


def nest(flat: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The contrary of `flatten`; both scopes are always there."""
    nested: dict[str, dict[str, Any]] = {REQUESTER: {}, ANSWERS: {}}
    for key, value in flat.items():
        scope, _dot, name = key.partition(".")
        if scope in nested:
            nested[scope][name] = value
    return nested


def to_json(value: Any) -> Any:
    """A cleaned value as JSON keeps it."""
    if isinstance(value, PhoneNumber):
        return value.as_e164
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def listed(answer: Any) -> list[Any]:
    """The answers to one question, whether it takes one or several."""
    return answer if isinstance(answer, list) else [answer]


def to_data(questions: Iterable[Question], flat: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as a browser would post them, to be checked by the same form."""
    data: dict[str, Any] = {}
    for question in questions:
        value = flat.get(question.key)
        if question.is_upload or value is None:
            continue
        if question.kind == FieldType.CHECKBOX:
            if value is True:
                data[question.key] = "on"
        elif question.many:
            data[question.key] = [str(one) for one in listed(value)]
        elif question.kind == FieldType.ADDRESS and isinstance(value, dict):
            data.update(_address_data(question, value))
        elif isinstance(value, str | int | float | Decimal):
            data[question.key] = str(value)
    return data


def _address_data(question: Question, value: dict[str, Any]) -> dict[str, str]:
    parts = {part: str(value.get(part) or "") for part in PARTS}
    if not question.is_spot and parts["numero"]:
        parts["voie"] = f"{parts['numero']} {parts['voie']}".strip()
    if question.is_spot:
        parts[PIN] = pin_of(value)
    return {f"{question.key}_{part}": text for part, text in parts.items()}
