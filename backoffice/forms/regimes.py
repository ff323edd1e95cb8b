"""Confirming what the law makes of the town's silence."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from massy_grc.common.typed import TextField


class RegimeForm(forms.Form):
    """Who confirmed it, when and from what; `regime` is the one the page showed."""

    regime = forms.CharField(widget=forms.HiddenInput)
    confirmed_by = TextField(
        label=_("Confirmé par"),
        max_length=120,
        help_text=_("Un nom et une qualité : le service juridique, le délégué, l’avocat…"),
    )
    confirmed_on = forms.DateField(
        label=_("Confirmé le"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    source = TextField(
        multiline=True,
        label=_("Source"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Le texte, l’avis ou la délibération sur quoi repose ce régime."),
    )

    def clean_confirmed_on(self) -> dt.date:
        day = self.cleaned_data["confirmed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Cette date est à venir."))
        return day
