"""A category and a group of the citizens' page, as an administrator writes them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.codes import CodeField, free_code
from backoffice.forms.two_languages import both, english_pairs
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from prestations.models import Category, PortalEntry, PortalGroup, Team

LABEL = 250


class GroupingForm(forms.Form):
    """A category or a group of the citizens' page: its names, its team, its place."""

    keep_selects = True

    label = TextField(label=_("Nom"), max_length=LABEL)
    label_en = TextField(label=_("Nom en anglais"), max_length=LABEL, required=False)
    code = CodeField()
    team = forms.ModelChoiceField(label=_("Équipe d’accueil"), queryset=Team.objects.none())
    order = forms.IntegerField(
        label=_("Place dans la liste"),
        min_value=0,
        max_value=9999,
        widget=forms.TextInput,
        help_text=_("Les plus petits nombres d’abord."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        model: type[Category | PortalGroup],
        known: Category | PortalGroup | None,
        last: int = 0,
    ):
        self.model = model
        initial: dict[str, Any] = {"order": last + 10}
        if known:
            initial = {"order": known.order, "team": known.team_id}
            initial |= both({"label": known.label}, "label")
        super().__init__(data, initial=initial)
        if known:
            del self.fields["code"]
        offer_rows(self, "team", Team.objects.filter(is_active=True))

    def clean_code(self) -> str:
        def is_taken(code: str) -> bool:
            return self.model.objects.filter(pk=code).exists()

        return free_code(self, is_taken, _("Ce code est déjà pris."))

    def columns(self) -> dict[str, Any]:
        """What was written, as columns."""
        return {name: self.cleaned_data[name] for name in ("label", "team", "order")}

    def english(self) -> dict[str, str]:
        """Its name in both languages."""
        return english_pairs(self.cleaned_data, "label")


class EntryForm(forms.Form):
    """A prestation in a group of the citizens' page: its wording there, its place."""

    wording = TextField(label=_("Nom dans cette rubrique"), max_length=LABEL, required=False)
    wording_en = TextField(label=_("En anglais"), max_length=LABEL, required=False)
    order = forms.IntegerField(
        label=_("Place"), min_value=0, max_value=9999, widget=forms.TextInput
    )

    def __init__(self, data: Any = None, *, entry: PortalEntry):
        self.entry = entry
        texts = both({"wording": entry.portal_label}, "wording")
        super().__init__(data, prefix=f"entree-{entry.pk}", initial=texts | {"order": entry.order})
