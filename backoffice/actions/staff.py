"""Staff accounts: roles, training, deactivation, the second factor.

Each act is written in the access log with who did it.
"""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from backoffice.actions.accesses import record_access
from backoffice.actions.technical import OPENED, note_technical
from massy_grc.outbox.api import queue_delivery
from massy_grc.users.invitations import VALIDITY, invitation_token
from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import (
    Department,
    LetterTemplate,
    Membership,
    Prestation,
    Site,
    Team,
    Training,
)
from requests.actions.notices import notify
from requests.enums import NoticeKind
from requests.exceptions import MissingInput, NotAllowed
from requests.letters import words
from requests.letters.engine import render
from requests.permissions import Right, scope_of

DEPARTMENT_ROLES = frozenset({Role.AGENT_EXPERT, Role.CHEF_SERVICE})
TEAM_ROLES = frozenset({Role.AGENT_EAS, Role.AGENT_PROXIMITE})
# who watches over personal data does not watch over what they set themselves
APART = frozenset({Role.DPO, Role.ADMINISTRATEUR})
TEMPLATE = "invitation-agent"


def _check(actor) -> None:
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed(_("Seul un administrateur gère les accès."))


def _log(actor, act: str, user_id: int, place: Membership | None = None) -> None:
    detail = None
    if place is not None:  # what an act on a role is about: codes, none of a person
        detail = {
            "role": str(place.role),
            "team": place.team_id,
            "department": place.department_id,
            "site": place.site_id,
        }
    record_access(user=actor, action=act, object_type="user", object_id=user_id, detail=detail)


def _tell_privacy_officers(membership: Membership, actor) -> None:
    """Whoever watches over personal data hears who may open accesses from now on."""
    officers = User.objects.filter(is_active=True, memberships__role=Role.DPO)
    notify(
        officers,
        kind=NoticeKind.ACCESS,
        key=f"access:{membership.pk}",
        actor_id=actor.pk,
        about=str(membership.user_id),
    )


def address_fault(email: str) -> str:
    """Return why no account can be opened for an address; "" where one can."""
    owner = User.objects.filter(email=email.strip().lower()).first()
    if owner is None:
        return ""
    if owner.is_citizen:
        return _("Cette adresse sert déjà à un compte citoyen : invitez l’adresse professionnelle.")
    return _("Cette adresse a déjà un accès : ouvrez-le dans la liste.")


def place_fault(role: Role, *, has_team: bool, has_department: bool) -> str:
    """Return which place a role lacks; "" where it has it."""
    if role in DEPARTMENT_ROLES and not has_department:
        return _("Ce rôle a besoin d’un service métier.")
    if role in TEAM_ROLES and not has_team:
        return _("Ce rôle a besoin d’une équipe d’accueil.")
    return ""


def _check_address(email: str) -> None:
    if fault := address_fault(email):
        raise MissingInput(fault)


def _locked(user_id: int) -> User:
    return User.objects.agents().select_for_update().get(pk=user_id)


@transaction.atomic
def invite_agent(
    *,
    actor,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    job_title: str = "",
    team: Team | None = None,
    department: Department | None = None,
    site: Site | None = None,
    now: datetime | None = None,
) -> User:
    """Open an account and send the link by which its owner sets the password.

    Raises:
        NotAllowed: the actor is no administrator.
        MissingInput: the address has an account already, or the role lacks its place.
    """
    _check(actor)
    email = email.strip().lower()
    _check_address(email)
    user = User.objects.create_user(
        email=email, first_name=first_name, last_name=last_name, job_title=job_title
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    add_membership(
        actor=actor, user_id=user.pk, role=role, team=team, department=department, site=site
    )
    send_invitation(actor=actor, user_id=user.pk, now=now)
    return user


@transaction.atomic
def open_first_administrator(
    *, email: str, first_name: str, last_name: str, now: datetime | None = None
) -> str:
    """Open the account from which all others are invited; return its activation link.

    Nobody acts here: whoever may run commands on the server may do this, once.

    Raises:
        MissingInput: there is an administrator already, or the address has an account.
    """
    administrators = Membership.objects.filter(role=Role.ADMINISTRATEUR, user__is_active=True)
    if administrators.exists():
        raise MissingInput(_("Il y a déjà un administrateur : c’est à lui d’inviter."))
    email = email.strip().lower()
    _check_address(email)
    user = User.objects.create_user(
        email=email,
        first_name=first_name,
        last_name=last_name,
        is_staff=True,
        is_superuser=True,
        invited_at=now or timezone.now(),
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Membership.objects.create(user=user, role=Role.ADMINISTRATEUR)
    note_technical(user, OPENED)
    return _activation_link(user)


@transaction.atomic
def send_invitation(*, actor, user_id: int, now: datetime | None = None) -> User:
    """Send a (new) invitation; an earlier link stops working.

    Raises:
        MissingInput: the account is closed, or its owner has set a password already.
    """
    _check(actor)
    now = now or timezone.now()
    user = _locked(user_id)
    if not user.is_active:
        raise MissingInput(_("Cet accès est fermé : rouvrez-le d’abord."))
    if user.has_usable_password():
        raise MissingInput(_("Cette personne a déjà choisi son mot de passe."))
    user.invited_at = now
    user.save(update_fields=["invited_at"])
    membership = user.memberships.select_related("team", "department").order_by("id").first()
    if membership is None:
        raise MissingInput(_("Donnez d’abord un rôle à cette personne."))
    template = LetterTemplate.objects.get(pk=TEMPLATE)
    place = membership.department or membership.team
    until = now + VALIDITY
    with override("fr"):
        values = {
            "invitation": {
                "prenom": user.first_name,
                "nom": user.last_name,
                "auteur": actor.get_full_name(),
                "role": str(Role(membership.role).label),
                "service": place.label if place else "",
            },
            "compte": {
                "expiration": f"{words.full_date(until)} à {words.clock(until)}",
                "lien_activation": _activation_link(user),
            },
        }
        subject, body = render(template.subject, values), render(template.body, values)
    queue_delivery(
        key=f"invitation:{user.pk}:{now.isoformat()}",
        to=user.email or "",
        subject=subject,
        body=body,
        about=f"user:{user.pk}",
    )
    _log(actor, "invite", user.pk)
    return user


def _activation_link(user: User) -> str:
    path = reverse("backoffice:accept_invitation", args=[invitation_token(user)])
    return f"{settings.PUBLIC_URL}{path}"


@transaction.atomic
def accept_invitation(*, user_id: int, password: str) -> User:
    """Set the invitee's first password; the link is void from now on.

    The caller has read the invitation and checked the password.

    Raises:
        MissingInput: it was accepted meanwhile.
    """
    user = _locked(user_id)
    if user.has_usable_password() or not user.is_active:
        raise MissingInput(_("Ce lien a déjà servi."))
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


@transaction.atomic
def add_membership(
    *,
    actor,
    user_id: int,
    role: str,
    team: Team | None = None,
    department: Department | None = None,
    site: Site | None = None,
) -> Membership:
    """Give a role at a place; giving it twice changes nothing.

    Raises:
        MissingInput: to oneself; an expert without department, a front-office agent without team;
            the privacy officer's role beside the administrator's.
    """
    _check(actor)
    if user_id == actor.pk:
        raise MissingInput(_("Personne ne se donne un rôle : demandez à un autre administrateur."))
    user = _locked(user_id)
    place_role = Role(role)
    if place_role in APART and user.memberships.filter(role__in=APART - {place_role}).exists():
        raise MissingInput(
            _(
                "Le délégué à la protection des données contrôle ce que règle un administrateur :"
                " une même personne n’a pas les deux rôles. Retirez d’abord l’autre."
            )
        )
    has = {"has_team": team is not None, "has_department": department is not None}
    if fault := place_fault(place_role, **has):
        raise MissingInput(fault)
    membership, created = Membership.objects.get_or_create(
        user=user,
        role=place_role,
        team=team if place_role not in DEPARTMENT_ROLES else None,
        department=department if place_role in DEPARTMENT_ROLES else None,
        site=site,
    )
    if created:
        _log(actor, f"grant:{place_role}"[:40], user_id, membership)
        if place_role == Role.ADMINISTRATEUR:
            _tell_privacy_officers(membership, actor)
    return membership


@transaction.atomic
def remove_membership(*, actor, user_id: int, membership_id: int) -> None:
    """Withdraw a role; it ends with the person's next request.

    Raises:
        MissingInput: one's own last administrator role: nobody could give it back.
    """
    _check(actor)
    membership = Membership.objects.select_for_update().get(pk=membership_id, user_id=user_id)
    if membership.role == Role.ADMINISTRATEUR and user_id == actor.pk:
        raise MissingInput(_("Demandez à un autre administrateur de retirer votre propre rôle."))
    membership.delete()
    _log(actor, f"withdraw:{membership.role}"[:40], user_id, membership)


@transaction.atomic
def choose_trainings(*, actor, user_id: int, prestations: Iterable[Prestation]) -> int:
    """Say which prestations an agent can treat alone; return how many.

    Read where a routing rule gives requests to a person.
    """
    _check(actor)
    user = _locked(user_id)
    chosen = {one.pk for one in prestations}
    user.trainings.exclude(prestation__in=chosen).delete()
    Training.objects.bulk_create(
        [Training(user=user, prestation_id=code) for code in chosen], ignore_conflicts=True
    )
    _log(actor, "train", user_id)
    return len(chosen)


@transaction.atomic
def deactivate_agent(*, actor, user_id: int) -> User:
    """Close an account: its sessions end at their next request; its files stay to hand over.

    Raises:
        MissingInput: one's own account.
    """
    _check(actor)
    if user_id == actor.pk:
        raise MissingInput(_("Vous ne pouvez pas fermer votre propre accès."))
    user = _locked(user_id)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _log(actor, "deactivate", user_id)
    return user


@transaction.atomic
def reactivate_agent(*, actor, user_id: int) -> User:
    """Open a closed account again, with the roles it still has."""
    _check(actor)
    user = _locked(user_id)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _log(actor, "reactivate", user_id)
    return user


@transaction.atomic
def reset_second_factor(*, actor, user_id: int) -> None:
    """Forget the phone and the recovery codes of somebody who lost them."""
    _check(actor)
    Authenticator.objects.filter(user_id=user_id).delete()
    _log(actor, "reset_second_factor", user_id)
