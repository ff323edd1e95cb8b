"""Forms of the citizen's space."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from citizens.enums import NewsChannel, ReplyChannel
from citizens.models import Citizen
from massy_grc.common.choices import offer
from massy_grc.common.typed import NameField
from massy_grc.outbox.api import sms_is_possible
from prestations.forms.address import AddressField, address_text, parse_address
from requests.actions import valid_until
from requests.enums import WalletKind
from requests.forms.tracking import LookupForm
from requests.uploads import NAME_LENGTH, UploadField

REPLY_CHANNELS = (
    ReplyChannel.EMAIL,
    ReplyChannel.COURRIER,
    ReplyChannel.TELEPHONE,
    ReplyChannel.GUICHET,
)


class AttachForm(LookupForm):
    """The number and the tracking code of an earlier request."""

    secret = forms.CharField(
        label=_("Code de suivi"),
        help_text=_("Huit chiffres, écrits sur le récépissé de la demande."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class DetailsForm(forms.Form):
    """How to write to the person and to call them; their civil status is not changed here."""

    usage_name = NameField(
        label=_("Nom d’usage"),
        max_length=150,
        required=False,
        help_text=_("Si vous l’indiquez, nous l’utilisons dans nos courriers."),
    )
    phone = PhoneNumberField(
        label=_("Téléphone"),
        region="FR",
        required=False,
        error_messages={
            "invalid": _(
                "Ce numéro n’est pas valable. Écrivez-le ainsi : 06 12 34 56 78, ou +44… pour "
                "l’étranger."
            )
        },
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    address = AddressField(label=_("Adresse postale"), required=False, autocomplete="home")

    def __init__(self, data=None, *, citizen: Citizen):
        initial = {
            "usage_name": citizen.usage_name,
            "phone": citizen.phone,
            "address": parse_address(citizen.address) if citizen.address else None,
        }
        super().__init__(data, initial=initial)

    def record_fields(self) -> dict[str, Any]:
        """The values as the record keeps them."""
        given = self.cleaned_data
        return {
            "usage_name": given["usage_name"],
            "phone": given["phone"] or "",
            "address": address_text(given["address"])[:300],
        }


class NewsForm(forms.Form):
    """By which way each kind of news comes; only the ways that exist."""

    progress_channel = forms.ChoiceField(
        label=_("L’avancement de mes demandes"),
        help_text=_("Récépissés, messages, pièces à envoyer."),
        choices=NewsChannel.choices,
        widget=forms.RadioSelect,
    )
    documents_channel = forms.ChoiceField(
        label=_("Un document est prêt"),
        choices=NewsChannel.choices,
        widget=forms.RadioSelect,
    )
    reply_channel = forms.ChoiceField(
        label=_("La réponse à mes demandes"),
        help_text=_("Proposé dans vos prochains formulaires. Vous pouvez en changer chaque fois."),
        choices=[(one.value, one.label) for one in REPLY_CHANNELS],
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, citizen: Citizen):
        initial = {
            name: getattr(citizen, name) or NewsChannel.EMAIL
            for name in ("progress_channel", "documents_channel", "reply_channel")
        }
        super().__init__(data, initial=initial)
        self.citizen = citizen
        if not sms_is_possible():
            without = [one for one in NewsChannel.choices if one[0] != NewsChannel.SMS]
            for name in ("progress_channel", "documents_channel"):
                offer(self, name, without)

    def clean(self):
        """A letter needs an address, a call a number, an SMS a mobile one."""
        given = self.cleaned_data
        if not self.citizen.mobile:
            for name, value in list(given.items()):
                if value == NewsChannel.SMS:
                    self.add_error(name, _("Indiquez d’abord votre numéro de mobile."))
        if not self.citizen.address:
            for name, value in list(given.items()):
                if value == NewsChannel.COURRIER:
                    self.add_error(name, _("Indiquez d’abord votre adresse postale."))
        if not self.citizen.phone:
            for name, value in list(given.items()):
                if value == NewsChannel.TELEPHONE:
                    self.add_error(name, _("Indiquez d’abord votre téléphone."))
        return given


def _day(label, help_text) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ValidityForm(forms.Form):
    """What says until when a document serves: it needs its date, and must still serve."""

    issued_on = _day(
        _("Date du document"), _("Pour un justificatif de domicile : il sert trois mois.")
    )
    expires_on = _day(
        _("Valable jusqu’au"), _("Pour une pièce d’identité : la date écrite dessus.")
    )

    def kind_given(self) -> str:
        """The code of the document's kind, as answered; "" while none is given."""
        return self.cleaned_data.get("kind", "")

    def clean(self):
        given, kind = self.cleaned_data, self.kind_given()
        needed = {str(WalletKind.HOME): "issued_on", str(WalletKind.IDENTITY): "expires_on"}
        name = needed.get(kind)
        if name and name not in self.errors and not given.get(name):
            self.add_error(name, _("Indiquez cette date : elle dit jusqu’à quand il sert."))
        today = timezone.localdate()
        if given.get("issued_on") and given["issued_on"] > today:
            self.add_error("issued_on", _("Cette date n’est pas encore passée."))
        elif (until := self.validity()["until"]) and until < today:
            wrong = "issued_on" if kind == WalletKind.HOME else "expires_on"
            self.add_error(wrong, _("Ce document n’est plus valable. Gardez-en un plus récent."))
        return given

    def validity(self) -> dict[str, date | None]:
        """``issued_on`` and ``until``, as the wallet keeps them."""
        given, kind = self.cleaned_data, self.kind_given()
        issued_on = given.get("issued_on") if kind == WalletKind.HOME else None
        until = valid_until(kind, issued_on=issued_on, expires_on=given.get("expires_on"))
        return {"issued_on": issued_on, "until": until}


class WalletForm(ValidityForm):
    """Which document is kept, and until when: asked before its file, which no wrong date loses."""

    field_order = ("kind",)

    kind = forms.ChoiceField(
        label=_("Quel document ?"),
        choices=[("", _("Choisissez…")), *WalletKind.choices],
        error_messages={"invalid_choice": _("Choisissez une des réponses proposées.")},
    )


class WalletFileForm(forms.Form):
    """The file of a document whose kind and date are known."""

    file = UploadField(label=_("Le fichier ou la photo"))


class KeepSentForm(ValidityForm):
    """The dates of a document already sent with a request, to keep it."""

    def __init__(self, data=None, *, kind: str):
        super().__init__(data)
        self.kind = kind
        del self.fields["expires_on" if kind == WalletKind.HOME else "issued_on"]

    def kind_given(self) -> str:
        return self.kind


class RenameForm(forms.Form):
    """Another name for a kept document."""

    name = forms.CharField(label=_("Nom du document"), max_length=NAME_LENGTH)
