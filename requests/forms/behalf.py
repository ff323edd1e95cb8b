"""For whom a form is filled in: the choice before it, and the person when it is somebody else."""

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from citizens.models import OrganisationAccount
from massy_grc.common.addresses import AddressField as EmailField
from massy_grc.common.choices import offer
from massy_grc.common.typed import NameField
from prestations.behalf import asks_for_whom, is_always_for_another
from prestations.enums import Audience
from prestations.forms.address import AddressField, address_text
from prestations.models import Prestation
from requests.enums import Relation

MYSELF, SOMEBODY, ORGANISATION = "moi", "proche", "organisme"
NAME_LENGTH = 120  # as in the requester block


class ForWhomForm(forms.Form):
    """« Pour moi, pour un proche ou un tiers, pour mon association »; only what is possible.

    Args:
        organisations: those of the reader for which the prestation is open.
    """

    pour = forms.ChoiceField(
        label=_("Pour qui faites-vous cette demande ?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez pour qui vous faites cette demande.")},
    )

    def __init__(
        self, data=None, *, prestation: Prestation, organisations: list[OrganisationAccount]
    ):
        super().__init__(data)
        self.organisations = {f"{ORGANISATION}-{one.pk}": one for one in organisations}
        choices: list = []
        if Audience.CITOYEN in prestation.audiences:
            myself = _("En mon nom") if is_always_for_another(prestation) else _("Pour moi")
            choices.append((MYSELF, myself))
            if asks_for_whom(prestation):
                choices.append((SOMEBODY, _("Pour un proche ou une autre personne")))
        choices += [(code, one.name) for code, one in self.organisations.items()]
        offer(self, "pour", choices)
        # what most people want, unless they say otherwise; or the only way there is
        if choices and (choices[0][0] == MYSELF or len(choices) == 1):
            usual = choices[0][0]
            self.fields["pour"].initial = usual
            if data is not None and not data.get("pour"):
                self.data = {**data.dict(), "pour": usual}
        self.is_asked = len(choices) > 1 or bool(self.organisations)

    @property
    def organisation(self) -> OrganisationAccount | None:
        """The organisation chosen, if one was."""
        return self.organisations.get(self.cleaned_data["pour"])

    @property
    def for_somebody(self) -> bool:
        return self.cleaned_data["pour"] == SOMEBODY


class PersonForm(forms.Form):
    """The person concerned, and how the town tells them."""

    family_name = NameField(
        label=_("Son nom de famille"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    given_name = NameField(
        label=_("Son prénom"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.ChoiceField(
        label=_("Cette personne est"), choices=Relation.choices, widget=forms.RadioSelect
    )
    email = EmailField(label=_("Son adresse électronique"), required=False)
    phone = PhoneNumberField(
        label=_("Son téléphone"),
        region="FR",
        required=False,
        error_messages={
            "invalid": _(
                "Ce numéro n’est pas valable. Écrivez-le ainsi : 06 12 34 56 78, ou +44… pour "
                "l’étranger."
            )
        },
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    address = AddressField(label=_("Son adresse postale"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean(self):
        data = super().clean() or {}
        reached = any(data.get(name) for name in ("email", "phone", "address"))
        if not (reached or self.errors or data.get("relation") == Relation.CHILD):
            self.add_error(
                "email",
                _(
                    "Nous prévenons cette personne : donnez son adresse électronique, son "
                    "téléphone ou son adresse postale."
                ),
            )
        return data

    def person(self) -> dict[str, str]:
        """What a draft keeps of the person."""
        data = self.cleaned_data
        phone = data["phone"]
        return {
            **{name: data[name] for name in ("family_name", "given_name", "relation", "email")},
            "phone": phone.as_e164 if phone else "",
            "address": address_text(data["address"]),
        }
