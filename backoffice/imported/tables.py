"""What each table of an import holds, and what becomes of one of its rows."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.actions.staff import address_fault, invite_agent, place_fault
from backoffice.enums import ImportKind
from backoffice.imported.reading import Row
from massy_grc.common.text import fold
from prestations.configuration.calendar import closure_key
from prestations.configuration.putting import put_state
from prestations.enums import Role
from prestations.models import Department, Site, Team

Read = TypeVar("Read")
MOST_KNOWN = 20  # values named where one is unknown
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True)
class Table:
    """What a file holds.

    Attributes:
        put: puts one row in force for a person and a reason; raises where it is refused.
        same: names what a row is about, None where it does not say; `same_words` refuse a second
            row about the same.
        done: what becomes of a good row, in a word.
        example: a row, in the order of `columns` and `optional`.
    """

    columns: tuple[str, ...]
    optional: tuple[str, ...]
    put: Callable[[Row, object, str], None]
    same: Callable[[Row], Hashable]
    same_words: str | Promise
    done: str | Promise
    example: tuple[str, ...]


class WrongRow(Exception):
    """A row says something that cannot be put in force."""


def _day(text: str, column: str) -> date:
    found = _FRENCH_DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongRow(
            _("« %(column)s » n’est pas une date : %(text)s") % {"column": column, "text": text}
        ) from error


def _named(model, text: str, column: str):
    """Return the row in use that a cell names by its code or its name; None when it is empty."""
    if not text:
        return None
    known = list(model.objects.filter(is_active=True))
    for one in known:
        if fold(text) in (fold(one.pk), fold(one.label)):
            return one
    raise _unknown(text, column, [one.pk for one in known])


def _role(text: str) -> Role:
    for role in Role:
        if fold(text) in (fold(role.value), fold(str(role.label))):
            return role
    raise _unknown(text, "role", [role.value for role in Role])


def _unknown(text: str, column: str, known: list[str]) -> WrongRow:
    """Refuse a name that nothing has, and say which there are."""
    shown = ", ".join(known[:MOST_KNOWN]) + (", …" if len(known) > MOST_KNOWN else "")
    told = _("« %(column)s » est inconnu : %(text)s. Il existe : %(known)s.")
    return WrongRow(told % {"column": column, "text": text, "known": shown})


def _invite(row: Row, actor, _reason: str) -> None:
    cells = row.cells
    given = {name: cells.get(name, "") for name in ("equipe", "service", "site")}
    faults: list[str] = []
    try:
        validate_email(cells["courriel"])
    except ValidationError as error:
        faults += error.messages
    else:
        faults.append(address_fault(cells["courriel"]))
    if not cells["prenom"] or not cells["nom"]:
        faults.append(_("Le prénom et le nom sont obligatoires."))
    role = _or_fault(faults, lambda: _role(cells["role"]))
    team = _or_fault(faults, lambda: _named(Team, given["equipe"], "equipe"))
    department = _or_fault(faults, lambda: _named(Department, given["service"], "service"))
    site = _or_fault(faults, lambda: _named(Site, given["site"], "site"))
    if role is not None:
        has = {"has_team": bool(given["equipe"]), "has_department": bool(given["service"])}
        faults.append(place_fault(role, **has))
    told = [one for one in faults if one]
    if role is None or told:
        raise WrongRow(" ".join(told))
    user = invite_agent(
        actor=actor,
        email=cells["courriel"],
        first_name=cells["prenom"][:100],
        last_name=cells["nom"][:100],
        role=role,
        job_title=cells.get("qualite", "")[:150],
        team=team,
        department=department,
        site=site,
    )
    row.administers = user.get_full_name() if role == Role.ADMINISTRATEUR else ""


def _or_fault(faults: list[str], read: Callable[[], Read]) -> Read | None:
    """Read a cell, or note why it cannot be."""
    try:
        return read()
    except WrongRow as wrong:
        faults.append(str(wrong))
        return None


def _close(row: Row, actor, reason: str) -> None:
    cells = row.cells
    start, end = _day(cells["debut"], "debut"), _day(cells["fin"] or cells["debut"], "fin")
    site = _named(Site, cells.get("site", ""), "site")
    if not cells["libelle"]:
        raise WrongRow(_("Dites pourquoi la mairie est fermée : les citoyens le liront."))
    place = site.pk if site else None
    state = {
        "site": place,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "opens": None,
        "closes": None,
        "closed": True,
        "label": cells["libelle"][:200],
    }
    key = closure_key(place, start, end)
    change = put_state("closures", key, state, actor=actor, reason=reason)
    if change is None:
        raise WrongRow(_("Cette fermeture est déjà au calendrier."))
    row.replaces = change.before["label"] if change.before else ""


def _closed_days(row: Row) -> Hashable:
    cells = row.cells
    try:
        start, end = _day(cells["debut"], "debut"), _day(cells["fin"] or cells["debut"], "fin")
        site = _named(Site, cells.get("site", ""), "site")
    except WrongRow:
        return None
    return closure_key(site.pk if site else None, start, end)


TABLES = {
    ImportKind.AGENTS: Table(
        columns=("prenom", "nom", "courriel", "role"),
        optional=("qualite", "equipe", "service", "site"),
        put=_invite,
        same=lambda row: row.cells["courriel"].lower() or None,
        same_words=gettext_lazy("Même courriel que la ligne %(number)d."),
        done=gettext_lazy("sera invité"),
        example=("Nadia", "Petit", "n.petit@ville.example", "agent-eas", "", "eas", "", ""),
    ),
    ImportKind.CLOSURES: Table(
        columns=("debut", "fin", "libelle"),
        optional=("site",),
        put=_close,
        same=_closed_days,
        same_words=gettext_lazy("Mêmes jours et même lieu que la ligne %(number)d."),
        done=gettext_lazy("sera ajoutée"),
        example=("24/12/2027", "24/12/2027", "Pont de Noël", ""),
    ),
}
