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


def whole_number(label: Any) -> forms.IntegerField:
    """How many of them; blank: any number."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_ROWS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-number"}),
    )
