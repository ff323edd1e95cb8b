"""The one table of rights: what each role may do, and which requests it may see."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from prestations.enums import Role
from prestations.models import Membership, Prestation, RightHolder

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from massy_grc.users.models import User


class Right(StrEnum):
    """A thing a person may do; roles are additive."""

    LOG_REQUEST = "log_request"  # file for someone, log contacts, keep citizen records
    FRONT_OFFICE = "front_office"  # qualify, transfer, write to the citizen, answer, close
    HANDLE_COMPLAINTS = "handle_complaints"  # how grave, abusive, why; problems (S33, S34)
    EXPERT_WORK = "expert_work"  # take, note, ask for pieces, treat, in one's departments
    ASSIGN_IN_DEPARTMENT = "assign_in_department"
    SEE_PERSONAL_DATA = "see_personal_data"
    SEE_DASHBOARD = "see_dashboard"
    BE_ALERTED = "be_alerted"  # told of dates that come near or are missed
    SIGN = "sign"  # let refusals leave, in the signatory's name
    SIGN_IN_DEPARTMENT = "sign_in_department"
    SUPERVISE = "supervise"  # assign anyone, cancel
    OVERRIDE = "override"  # let pass what bars a favourable answer, saying why
    ADMINISTER = "administer"  # staff accounts, catalogue, deliveries
    REVIEW_ACCESS = "review_access"  # the access log
    KEEP_KNOWLEDGE = "keep_knowledge"  # validate articles, write procedures, decide what is missing
    PROTECT_DATA = "protect_data"  # rights of persons, retention, holds, erasure


COMPLAINTS_TEAM = "proximite"  # the front-office team that all dissatisfaction reaches (S32)
# who reads the knowledge base at work, proposes articles and says what is out of date
KNOWLEDGE_READERS = (Right.FRONT_OFFICE, Right.EXPERT_WORK, Right.KEEP_KNOWLEDGE)

_FRONT = {
    Right.LOG_REQUEST,
    Right.FRONT_OFFICE,
    Right.SEE_PERSONAL_DATA,
    Right.BE_ALERTED,
}

RIGHTS: dict[Role, set[Right]] = {
    Role.AGENT_EAS: _FRONT,
    Role.AGENT_PROXIMITE: {*_FRONT, Right.HANDLE_COMPLAINTS},
    Role.SUPERVISEUR: {
        *_FRONT,
        Right.HANDLE_COMPLAINTS,
        Right.SUPERVISE,
        Right.OVERRIDE,
        Right.SIGN,
        Right.SEE_DASHBOARD,
    },
    Role.AGENT_EXPERT: {Right.EXPERT_WORK, Right.SEE_PERSONAL_DATA, Right.BE_ALERTED},
    Role.CHEF_SERVICE: {
        Right.EXPERT_WORK,
        Right.ASSIGN_IN_DEPARTMENT,
        Right.SIGN_IN_DEPARTMENT,
        Right.SEE_PERSONAL_DATA,
        Right.SEE_DASHBOARD,
        Right.BE_ALERTED,
    },
    Role.RESPONSABLE_CONNAISSANCE: {Right.KEEP_KNOWLEDGE},
    Role.REGISSEUR: set(),
    Role.MANAGER: {Right.SEE_DASHBOARD, Right.BE_ALERTED},
    Role.MAIRE: {Right.SEE_DASHBOARD},
    Role.FACILITATEUR: set(),
    Role.DPO: {Right.REVIEW_ACCESS, Right.PROTECT_DATA, Right.SEE_DASHBOARD},
    Role.ADMINISTRATEUR: {Right.ADMINISTER, Right.SEE_DASHBOARD},
}


@dataclass(frozen=True)
class Scope:
    """What one person may do and see, from all their memberships."""

    rights: frozenset[Right] = frozenset()
    everything: bool = False
    departments: frozenset[str] = field(default_factory=frozenset)
    teams: frozenset[str] = field(default_factory=frozenset)
    roles: frozenset[str] = field(default_factory=frozenset)
    user_id: int | None = None

    @cached_property
    def _restricted(self) -> list[Any]:
        """Restricted prestations, `is_named` or not; read when first asked for, as few pages do."""
        if not self.user_id:
            return []
        named = RightHolder.objects.current().filter(user=self.user_id, prestation=OuterRef("pk"))
        rows = Prestation.objects.restricted().annotate(is_named=Exists(named)).order_by("order")
        return list(rows.only("label"))

    @cached_property
    def closed(self) -> frozenset[str]:
        """Restricted prestations not named for them."""
        return frozenset(one.pk for one in self._restricted if not one.is_named)

    @property
    def named(self) -> "list[Prestation]":
        """Restricted prestations named for them, in the catalogue's order."""
        return [one for one in self._restricted if one.is_named]

    def may(self, right: Right) -> bool:
        return right in self.rights

    def is_closed(self, prestation_id: str) -> bool:
        """Whether only others, named for it, read this prestation's requests (L7)."""
        return prestation_id in self.closed

    @property
    def counts_everything(self) -> bool:
        """Whether this person's figures cover the whole town, not only their departments."""
        return any(
            Right.SEE_DASHBOARD in RIGHTS[Role(role)]
            and Right.EXPERT_WORK not in RIGHTS[Role(role)]
            for role in self.roles
        )


def scope_of(user) -> Scope:
    """Return what `user` may do, read from memberships once per user object.

    An inactive or anonymous user has no right at all. A new `user` object (each web request,
    each task) reads afresh, so that a withdrawn right ends with the next act.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return Scope()
    cached = user.__dict__.get("_scope")
    if cached is None:
        cached = user.__dict__["_scope"] = _read_scope(user)
    return cached


def _read_scope(user) -> Scope:
    memberships = list(user.memberships.all())
    rights = frozenset().union(*map(_rights_at, memberships))
    return Scope(
        rights=rights,
        everything=Right.FRONT_OFFICE in rights,
        departments=frozenset(
            m.department_id
            for m in memberships
            if m.department_id and Right.EXPERT_WORK in RIGHTS[Role(m.role)]
        ),
        teams=frozenset(m.team_id for m in memberships if m.team_id),
        roles=frozenset(m.role for m in memberships),
        user_id=user.pk,
    )


def _rights_at(place: Membership) -> set[Right]:
    """What a role gives at this place: complaints are for Proximité and its head."""
    rights = RIGHTS[Role(place.role)]
    return (
        rights if place.team_id in (COMPLAINTS_TEAM, None) else rights - {Right.HANDLE_COMPLAINTS}
    )


def places_with(right: Right) -> "QuerySet[Membership]":
    """The memberships that give a right, as `scope_of` reads them."""
    places = Membership.objects.filter(
        role__in=[r for r, rights in RIGHTS.items() if right in rights]
    )
    if right == Right.HANDLE_COMPLAINTS:
        return places.filter(Q(team=COMPLAINTS_TEAM) | Q(team=None))
    return places


def named_prestations(user_id: int) -> "QuerySet[Prestation]":
    """The restricted prestations for which this person is named today."""
    named = RightHolder.objects.current().filter(user=user_id)
    return Prestation.objects.restricted().filter(pk__in=named.values("prestation"))


def named_for(people: "QuerySet[User]", prestation: Prestation) -> "QuerySet[User]":
    """Those of `people` who may read the prestation's requests, as far as names go."""
    if not prestation.restricted:
        return people
    return people.filter(
        pk__in=RightHolder.objects.current().filter(prestation=prestation).values("user")
    )
