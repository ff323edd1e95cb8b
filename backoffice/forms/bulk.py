"""What an act on many requests asks once for all of them; the rules themselves are the actions'."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import (
    ColleagueField,
    NoteForm,
    SnoozeForm,
    TransferForm,
    VerbForm,
)
from massy_grc.common.choices import offer, offer_rows
from massy_grc.users.models import User
from prestations.models import Department
from requests.models import ServiceRequest
from requests.permissions import RIGHTS, Right


class ManyForm(VerbForm):
    """The form of an act on `rows`, one at least. Without fields: a confirmation."""

    def __init__(self, *args, rows: Sequence[ServiceRequest], user: User, **kwargs):
        self.rows = rows
        first_due = min(rows, key=lambda row: row.due_at)
        super().__init__(*args, sr=first_due, user=user, **kwargs)

    def data_kept(self) -> dict[str, Any]:
        """What the valid form holds, as JSON."""
        return {name: _as_json(value) for name, value in self.cleaned_data.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


class AssignManyForm(ManyForm):
    assignee = ColleagueField(label=_("Collègue"), queryset=User.objects.none())

    def prepare(self) -> None:
        """Those who could have one of the requests: at the front office, or in its department."""
        places = Q(pk__in=[])
        if any(not row.department_since for row in self.rows):
            places |= Q(memberships__role__in=_roles_with(Right.FRONT_OFFICE))
        if held := {row.department_id for row in self.rows if row.department_since}:
            places |= Q(
                memberships__role__in=_roles_with(Right.EXPERT_WORK),
                memberships__department__in=held,
            )
        colleagues = User.objects.filter(places, is_active=True).distinct()
        offer_rows(self, "assignee", colleagues)


def _roles_with(right: Right) -> list[str]:
    return [role for role, rights in RIGHTS.items() if right in rights]


class TransferManyForm(ManyForm, TransferForm):
    def prepare(self) -> None:
        self.fields["note"].help_text = _("Gardée sur chacune, même si vous annulez.")
        offer_rows(self, "department", Department.objects.filter(is_active=True))
        usual = {row.prestation.expert_department_id for row in self.rows}
        if len(usual) == 1:
            self.initial.setdefault("department", usual.pop())


class SnoozeManyForm(ManyForm, SnoozeForm):
    after_due = _("%(words)s, après la première échéance")


class WatchManyForm(ManyForm):
    at_once = forms.TypedChoiceField(
        label=_("Quand en entendre parler"),
        choices=[("non", _("Une fois par jour")), ("oui", _("À chaque événement"))],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
        initial="non",
    )


class UrgencyManyForm(ManyForm):
    urgent = forms.TypedChoiceField(
        label=_("Urgence"), coerce=lambda value: value == "oui", widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        """Each choice with how many requests it changes: the others already are so."""
        urgent = sum(row.urgent for row in self.rows)
        choices = [
            ("oui", _with_changes(gettext("urgente"), len(self.rows) - urgent)),
            ("non", _with_changes(gettext("non urgente"), urgent)),
        ]
        offer(self, "urgent", choices)


def _with_changes(choice: str, number: int) -> str:
    changed = ngettext("%(n)d demande change", "%(n)d demandes changent", number) % {"n": number}
    return f"{choice} ({changed if number else gettext('aucune ne change')})"


class NoteManyForm(ManyForm, NoteForm):
    def prepare(self) -> None:
        del self.fields["people"]


FORMS: dict[str, type[ManyForm]] = {
    "take": ManyForm,
    "assign": AssignManyForm,
    "transfer": TransferManyForm,
    "snooze": SnoozeManyForm,
    "watch": WatchManyForm,
    "unwatch": ManyForm,
    "urgency": UrgencyManyForm,
    "rekey": ManyForm,
    "note": NoteManyForm,
}
