"""Forms of acts on two requests."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import VerbForm, text_area
from massy_grc.common.typed import TextField
from requests.enums import Rhythm
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


class RepeatForm(VerbForm):
    rhythm = forms.ChoiceField(
        label=_("Elle revient"),
        choices=[("", _("Jamais, ou plus")), *Rhythm.choices],
        required=False,
    )
    first_on = forms.DateField(
        label=_("La prochaine fois le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def prepare(self) -> None:
        self.fields["rhythm"].initial = self.sr.repeats
        self.fields["first_on"].initial = self.sr.repeats_on


class SplitForm(VerbForm):
    body = text_area(
        _("Ce que demande la seconde"),
        help_text=_("Recopiez du message ce qui relève d’une autre prestation."),
    )
