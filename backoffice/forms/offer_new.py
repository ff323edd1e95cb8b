"""A prestation made from nothing or as a copy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.codes import CodeField, free_code
from backoffice.forms.groupings import LABEL
from backoffice.forms.offers import free_label
from massy_grc.common.choices import offer_rows
from massy_grc.common.typed import TextField
from prestations.models import Category, Prestation


class NewPrestationForm(forms.Form):
    """A prestation made from nothing or as a copy; the rest is written on its page."""

    keep_selects = True

    label = TextField(label=_("Nom"), max_length=LABEL)
    code = CodeField()
    category = forms.ModelChoiceField(label=_("Catégorie"), queryset=Category.objects.none())
    source = forms.ModelChoiceField(
        label=_("Copier une prestation"),
        queryset=Prestation.objects.none(),
        required=False,
        help_text=_("Ses réglages et son formulaire, que vous changez ensuite."),
    )

    def __init__(self, data: Any = None, *, source: Prestation | None = None):
        initial = {"source": source, "category": source.category_id} if source else {}
        super().__init__(data, initial=initial)
        offer_rows(self, "category", Category.objects.filter(is_active=True))
        known = Prestation.objects.listed().order_by("order")
        offer_rows(self, "source", known, empty_label=_("Aucune : partir de rien"))

    def clean_code(self) -> str:
        def is_taken(code: str) -> bool:
            return Prestation.objects.filter(pk=code).exists()

        return free_code(self, is_taken, _("Ce code est déjà pris."))

    def clean_label(self) -> str:
        return free_label(self.cleaned_data["label"])
