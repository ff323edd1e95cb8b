"""What the agent adds to a prestation's own form, and the note of a contact."""

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from backoffice.forms.complaints import PersonField, day_field, hour_choices, staff_with
from massy_grc.common.choices import offer, offer_rows, show_when
from massy_grc.users.models import User
from prestations.enums import Channel, PrestationStatus
from prestations.forms import Questionnaire
from prestations.forms.definition import Condition
from prestations.forms.wording import said
from prestations.models import Prestation
from requests.enums import ContactOutcome
from requests.models import FilingDraft
from requests.permissions import Right

DATETIME_INPUT = "%Y-%m-%dT%H:%M"
DOORS = (Channel.GUICHET, Channel.TELEPHONE, Channel.COURRIER, Channel.EMAIL, Channel.SMS)


class ArrivalField(forms.DateTimeField):
    """When it really arrived, in Paris; blank for now."""

    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            input_formats=[DATETIME_INPUT, "%d/%m/%Y %H:%M", "%d/%m/%Y"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=DATETIME_INPUT),
            **kwargs,
        )

    def clean(self, value):
        moment = super().clean(value)
        if moment and moment > timezone.now():
            raise forms.ValidationError(_("La date d’arrivée ne peut pas être dans l’avenir."))
        return moment


class DoorForm(forms.Form):
    """By which channel a request came, and when: asked beside the prestation's own questions."""

    keep_selects = True

    subject = forms.CharField(
        label=_("Sujet"),
        max_length=250,
        required=False,
        help_text=_("Vide : le nom de la prestation."),
    )
    channel = forms.ChoiceField(label=_("Arrivée par"))
    arrived_at = ArrivalField(
        label=_("Arrivée le"),
        help_text=_("Pour un courrier ou une note sur papier : les délais partent de là."),
    )
    urgent = forms.BooleanField(label=_("Urgent"), required=False)

    def __init__(self, *args, draft: FilingDraft, **kwargs):
        super().__init__(*args, **kwargs)
        prestation = draft.prestation
        if draft.completes_id:  # it has arrived long since
            del self.fields["channel"], self.fields["arrived_at"]
        else:
            doors = [(door.value, door.label) for door in DOORS if prestation.open_on(door)]
            offer(self, "channel", doors)
        if prestation.is_unsorted:
            self.fields["subject"].help_text = _("Vide : les premiers mots du texte.")
        if prestation.urgent_value:
            self.fields["urgent"].help_text = prestation.urgent_condition
        else:
            del self.fields["urgent"]


class PapersForm(forms.Form):
    """Documents that the agent sees, or receives on paper: one box for each.

    Args:
        papers: codes of those ticked before.
    """

    def __init__(self, data=None, *, questionnaire: Questionnaire, papers=()):
        super().__init__(data, prefix="papiers")
        definition = questionnaire.definition
        self._beside = {document.key: document.name for document in definition.documents}
        self._originals = [document.code for document in definition.to_bring]
        for document in definition.documents:
            words = format_html(
                '{} <span class="visually-hidden">: {}</span>',
                gettext("Vu ou reçu sur papier"),
                said(document.label),
            )
            self._add(document.name, words, document.condition, papers, document.required)
        for original in definition.to_bring:
            label = said(original.label)
            self._add(original.code, label, original.condition, papers, True, original.note)

    def _add(
        self, code: str, label, condition: Condition | None, papers, wanted: bool, note: str = ""
    ) -> None:
        field = forms.BooleanField(
            label=label, required=False, initial=code in papers, help_text=said(note)
        )
        if wanted:
            field.widget.attrs["data-enter-stop"] = ""
        if condition:
            show_when(field, condition.key, condition.operator, condition.value)
        self.fields[code] = field

    def beside(self, key: str):
        """The box of the document that the question `key` uploads; None for another question."""
        code = self._beside.get(key)
        return self[code] if code else None

    def originals(self) -> list:
        """The boxes of the documents that are only brought."""
        return [self[code] for code in self._originals]

    def codes(self) -> list[str]:
        """Codes of the ticked documents; the filing drops those no longer asked for."""
        self.full_clean()
        return [code for code, ticked in self.cleaned_data.items() if ticked]


class ContactForm(forms.Form):
    """A contact that needs no request: answered at once, or a person to call back.

    Args:
        number_known: whether the record has one to call when none is given.
    """

    keep_selects = True

    question = forms.CharField(label=_("Ce qui était demandé"), max_length=300)
    answer = forms.CharField(
        label=_("Ce que vous avez répondu"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    outcome = forms.ChoiceField(
        label=_("Suite"),
        choices=[(one.value, one.label) for one in ContactOutcome.at_once()],
        initial=ContactOutcome.ANSWERED,
    )
    call_back_to = PhoneNumberField(
        label=_("Numéro à rappeler"),
        region="FR",
        error_messages={"required": _("Indiquez le numéro à rappeler : aucun n’est connu.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    day = day_field(_("Jour du rappel"), required=False, help_text=_("Vide : aujourd’hui."))
    hour = forms.ChoiceField(label=_("Créneau promis"), required=False)
    owner = PersonField(
        label=_("Qui rappelle"), queryset=User.objects.none(), required=False, empty_label=_("Moi")
    )
    prestation = forms.ModelChoiceField(
        label=_("Prestation demandée"),
        queryset=Prestation.objects.none(),
        required=False,
        empty_label=_("Aucune en particulier"),
    )
    channel = forms.ChoiceField(
        label=_("Contact par"), choices=[(door.value, door.label) for door in DOORS]
    )
    at = ArrivalField(label=_("Date du contact"), help_text=_("Vide : maintenant."))
    citizen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, number_known: bool, **kwargs):
        super().__init__(*args, **kwargs)
        calls = self.data.get("outcome", ContactOutcome.CALL_BACK) == ContactOutcome.CALL_BACK
        number = self.fields["call_back_to"]
        number.required = calls and not number_known
        if number_known:
            number.help_text = _("Vide : le numéro de la fiche.")
        open_ones = Prestation.objects.filter(is_active=True, status=PrestationStatus.ACTIVE)
        offer_rows(self, "prestation", open_ones)
        offer(self, "hour", hour_choices())
        offer_rows(self, "owner", staff_with(Right.LOG_REQUEST))
        for name in ("call_back_to", "day", "hour", "owner"):
            show_when(self.fields[name], "outcome", "equals", str(ContactOutcome.CALL_BACK))

    def clean_call_back_to(self) -> str:
        number = self.cleaned_data["call_back_to"]
        return number.as_e164 if number else ""
