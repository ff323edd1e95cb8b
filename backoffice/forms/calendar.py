"""A closure as an administrator writes it: of the town hall or one site, whole days or hours."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.forms.two_languages import both, english_pairs
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from prestations.configuration import State
from prestations.models import Closure, Site
from requests import actions

LABEL = 200


def _day(label, **kwargs) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


def _hour(label, **kwargs) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, required=False, **kwargs)


class WordsForm(forms.Form):
    """Why the town hall or a site is closed."""

    label = TextField(
        label=_("Pourquoi"),
        max_length=LABEL,
        help_text=_("Les citoyens le liront. Par exemple : Pont de l’Ascension."),
    )
    label_en = TextField(label=_("Pourquoi, en anglais"), max_length=LABEL, required=False)

    def english(self) -> dict[str, str]:
        """Its reason in both languages."""
        return english_pairs(self.cleaned_data, "label")


class DaysForm(forms.Form):
    """Other days of a closure of the whole town."""

    start = _day(_("Fermée du"))
    end = _day(_("Fermée jusqu’au"), required=False, help_text=_("Vide : un seul jour."))

    def __init__(self, data: Any = None, *, known: Closure):
        self.known = known
        super().__init__(data, initial={"start": known.start, "end": known.end})

    def clean(self):
        """Days to which it may go."""
        given = super().clean() or {}
        given["end"] = given.get("end") or given.get("start")
        if not self.errors:
            faults = actions.moved_faults(self.known, **given, today=timezone.localdate())
            for name, fault in faults.items():
                self.add_error(name, fault)
        return given

    def key(self) -> str:
        """Names the days whose effect was shown."""
        return f"{self.cleaned_data['start']}/{self.cleaned_data['end']}"


class ClosureForm(WordsForm):
    """Which days, where, from which hour; `known` is a closure of hours or of one site."""

    site = forms.ModelChoiceField(label=_("Où"), queryset=Site.objects.none(), required=False)
    start = _day(_("Fermée du"))
    end = _day(_("Fermée jusqu’au"), required=False, help_text=_("Vide : un seul jour."))
    closes = _hour(
        _("Ferme dès"),
        help_text=_("Une fermeture avancée. Ces deux heures vides : la journée entière."),
    )
    opens = _hour(_("N’ouvre qu’à"), help_text=_("Une ouverture retardée."))

    def __init__(self, data: Any = None, *, known: Closure | None = None):
        self.known = known
        super().__init__(data, initial=_initial(known) if known else None)
        places = Site.objects.filter(is_active=True)
        offer_rows(self, "site", places, empty_label=_("Toute la mairie : tous les sites"))

    def clean(self):
        """Days and hours on which a closure may be."""
        given = super().clean() or {}
        given["end"] = given.get("end") or given.get("start")
        start, end, opens, closes = (given.get(one) for one in ("start", "end", "opens", "closes"))
        if opens and closes and closes <= opens:
            self.add_error("closes", _("Cette heure vient avant celle de l’ouverture retardée."))
        if self.errors or not (start and end):
            return given
        if self.known and self.counts:
            self.add_error(
                None,
                _(
                    "Une journée entière de toute la mairie déplace des dates : retirez celle-ci,"
                    " puis ajoutez-la depuis le calendrier."
                ),
            )
        faults = actions.day_faults(start, end, timezone.localdate(), counted=self.counts)
        begun = self.known is not None and self.known.start == start
        for name, fault in faults.items():
            if not (begun and name == "start"):
                self.add_error(name, fault)
        same = Closure.objects.announced().filter(site=given.get("site"), start=start, end=end)
        if self.counts:  # another whole day is refused by the verb that moves dates
            same = same.exclude(opens_at=None, closes_at=None)
        if same.exclude(pk=self.known.pk if self.known else None).exists():
            self.add_error(
                "start",
                _("Une fermeture y est déjà annoncée pour ces jours : changez celle-là."),
            )
        return given

    @property
    def counts(self) -> bool:
        """Whether delays leave its days out: whole days of every site."""
        given = self.cleaned_data
        return not (given.get("site") or given.get("opens") or given.get("closes"))

    def days(self) -> dict[str, Any]:
        """What the verb that moves dates takes."""
        return {name: self.cleaned_data[name] for name in ("label", "start", "end")}

    def state(self) -> State:
        """The closure as a file would write it."""
        given = self.cleaned_data
        hours = {
            name: given[name].strftime("%H:%M") if given[name] else None
            for name in ("opens", "closes")
        }
        return {
            "site": given["site"].pk if given["site"] else None,
            "start": given["start"].isoformat(),
            "end": given["end"].isoformat(),
            **hours,
            "closed": not any(hours.values()),
            "label": given["label"],
        }

    def key(self) -> str:
        """Names the days whose effect was shown: others are counted again before they are kept."""
        state = self.state()
        return "/".join(str(state[name]) for name in ("site", "start", "end", "opens", "closes"))


def closure_words(known: Closure) -> dict[str, str]:
    """What the fields of its reason begin with."""
    return both({"label": known.label}, "label")


def _initial(known: Closure) -> dict[str, Any]:
    return closure_words(known) | {
        "site": known.site_id,
        "start": known.start,
        "end": known.end,
        "opens": known.opens_at,
        "closes": known.closes_at,
    }
