"""Forms of what is asked of other departments on a request."""

from datetime import timedelta

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import VerbForm, text_area
from massy_grc.common.text import fold
from prestations.calendars import town_calendar
from prestations.models import Department, Prestation
from prestations.translation import catalogue_text
from requests.actions.tasks import Order
from requests.enums import Opinion, TaskKind
from requests.models import Task

MOST = 4  # departments in one step
USUAL_DAYS = 5  # proposed time for a department, within the citizen's date


class AskTaskForm(VerbForm):
    """What is asked of up to `MOST` departments: to each its day, its turn and its own words."""

    kind = forms.ChoiceField(
        label=_("Ce que vous attendez"), choices=TaskKind.choices, widget=forms.RadioSelect
    )
    asked = text_area(
        _("Ce que le service doit faire, ou sur quoi il doit se prononcer"),
        rows=4,
        help_text=_("Le citoyen ne le lit pas."),
    )

    def prepare(self) -> None:
        running = self.sr.tasks.filter(ended_at=None)
        busy = set(running.values_list("department", flat=True))
        if self.sr.department_since and self.sr.department_id:
            busy.add(self.sr.department_id)
        self.departments = Department.objects.filter(is_active=True).exclude(pk__in=busy)
        choices = departments_offered(self.sr.prestation, self.departments)
        today = timezone.localdate()
        last = timezone.localdate(self.sr.due_at)
        usual = today + timedelta(days=USUAL_DAYS)
        usual = min(usual, last) if last >= today else usual
        usual = max(today, town_calendar().on_or_before(usual))
        for number in range(1, MOST + 1):
            self._add_row(number, choices, waits=number > 1 or running.exists())
            self.initial.setdefault(f"due_on_{number}", usual)
        self.initial.setdefault("kind", TaskKind.WORK)

    def _add_row(self, number: int, choices: list, *, waits: bool) -> None:
        """One department; the fields of one row end in its number."""
        self.fields[f"department_{number}"] = forms.ChoiceField(
            label=_("Service"), choices=choices, required=number == 1
        )
        self.fields[f"due_on_{number}"] = forms.DateField(
            label=_("Pour le"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            required=number == 1,
        )
        self.fields[f"asked_{number}"] = text_area(
            _("Consigne pour ce service seul"), rows=2, required=False
        )
        if waits:
            self.fields[f"after_{number}"] = forms.BooleanField(
                label=_("Attendre que les services déjà sollicités aient rendu leur travail"),
                required=False,
            )

    def common(self) -> list[forms.BoundField]:
        """The fields that are about all departments."""
        return [self["kind"], self["asked"]]

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each department."""
        names = ("department", "due_on", "asked", "after")
        keys = [[f"{name}_{number}" for name in names] for number in range(1, MOST + 1)]
        return [[self[key] for key in row if key in self.fields] for row in keys]

    def clean(self):
        """Each department once, by a day."""
        cleaned = super().clean() or {}
        named = [number for number in range(1, MOST + 1) if cleaned.get(f"department_{number}")]
        known = set()
        for number in named:
            code = cleaned[f"department_{number}"]
            if code in known:
                self.add_error(f"department_{number}", _("Ce service est déjà choisi plus haut."))
            elif not cleaned.get(f"due_on_{number}") and f"due_on_{number}" not in self.errors:
                self.add_error(f"due_on_{number}", _("Donnez une date à ce service."))
            known.add(code)
        return cleaned

    def orders(self) -> list[Order]:
        """What is asked of each, in the order of the page."""
        given = self.cleaned_data
        chosen = self.departments.in_bulk()
        return [
            Order(
                department=chosen[code],
                due_on=given[f"due_on_{number}"],
                asked=given[f"asked_{number}"].strip(),
                after=given.get(f"after_{number}", False),
            )
            for number in range(1, MOST + 1)
            if (code := given[f"department_{number}"])
        ]


def departments_offered(prestation: Prestation, departments: QuerySet[Department]) -> list:
    """Departments by name, those that the prestation's own routing knows in a group before."""
    own = {prestation.expert_department_id}
    own |= {rule["expert_department"] for rule in prestation.routing_rules}
    labels = [(one.pk, catalogue_text(one.label)) for one in departments]
    labels.sort(key=lambda one: fold(one[1]))
    groups = [
        (_("Services de cette prestation"), [one for one in labels if one[0] in own]),
        (_("Autres services"), [one for one in labels if one[0] not in own]),
    ]
    return [("", _("Choisir")), *(group for group in groups if group[1])]


class TaskForm(VerbForm):
    """Names a task, which must be this request's."""

    task = forms.IntegerField(widget=forms.HiddenInput)

    def clean_task(self) -> int:
        number = self.cleaned_data["task"]
        if self.named() is None:
            raise forms.ValidationError(_("Ce travail n’est pas demandé sur cette demande."))
        return number

    def named(self) -> Task | None:
        """Return the task, as far as it is one of this request."""
        given = self.data.get("task") if self.is_bound else self.initial.get("task")
        number = str(given or "")
        if not number.isdecimal() or len(number) > 9:
            return None
        return self.sr.tasks.filter(pk=int(number)).first()


class DeclineTaskForm(TaskForm):
    note = text_area(
        _("Pourquoi le service ne peut-il pas le faire ?"),
        rows=4,
        help_text=_("Qui l’a demandé lit cette raison et décide de la suite."),
    )


class ConcludeTaskForm(TaskForm):
    opinion = forms.ChoiceField(label=_("Avis"), choices=Opinion.choices, widget=forms.RadioSelect)
    conclusion = text_area(
        _("Ce que le service a fait, constaté ou pense"),
        help_text=_("L’accueil s’en sert pour répondre au citoyen."),
    )

    def prepare(self) -> None:
        task = self.named()
        if task is not None and task.kind != TaskKind.OPINION:
            del self.fields["opinion"]


class CancelTaskForm(TaskForm):
    note = text_area(_("Note pour le service"), rows=3, required=False)
