"""The questions about the requester as an administrator words them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.form_choices import LABEL
from backoffice.forms.form_parts import HELP
from backoffice.forms.two_languages import both, english_pairs
from massy_grc.common.typed import TextField
from prestations.enums import Channel
from prestations.loading.schema_catalogue import ARRIVAL_CHANNELS

ALL = "all"
_LINES = forms.Textarea(attrs={"rows": 2})


class BlockQuestionForm(forms.Form):
    """One question; its name and its kind stay: records and duplicates are found by them."""

    label = TextField(label=_("Texte de la question"), max_length=LABEL)
    label_en = TextField(label=_("Texte en anglais"), max_length=LABEL, required=False)
    help = TextField(
        label=_("Aide"), max_length=HELP, multiline=True, required=False, widget=_LINES
    )
    help_en = TextField(
        label=_("Aide en anglais"), max_length=HELP, multiline=True, required=False, widget=_LINES
    )
    required_on = forms.MultipleChoiceField(
        label=_("Réponse obligatoire"),
        choices=[
            (ALL, _("Par tous les canaux")),
            *(pair for pair in Channel.choices if pair[0] in ARRIVAL_CHANNELS),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché : la réponse est facultative."),
    )

    def __init__(self, data: Any, *, field: dict[str, Any]):
        self.field = field
        initial = both(field, "label", "help") | {"required_on": field["required_on"]}
        super().__init__(data, prefix=field["name"], initial=initial)

    def properties(self) -> dict[str, Any]:
        """What becomes of the question."""
        values = self.cleaned_data
        channels = [ALL] if ALL in values["required_on"] else values["required_on"]
        return {
            "label": values["label"],
            "help": values["help"] or None,
            "required_on": channels,
            "required": channels == [ALL],
        }

    def english(self) -> dict[str, str]:
        """Its texts in both languages."""
        return english_pairs(self.cleaned_data, "label", "help")


class BlockReasonForm(forms.Form):
    """Why the questions change."""

    reason = TextField(
        label=_("Pourquoi ce changement"),
        max_length=500,
        help_text=_("Gardé dans l’historique de chaque prestation."),
    )
