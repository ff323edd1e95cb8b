"""Two records that may be one person's, side by side: what an agent reads before deciding (S69)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.forms.duplicates import GONE, KEPT
from backoffice.presenting import badge, icon_word
from citizens.actions import look_alikes
from citizens.enums import DuplicateReason
from citizens.likeness import LIKELY, VERY_LIKELY, Likeness
from citizens.merging import Choice, Side, label_of
from citizens.models import Citizen, ConsentEvent, PossibleDuplicate
from massy_grc.common.empties import may_hold
from massy_grc.common.words import phone_words
from massy_grc.users.models import User
from requests.models import Contact, ServiceRequest

ALIKE_SHOWN = 8
HOUSEHOLD_SHOWN = 3
LANGUAGES = {"fr": "français", "en": "English"}


@dataclass(frozen=True)
class Shown:
    """One record as a column.

    Attributes:
        holds: what hangs on it that the agent may see, in words.
    """

    side: Side
    holds: list[str] = field(default_factory=list)

    @property
    def citizen(self) -> Citizen:
        return self.side.citizen

    @property
    def account_words(self) -> str:
        if self.side.franceconnect:
            return _("Compte ouvert, identité prouvée par FranceConnect")
        return _("Compte ouvert, adresse confirmée") if self.side.account else ""


@dataclass(frozen=True)
class Row:
    """One field of both records, in words; `selected` is the side whose value stays."""

    choice: Choice
    label: str
    kept: str
    gone: str
    selected: str

    @property
    def options(self) -> list[tuple[str, str, str]]:
        """Side, value and the side in words, for each value that may stay."""
        return [(KEPT, self.kept, _("Fiche gardée")), (GONE, self.gone, _("Fiche à réunir"))]

    @property
    def result(self) -> str:
        return self.gone if self.selected == GONE else self.kept

    @property
    def dropped(self) -> str:
        """The other value, when it says something else."""
        return self.kept if self.selected == GONE else self.gone

    @property
    def mark(self) -> SafeString:
        """Whether both say the same, by an icon and a word."""
        if not self.choice.differs:
            return icon_word("equal", _("identique"))
        if not self.kept or not self.gone:
            return icon_word("circle-dashed", _("d’un seul côté"))
        return icon_word("diff", _("différent"))


def reason_words(reasons: Iterable[str]) -> list[str]:
    """The reasons of a pair in words; a code of an older version is left out."""
    known = set(DuplicateReason.values)
    return [str(DuplicateReason(reason).label) for reason in reasons if reason in known]


def strength_badge(score: int) -> SafeString:
    """How sure the rule is: an icon and a word."""
    if score >= VERY_LIKELY:
        return badge(_("Très probable"), "signal-high", "soon")
    if score >= LIKELY:
        return badge(_("Probable"), "signal-medium", "info")
    return badge(_("Possible"), "signal-low", "quiet")


def value_words(citizen: Citizen, name: str) -> str:
    """One field of a record as agents read it; empty when it says nothing."""
    value = getattr(citizen, name)
    if not value:
        return ""
    if name == "phone":
        return str(phone_words(value))
    if name == "birth_date":
        return date_format(value, "j F Y")
    if name == "language":
        return LANGUAGES.get(value, value)
    display = getattr(citizen, f"get_{name}_display", None)
    return str(display() if display else value)


def rows_of(
    found: Iterable[Choice], kept: Citizen, gone: Citizen, chosen: dict[str, str]
) -> list[Row]:
    """The fields that at least one of the records fills in."""
    rows = [
        Row(
            choice,
            label_of(choice.name),
            kept=value_words(kept, choice.name),
            gone=value_words(gone, choice.name),
            selected=chosen.get(choice.name, KEPT),
        )
        for choice in found
    ]
    return [row for row in rows if row.kept or row.gone]


def side_by_side(kept: Side, gone: Side, user: User) -> tuple[Shown, Shown]:
    """Both records with what hangs on them, as far as `user` may see it. Three queries."""
    both = [kept.citizen.pk, gone.citizen.pk]
    counts = [
        dict(
            rows.filter(citizen__in=both)
            .order_by()
            .values_list("citizen")
            .annotate(number=Count("*"))
        )
        for rows in (
            ServiceRequest.objects.visible_to(user),
            Contact.objects.visible_to(user),
            ConsentEvent.objects.all(),
        )
    ]
    return Shown(kept, _holds(kept, counts)), Shown(gone, _holds(gone, counts))


def _holds(side: Side, counts: list[dict[int, int]]) -> list[str]:
    requests, contacts, consents = (found.get(side.citizen.pk, 0) for found in counts)
    words = [
        (requests, ngettext("%d demande", "%d demandes", requests)),
        (contacts, ngettext("%d contact", "%d contacts", contacts)),
        (consents, ngettext("%d accord noté", "%d accords notés", consents)),
    ]
    return [text % number for number, text in words if number] or [_("Aucune demande")]


def waiting_for(citizen: Citizen) -> list[PossibleDuplicate]:
    """The pairs of one record that wait for an agent. One query at most."""
    if not may_hold(citizen, "alike", "alike_to"):
        return []
    return list(PossibleDuplicate.objects.waiting().of(citizen).select_related("citizen", "other"))


def unsaved(data: dict) -> Citizen:
    """A record as a form describes it, to be compared before it is written."""
    citizen = Citizen(**data)
    citizen.derive_keys()
    return citizen


def newly_alike(changed: Citizen) -> list[tuple[Citizen, Likeness]]:
    """Those whom a record would resemble as a form changes it, and of whom no pair is noted yet."""
    changed.derive_keys()
    pairs = PossibleDuplicate.objects.of(changed.pk).values_list("citizen", "other")
    known = {pk for pair in pairs for pk in pair}
    return [(other, found) for other, found in look_alikes(changed) if other.pk not in known]


def alike_rows(found: Iterable[tuple[Citizen, Likeness]]) -> list[dict]:
    """Who may be the same person, for the form's warning: with the reasons in words."""
    return [
        {
            "citizen": citizen,
            "reasons": reason_words(likeness.reasons),
            "strength": strength_badge(likeness.score),
        }
        for citizen, likeness in found
        if likeness.is_possible
    ][:ALIKE_SHOWN]


def household_words(found: Iterable[tuple[Citizen, Likeness]]) -> list[str]:
    """Who shares a way to reach without being the same person, in a sentence; none when nobody."""
    others = [(one, likeness) for one, likeness in found if likeness.household]
    if not others:
        return []
    names = ", ".join(one.list_name for one, _likeness in others[:HOUSEHOLD_SHOWN])
    shared = ", ".join(reason_words(others[0][1].household))
    words = _("Peut-être du même foyer : %(names)s (%(shared)s).")
    return [words % {"names": names, "shared": shared}]
