"""Forms of what is asked of other departments on a request."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import VerbForm, text_area
from prestations.models import Department
from requests.enums import Opinion, TaskKind
from requests.models import Task

USUAL_DAYS = 5  # proposed time for a department, within the citizen's date


class AskTaskForm(VerbForm):
    kind = forms.ChoiceField(
        label=_("Ce que vous attendez"), choices=TaskKind.choices, widget=forms.RadioSelect
    )
    asked = text_area(
        _("Ce que le service doit faire, ou sur quoi il doit se prononcer"),
        rows=4,
        help_text=_("Le citoyen ne le lit pas."),
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("Services"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Plusieurs services cochés travaillent en même temps."),
    )
    due_on = forms.DateField(
        label=_("Pour le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    after = forms.BooleanField(
        label=_("Attendre que les services déjà sollicités aient rendu leur travail"),
        required=False,
    )

    def prepare(self) -> None:
        busy = self.sr.tasks.filter(ended_at=None).values("department")
        offered = Department.objects.filter(is_active=True).exclude(pk__in=busy)
        if self.sr.department_since:
            offered = offered.exclude(pk=self.sr.department_id)
        departments = self.fields["departments"]
        assert isinstance(departments, forms.ModelMultipleChoiceField)
        departments.queryset = offered
        if not busy.exists():
            del self.fields["after"]
        today = timezone.localdate()
        last = timezone.localdate(self.sr.due_at)
        usual = today + timedelta(days=USUAL_DAYS)
        self.initial.setdefault("due_on", min(usual, last) if last >= today else usual)
        self.initial.setdefault("kind", TaskKind.WORK)


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
