"""What a form offers and when it asks, set when it is made.

Typed: a field of another kind fails at once.
"""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

DASHES = BLANK_CHOICE_DASH[0][1]


def offer_rows(
    form: forms.BaseForm, name: str, rows: QuerySet[Any], *, empty_label: Any = None
) -> None:
    """Let the field `name` choose among `rows`; `empty_label` says no choice in words.

    Without it, where one must choose, the field asks for it: a row of dashes says nothing.
    """
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    if empty_label is None and field.required and field.empty_label == DASHES:
        empty_label = _("Choisir")
    if empty_label is not None:
        field.empty_label = empty_label


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let the field `name` choose among ``(value, label)`` pairs."""
    _choice_field(form, name).choices = list(choices)


def offered(form: forms.BaseForm, name: str) -> list[tuple[Any, Any]]:
    """The ``(value, label)`` pairs of the field `name`."""
    return [*cast("Iterable[tuple[Any, Any]]", _choice_field(form, name).choices)]


class _Told(forms.Field):
    """A field that `show_when`, `tell_at` or `may_come_later` was told of. For the types only."""

    visible_if: dict[str, Any]
    told_at: str
    comes_later: bool


def show_when(field: forms.Field, key: str, operator: str, value: Any) -> None:
    """Let the browser show `field` only when the answer to `key` suits; the server judges alone."""
    rule = {"field": key, "operator": operator, "value": value}
    cast("_Told", field).visible_if = rule


def tell_at(field: forms.Field, target: str) -> None:
    """Let the summary of mistakes lead to the part of the page where those of `field` are told."""
    cast("_Told", field).told_at = target


def told_at(field: forms.Field) -> str:
    """Return where the mistakes of a field are told; "" when beside it."""
    return getattr(field, "told_at", "")


def shown_when(field: forms.Field) -> dict[str, Any] | None:
    """Return the condition of a field as `show_when` set it; None when it always shows."""
    return getattr(field, "visible_if", None)


def may_come_later(field: forms.Field) -> None:
    """Say of a field that may stay blank that it is owed all the same."""
    cast("_Told", field).comes_later = True


def comes_later(field: forms.Field) -> bool:
    """Whether what the field asks for is owed, only not at once."""
    return getattr(field, "comes_later", False)


def _choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field
