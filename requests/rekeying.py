"""Which requests are typed again in a department's own program, and which were (S53)."""

from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, Subquery

from prestations.models import Prestation, Software
from requests.enums import State
from requests.models import Rekeying


class Part(StrEnum):
    """Of the requests that are counted: those typed again, and those still to be."""

    DONE = "faites"
    LEFT = "a-faire"


# what was filed by mistake, or follows another, is typed nowhere
COUNTED = ~Q(state=State.ANNULEE) & Q(merged_into=None)


def counted_in(software: Software) -> Q:
    """The requests that were typed again in a program, or are to be."""
    named = Prestation.objects.typed_again().filter(legacy_software=software.pk)
    return COUNTED & (Q(prestation__in=named) | _done(software))


_OWN = Rekeying.objects.standing().filter(
    request=OuterRef("pk"), software=OuterRef("prestation__legacy_software")
)
IS_REKEYED = Exists(_OWN)  # in the program that its prestation names
NUMBER = Subquery(_OWN.values("number")[:1])  # what that program calls it


def part_of(part: Part, software: Software | None = None) -> Q:
    """Those typed again, or still to be, in one program; in any where none is named."""
    if part == Part.DONE:
        return COUNTED & _done(software)
    named = Prestation.objects.typed_again()
    if software is not None:
        named = named.filter(legacy_software=software.pk)
    return COUNTED & Q(~IS_REKEYED, prestation__in=named)


def _done(software: Software | None) -> Q:
    rows = Rekeying.objects.standing()
    if software is not None:
        rows = rows.filter(software=software)
    return Q(pk__in=rows.values("request"))
