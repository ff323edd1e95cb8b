"""Accesses given and withdrawn, in words, from the access log."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from backoffice.actions.technical import ENTERED, ON_SERVER, OPENED, RENEWED, WITHDRAWN
from backoffice.presenting import icon_word
from massy_grc.audit.models import AccessRecord
from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import Department, Prestation, Signatory, Site, Team
from prestations.translation import catalogue_text

PERSON = "user"
# what is written behind the colon of an act: whose codes they are, and what the act says
ACTS: dict[str, tuple[str, Any]] = {
    "invite": ("send", _("invitation envoyée")),
    "grant": ("user-plus", _("rôle donné")),
    "withdraw": ("user-minus", _("rôle retiré")),
    "role_moved": ("arrow-right", _("rôle déplacé, le service ferme")),
    "role_ended": ("user-minus", _("rôle retiré, le service ferme")),
    "site_moved": ("arrow-right", _("site changé, le sien ferme")),
    "deactivate": ("lock", _("accès fermé")),
    "reactivate": ("lock-open", _("accès rouvert")),
    "reset_second_factor": ("key-round", _("deuxième facteur oublié, à refaire")),
    "train": ("graduation-cap", _("prestations traitées seul, changées")),
    "name": ("lock-open", _("nommé pour une prestation réservée")),
    "unname": ("lock", _("n’est plus nommé pour une prestation réservée")),
    "signs_alone": ("file-pen-line", _("signe seul les lettres d’un signataire")),
    "signs_no_more": ("file-pen-line", _("ne signe plus les lettres d’un signataire")),
    "hand_over": ("users", _("dossiers confiés à un autre agent")),
    OPENED: ("wrench", _("administration technique ouverte")),
    RENEWED: ("wrench", _("administration technique ouverte de nouveau")),
    WITHDRAWN: ("lock", _("administration technique fermée")),
    ENTERED: ("eye", _("est entré dans l’administration technique")),
}
OF_ACT: dict[str, Any] = {
    "role_moved": Department,
    "role_ended": Department,
    "site_moved": Site,
    "name": Prestation,
    "unname": Prestation,
    "signs_alone": Signatory,
    "signs_no_more": Signatory,
}
OF_PLACE: dict[str, Any] = {"team": Team, "department": Department, "site": Site}


@dataclass(frozen=True)
class Grant:
    """One act on somebody's access.

    Attributes:
        person: whose access; None once their account is gone.
        what: the role, or what the act was about; "": nothing more.
        place: where the role counts.
        on_server: whether it was done by a command there, by nobody who is logged in.
    """

    record: AccessRecord
    act: SafeString
    person: User | None
    what: str
    place: str
    on_server: bool


def grants(person_id: int | None = None) -> QuerySet[AccessRecord]:
    """Every act on the access of an agent; of one agent, if asked."""
    known = Q(action__in=ACTS)
    for act in ACTS:
        known |= Q(action__startswith=f"{act}:")
    rows = AccessRecord.objects.filter(known, object_type=PERSON).select_related("user")
    return rows if person_id is None else rows.filter(object_id=person_id)


def shown_grants(rows: Sequence[AccessRecord]) -> list[Grant]:
    """`rows` in words; six queries at most, whatever their number."""
    people = User.objects.in_bulk({row.object_id for row in rows})
    asked: dict[Any, set[str]] = {}
    for row in rows:
        act, _colon, code = row.action.partition(":")
        if act in OF_ACT:
            asked.setdefault(OF_ACT[act], set()).add(code)
        for name, model in OF_PLACE.items():
            asked.setdefault(model, set()).add((row.detail or {}).get(name) or "")
    names = {
        (model, found.pk): catalogue_text(str(getattr(found, "label", "") or found))
        for model, codes in asked.items()
        for found in model.objects.filter(pk__in=codes - {""})
    }
    return [_grant(row, people, names) for row in rows]


def _grant(row: AccessRecord, people: dict[int, User], names: dict[tuple, str]) -> Grant:
    act, _colon, code = row.action.partition(":")
    detail = row.detail or {}
    role = detail.get("role", code)
    icon_name, words = ACTS[act]
    named = partial(_named, names)
    return Grant(
        record=row,
        act=icon_word(icon_name, str(words)),
        person=people.get(row.object_id),
        what=str(Role(role).label) if role in Role.values else named(OF_ACT.get(act), code),
        place=", ".join(
            named(model, detail[name]) for name, model in OF_PLACE.items() if detail.get(name)
        ),
        on_server=ON_SERVER.items() <= detail.items(),
    )


def _named(names: dict[tuple, str], model: Any, code: str) -> str:
    """What a code stands for; itself when nothing has it any more."""
    return names.get((model, code), code)
