"""Keeping a view of the queue under a name, sharing it, changing it, giving it up."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.models import SavedView
from backoffice.queues import narrows, view_of
from massy_grc.common.locks import Alone, in_turn
from massy_grc.users.models import User
from prestations.configuration import recorded
from prestations.enums import Role
from prestations.models import Department, Team
from requests.exceptions import MissingInput, NotAllowed
from requests.permissions import RIGHTS, Right, scope_of

MOST = 30  # of one person
OPENING = "opening_views"  # as the history of the configuration calls them
ALONE = "moi"
WORKING = {Right.FRONT_OFFICE, Right.EXPERT_WORK}


def groups_of(user: User) -> dict[str, str]:
    """With whom `user` may share a view: ``{"team:eas": "Accueil"}``; roles for supervisors."""
    scope = scope_of(user)
    teams = Team.objects.filter(pk__in=scope.teams)
    departments = Department.objects.filter(pk__in=scope.departments)
    groups = {f"team:{one.pk}": str(one) for one in teams}
    groups |= {f"department:{one.pk}": str(one) for one in departments}
    if scope.may(Right.SUPERVISE):
        words = _("Rôle : %(role)s")
        groups |= {
            f"role:{role}": words % {"role": role.label} for role in Role if RIGHTS[role] & WORKING
        }
    return groups


def group_of(saved: SavedView) -> str:
    """With whom a view is shared, as `groups_of` names it; `ALONE` with nobody."""
    for kind, value in (
        ("team", saved.team_id),
        ("department", saved.department_id),
        ("role", saved.role),
    ):
        if value:
            return f"{kind}:{value}"
    return ALONE


@transaction.atomic
def save_view(
    *,
    actor: User,
    name: str,
    query: str,
    group: str = ALONE,
    opens: bool = False,
    now: datetime | None = None,
) -> SavedView:
    """Keep a list under a name.

    Args:
        query: of `backoffice.saved_views.kept_query`.
        group: of `groups_of`; `ALONE`: for oneself.
        opens: whether the lists of the role it is shared with open on it, on no other one: of two
            at once the last has it.

    Raises:
        MissingInput: nothing to keep, a name that one has used already, or too many.
        NotAllowed: a view that one may not open, a group one does not belong to, or one that is no
            role to open on it.
    """
    with _openings_kept(actor, _role_of(group) if opens else ""):
        _refuse_unkeepable(actor, query)
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        mine = SavedView.objects.filter(owner=actor)
        if mine.count() >= MOST:
            raise MissingInput(_("Vous avez déjà %(n)d vues : supprimez-en une.") % {"n": MOST})
        _refuse_taken_name(actor, name)
        saved = SavedView(owner=actor, name=name, query=query, saved_at=now or timezone.now())
        _share(saved, actor, group, opens=opens)
        saved.save()
    return saved


@transaction.atomic
def change_view(
    *, actor: User, view_id: int, name: str, group: str, opens: bool = False
) -> SavedView:
    """Give one's own view another name, or share it otherwise.

    Raises:
        SavedView.DoesNotExist: none of one's own.
        MissingInput, NotAllowed: as `save_view`.
    """
    with _openings_kept(actor, _opened_by(view_id), _role_of(group) if opens else ""):
        saved = _own(actor, view_id)
        if saved.name != name:
            _refuse_taken_name(actor, name)
        saved.name = name
        if (group, opens) != (group_of(saved), saved.opens):
            _share(saved, actor, group, opens=opens)
        saved.save()
    return saved


@transaction.atomic
def narrow_view(*, actor: User, view_id: int, query: str, now: datetime | None = None) -> SavedView:
    """Let one's own view hold what is on the screen now.

    Raises:
        SavedView.DoesNotExist: none of one's own.
        MissingInput: nothing to keep.
        NotAllowed: a view that one may not open.
    """
    with _openings_kept(actor, _opened_by(view_id)):
        saved = _own(actor, view_id)
        _refuse_unkeepable(actor, query)
        saved.query, saved.saved_at = query, now or timezone.now()
        saved.save(update_fields=["query", "saved_at"])
    return saved


@transaction.atomic
def delete_view(*, actor: User, view_id: int) -> str:
    """Give up one's own view, also for those it was shared with; return its name.

    Raises:
        SavedView.DoesNotExist: none of one's own.
    """
    with _openings_kept(actor, _opened_by(view_id)):
        saved = _own(actor, view_id)
        saved.delete()
    return saved.name


@contextmanager
def _openings_kept(actor: User, *roles: str) -> Iterator[None]:
    """Keep, in the history of the configuration, on what these roles open ("": none).

    The turn comes before the view's own row, which somebody else may be changing.
    """
    with ExitStack() as stack:
        for role in sorted({*roles} - {""}):
            stack.enter_context(recorded(OPENING, role, actor=actor))
            in_turn(Alone.OPENING_VIEW)
        yield


def _opened_by(view_id: int) -> str:
    """The role whose lists open on a view; "" for none."""
    opening = SavedView.objects.filter(pk=view_id, opens=True)
    return opening.values_list("role", flat=True).first() or ""


def _role_of(group: str) -> str:
    return group.removeprefix("role:") if group.startswith("role:") else ""


def _own(actor: User, view_id: int) -> SavedView:
    return SavedView.objects.select_for_update(of=("self",)).get(pk=view_id, owner=actor)


def _refuse_unkeepable(actor: User, query: str) -> None:
    if view_of(query, actor) is None:
        raise NotAllowed(_("Vous n’avez pas accès à cette liste."))
    if not narrows(query):
        raise MissingInput(_("Choisissez d’abord un filtre ou un ordre : il n’y a rien à garder."))


def _refuse_taken_name(actor: User, name: str) -> None:
    if SavedView.objects.filter(owner=actor, name=name).exists():
        raise MissingInput(_("Une de vos vues porte déjà ce nom."))


def _share(saved: SavedView, actor: User, group: str, *, opens: bool) -> None:
    """Put down with whom, checked; a role that opened on another view opens on this one."""
    if group != ALONE and group not in groups_of(actor):
        raise NotAllowed(_("Vous ne partagez qu’avec vos équipes et vos services."))
    kind, _colon, value = group.partition(":")
    if opens and kind != "role":
        raise NotAllowed(_("Seul un rôle s’ouvre sur une vue : partagez-la avec un rôle."))
    saved.team_id = value if kind == "team" else None
    saved.department_id = value if kind == "department" else None
    saved.role = value if kind == "role" else ""
    saved.opens = opens
    if opens:
        SavedView.objects.filter(role=saved.role, opens=True).update(opens=False)
