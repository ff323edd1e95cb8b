"""Notes taken while somebody speaks, and what became of each question."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.complaints import number_to_call
from backoffice.forms.reception import DOORS
from massy_grc.common.choices import offer_rows
from prestations.enums import PrestationStatus
from prestations.models import Prestation


def _notes(rows: int, **attrs) -> forms.CharField:
    return forms.CharField(
        label=_("Ce qui est demandé"),
        help_text=_("Une ligne vide entre deux questions : chacune sera qualifiée ensuite."),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": rows, **attrs}),
    )


class CallForm(forms.Form):
    """One page to type on while somebody speaks; who they are can wait."""

    keep_selects = True

    notes = forms.CharField(
        label=_("Ce qui est demandé"),
        help_text=_("Une ligne vide entre deux questions : chacune sera qualifiée ensuite."),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 9, "autofocus": True, "data-key": "n"}),
    )
    caller = forms.CharField(
        label=_("Qui parle"),
        help_text=_("Un nom, un numéro, une adresse. Vide : personne en particulier."),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-draft-too": ""}),
    )
    caller_phone = forms.CharField(
        label=_("Numéro à rappeler"),
        max_length=30,
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "off", "data-draft-too": ""}
        ),
    )
    channel = forms.ChoiceField(
        label=_("Contact par"), choices=[(door.value, door.label) for door in DOORS]
    )
    citizen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class SeparateForm(forms.Form):
    """What was noted as one question, to be parted into several."""

    notes = _notes(6)
    known = forms.IntegerField(widget=forms.HiddenInput)


class PromisedForm(forms.Form):
    """Where whoever asked is called back."""

    phone = number_to_call()

    def clean_phone(self) -> str:
        return self.cleaned_data["phone"].as_e164


class AnsweredForm(forms.Form):
    """The information that was given."""

    answer = forms.CharField(
        label=_("Ce que vous avez répondu"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    prestation = forms.ModelChoiceField(
        label=_("Prestation demandée"),
        queryset=Prestation.objects.none(),
        required=False,
        empty_label=_("Aucune en particulier"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        active = Prestation.objects.filter(is_active=True, status=PrestationStatus.ACTIVE)
        offer_rows(self, "prestation", active)
