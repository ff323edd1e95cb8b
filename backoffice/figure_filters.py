"""The filters that only a figure's link asks for, each told in words: what it counted."""

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from prestations.models import (
    Department,
    Prestation,
)
from prestations.translation import catalogue_text
from requests.models import RoutingRule
from requests.performance import Part, Promise
from requests.routing.misrouting import Route


class OtherPrestations(str):
    """Codes of prestations to leave out, separated by commas; told as how many they are."""

    @property
    def codes(self) -> list[str]:
        return self.split(",")

    def __str__(self) -> str:
        number = len(self.codes)
        return ngettext("autres que la première", "autres que les %(n)d premières", number) % {
            "n": number
        }


class OtherPrestationsField(forms.CharField):
    def to_python(self, value):
        return OtherPrestations(value) if value else ""


class SentBy(str):
    """A route as an address names it; told by the name of its rule or of its prestation."""

    def __str__(self) -> str:
        route = Route.read(self)
        if route is None:
            return ""
        if route.rule:
            rules = RoutingRule.objects.filter(pk=route.rule)
            return _("la règle « %(rule)s »") % {"rule": _label(rules)}
        label = catalogue_text(_label(Prestation.objects.filter(pk=route.prestation)))
        return _("le catalogue, pour « %(prestation)s »") % {"prestation": label}


CONTRACT_WORDS = {
    (Promise.TAKEN, Part.DONE): gettext_lazy("prises en charge"),
    (Promise.TAKEN, Part.KEPT): gettext_lazy("prises en charge dans le délai"),
    (Promise.TAKEN, Part.MISSED): gettext_lazy("prises en charge hors délai"),
    (Promise.TAKEN, Part.OWED): gettext_lazy("prise en charge encore attendue, hors délai"),
    (Promise.RETURNED, Part.DONE): gettext_lazy("rendues à l’accueil"),
    (Promise.RETURNED, Part.KEPT): gettext_lazy("rendues dans le délai"),
    (Promise.RETURNED, Part.MISSED): gettext_lazy("rendues hors délai"),
    (Promise.RETURNED, Part.OWED): gettext_lazy("retour encore attendu, hors délai"),
    (Promise.WORKED, Part.DONE): gettext_lazy("travail rendu"),
    (Promise.WORKED, Part.KEPT): gettext_lazy("travail rendu dans le délai"),
    (Promise.WORKED, Part.MISSED): gettext_lazy("travail rendu hors délai"),
    (Promise.WORKED, Part.OWED): gettext_lazy("travail encore attendu, hors délai"),
}


CONTRACT = "contrat"  # the filter


class ContractFigure(str):
    """A figure of a department's contract as an address names it, told in words (S77)."""

    @property
    def parts(self) -> tuple[Promise, Part, str] | None:
        """What it counts, and whose; None when it names no figure."""
        promise, _colon, rest = self.partition(":")
        part, _colon, department = rest.partition(":")
        if promise in {*Promise} and part in {*Part} and department:
            return Promise(promise), Part(part), department
        return None

    def __str__(self) -> str:
        if self.parts is None:
            return ""
        promise, part, department = self.parts
        label = _label(Department.objects.filter(pk=department))
        return f"{label}, {CONTRACT_WORDS[promise, part]}"


class ContractFigureField(forms.CharField):
    def to_python(self, value):
        return ContractFigure(value) if value else ""


class ContractFigureFilter(filters.CharFilter):
    """The requests that a figure of a contract counts."""

    field_class = ContractFigureField


class SentByField(forms.CharField):
    def to_python(self, value):
        return SentBy(value) if value else ""


class SentByFilter(filters.CharFilter):
    """What a rule, or the catalogue for a prestation, sent to the wrong place (S72)."""

    field_class = SentByField


class OtherPrestationsFilter(filters.CharFilter):
    """All prestations but those named: the « others » of a chart."""

    field_class = OtherPrestationsField


def _label(rows: QuerySet) -> str:
    return rows.values_list("label", flat=True).first() or ""
