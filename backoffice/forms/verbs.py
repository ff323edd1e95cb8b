"""One form for each thing an agent may do to a request; the rules themselves are the actions'."""

from datetime import datetime

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from backoffice.forms.prestations import PrestationField, offer_prestations
from massy_grc.common.choices import offer, offer_rows, show_when
from massy_grc.common.words import day_and_time
from massy_grc.users.models import User
from prestations.calendars import town_calendar
from prestations.enums import LetterUse
from prestations.forms.fields import WordedEmailField
from prestations.models import Authority, Category, Department, Prestation
from requests.enums import Outcome, SnoozePreset, State
from requests.models import ServiceRequest
from requests.permissions import RIGHTS, Right, named_for
from requests.qualification.shown import guesses_about
from requests.readers import readers_of
from requests.snoozes import moments
from requests.uploads import UploadField

PIECES_DAYS = 15  # proposed time for the requester to send what is asked
LONG_TEXT = 20_000


def text_area(label, *, rows: int = 6, required: bool = True, help_text="") -> forms.CharField:
    """A long text, kept as typed."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONG_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def replies_offered(sr: ServiceRequest, use: LetterUse) -> dict[str, str]:
    """Attributes of a text box in which « :: » offers the replies ready for `use`."""
    return {
        "data-replies": reverse("backoffice:replies", args=[sr.reference, use]),
        "data-replies-label": str(_("Réponses types")),
        "data-replies-none": str(_("Aucune réponse type")),
        "data-replies-hint": str(_("Tapez :: pour insérer une réponse type.")),
    }


class VerbForm(forms.Form):
    """What every verb's form knows: the request and the agent. Without fields: a confirmation.

    Attributes:
        follows_choice: the fields that another letter or outcome proposes anew.
        shows_optional: whether what may stay blank is marked; False where all may.
    """

    keep_selects = True
    shows_optional = True
    follows_choice: tuple[str, ...] = ()

    def __init__(self, *args, sr: ServiceRequest, user: User, **kwargs):
        self.sr, self.user = sr, user
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_one = not isinstance(field, forms.ModelMultipleChoiceField)
            if isinstance(field, forms.ModelChoiceField) and field.required and is_one:
                field.empty_label = _("Choisir")
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and initial values from the request."""

    def renewed(self, sr: ServiceRequest) -> "VerbForm":
        """The valid form as its page shows it again, now that `sr` has changed."""
        return self


class ColleaguesField(forms.ModelMultipleChoiceField):
    """Colleagues by their names in full, as a mention writes them."""

    def label_from_instance(self, obj: User) -> str:
        return obj.get_full_name()


class NoteForm(VerbForm):
    body = text_area(_("Note interne"), help_text=_("Le citoyen ne la verra jamais."))
    people = ColleaguesField(
        label=_("Prévenir des collègues"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Ceux qui peuvent voir la demande. Dans la note, tapez @ puis un nom."),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    def prepare(self) -> None:
        offer_rows(self, "people", readers_of(self.sr).exclude(pk=self.user.pk))
        nobody = str(_("Personne de ce nom ne peut voir cette demande"))
        offers = {"data-mentions": "id_people", "data-mentions-none": nobody}
        offers |= replies_offered(self.sr, LetterUse.MESSAGE)
        self.fields["body"].widget.attrs.update(offers)


class ReasonsForm(VerbForm):
    body = text_area(
        _("Motifs du refus"),
        help_text=_("Les faits, puis la règle : ce que le service vous en a dit."),
    )


class QualifyForm(VerbForm):
    prestation = PrestationField(label=_("Prestation"), queryset=Prestation.objects.none())
    subject = forms.CharField(label=_("Sujet"), max_length=250)
    category = forms.ModelChoiceField(
        label=_("Catégorie (colonne « Service »)"), queryset=Category.objects.none()
    )

    def prepare(self) -> None:
        offer_prestations(self)
        offer_rows(self, "category", Category.objects.filter(is_active=True))
        self.initial.setdefault("prestation", self.sr.prestation_id)
        self.initial.setdefault("subject", self.sr.subject)
        self.initial.setdefault("category", self.sr.category_id)

    def clean(self):
        """With another prestation, what the agent left as it was follows the prestation.

        What changes nothing is refused, but where it confirms what was proposed.
        """
        cleaned = super().clean() or {}
        chosen = cleaned.get("prestation")
        if self.sr.state != State.A_QUALIFIER and not self.errors and self._is_as_before(cleaned):
            words = _("La demande a déjà cette prestation : rien ne changerait.")
            self.add_error("prestation", words)
            return cleaned
        if chosen is None or chosen.pk == self.sr.prestation_id:
            return cleaned
        category = cleaned.get("category")
        if category is not None and category.pk == self.sr.category_id:
            cleaned["category"] = None
        if cleaned.get("subject") == self.sr.subject == self.sr.prestation.label:
            cleaned["subject"] = chosen.label
        return cleaned

    def _is_as_before(self, cleaned: dict) -> bool:
        before = (self.sr.prestation_id, self.sr.category_id, self.sr.subject)
        chosen, category = cleaned["prestation"], cleaned["category"]
        return (chosen.pk, category.pk, cleaned["subject"]) == before


class SortForm(VerbForm):
    prestation = PrestationField(label=_("Prestation"), queryset=Prestation.objects.none())

    def prepare(self) -> None:
        offer_prestations(self)
        guesses = guesses_about(self.sr)
        if guesses:
            self.initial.setdefault("prestation", guesses[0].prestation.pk)


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.list_name


class AssignForm(VerbForm):
    assignee = ColleagueField(label=_("Collègue"), queryset=User.objects.none())

    def prepare(self) -> None:
        right = Right.EXPERT_WORK if self.sr.department_since else Right.FRONT_OFFICE
        roles = [role for role, rights in RIGHTS.items() if right in rights]
        places = Q(memberships__role__in=roles)
        if self.sr.department_since:
            places &= Q(memberships__department=self.sr.department_id)
        colleagues = User.objects.filter(places, is_active=True).distinct()
        offer_rows(self, "assignee", named_for(colleagues, self.sr.prestation))
        self.initial.setdefault("assignee", self.sr.assignee_id)


class TransferForm(VerbForm):
    department = forms.ModelChoiceField(
        label=_("Service responsable"), queryset=Department.objects.none()
    )
    note = text_area(_("Note pour le service"), rows=4, required=False)

    def prepare(self) -> None:
        others = Department.objects.filter(is_active=True)
        if self.sr.department_since:
            others = others.exclude(pk=self.sr.department_id)
        offer_rows(self, "department", others)
        self.initial.setdefault("department", self.sr.prestation.expert_department_id)


class ForwardForm(VerbForm):
    authority = forms.ModelChoiceField(
        label=_("Administration compétente"), queryset=Authority.objects.none()
    )
    reason = text_area(
        _("Pourquoi cette demande relève d’elle"),
        rows=4,
        help_text=_("Le citoyen et cette administration reçoivent cette explication."),
    )

    def prepare(self) -> None:
        offer_rows(self, "authority", Authority.objects.filter(is_active=True))


class ReturnForm(VerbForm):
    note = text_area(
        _("Pourquoi rendez-vous la demande ?"),
        rows=4,
        help_text=_("L’accueil lit cette note et choisit un autre service, ou répond lui-même."),
    )


class AttachForm(VerbForm):
    file = UploadField(label=_("Fichier"))
    label = forms.CharField(label=_("Ce que c’est"), max_length=250, required=False)
    by_requester = forms.BooleanField(label=_("Remis par le citoyen"), required=False)


class WaitForm(VerbForm):
    note = text_area(
        _("Qui attendez-vous, et quoi ?"),
        rows=3,
        required=False,
        help_text=_("Gardé en note interne. Le délai continue de courir."),
    )


class SnoozeForm(VerbForm):
    after_due = _("%(words)s, après l’échéance")
    preset = forms.ChoiceField(label=_("Jusqu’à quand ?"), widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("Le jour"),
        required=False,
        help_text=_("Seulement pour « Un autre jour ». Elle revient le matin."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Pourquoi ?"),
        max_length=200,
        required=False,
        help_text=_("Rappelé à son retour. Vos collègues le lisent, le citoyen jamais."),
    )

    def prepare(self) -> None:
        show_when(self.fields["on"], "preset", "equals", SnoozePreset.DAY.value)
        offered = moments(timezone.now(), town_calendar())
        named = {at: one for one, at in offered.items()}  # two may be one moment
        choices = [(one.value, self._words(one, at)) for at, one in named.items()]
        choices.append((SnoozePreset.DAY.value, str(SnoozePreset.DAY.label)))
        offer(self, "preset", choices)
        self.initial.setdefault("preset", named[offered[SnoozePreset.TOMORROW]])

    def _words(self, preset: SnoozePreset, at: datetime) -> str:
        """The preset, its moment, and whether the answer is due before."""
        words = gettext("%(preset)s (%(moment)s)") % {
            "preset": preset.label,
            "moment": day_and_time(at),
        }
        return words if at <= self.sr.due_at else str(self.after_due) % {"words": words}


class AppointmentForm(VerbForm):
    at = forms.SplitDateTimeField(
        label=_("Date et heure du rendez-vous"),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "class": "form-control"},
            time_attrs={"type": "time", "class": "form-control"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )

    def prepare(self) -> None:
        for widget, words in zip(
            self.fields["at"].widget.widgets, (_("Date"), _("Heure")), strict=True
        ):
            widget.attrs["aria-label"] = words


class TreatForm(VerbForm):
    outcome = forms.ChoiceField(
        label=_("Sens de la conclusion"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    conclusion = text_area(
        _("Conclusion"),
        help_text=_("L’accueil s’en sert pour répondre. Pour un refus, écrivez-en les raisons."),
    )


class UrgentForm(VerbForm):
    """Confirms the change; the request says which way it goes."""


class ContactForm(VerbForm):
    """Ways to reach the requester; blank takes one away."""

    email = WordedEmailField(label=_("Adresse électronique"), max_length=254, required=False)
    phone = PhoneNumberField(label=_("Téléphone"), region="FR", required=False)
    address = forms.CharField(label=_("Adresse postale"), max_length=300, required=False)
    resend = forms.BooleanField(
        label=_("Renvoyer à la nouvelle adresse les courriels qui ne sont pas partis"),
        required=False,
        initial=True,
    )
    record_too = forms.BooleanField(
        label=_("Corriger aussi la fiche citoyen"), required=False, initial=True
    )

    def prepare(self) -> None:
        self.initial.setdefault("email", self.sr.requester_email)
        self.initial.setdefault("phone", self.sr.requester_phone)
        self.initial.setdefault("address", self.sr.requester_address)
        for name in ("email", "phone", "address"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if not self.sr.citizen_id:
            del self.fields["record_too"]

    def clean_phone(self) -> str:
        number = self.cleaned_data["phone"]
        return number.as_e164 if number else ""


class DecisionOfThisRequest(VerbForm):
    """Names the answer that waits for its approval, which must be this request's."""

    decision = forms.IntegerField(widget=forms.HiddenInput)

    def clean_decision(self) -> int:
        number = self.cleaned_data["decision"]
        if not self.sr.proposed_decisions.filter(pk=number).exists():
            raise forms.ValidationError(_("Cette décision n’est pas celle de cette demande."))
        return number


class SendBackForm(DecisionOfThisRequest):
    reason = text_area(
        _("Ce qui est à corriger"), rows=4, help_text=_("Gardé en note interne, pour son auteur.")
    )


class ReasonForm(VerbForm):
    reason = text_area(_("Raison"), rows=4)


class ReopenForm(ReasonForm):
    reason = text_area(
        _("Pourquoi rouvrir ?"), rows=4, help_text=_("Le citoyen reçoit cette explication.")
    )
