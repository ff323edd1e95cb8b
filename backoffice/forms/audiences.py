"""The ticks of a prestation's audiences."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.choices import offer
from prestations.enums import Audience


class AudiencesForm(forms.Form):
    """Which audiences may ask; those that the form's questions do not fit are not offered."""

    audiences = forms.MultipleChoiceField(
        label=_("Cette prestation est ouverte"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins un public.")},
    )

    def __init__(self, data=None, *, possible: Iterable[Audience], current: list[str]):
        super().__init__(data, initial={"audiences": current})
        offer(self, "audiences", [(str(one), one.label) for one in possible])
