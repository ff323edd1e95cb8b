"""What an agent adds to a person's record: a note, a member of the household; what they review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.enums import LookReason
from citizens.enums import HouseholdGround, HouseholdQuality
from massy_grc.common.choices import offer, offer_rows
from massy_grc.common.typed import TextField
from massy_grc.users.models import User

NOTE_LENGTH = 2000


class RecordNoteForm(forms.Form):
    """A note, and the circle of agents that reads it."""

    body = TextField(
        label=_("Note interne"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Des faits utiles pour aider la personne : elle peut demander à les lire."),
    )
    circle = forms.ChoiceField(label=_("Qui la lit"), widget=forms.RadioSelect)

    def __init__(self, *args, circles: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "circle", circles)
        if circles:
            self.initial.setdefault("circle", circles[0][0])  # the narrowest

    @property
    def level_and_circle(self) -> dict[str, str]:
        """What was chosen, as the action takes it."""
        level, _colon, code = self.cleaned_data["circle"].partition(":")
        return {"level": level, "circle": code}


class HouseholdForm(forms.Form):
    """What somebody is to the person, and how the agent knows."""

    quality = forms.ChoiceField(
        label=_("Lien de parenté ou de protection"),
        choices=[("", _("Choisissez")), *HouseholdQuality.choices],
    )
    shares_home = forms.BooleanField(
        label=_("Elles vivent à la même adresse"), required=False, initial=True
    )
    ground = forms.ChoiceField(
        label=_("Comment le savez-vous ?"),
        choices=HouseholdGround.choices,
        widget=forms.RadioSelect,
    )


class ReviewForm(forms.Form):
    """Whose acts the officer reviews, and of which days; nothing is mandatory."""

    agent = forms.ModelChoiceField(
        label=_("Agent"), queryset=User.objects.none(), required=False, empty_label=_("Tous")
    )
    du = forms.DateField(
        label=_("Du"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    au = forms.DateField(
        label=_("Au"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        agents = User.objects.filter(memberships__isnull=False).distinct()
        offer_rows(self, "agent", agents)


class LooksForm(ReviewForm):
    """Which looks."""

    personne = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    lien = forms.ChoiceField(
        label=_("Pourquoi"), choices=[("", _("Tous")), *LookReason.choices], required=False
    )
    reserve = forms.BooleanField(label=_("Seulement ce qui est réservé"), required=False)


class ExportsForm(ReviewForm):
    """Which files."""

    personnelles = forms.BooleanField(
        label=_("Seulement avec des données personnelles"), required=False
    )
