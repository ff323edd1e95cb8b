"""What narrows the public list of reports, and the address of who follows one."""

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.choices import offer
from prestations.forms.fields import WordedEmailField
from prestations.models import Prestation
from prestations.streets.names import canonical
from prestations.translation import catalogue_text
from requests.querysets import ServiceRequestQuerySet
from requests.reports import Stage, states_of

PERIODS = {"30": 30, "90": 90, "365": 365}
DEFAULT_PERIOD = "90"


class ReportFilterForm(forms.Form):
    """Filters of the list, kept in its address. What it does not know narrows nothing."""

    keep_selects = True

    sujet = forms.ChoiceField(label=_("Sujet"), required=False)
    etat = forms.ChoiceField(
        label=_("État"), required=False, choices=[("", _("Tous")), *Stage.choices]
    )
    rue = forms.CharField(
        label=_("Rue"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "rues-connues"}),
    )
    periode = forms.ChoiceField(
        label=_("Signalé depuis"),
        required=False,
        choices=[("30", _("30 jours")), ("90", _("3 mois")), ("365", _("1 an"))],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = Prestation.objects.filter(is_active=True, public_reports=True)
        named = ((one.pk, catalogue_text(one.label)) for one in kinds)
        offer(self, "sujet", [("", _("Tous")), *named])

    @property
    def wanted(self) -> dict[str, str]:
        """The valid filters that are set."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows: ServiceRequestQuerySet, now: datetime) -> ServiceRequestQuerySet:
        """Return those of `rows` that the visitor asked for."""
        wanted = self.wanted
        days = PERIODS[wanted.get("periode", DEFAULT_PERIOD)]
        rows = rows.filter(arrived_at__gte=now - timedelta(days=days))
        if "sujet" in wanted:
            rows = rows.filter(prestation=wanted["sujet"])
        if "etat" in wanted:
            rows = rows.told_in(states_of(Stage(wanted["etat"])))
        if "rue" in wanted:
            rows = rows.filter(street__folded__contains=canonical(wanted["rue"]))
        return rows


class FollowForm(forms.Form):
    """Where to send the news."""

    email = WordedEmailField(
        label=_("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
