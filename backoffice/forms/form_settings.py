"""What holds for a whole form: who is asked about, and whether a place is."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.choices import offer
from massy_grc.common.typed import TextField
from prestations.enums import Location
from prestations.translation import catalogue_text


class FormSettingsForm(forms.Form):
    """The block of questions about the requester, and the place."""

    keep_selects = True

    requester_block = forms.ChoiceField(
        label=_("Questions sur le demandeur"),
        help_text=_("Ce sont les mêmes dans toutes les prestations."),
    )
    location = forms.ChoiceField(
        label=_("Le lieu"),
        choices=Location.choices,
        help_text=_("Demandé après les questions, sauf si l’une d’elles est une adresse."),
    )

    def __init__(self, data: Any = None, *, definition: dict, blocks: Mapping[str, dict]):
        own = definition["requester_block"]
        self.before, self.blocks = definition, {**blocks, own["code"]: own}
        initial = {"requester_block": own["code"], "location": definition["location"]}
        super().__init__(data, initial=initial)
        labels = [(code, catalogue_text(one["label"])) for code, one in self.blocks.items()]
        offer(self, "requester_block", labels)

    def definition(self) -> dict[str, Any]:
        """The definition with these settings."""
        block = self.blocks[self.cleaned_data["requester_block"]]
        return {
            **self.before,
            "requester_block": block,
            "location": self.cleaned_data["location"],
        }


class NoteForm(forms.Form):
    """Why a version is published."""

    note = TextField(
        label=_("Ce qui change, et pourquoi"),
        max_length=500,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Gardé avec la version, pour ceux qui la liront."),
    )
