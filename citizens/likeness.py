"""Whether two records may be one person: a rule that an agent can read (S69).

Points for what agrees, in words; nothing is learnt and nothing is hidden. What cannot be one
person (another given name, another birth date) is told apart whatever else is shared: twins,
spouses, a father and his son are a household, not a duplicate. Nothing is ever merged by this.
"""

from dataclasses import dataclass
from datetime import date

from citizens.enums import DuplicateReason as Why
from citizens.match_keys import TOO_SHORT, address_key, name_words
from citizens.models import Citizen
from massy_grc.common.sounds import said, slips
from massy_grc.common.text import fold

VERY_LIKELY, LIKELY, POSSIBLE = 80, 55, 45
POINTS = {
    Why.FAMILY: 25,
    Why.GIVEN: 20,
    Why.MARRIED: 22,
    Why.SOUND: 18,
    Why.TYPO: 18,
    Why.PART: 15,
    Why.GENDERED: 5,
    Why.SWAPPED: 40,
    Why.BIRTH: 35,
    Why.BIRTH_SWAPPED: 30,
    Why.BIRTH_NEAR: 5,
    Why.EMAIL: 15,
    Why.PHONE: 15,
    Why.ADDRESS: 10,
    Why.OTHER_PLACE: 0,
    Why.OTHER_GENDER: 0,
}
NOTHING_SHARED = 10  # taken off when two ways to reach are known of both, and none agrees
GENERATION = 11  # years between two birth dates that no slip of the hand explains
FEMININE = ("e", "ne", "le", "te", "ette", "ine", "tte")


@dataclass(frozen=True)
class Likeness:
    """What speaks for one person.

    Attributes:
        score: points; `POSSIBLE` and above are worth an agent's look.
        reasons: `DuplicateReason` codes, the strongest first.
        household: what two people share who are told apart: they may live together.
        apart: their names or birth dates cannot be one person's.
    """

    score: int = 0
    reasons: tuple[str, ...] = ()
    household: tuple[str, ...] = ()
    apart: bool = False

    @property
    def is_possible(self) -> bool:
        return self.score >= POSSIBLE


def compare(one: Citizen, other: Citizen) -> Likeness:
    """Return how far two records may be one person's, and why."""
    shared = _shared(one, other)
    births, born_apart = _births(one.birth_date, other.birth_date)
    names = _names(one, other, same_birth=Why.BIRTH in births)
    other_gender = _differ(one.gender, other.gender)
    lone_given = Why.GIVEN in names and not _family_in(names)
    if (
        born_apart
        or not names
        or (other_gender and Why.GIVEN not in names)
        # another family name: married meanwhile, if the birth date and a way to reach agree
        or (lone_given and not (Why.BIRTH in births and shared))
        # no given name on one side: the whole family is called so
        or (names == [Why.FAMILY] and Why.BIRTH not in births)
    ):
        return Likeness(household=tuple(shared), apart=True)
    doubts = [
        reason
        for reason, doubt in (
            (Why.OTHER_PLACE, _differ(one.birth_place, other.birth_place)),
            (Why.OTHER_GENDER, other_gender),
        )
        if doubt
    ]
    reasons = [*names, *births, *shared, *doubts]
    score = sum(POINTS[reason] for reason in reasons)
    if not births and not shared and _both_reached(one, other) > 1:
        score -= NOTHING_SHARED
    if doubts or Why.GENDERED in names or names == [Why.FAMILY]:
        score = min(score, LIKELY - 1)
    elif not {Why.BIRTH, Why.BIRTH_SWAPPED} & set(births):
        score = min(score, VERY_LIKELY - 1)
    return Likeness(score=score, reasons=tuple(map(str, _in_words(reasons))))


def in_common(one: Citizen, other: Citizen) -> tuple[int, tuple[str, ...]]:
    """The points of what two records share, and what it is, also where they are two people's.

    It decides nothing: who looks for another record reads why each was found, the nearest first.
    """
    found = [_family(one, other), _given(fold(one.given_name), fold(other.given_name))]
    births, _apart = _births(one.birth_date, other.birth_date)
    reasons = [*(why for why in found if why), *births, *_shared(one, other)]
    points = sum(POINTS[reason] for reason in reasons)
    return points, tuple(map(str, _in_words(reasons)))


def _in_words(reasons: list[Why]) -> list[Why]:
    """Both names alike are said as one thing."""
    if reasons[:2] == [Why.FAMILY, Why.GIVEN]:
        return [Why.NAME, *reasons[2:]]
    return list(dict.fromkeys(reasons))


def _names(one: Citizen, other: Citizen, *, same_birth: bool) -> list[Why]:
    """What the names have in common; empty when they are two people's."""
    first, second = _families(one), _families(other)
    family = _family(one, other)
    mine, theirs = fold(one.given_name), fold(other.given_name)
    given = _given(mine, theirs, same_birth=same_birth)
    if mine and theirs and (family is None or given is None):
        crossed = [_alike(a, theirs) for a in first], [_alike(b, mine) for b in second]
        if all(any(found not in (None, Why.PART) for found in found_of) for found_of in crossed):
            return [Why.SWAPPED]
    if given is None:
        if mine and theirs:
            return []
        return [Why.FAMILY] if family == Why.FAMILY else []
    return [family, given] if family else [given] if given == Why.GIVEN else []


def _family(one: Citizen, other: Citizen) -> Why | None:
    """What the family names have in common, the usage names with them."""
    return _best(
        [
            _alike(a, b, crossed=(i, j) != (0, 0))
            for i, a in enumerate(_families(one))
            for j, b in enumerate(_families(other))
        ]
    )


def _family_in(names: list[Why]) -> bool:
    return len(names) > 1 or names[:1] in ([Why.SWAPPED], [Why.FAMILY])


def _families(citizen: Citizen) -> list[str]:
    return [name for name in (fold(citizen.family_name), fold(citizen.usage_name)) if name]


def _alike(one: str, other: str, *, crossed: bool = False) -> Why | None:
    """How one family name is like another; `crossed`: a birth name and a usage name."""
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return Why.MARRIED if crossed else Why.FAMILY
    if said(one) == said(other):
        return Why.SOUND
    if _one_slip(one, other):
        return Why.TYPO
    words, others = set(name_words(one)), set(name_words(other))
    part = words & others if words <= others or others <= words else set()
    return Why.PART if any(len(word) > 2 for word in part) else None


def _given(one: str, other: str, *, same_birth: bool = False) -> Why | None:
    if not one or not other:
        return None
    words, others = name_words(one), name_words(other)
    if words == others:
        return Why.GIVEN
    if _gendered(one, other):
        return Why.GENDERED if same_birth else None
    if said(one) == said(other):
        return Why.SOUND
    if _one_slip(one, other):
        return Why.TYPO
    # the town often holds the first given name only; « Anne » is not « Marie Anne »
    shorter, longer = sorted((words, others), key=len)
    return Why.PART if longer[: len(shorter)] == shorter else None


def _gendered(one: str, other: str) -> bool:
    """Michel and Michèle, Jean and Jeanne: brother and sister, or spouses."""
    shorter, longer = sorted((one, other), key=len)
    return any(longer == shorter + end for end in FEMININE)


def _one_slip(one: str, other: str) -> bool:
    length = min(len(one), len(other))
    if length < 5 or abs(len(one) - len(other)) > 2:
        return False
    return slips(one, other) <= (1 if length < 9 else 2)


def _best(found: list[Why | None]) -> Why | None:
    return max((why for why in found if why), key=lambda why: POINTS[why], default=None)


def _births(one: date | None, other: date | None) -> tuple[list[Why], bool]:
    """What the birth dates say, and whether they are two people's."""
    if one is None or other is None:
        return [], False
    if one == other:
        return [Why.BIRTH], False
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return [Why.BIRTH_SWAPPED], False
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    unlike = sum(a != b for a, b in pairs)
    if unlike == 1 and abs(one.year - other.year) < GENERATION:
        return [Why.BIRTH_NEAR], False
    return [], True


def _shared(one: Citizen, other: Citizen) -> list[Why]:
    """The ways to reach that both records hold."""
    found = []
    if one.email and one.email.lower() == other.email.lower():
        found.append(Why.EMAIL)
    if len(one.phone_key) >= TOO_SHORT and one.phone_key == other.phone_key:
        found.append(Why.PHONE)
    if (key := address_key(one.address)) and key == address_key(other.address):
        found.append(Why.ADDRESS)
    return found


def _both_reached(one: Citizen, other: Citizen) -> int:
    """How many ways to reach are known of both."""
    ways = ("email", "phone_key", "address")
    return sum(bool(getattr(one, way) and getattr(other, way)) for way in ways)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
