"""Who is away, from when to when, and who stands in."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.actions.absences import colleagues_of, managed_by
from backoffice.forms.verbs import ColleagueField
from massy_grc.common.choices import offer_rows
from massy_grc.users.models import User


def _day(label) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AbsenceForm(forms.Form):
    """An absence; whoever manages nobody notes their own."""

    person = ColleagueField(label=_("Agent"), queryset=User.objects.none())
    first_day = _day(_("Premier jour"))
    last_day = _day(_("Dernier jour"))
    delegate = ColleagueField(
        label=_("Remplaçant"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Sans remplaçant"),
        help_text=_("Il voit les demandes ouvertes, les mentions et les décisions à signer."),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        people = managed_by(user)
        offer_rows(self, "person", people)
        self.initial.setdefault("person", user.pk)
        self.initial.setdefault("first_day", timezone.localdate())
        known = list(people)
        if len(known) == 1:
            del self.fields["person"]
        colleagues = {pk for one in known for pk in colleagues_of(one).values_list("pk", flat=True)}
        offered = User.objects.filter(pk__in=colleagues)
        offer_rows(self, "delegate", offered)
