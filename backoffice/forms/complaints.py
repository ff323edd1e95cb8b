"""Forms of complaints: what Proximité notes, a promised call, a problem that is followed."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from backoffice.forms.verbs import LONG_TEXT
from massy_grc.common.choices import offer, offer_rows
from massy_grc.common.typed import TextField
from massy_grc.common.words import clock_words, date_words
from massy_grc.users.models import User
from prestations.calendars import PARIS
from prestations.models import RootCause, Severity
from prestations.translation import catalogue_text
from requests.actions.problem_answers import still_concerned
from requests.models import CallBack, ProblemMember, ServiceRequest
from requests.permissions import Right, places_with

FIRST_HOUR, LAST_HOUR = 8, 18


def staff_with(right: Right):
    """Who is at work with a right, by name."""
    people = User.objects.filter(is_active=True, memberships__in=places_with(right))
    return people.distinct()


def day_field(label, **more) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def hour_choices() -> list[tuple[str, str]]:
    """Slots of an hour, « 9 h à 10 h »; none for as soon as possible."""
    hours = range(FIRST_HOUR, LAST_HOUR)
    slots = [(str(h), f"{clock_words(time(h))} – {clock_words(time(h + 1))}") for h in hours]
    return [("", str(_("Dès que possible"))), *slots]


def slot_of(day, hour: str) -> tuple[datetime, datetime] | None:
    """The promised slot; None for as soon as possible."""
    if not hour:
        return None
    start = datetime.combine(day or timezone.localdate(), time(int(hour)), PARIS)
    return start, start + timedelta(hours=1)


def _cause_field(**kwargs) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Cause de fond"),
        queryset=RootCause.objects.none(),
        required=False,
        empty_label=_("Pas encore connue"),
        **kwargs,
    )


def typed_as(call_back: CallBack) -> dict:
    """A promised call as its form was filled in; a slot that has passed is to be chosen anew."""
    start = call_back.starts_at.astimezone(PARIS)
    is_slot = call_back.ends_at == call_back.starts_at + timedelta(hours=1)
    ahead = call_back.ends_at > timezone.now()
    return {
        "day": start.date() if ahead else timezone.localdate(),
        "hour": str(start.hour) if ahead and is_slot else "",
        "owner": call_back.owner_id,
        "phone": call_back.phone,
        "about": call_back.about,
    }


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.list_name


class ComplaintForm(forms.Form):
    """What Proximité alone notes, and reads."""

    severity = forms.ModelChoiceField(
        label=_("Gravité"),
        queryset=Severity.objects.none(),
        required=False,
        empty_label=_("À évaluer"),
    )
    cause = _cause_field(help_text=_("Ce qu’il faudrait changer pour que cela n’arrive plus."))
    action = TextField(
        multiline=True,
        label=_("Action corrective"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce qui est fait pour cette personne."),
    )
    action_on = day_field(_("Pour le"), required=False)
    action_done = forms.BooleanField(label=_("L’action est faite"), required=False)
    abusive = forms.BooleanField(
        label=_("Propos abusifs"),
        required=False,
        help_text=_(
            "Les réponses partent alors avec un modèle neutre. Ni le citoyen ni les services ne "
            "voient cette marque."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "severity", Severity.objects.filter(is_active=True))
        offer_rows(self, "cause", RootCause.objects.filter(is_active=True))


def number_to_call() -> PhoneNumberField:
    """Where somebody is called back: a number that can be dialled."""
    return PhoneNumberField(
        label=_("Numéro à rappeler"),
        region="FR",
        error_messages={"required": _("Indiquez le numéro à rappeler : aucun n’est connu.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class CallBackForm(forms.Form):
    """A promised call: when, by whom, to which number.

    Args:
        number_known: whether the town has one to call when none is given.
    """

    keep_selects = True

    day = day_field(_("Jour"), required=False, help_text=_("Vide : aujourd’hui."))
    hour = forms.ChoiceField(label=_("Créneau"), required=False)
    owner = PersonField(
        label=_("Qui rappelle"), queryset=User.objects.none(), empty_label=_("Choisir")
    )
    phone = number_to_call()
    about = TextField(label=_("À quel sujet"), required=False, max_length=300)

    def __init__(self, *args, number_known: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = not number_known
        offer(self, "hour", hour_choices())
        offer_rows(self, "owner", staff_with(Right.LOG_REQUEST))

    def clean_phone(self) -> str:
        number = self.cleaned_data["phone"]
        return number.as_e164 if number else ""

    def promised(self) -> dict:
        """What the verb takes."""
        data = self.cleaned_data
        return {
            "slot": slot_of(data["day"], data["hour"]),
            "owner": data["owner"],
            "phone": data["phone"],
            "about": data["about"],
        }


class ProblemForm(forms.Form):
    """What a problem is, whose, why, and what will end it."""

    keep_selects = True

    title = TextField(label=_("Titre"), max_length=200)
    owner = PersonField(label=_("Qui le suit"), queryset=User.objects.none(), empty_label=None)
    cause = _cause_field()
    action = TextField(
        multiline=True,
        label=_("Action de fond"),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce qui mettra fin au problème. Les services concernés la lisent."),
    )
    action_on = day_field(_("Pour le"), required=False)
    action_done = forms.BooleanField(label=_("L’action est faite"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "owner", staff_with(Right.HANDLE_COMPLAINTS))
        offer_rows(self, "cause", RootCause.objects.filter(is_active=True))


class NewProblemForm(forms.Form):
    title = TextField(
        label=_("Titre"),
        max_length=200,
        help_text=_("Ce qui ne va pas, et où : « Bancs cassés, square Mermoz »."),
    )


class ProblemAnswerForm(forms.Form):
    body = TextField(
        multiline=True,
        label=_("Réponse à tous"),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Elle part à propos de chaque demande, avec son numéro : qui en a fait plusieurs la "
            "reçoit pour chacune."
        ),
    )
    members = forms.MultipleChoiceField(
        label=_("À qui l’envoyer"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une demande.")},
        help_text=_(
            "Les demandes closes depuis plus de quinze jours ne sont pas cochées : leur demandeur "
            "ne peut plus dire que ce n’est pas réglé."
        ),
    )

    def offer(self, members: Sequence[ProblemMember], now: datetime) -> None:
        """Offer the members that nobody has told, those still concerned ticked at first."""
        offer(self, "members", [(str(one.pk), _member_words(one.request)) for one in members])
        concerned = [str(one.pk) for one in members if still_concerned(one.request, now)]
        self.initial.setdefault("members", concerned)

    def chosen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["members"]]


def _member_words(sr: ServiceRequest) -> str:
    """A request on one line: its number, what it is about, its day and its state."""
    parts = (sr.reference, catalogue_text(sr.subject), date_words(sr.arrived_at))
    return " · ".join([*parts, str(sr.get_state_display())])
