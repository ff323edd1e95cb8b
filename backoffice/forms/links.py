"""Forms of acts on two requests."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import VerbForm, text_area
from massy_grc.common.typed import TextField
from requests.models import ServiceRequest
from requests.references import parse_reference


class OtherForm(VerbForm):
    """Which other request, by its number: one that the agent may see."""

    other = TextField(
        label=_("Numéro de l’autre demande"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_other(self) -> ServiceRequest:
        reference = parse_reference(self.cleaned_data["other"]) or ""
        visible = ServiceRequest.objects.visible_to(self.user)
        found = visible.filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError(
                _("Aucune demande que vous suivez ne porte ce numéro : vérifiez-le.")
            )
        return found


class SplitForm(VerbForm):
    body = text_area(
        _("Ce que demande la seconde"),
        help_text=_("Recopiez du message ce qui relève d’une autre prestation."),
    )
