"""How a view is called, and who sees it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.actions.saved_views import ALONE, groups_of
from backoffice.models.saved_views import NAME_LENGTH
from massy_grc.common.choices import offer
from massy_grc.users.models import User


class SavedViewForm(forms.Form):
    """A name and a group; whoever has no group keeps it for themselves."""

    name = forms.CharField(
        label=_("Nom de la vue"),
        max_length=NAME_LENGTH,
        help_text=_("Ce qu’elle montre, sans nom de personne."),
    )
    group = forms.ChoiceField(
        label=_("Qui la voit"),
        widget=forms.RadioSelect,
        help_text=_("Chacun n’y trouve que les demandes qu’il a le droit de voir."),
    )

    opens = forms.BooleanField(
        label=_("La liste de ce rôle s’ouvre sur cette vue"),
        required=False,
        help_text=_("Pour une vue partagée avec un rôle. Elle prend la place de la précédente."),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        groups = groups_of(user)
        offer(self, "group", [(ALONE, _("Moi seulement")), *groups.items()])
        self.initial.setdefault("group", ALONE)
        if not any(group.startswith("role:") for group in groups):
            del self.fields["opens"]

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("opens") and not cleaned.get("group", "role:").startswith("role:"):
            self.add_error("opens", _("Partagez d’abord la vue avec un rôle."))
        return cleaned
