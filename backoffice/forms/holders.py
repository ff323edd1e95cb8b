"""Who is named for a restricted prestation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.verbs import ColleagueField
from massy_grc.common.choices import offer_rows
from massy_grc.users.models import User
from requests.permissions import RIGHTS, Right

READERS = [role for role, rights in RIGHTS.items() if Right.SEE_PERSONAL_DATA in rights]


class HolderForm(forms.Form):
    """An agent, and until when."""

    user = ColleagueField(label=_("Agent"), queryset=User.objects.none())
    until = forms.DateField(
        label=_("Dernier jour"),
        required=False,
        help_text=_("Laissez vide pour un accès sans terme : vous le retirerez vous-même."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agents = User.objects.filter(is_active=True, memberships__role__in=READERS)
        offer_rows(self, "user", agents.distinct())
