"""What the dashboard is asked for: a period, a team, a department."""

from collections.abc import Iterable
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.dashboard.period import Period
from backoffice.enums import NO_DEPARTMENT
from massy_grc.common.choices import offer, show_when
from prestations.forms.validators import check_date
from prestations.models import Department, Team
from prestations.models.organisation import Coded
from requests.permissions import Scope

DAYS_30, DAYS_90, MONTHS_12, DATES = "30j", "90j", "12m", "dates"
LONGEST = 731  # days of a chosen period: two years


class DashboardForm(forms.Form):
    """A GET form; without a value it is about the last 30 days of everything one may count."""

    keep_selects = True
    periode = forms.ChoiceField(
        label=gettext_lazy("Période"),
        required=False,
        choices=(
            (DAYS_30, gettext_lazy("30 derniers jours")),
            (DAYS_90, gettext_lazy("90 derniers jours")),
            (MONTHS_12, gettext_lazy("12 derniers mois")),
            (DATES, gettext_lazy("Entre deux dates")),
        ),
    )
    du = forms.DateField(
        label=gettext_lazy("Du"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    au = forms.DateField(
        label=gettext_lazy("Au"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    equipe = forms.ChoiceField(label=gettext_lazy("Équipe d’accueil"), required=False)
    departement = forms.ChoiceField(label=gettext_lazy("Service responsable"), required=False)

    def __init__(self, *args, scope: Scope, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("du", "au"):
            show_when(self.fields[name], "periode", "equals", DATES)
        teams = _choices(Team.objects.filter(is_active=True))
        offer(self, "equipe", [("", _("Toutes")), *teams])
        departments = Department.objects.filter(is_active=True)
        whole_town = scope.counts_everything or scope.everything
        if whole_town:
            others = [("", _("Tous")), (NO_DEPARTMENT, _("Sans service responsable"))]
            offer(self, "departement", [*others, *_choices(departments)])
        elif len(scope.departments) > 1:
            own = departments.filter(pk__in=scope.departments)
            offer(self, "departement", [("", _("Tous les miens")), *_choices(own)])
        else:
            del self.fields["departement"]

    def clean_du(self) -> date | None:
        return self._plausible("du")

    def clean_au(self) -> date | None:
        return self._plausible("au")

    def _plausible(self, name: str) -> date | None:
        """The day, within the years that a period can be counted in."""
        day = self.cleaned_data[name]
        if day:
            check_date(day, past=False, today=self.today)
        return day

    def clean(self):
        values = super().clean() or {}
        if values.get("periode") != DATES or self.errors:
            return values
        first, last = values.get("du"), values.get("au")
        if not first:
            self.add_error("du", _("Donnez le premier jour de la période."))
        elif not last:
            self.add_error("au", _("Donnez le dernier jour de la période."))
        elif first > last:
            self.add_error("au", _("Le dernier jour doit suivre le premier."))
        elif (last - first).days >= LONGEST:
            self.add_error("au", _("Choisissez une période de deux ans au plus."))
        return values

    @property
    def period(self) -> Period:
        """The period asked for; the last 30 days when the form has a mistake."""
        values = self.cleaned_data if self.is_bound and self.is_valid() else {}
        today = self.today
        match values.get("periode"):
            case "90j":
                return Period(
                    today - timedelta(days=89), today, gettext_lazy("les 90 jours précédents")
                )
            case "12m":
                return Period(
                    _one_year_before(today), today, gettext_lazy("les 12 mois précédents")
                )
            case "dates":
                return Period(values["du"], values["au"], gettext_lazy("la même durée juste avant"))
        return Period(today - timedelta(days=29), today, gettext_lazy("les 30 jours précédents"))

    def chosen(self, name: str) -> str:
        """The value of `name`; empty when nothing valid was chosen."""
        return self.cleaned_data.get(name, "") if self.is_bound and self.is_valid() else ""


def _choices(rows: Iterable[Coded]) -> list[tuple[str, str]]:
    return [(row.pk, str(row)) for row in rows]


def _one_year_before(day: date) -> date:
    """The day after the same day a year ago: twelve whole months with `day`."""
    try:
        return day.replace(year=day.year - 1) + timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, month=3, day=1)
