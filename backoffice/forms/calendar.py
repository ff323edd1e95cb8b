"""A closure of the whole town hall, as an administrator writes it."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massy_grc.common.typed import TextField
from requests import actions


def _day(label) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ClosureForm(forms.Form):
    label = TextField(
        label=_("Pourquoi"),
        max_length=200,
        help_text=_("Les citoyens le liront. Par exemple : Pont de l’Ascension."),
    )
    start = _day(_("Fermée du"))
    end = _day(_("Fermée jusqu’au"))

    def clean(self):
        """Days on which a closure may be."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end:
            for name, fault in actions.day_faults(start, end, timezone.localdate()).items():
                self.add_error(name, fault)
        return cleaned
