"""How a form field is shown: which control, which ids, which words for its errors.

The error summary and the field both read ``worded_errors``, so that they always say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massy_grc.common.choices import comes_later, shown_when, told_at

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.utils.safestring import SafeString

# A select with no more choices than this is shown as radio buttons: every answer is visible.
RADIO_CHOICES = 5
_LIMITS = {
    "max_value": gettext_lazy("« %(label)s » ne peut pas dépasser %(limit_value)s."),
    "min_value": gettext_lazy("« %(label)s » ne peut pas être inférieur à %(limit_value)s."),
}


@dataclass(frozen=True)
class Choice:
    """One radio button or checkbox of a group."""

    id: str
    label: str
    control: SafeString


@dataclass(frozen=True)
class DescribedField:
    """What the field's template needs.

    ``kind`` is "control", "checkbox" or "group"; ``target_id`` is where the error summary leads.
    """

    kind: str
    target_id: str
    help_id: str
    error_id: str
    described_by: str
    optional: bool
    comes_later: bool
    errors: list[str]
    control: SafeString | str
    choices: list[Choice]
    visible_if: dict[str, Any] | None


def worded_errors(field: BoundField) -> list[str]:
    """Errors of a field; those that Django words without the field's name are said with it."""
    default = forms.Field.default_error_messages["required"]
    words = []
    for error in field.errors.as_data():
        if limit := _LIMITS.get(error.code or ""):
            words.append(_tied(limit % {"label": field.label, **(error.params or {})}))
            continue
        for message in error.messages:
            generic = error.code == "required" and message == str(default)
            words.append(_tied(_required_words(field) if generic else str(message)))
    return words


def _tied(text: str) -> str:
    """French punctuation kept with its word by no-break spaces."""
    return re.sub(r" (?=[?!:;»])|(?<=«) ", "\u00a0", text)


def _required_words(field: BoundField) -> str:
    label = {"label": field.label}
    if isinstance(field.field, forms.FileField):
        return _("Joignez le document « %(label)s »") % label
    if isinstance(field.field.widget, forms.CheckboxInput):
        return _("Cochez la case « %(label)s »") % label
    if isinstance(field.field, forms.ChoiceField):
        return _("Choisissez une réponse à « %(label)s »") % label
    return _("Renseignez « %(label)s »") % label


def describe_field(field: BoundField) -> DescribedField:
    """Everything about a field's rendering; may turn a short select into radio buttons."""
    _radios_for_short_select(field)
    widget = field.field.widget
    help_id = f"{field.auto_id}_helptext" if field.help_text else ""
    errors = worded_errors(field)
    error_id = f"{field.auto_id}_error" if errors else ""
    described_by = " ".join(filter(None, (help_id, error_id)))
    kind = _kind(field)
    attrs: dict[str, Any] = {"class": _classes(widget, bool(errors))}
    if kind != "group" and described_by:
        attrs["aria-describedby"] = described_by
    choices = _choices(field, attrs) if kind == "group" else []
    return DescribedField(
        kind=kind,
        target_id=told_at(field.field)
        or (choices[0].id if choices else field.id_for_label or field.auto_id),
        help_id=help_id,
        error_id=error_id,
        described_by=described_by,
        optional=not field.field.required and kind != "checkbox",
        comes_later=comes_later(field.field),
        errors=errors,
        control="" if choices else field.as_widget(attrs=attrs),
        choices=choices,
        visible_if=shown_when(field.field),
    )


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if widget.use_fieldset else "control"


def _radios_for_short_select(field: BoundField) -> None:
    """Swap a short select for radio buttons.

    Left alone: querysets (counting would query), a form with ``keep_selects = True`` (dense agents'
    forms), a widget with the attribute ``data-keep-select``.
    """
    widget = field.field.widget
    if type(widget) is not forms.Select or isinstance(field.field, forms.ModelChoiceField):
        return
    if getattr(field.form, "keep_selects", False) or "data-keep-select" in widget.attrs:
        return
    choices = list(widget.choices)
    grouped = any(isinstance(label, (list, tuple)) for _value, label in choices)
    answers = [choice for choice in choices if choice[0] not in EMPTY_VALUES]
    if grouped or not 0 < len(answers) <= RADIO_CHOICES:
        return
    if not field.field.required and len(answers) < len(choices):
        answers.append(("", _("Sans précision")))
    field.field.widget = forms.RadioSelect(attrs=widget.attrs, choices=answers)
    field.field.widget.is_required = widget.is_required
    field.__dict__.pop("subwidgets", None)


def _classes(widget: forms.Widget, invalid: bool) -> str:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        own = "form-check-input"
    elif isinstance(widget, forms.Select):
        own = "form-select"
    else:
        own = "form-control"
    given = widget.attrs.get("class", "").split()
    extra = ["is-invalid"] if invalid else []
    return " ".join(dict.fromkeys([own, *given, *extra]))


def _choices(field: BoundField, attrs: dict[str, Any]) -> list[Choice]:
    """The buttons of a group; none for other widgets made of several controls."""
    if not isinstance(field.field.widget, forms.RadioSelect):
        return []
    field.field.widget.attrs.update(attrs)
    return [
        Choice(id=button.id_for_label, label=button.choice_label, control=button.tag())
        for button in field.subwidgets
    ]
