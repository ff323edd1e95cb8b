"""From which score the classifier routes a prestation by itself."""

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class WhenAlone(models.TextChoices):
    """Who says from which score."""

    MEASURED = "mesure", gettext_lazy("Comme mesuré à chaque apprentissage")
    CHOSEN = "choisi", gettext_lazy("À partir d’un score que la ville choisit")
    NEVER = "jamais", gettext_lazy("Jamais : un agent décide toujours")


class ThresholdForm(forms.Form):
    """When a prestation is routed without an agent."""

    rule = forms.ChoiceField(
        label=gettext_lazy("Orienter sans agent"),
        choices=WhenAlone.choices,
        widget=forms.RadioSelect,
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Score choisi (%)"),
        help_text=gettext_lazy("De 50 à 99."),
        required=False,
        min_value=50,
        max_value=99,
    )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        chosen = cleaned.get("rule") == WhenAlone.CHOSEN
        if chosen and cleaned.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("Indiquez le score, de 50 à 99."))
        return cleaned
