"""What an agent chooses before two records are made one."""

from collections.abc import Iterable
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from citizens.enums import MergeGround
from citizens.merging import Choice

KEPT, GONE = "garde", "autre"


class ValuesForm(forms.Form):
    """For each field that differs, the record whose value stays; what is proposed by default.

    What nothing proposes is the agent's to choose.
    """

    def __init__(self, data, *, choices: Iterable[Choice]):
        super().__init__(data)
        self.proposed = {
            choice.name: "" if choice.takes_gone is None else GONE if choice.takes_gone else KEPT
            for choice in choices
            if not choice.locked
        }
        for name in self.proposed:
            self.fields[name] = forms.ChoiceField(
                choices=[(KEPT, KEPT), (GONE, GONE)], required=False
            )

    def chosen(self) -> dict[str, str]:
        """Return the side chosen for each field; "" is still to choose."""
        self.is_valid()
        return {
            name: self.cleaned_data.get(name) or proposed
            for name, proposed in self.proposed.items()
        }


class MergeForm(forms.Form):
    """How the agent made sure, and which versions of the records they read."""

    ground = forms.ChoiceField(
        label=_("Comment êtes-vous sûr que c’est la même personne ?"),
        choices=MergeGround.choices,
        widget=forms.RadioSelect,
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_seen(self) -> list[datetime]:
        """The moments at which both records had last been changed."""
        try:
            return [datetime.fromisoformat(one) for one in self.cleaned_data["seen"].split("|")]
        except ValueError:
            raise forms.ValidationError(_("Relisez les deux fiches.")) from None
