"""From which score the classifier routes a prestation by itself."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ThresholdForm(forms.Form):
    """Empty: never by itself."""

    percent = forms.IntegerField(
        label=_("Orienter sans agent à partir de (%)"),
        help_text=_("De 50 à 99. Laissez vide pour que rien ne parte sans un agent."),
        required=False,
        min_value=50,
        max_value=99,
    )
