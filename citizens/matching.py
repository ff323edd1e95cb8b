"""Which record is surely somebody's, and which ones might be (L11, S69).

One rule: everything that identifies must agree. What agrees only in part never links; it goes
to the agents' list of possible duplicates. An e-mail address alone links nobody.
"""

from dataclasses import dataclass
from datetime import date

from citizens.enums import Gender
from citizens.models import Citizen
from massy_grc.common.text import fold

CANDIDATES = 20  # records looked at, of people with the same address or the same name


@dataclass(frozen=True)
class PivotIdentity:
    """The identity that FranceConnect vouches for, in its own terms.

    Args:
        given_names: all of them, as on the birth certificate, separated by spaces.
        birth_place: INSEE code of the commune, or of the country for a birth abroad.
        email: as the person gave it to their identity provider; proves nothing here.
    """

    family_name: str
    given_names: str
    birth_date: date | None
    birth_place: str
    email: str = ""
    usage_name: str = ""
    gender: str = ""  # a `Gender`, or blank

    @property
    def first_name(self) -> str:
        """The first of the given names (hyphenated ones are one)."""
        return self.given_names.split()[0] if self.given_names.split() else ""

    @property
    def gender_words(self) -> str:
        """The gender in words; blank when unknown."""
        return str(Gender(self.gender).label) if self.gender else ""


def record_of_proven_address(
    *, email: str, family_name: str, given_name: str, birth_date: date | None
) -> Citizen | None:
    """Return the record of whoever proved to read `email`: same names, and no other birth date.

    None when there is no such record, several, or one that has an account already.
    """
    people = (
        Citizen.objects.living().filter(email__iexact=email).exclude(pk__in=_with_open_account())
    )
    matching = [
        one
        for one in people.order_by("id")[:CANDIDATES]
        if fold(one.family_name) == fold(family_name)
        and fold(one.given_name) == fold(given_name)
        and (birth_date is None or one.birth_date in (None, birth_date))
    ]
    return matching[0] if len(matching) == 1 else None


def records_of_identity(pivot: PivotIdentity) -> list[Citizen]:
    """Return the records that agree with the whole pivot identity.

    Family name, given name (the first or all of them), birth date and birth place; gender where
    both know it. What one side leaves blank is no agreement.
    """
    if pivot.birth_date is None:
        return []
    people = Citizen.objects.living().filter(birth_date=pivot.birth_date).order_by("id")
    return [one for one in people if _whole(one, pivot)]


def contradicts(citizen: Citizen, pivot: PivotIdentity) -> bool:
    """Whether anything that the town holds of a person speaks against an identity.

    For somebody who has proved already to own the record: there a blank speaks against nothing.
    """
    same_day = citizen.birth_date in (None, pivot.birth_date)
    same_place = citizen.birth_place in ("", pivot.birth_place)
    return not (
        same_name(citizen, pivot) and same_day and same_place and same_gender(citizen, pivot)
    )


def same_name(citizen: Citizen, pivot: PivotIdentity) -> bool:
    """Whether the folded names are equal; the town often holds the first given name only."""
    given = fold(citizen.given_name)
    return fold(citizen.family_name) == fold(pivot.family_name) and given in (
        fold(pivot.first_name),
        fold(pivot.given_names),
    )


def same_gender(citizen: Citizen, pivot: PivotIdentity) -> bool:
    """Whether the genders do not differ; compared only when both are known."""
    return not (citizen.gender and pivot.gender) or citizen.gender == pivot.gender


def _whole(citizen: Citizen, pivot: PivotIdentity) -> bool:
    """Whether name, birth place and gender agree; whoever asks has compared the birth dates."""
    same_place = bool(citizen.birth_place) and citizen.birth_place == pivot.birth_place
    return same_name(citizen, pivot) and same_place and same_gender(citizen, pivot)


def _with_open_account():
    return Citizen.objects.filter(accounts__isnull=False, accounts__closed_at=None).values("pk")
