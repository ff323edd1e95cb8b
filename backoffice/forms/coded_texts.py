"""Signatories, the register of processings and letters, as an administrator writes them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.coded import CodedForm, StateForm, place_field, several
from backoffice.forms.letter_words import LetterTextForm
from backoffice.forms.routing import CheckedRows, PersonField, lines_of, open_prestations
from massy_grc.common.choices import offer, offer_rows
from massy_grc.common.typed import TextField
from massy_grc.users.models import User, UserKind
from prestations.configuration import State
from prestations.configuration.texts import WORDS
from prestations.enums import Holds, LegalBasis, LetterUse
from prestations.loading.schema_reference import TEMPLATE_CHANNELS
from prestations.models import (
    Category,
    Department,
    LetterTemplate,
    Prestation,
    Processing,
    Signatory,
)

COVERED = ("prestations", "templates", "categories", "departments")
TERM = ("months", "why", "source")
CHANNELS = {
    "letter": _("Lettre"),
    "email": _("Courriel"),
    "sms": _("SMS"),
    "screen": _("À l’écran"),
}


class SignatoryForm(StateForm):
    """Who signs refusals in the town's name, and which; one without any list signs the rest."""

    model = Signatory
    doors = {
        _("Refus de ces prestations"): ("prestations",),
        _("Refus écrits avec ces modèles"): ("templates",),
        _("Refus de ces catégories"): ("categories",),
        _("Refus de ces services"): ("departments",),
    }

    order = place_field()
    first_name = TextField(label=_("Prénom"), max_length=100)
    last_name = TextField(label=_("Nom"), max_length=100)
    quality = TextField(
        label=_("Qualité"),
        max_length=200,
        help_text=_("Sous la signature, comme l’arrêté de délégation la dit."),
    )
    formula = TextField(
        label=_("Formule"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : Pour le maire et par délégation,"),
    )
    account = PersonField(
        label=_("Compte qui signe sans autre accord"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Aucun"),
        help_text=_("Celui du signataire, s’il a un accès. Il laisse partir seul ses refus."),
    )
    prestations = CheckedRows(
        label=_("Prestations"), queryset=Prestation.objects.none(), required=False
    )
    templates = CheckedRows(
        label=_("Modèles de lettres"), queryset=LetterTemplate.objects.none(), required=False
    )
    categories = CheckedRows(
        label=_("Catégories"), queryset=Category.objects.none(), required=False
    )
    departments = CheckedRows(
        label=_("Services"), queryset=Department.objects.none(), required=False
    )

    def offer(self) -> None:
        refusals = LetterTemplate.objects.filter(uses__contains=[LetterUse.REFUSAL])
        agents = User.objects.filter(kind=UserKind.AGENT, is_active=True)
        offer_rows(self, "prestations", open_prestations())
        offer_rows(self, "templates", refusals.filter(is_active=True))
        offer_rows(self, "categories", Category.objects.filter(is_active=True))
        offer_rows(self, "departments", Department.objects.filter(is_active=True))
        with_places = agents.prefetch_related("memberships__department", "memberships__team")
        offer_rows(self, "account", with_places)

    def initial_of(self, known: State) -> dict[str, Any]:
        email = Signatory.objects.values_list("account", flat=True).get(pk=known["code"])
        account = User.objects.filter(email__iexact=email).first() if email else None
        return {**known, "account": account}

    def own(self) -> State:
        given = self.cleaned_data
        words = {name: given[name] for name in ("first_name", "last_name", "quality", "formula")}
        return words | {name: self._codes(name, given[name]) for name in COVERED}

    def _codes(self, name: str, rows: Iterable[Any]) -> list[str]:
        """The codes of a list, those that stay in the order they had."""
        wanted = [row.pk for row in rows]
        before = (self.known or {}).get(name, [])
        kept = [one for one in before if one in wanted]
        return kept + [one for one in wanted if one not in kept]

    def named(self) -> str:
        return self.cleaned_data["last_name"]


class ProcessingForm(CodedForm):
    """One entry of the register of processings (RGPD art. 30)."""

    model = Processing
    spoken = ("label", "purpose", "sensitive", "kept_note")

    purpose = several(_("But"))
    holds = forms.ChoiceField(
        label=_("Ce qui est gardé"),
        choices=Holds.choices,
        widget=forms.Select(attrs={"data-keep-select": ""}),
    )
    basis = forms.ChoiceField(
        label=_("Base légale"),
        choices=LegalBasis.choices,
        widget=forms.Select(attrs={"data-keep-select": ""}),
    )
    basis_source = TextField(label=_("Texte de la base légale"), max_length=250)
    held = several(_("Données"), help_text=_("Une par ligne."), rows=5)
    sensitive = several(_("Données sensibles"), required=False)
    recipients = several(_("Destinataires"), help_text=_("Un par ligne."), required=False)
    files_months = forms.IntegerField(
        label=_("Pièces effacées après, en mois"),
        min_value=1,
        max_value=32767,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    files_why = several(_("Pourquoi cette durée des pièces"), required=False)
    files_source = TextField(label=_("Texte de cette durée"), max_length=250, required=False)
    kept_months = forms.IntegerField(
        label=_("Reste effacé après, en mois"),
        min_value=1,
        max_value=32767,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    kept_why = several(_("Pourquoi cette durée du reste"), required=False)
    kept_source = TextField(label=_("Texte de la durée du reste"), max_length=250, required=False)
    kept_note = several(_("Pourquoi sans durée"), required=False)
    confirmed = forms.BooleanField(
        label=_("Vérifié par le délégué à la protection des données"), required=False
    )

    def initial_of(self, known: State) -> dict[str, Any]:
        terms = {
            f"{term}_{name}": (known[term] or {}).get(name)
            for term in ("files", "kept")
            for name in TERM
        }
        lines = {
            "held": "\n".join(known["data"]),
            "recipients": "\n".join(known["recipients"]),
        }
        return {**known, **terms, **lines}

    def clean(self):
        """Terms that go together, each mistake by its field; the rest is the register's check."""
        given = super().clean() or {}
        for term in ("files", "kept"):
            months, why, source = (given.get(f"{term}_{name}") for name in TERM)
            if months and not why:
                self.add_error(f"{term}_why", _("Dites pourquoi cette durée."))
            if months and not source:
                self.add_error(f"{term}_source", _("Citez le texte qui fixe cette durée."))
        holds, kept, files = (given.get(one) for one in ("holds", "kept_months", "files_months"))
        if holds == Holds.NONE and kept:
            self.add_error("kept_months", _("Rien n’est à effacer : laissez cette durée vide."))
        if holds and holds != Holds.NONE and not kept and "kept_months" not in self.errors:
            self.add_error("kept_months", _("Donnez la durée après laquelle le reste est effacé."))
        if holds == Holds.NONE and not given.get("kept_note"):
            self.add_error("kept_note", _("Dites pourquoi rien n’est effacé."))
        if kept and given.get("kept_note"):
            self.add_error("kept_note", _("Une durée est donnée : laissez cette case vide."))
        if files and holds != Holds.REQUESTS:
            self.add_error("files_months", _("Seules les demandes ont des pièces."))
        if files and kept and files > kept:
            self.add_error("files_months", _("Les pièces s’effacent avant le reste."))
        return given

    def own(self) -> State:
        given = self.cleaned_data
        same = ("purpose", "holds", "basis", "basis_source", "confirmed")
        return (
            {name: given[name] for name in same}
            | {"data": lines_of(given["held"]), "recipients": lines_of(given["recipients"])}
            | {name: given[name] or None for name in ("sensitive", "kept_note")}
            | {name: self._term(name) for name in ("files", "kept")}
        )

    def _term(self, term: str) -> State | None:
        said = {name: self.cleaned_data[f"{term}_{name}"] for name in TERM}
        return said if said["months"] else None


class LetterForm(CodedForm):
    """What surrounds the words of a letter: by what it leaves, where agents are offered it."""

    model = LetterTemplate
    spoken = ()

    audience = forms.ChoiceField(
        label=_("À qui elle s’adresse"),
        choices=[("citoyen", _("Aux habitants")), ("interne", _("À un collègue"))],
    )
    channels = forms.MultipleChoiceField(
        label=_("Par quoi elle part"),
        choices=[(one, CHANNELS[one]) for one in TEMPLATE_CHANNELS],
        widget=forms.CheckboxSelectMultiple,
    )
    use = forms.MultipleChoiceField(
        label=_("Où elle est proposée"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "« Envoi automatique » : un accusé de réception, que chaque prestation choisit."
        ),
    )
    general = forms.BooleanField(
        label=_("Proposée pour toute prestation"),
        required=False,
        help_text=_("Sinon, seulement pour celles qui la nomment."),
    )
    authority = forms.BooleanField(
        label=_("Un refus écrit avec elle porte le nom d’un signataire"), required=False
    )
    neutral = forms.BooleanField(label=_("Pour les réclamations abusives"), required=False)

    def _initial(self, known: State | None) -> dict[str, Any]:
        usual = {"audience": "citoyen", "authority": True}
        return super()._initial(known) | ({} if known else usual)

    def offer(self) -> None:
        known = (self.known or {}).get("use", [])
        choices = [one for one in LetterUse if one != LetterUse.LATER or one in known]
        offer(self, "use", [(one.value, one.label) for one in choices])

    def own(self) -> State:
        given = self.cleaned_data
        names = ("audience", "channels", "use", "general", "authority", "neutral")
        return {name: given[name] for name in names}

    def clean(self):
        given = super().clean() or {}
        words = given.get("sms_body", (self.known or {}).get("sms_body"))
        if "sms" in given.get("channels", []) and not words:
            named = "sms_body" if "sms_body" in self.fields else "channels"
            self.add_error(named, _("Elle part par SMS : écrivez d’abord le texte du SMS."))
        return given


class NewLetterForm(LetterForm, LetterTextForm):
    """A letter that is made, with its first words; a second person approves them."""

    blamed = "body"
    doors = {_("En anglais"): ("subject_en", "body_en", "sms_body_en")}
    field_order = [
        *("label", "audience", "channels", "use", "general", "authority", "neutral"),
        *("subject", "body", "sms_body"),
    ]

    def own(self) -> State:
        return super().own() | {name: self.cleaned_data[name] for name in WORDS}
