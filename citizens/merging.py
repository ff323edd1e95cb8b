"""What one record of two becomes: which is kept, which value of each field, what forbids it (S69).

Read by the page that previews a merge and by the action that makes it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.enums import DuplicateReason as Why
from citizens.likeness import compare
from citizens.models import Citizen, CitizenAccount
from massy_grc.common.text import fold

NAMES = ("family_name", "usage_name", "given_name")
IDENTITY = (*NAMES, "birth_date", "birth_place", "gender")
REACH = ("email", "phone", "address")
OTHERS = ("residence", "reply_channel", "progress_channel", "documents_channel", "language")
FIELDS = (*IDENTITY, *REACH, *OTHERS)
# what an identity proven elsewhere does not leave open
CONTRARY = {Why.OTHER_PLACE, Why.OTHER_GENDER, Why.BIRTH_NEAR, Why.BIRTH_SWAPPED}


@dataclass(frozen=True)
class Side:
    """One of the two records, and what its account proves."""

    citizen: Citizen
    account: CitizenAccount | None = None
    franceconnect: bool = False

    @property
    def proven_email(self) -> str:
        return (self.account.user.email or "") if self.account else ""


@dataclass(frozen=True)
class Choice:
    """One field of the record that is kept.

    Attributes:
        name: of the field.
        kept, gone: the two values.
        takes_gone: whether the other record's value is proposed; None: neither, an agent chooses.
        why: what proposes it, in words.
        locked: whether only that value is possible.
    """

    name: str
    kept: object
    gone: object
    takes_gone: bool | None
    why: str
    locked: bool = False

    @property
    def differs(self) -> bool:
        return self.kept != self.gone


def sides(one: Citizen, other: Citizen) -> tuple[Side, Side]:
    """Return (kept, gone): the record with an account is kept, else the older one. Two queries."""
    accounts = {
        account.citizen_id: account
        for account in CitizenAccount.objects.open()
        .filter(citizen__in=[one.pk, other.pk])
        .select_related("user")
        .prefetch_related("identities")
    }
    found = [
        Side(
            citizen,
            account := accounts.get(citizen.pk),
            franceconnect=bool(account and account.identities.all()),
        )
        for citizen in sorted((one, other), key=lambda record: record.pk)
    ]
    found.sort(key=lambda side: side.account is None)
    return found[0], found[1]


def obstacle(kept: Side, gone: Side) -> str:
    """Say why two records cannot be made one; empty when they can."""
    for side in (kept, gone):
        if side.citizen.merged_into_id or side.citizen.anonymised_at:
            return _("L’une de ces fiches n’est plus utilisée.")
    if kept.account and gone.account:
        return _(
            "Les deux fiches ont un compte : leurs titulaires verraient les demandes l’un de "
            "l’autre. La personne ferme d’abord l’un des comptes."
        )
    if kept.franceconnect:
        found = compare(kept.citizen, gone.citizen)
        if found.apart or CONTRARY & set(found.reasons):
            return _(
                "FranceConnect a prouvé l’identité de l’une des fiches, et l’autre dit autre "
                "chose. Ce sont deux personnes, ou l’autre fiche est à corriger d’abord."
            )
    return ""


def choices(kept: Side, gone: Side) -> list[Choice]:
    """Return every field with the value proposed: what is proven, what is known, what is newer."""
    return [_choice(name, kept, gone) for name in FIELDS]


def _choice(name: str, kept: Side, gone: Side) -> Choice:
    mine, theirs = getattr(kept.citizen, name), getattr(gone.citizen, name)

    def propose(takes_gone: bool | None, why: str, *, locked: bool = False) -> Choice:
        return Choice(name, mine, theirs, takes_gone, why, locked)

    if _same(name, mine, theirs):
        return propose(False, "", locked=True)
    if name in IDENTITY and mine and kept.franceconnect:
        return propose(False, _("prouvé par FranceConnect"), locked=True)
    if name == "email" and mine and mine == kept.proven_email:
        return propose(False, _("adresse confirmée par un message"))
    if kept.account and name in (*REACH, "progress_channel", "documents_channel", "language"):
        return propose(False, _("le titulaire du compte verra ce que vous prenez de l’autre fiche"))
    if _says_nothing(name, theirs):
        return propose(False, _("seule valeur connue"))
    if _says_nothing(name, mine):
        return propose(True, _("seule valeur connue"))
    if isinstance(mine, str) and fold(mine) == fold(theirs):
        return propose(_care(theirs) > _care(mine), _("écrit avec ses accents et ses capitales"))
    if name == "birth_date":
        return propose(None, _("deux dates : choisissez celle d’un document d’identité"))
    if name in NAMES:  # the newer record is often the one that was mistyped
        return propose(None, _("deux noms : choisissez celui d’un document d’identité"))
    newer = gone.citizen.updated_at > kept.citizen.updated_at
    return propose(newer, _("fiche modifiée le plus récemment"))


def _same(name: str, one, other) -> bool:
    if name == "email":
        return one.lower() == other.lower()
    return bool(one == other)


def _care(name: str) -> tuple[bool, int]:
    """How carefully a name is written: not in capitals alone, with its accents."""
    return not name.isupper(), sum(not char.isascii() for char in name)


def _says_nothing(name: str, value) -> bool:
    return not value or (name == "residence" and value == "inconnu")


LABELS = {
    "progress_channel": gettext_lazy("nouvelles de l’avancement par"),
    "documents_channel": gettext_lazy("documents par"),
    "language": gettext_lazy("langue des messages"),
}


def label_of(name: str) -> str:
    """The name of a field in words."""
    if name in LABELS:
        return str(LABELS[name])
    return str(getattr(Citizen._meta.get_field(name), "verbose_name", name))
