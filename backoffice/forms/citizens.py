"""The citizen record, as an agent fills it in."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen
from massy_grc.common.choices import offer, offered
from massy_grc.common.typed import TextField
from prestations.forms.fields import WordedEmailField

FIELDS = (
    "family_name",
    "given_name",
    "usage_name",
    "phone",
    "email",
    "address",
    "birth_date",
    "residence",
    "reply_channel",
)


class CitizenForm(forms.ModelForm):
    """Identity and ways to reach a person; only the family name is mandatory.

    It checks what was typed; the actions of `citizens` write it.
    """

    keep_selects = True

    class Meta:
        model = Citizen
        fields = FIELDS
        widgets = {
            "birth_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "phone": forms.TextInput(attrs={"inputmode": "tel"}),
        }
        field_classes = {
            **dict.fromkeys(("family_name", "given_name", "usage_name"), TextField),
            "email": WordedEmailField,
        }
        help_texts = {"usage_name": _("Seulement si la personne veut l’utiliser.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = offered(self, "reply_channel")
        offer(self, "reply_channel", [("", _("Sans préférence")), *known[1:]])
        self.fields["birth_date"].widget.attrs["max"] = timezone.localdate().isoformat()
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # somebody else's data, not the agent's

    def clean_birth_date(self):
        """Nobody is born tomorrow."""
        born = self.cleaned_data["birth_date"]
        if born and born > timezone.localdate():
            raise forms.ValidationError(_("Cette date est dans le futur."))
        return born
