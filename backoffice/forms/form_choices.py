"""The answers that a question of a form proposes, as an administrator writes them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.typed import TextField

LABEL = 250
SPARE_ROWS = 3
MOST_ROWS = 100


class ChoiceRow(forms.Form):
    """One answer of a list; its value never changes, conditions refer to it."""

    value = forms.CharField(required=False, widget=forms.HiddenInput)
    label = TextField(label=_("Réponse"), max_length=LABEL, required=False)
    label_en = TextField(label=_("En anglais"), max_length=LABEL, required=False)


class DifferentAnswers(forms.BaseFormSet):
    """Answers that people can tell apart."""

    def clean(self) -> None:
        seen = set()
        for row in self.forms:
            label = row.cleaned_data.get("label", "").casefold() if row.is_valid() else ""
            if label and label in seen:
                row.add_error("label", _("Cette réponse y est déjà."))
            seen.add(label)


ChoiceRows = forms.formset_factory(
    ChoiceRow, DifferentAnswers, extra=SPARE_ROWS, can_order=True, max_num=MOST_ROWS
)


def begin_as_typed(form: Any, data: Any) -> None:
    """Show in a form that nobody judges yet what was typed, with more lines for answers."""
    form.initial |= as_typed(form, data)
    rows = type(form.choices)(data, prefix="choices", form_kwargs=form.choices.form_kwargs)
    typed = [as_typed(row, data) for row in rows.forms]
    typed.sort(key=lambda row: _number(row.get("ORDER")))
    known = [row for row in typed if row["label"]]
    form.choices = type(rows)(prefix="choices", initial=known, form_kwargs=rows.form_kwargs)


def as_typed(form: forms.Form, data: Any) -> dict[str, Any]:
    """Return what was typed in a form, to be shown in one that nobody judges yet."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _number(text: str | None) -> int:
    """Where a line stands; one without a number comes last."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else 100_000


def whole_number(label: Any) -> forms.IntegerField:
    """How many of them; blank: any number."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_ROWS,
        required=False,
        help_text=_("Vide : pas de limite."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-number"}),
    )
