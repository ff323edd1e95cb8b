"""Choosing one prestation of the whole catalogue: by theme, and in the order of the alphabet."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from massy_grc.common.choices import offer_rows
from massy_grc.common.text import fold
from prestations.enums import PrestationStatus
from prestations.models import Prestation
from prestations.translation import catalogue_text


class _ByTheme(ModelChoiceIterator):
    """The rows under the label of their category, both as one reads a dictionary."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        themes: dict[str, list[Any]] = {}
        for row in self.queryset:
            themes.setdefault(catalogue_text(row.category.label), []).append(self.choice(row))
        for theme in sorted(themes, key=fold):
            yield theme, sorted(themes[theme], key=lambda choice: fold(choice[1]))


class PrestationField(forms.ModelChoiceField):
    """A prestation among the open ones; `offer_prestations` gives it them."""

    iterator = _ByTheme


def offer_prestations(form: forms.BaseForm) -> None:
    """Let the field `prestation` of a form choose among those that are open."""
    rows = Prestation.objects.filter(is_active=True, status=PrestationStatus.ACTIVE)
    offer_rows(form, "prestation", rows.select_related("category", "current_form"))
