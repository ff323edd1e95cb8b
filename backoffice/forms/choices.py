"""What a form offers, set when it is made (typed: a field of another kind fails at once)."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def offer_rows(
    form: forms.BaseForm, name: str, rows: QuerySet[Any], *, empty_label: Any = None
) -> None:
    """Let the field `name` choose among `rows`; `empty_label` says no choice in words."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    if empty_label is not None:
        field.empty_label = empty_label


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let the field `name` choose among ``(value, label)`` pairs."""
    _choice_field(form, name).choices = list(choices)


def offered(form: forms.BaseForm, name: str) -> list[tuple[Any, Any]]:
    """The ``(value, label)`` pairs of the field `name`."""
    return [*cast("Iterable[tuple[Any, Any]]", _choice_field(form, name).choices)]


def _choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field
