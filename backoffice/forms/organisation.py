"""Departments and sites as an administrator writes them."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.coded import new_code
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from prestations.configuration import State
from prestations.loading.schema_reference import DAYS
from prestations.models import Department, Direction, Site

DAY_LABELS = dict(
    zip(
        DAYS,
        [
            *(_("Lundi"), _("Mardi"), _("Mercredi"), _("Jeudi")),
            *(_("Vendredi"), _("Samedi"), _("Dimanche")),
        ],
        strict=True,
    )
)
_HOURS = re.compile(r"(\d{1,2})[:hH](\d{2})?\s*[-–à]+\s*(\d{1,2})[:hH](\d{2})?")


class PlaceForm(forms.Form):
    """What departments and sites share; `state` is what a file would say of one."""

    label = TextField(label=_("Libellé"), max_length=250)
    address = TextField(label=_("Adresse"), max_length=250, required=False)
    phone = TextField(label=_("Téléphone"), max_length=30, required=False)
    email = forms.EmailField(label=_("Courriel"), required=False)
    reason = TextField(
        label=_("Pourquoi ce changement"),
        max_length=500,
        required=False,
        help_text=_("Gardé dans l’historique du paramétrage."),
    )
    model: Any = None
    blamed: str | None = None

    def __init__(self, *args, known: State | None, **kwargs):
        kwargs["initial"] = self.initial_of(known) if known else None
        super().__init__(*args, **kwargs)
        self.known = known

    def initial_of(self, known: State) -> dict[str, Any]:
        return dict(known)

    def own(self) -> State:
        """What the form says beside its name and ways to reach."""
        return {}

    def state(self) -> State:
        given = self.cleaned_data
        reached = {name: given[name] for name in ("label", "address", "phone", "email")}
        known = self.known or {"code": new_code(self.model, given["label"], "lieu")}
        return {**known, **reached, **self.own()}


class DepartmentForm(PlaceForm):
    """One department."""

    model = Department
    direction = forms.ModelChoiceField(label=_("Direction"), queryset=Direction.objects.none())
    target_return_days = forms.IntegerField(
        label=_("Retour du service à l’accueil, en jours ouvrés"), min_value=1, max_value=365
    )
    field_order = ["label", "direction", "target_return_days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_rows(self, "direction", Direction.objects.filter(is_active=True))

    def own(self) -> State:
        given = self.cleaned_data
        return {
            "direction": given["direction"].pk,
            "target_return_days": given["target_return_days"],
        }


class HoursField(TextField):
    """The hours of one day: « 8h30-12h30, 13h30-17h30 »; empty: closed."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return []
        spans: list[list[str]] = []
        for part in re.split(r"[,;]", text):
            found = _HOURS.fullmatch(part.strip())
            if not found:
                raise forms.ValidationError(_("Écrivez par exemple 8h30-12h30, 13h30-17h30."))
            start, end = _time(found[1], found[2]), _time(found[3], found[4])
            if start >= end or (spans and start < spans[-1][1]):
                raise forms.ValidationError(
                    _("Les horaires ne se suivent pas : chacun finit après son début.")
                )
            spans.append([start, end])
        return spans


def hours_said(week: dict[str, list[list[str]]]) -> dict[str, str]:
    """Return what the fields of a week begin with."""
    return {day: ", ".join("-".join(span) for span in week.get(day, [])) for day in DAYS}


def _time(hour: str, minute: str | None) -> str:
    if int(hour) > 23 or int(minute or 0) > 59:
        raise forms.ValidationError(_("Cette heure n’existe pas."))
    return f"{int(hour):02d}:{int(minute or 0):02d}"


class SiteForm(PlaceForm):
    """One site and its week."""

    model = Site
    counters = forms.IntegerField(label=_("Nombre de guichets"), min_value=0, max_value=100)
    field_order = ["label", "address", "phone", "email", "counters"]

    def __init__(self, *args, **kwargs):
        for day, label in DAY_LABELS.items():
            self.base_fields[day] = HoursField(label=label, max_length=100, required=False)
        super().__init__(*args, **kwargs)
        self.fields["address"].required = True
        self.order_fields([name for name in self.fields if name != "reason"])

    def initial_of(self, known: State) -> dict[str, Any]:
        return {**known, **hours_said(known["opening_hours"])}

    def days(self):
        """The fields of the week, to be shown together."""
        return [self[day] for day in DAYS]

    def own(self) -> State:
        given = self.cleaned_data
        visit = (self.known or {}).get("visit") or {"confirmed": False, "come": [], "access": []}
        return {
            "counters": given["counters"],
            "opening_hours": {day: given[day] for day in DAYS},
            "visit": visit,
        }


class ClosingForm(forms.Form):
    """Why a department closes, and who takes on what it holds."""

    model: Any = Department
    nobody = _("Personne : l’accueil")

    successor: Any = forms.ModelChoiceField(
        label=_("Service qui reprend"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("Sans repreneur, tout revient à l’accueil."),
    )
    reason = TextField(label=_("Pourquoi le service ferme"), max_length=500)

    def __init__(self, *args, closing: Any, **kwargs):
        super().__init__(*args, **kwargs)
        others = self.model.objects.filter(is_active=True).exclude(pk=closing.pk)
        offer_rows(self, "successor", others, empty_label=self.nobody)


class SiteClosingForm(ClosingForm):
    """Why a site closes, and where its public is received now."""

    model = Site
    nobody = _("Aucun")

    successor = forms.ModelChoiceField(
        label=_("Site qui reprend"),
        queryset=Site.objects.none(),
        required=False,
        help_text=_("Sans repreneur, rien ne se fait plus au guichet à la place de ce site."),
    )
    reason = TextField(label=_("Pourquoi le site ferme"), max_length=500)
