"""The forms of the citizen account."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from citizens.enums import MemberRole, OrganisationKind
from citizens.models import Newsletter, OrganisationAccount
from massy_grc.common.addresses import AddressField
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import (
    NameField,
    NumberedField,
    TextField,
    check_no_address,
    clean_rna,
    clean_siret,
)
from massy_grc.users.forms import NewPasswordField
from massy_grc.users.models import User, UserKind

NAME_LENGTH = 150  # as in the record
OLDEST_AGE = 130  # years: nobody is older


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty answer is an answer, a page only asked for is none."""
    return request.POST if request.method == "POST" else None


class SignUpForm(forms.Form):
    """Where the first mail goes."""

    email = AddressField()


class TermsForm(forms.Form):
    """The terms of the account: nobody has one without having been shown them (S41)."""

    terms = forms.BooleanField(label=_("J’accepte les conditions du compte citoyen"))


class OpenAccountForm(TermsForm):
    """Who opens the account, and with which password."""

    given_name = NameField(
        label=_("Prénom"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = NameField(
        label=_("Nom de famille"),
        help_text=_("Celui de votre acte de naissance."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    birth_date = forms.DateField(
        label=_("Date de naissance"),
        help_text=_("Elle nous aide à ne pas vous confondre avec quelqu’un du même nom."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
    )
    password = NewPasswordField()
    field_order = ("given_name", "family_name", "birth_date", "password", "terms")

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_birth_date(self):
        born = self.cleaned_data["birth_date"]
        today = timezone.localdate()
        if born and born > today:
            raise ValidationError(_("Cette date de naissance est dans le futur. Vérifiez-la."))
        if born and born.year <= today.year - OLDEST_AGE:
            raise ValidationError(_("Vérifiez l’année de naissance."))
        return born

    def clean(self):
        data = super().clean() or {}
        if password := data.get("password"):
            owner = User(
                email=self.email,
                kind=UserKind.CITIZEN,
                first_name=data.get("given_name", "")[:100],
                last_name=data.get("family_name", "")[:100],
            )
            try:
                validate_password(password, owner)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class EmailChangeForm(forms.Form):
    """The address that shall replace the present one."""

    email = AddressField(label=_("Nouvelle adresse électronique"))

    def __init__(self, *args, current: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.current = current

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email == self.current:
            raise ValidationError(_("C’est déjà l’adresse de votre compte."))
        return email


class CloseForm(forms.Form):
    """Closing is wanted, not slipped into."""

    sure = forms.BooleanField(label=_("Oui, je veux fermer mon compte"))


class CloseOrganisationForm(forms.Form):
    """Closing is wanted, not slipped into."""

    sure = forms.BooleanField(label=_("Oui, je veux fermer cet espace"))


class SeatForm(forms.Form):
    """How an organisation is called, and where its seat is."""

    name = TextField(
        label=_("Nom"),
        help_text=_("Celui des statuts, ou la raison sociale."),
        max_length=120,
        validators=[check_no_address],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = TextField(
        label=_("Adresse du siège"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class OrganisationForm(SeatForm):
    """An association or a business, as it declares itself; a number proves that it exists (L15)."""

    kind = forms.ChoiceField(
        label=_("Il s’agit"),
        choices=[
            (OrganisationKind.ASSOCIATION, _("d’une association")),
            (OrganisationKind.ENTREPRISE, _("d’une entreprise")),
        ],
        widget=forms.RadioSelect,
    )
    rna = NumberedField(
        label=_("Numéro RNA (associations)"),
        help_text=_(
            "W suivi de neuf chiffres, par exemple W912345678. L’un des deux numéros suffit."
        ),
        cleaner=clean_rna,
        max_length=30,
        required=False,
    )
    siret = NumberedField(
        label=_("Numéro SIRET (entreprises)"),
        help_text=_(
            "14 chiffres. Nécessaire pour une entreprise ; une association donne l’un des deux "
            "numéros, ou les deux."
        ),
        cleaner=clean_siret,
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ("kind", "name", "rna", "siret", "address")

    def clean(self):
        data = super().clean() or {}
        kind = data.get("kind")
        if kind == OrganisationKind.ENTREPRISE:
            data["rna"] = ""
            if not data.get("siret") and "siret" not in self.errors:
                self.add_error("siret", _("Indiquez le numéro SIRET de l’entreprise."))
        elif not (data.get("rna") or data.get("siret") or self.errors.keys() & {"rna", "siret"}):
            self.add_error(
                "rna",
                _("Indiquez le numéro RNA de l’association, ou son SIRET.")
                if kind
                else _("Indiquez l’un des deux numéros, RNA ou SIRET."),
            )
        return data


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = AddressField(label=_("Adresse électronique de la personne"), autocomplete="off")
    role = forms.ChoiceField(
        label=_("Rôle"),
        choices=[
            (MemberRole.MEMBER, _("Membre : fait et suit les demandes")),
            (MemberRole.ADMINISTRATOR, _("Administrateur : gère aussi les membres")),
        ],
        initial=MemberRole.MEMBER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, organisation: OrganisationAccount, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if self.organisation.members.filter(account__user__email=email).exists():
            raise forms.ValidationError(_("Cette personne est déjà membre."))
        return email


class NewslettersField(forms.ModelMultipleChoiceField):
    """Newsletters to tick, each with what it contains."""

    def label_from_instance(self, obj: Newsletter) -> str:
        if not obj.shown_description:
            return obj.shown_label
        label, description = obj.shown_label, obj.shown_description
        return format_html("<strong>{}</strong>{} {}", label, gettext(" :"), description)


class NewslettersForm(forms.Form):
    """Which newsletters."""

    newsletters = NewslettersField(
        label=_("Lettres d’information"),
        queryset=Newsletter.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une lettre.")},
    )

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "newsletters", offered)


class SubscribeForm(NewslettersForm):
    """Which newsletters, and at which address."""

    email = AddressField()
