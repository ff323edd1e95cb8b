"""A contract is proposed by the front office and comes in force when the department agrees (S3)."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.enums import LEVEL
from massy_grc.outbox.api import queue_delivery
from massy_grc.users.models import User
from prestations.agreeing import contract_terms, set_service_level, write_contract
from prestations.agreements import terms_of
from prestations.configuration import act_of_now, recorded
from prestations.models import (
    ContractProposal,
    Department,
    LevelAnswer,
    Prestation,
    ServiceContract,
    ServiceLevel,
)
from requests.actions import notify, wanting_mail
from requests.enums import NoticeKind
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.notifications.sending import GREETING
from requests.permissions import Right, places_with, scope_of


def heads_of(department: Department) -> list[User]:
    """Return the heads of a department who are at work."""
    places = places_with(Right.ASSIGN_IN_DEPARTMENT).filter(department=department)
    return list(User.objects.filter(pk__in=places.values("user"), is_active=True).order_by("pk"))


@transaction.atomic
def propose_contract(
    *, department: Department, actor, now: datetime | None = None, **terms
) -> ContractProposal | None:
    """Propose a contract to a department; one that waits is replaced, and kept.

    Args:
        terms: of `prestations.agreeing.contract_terms`.

    Returns:
        The proposal that waits, perhaps one that said the same; None when the contract in force
        does.

    Raises:
        NotAllowed: no administrator acts.
        EmptySections, TakenTooLate, ContractBeyondPromise: see `contract_terms`.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    now = now or timezone.now()
    wanted = contract_terms(**terms)
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    known = ServiceContract.objects.filter(department=department, is_active=True).first()
    if known and model_to_dict(known, wanted) == wanted:
        return None
    waiting = department.contract_proposals.filter(approved=None).first()
    if waiting and model_to_dict(waiting, wanted) == wanted:
        return waiting
    ContractProposal.objects.filter(department=department, approved=None).update(
        approved=False, decided_by=actor, decided_at=now, why=ContractProposal.REPLACED
    )
    made = ContractProposal.objects.create(
        department=department, author=actor, at=now, act=act_of_now(), **wanted
    )
    _tell_of(
        made,
        heads_of(department),
        by=actor,
        subject=f"Contrat de service à approuver : {department.label}",
        said="L'accueil propose un contrat à votre service. Il n'est en vigueur que si vous"
        " l'approuvez.",
    )
    return made


@transaction.atomic
def decide_contract(
    *, proposal_id: int, actor, approved: bool, why: str = "", now: datetime | None = None
) -> ContractProposal:
    """Answer a proposal in the department's name; an approved one is in force from now on.

    Raises:
        NotAllowed: not a head of this department, or its author.
        IllegalTransition: it was answered or replaced already.
        MissingInput: a refusal that does not say why.
        ContractBeyondPromise: the citizen has been promised less since it was proposed.
    """
    now = now or timezone.now()
    proposal = ContractProposal.objects.select_related("department", "author").get(pk=proposal_id)
    if actor not in heads_of(proposal.department) or actor == proposal.author:
        raise NotAllowed
    with recorded("contracts", proposal.department_id, actor=actor):
        proposal = ContractProposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
        if proposal.approved is not None:
            if proposal.department.contract_proposals.filter(approved=None).exists():
                raise IllegalTransition(_("Elle a été remplacée : voici la nouvelle."))
            raise IllegalTransition(_("Cette proposition a déjà reçu une réponse."))
        if not approved and not why.strip():
            raise MissingInput(_("Dites à l’accueil ce qui ne convient pas."))
        proposal.approved, proposal.decided_by, proposal.decided_at = approved, actor, now
        proposal.why = "" if approved else why.strip()[:500]
        proposal.save(update_fields=["approved", "decided_by", "decided_at", "why"])
        if approved:
            terms = model_to_dict(proposal, TERMS)
            terms["prestations"] = Prestation.objects.filter(pk__in=proposal.prestations)
            write_contract(
                department=proposal.department,
                actor=proposal.author,
                approved_by=actor,
                now=now,
                **terms,
            )
    answer = "approuve" if approved else "refuse"
    _tell_of(
        proposal,
        [proposal.author],
        by=actor,
        subject=f"Le service {proposal.department.label} {answer} le contrat",
        said="Il est en vigueur, pour les demandes à venir." if approved else proposal.why,
    )
    return proposal


@transaction.atomic
def withdraw_contract(*, proposal_id: int, actor, now: datetime | None = None) -> ContractProposal:
    """Take a proposal back before the department answers; what is in force stays.

    Raises:
        NotAllowed: no administrator acts.
        IllegalTransition: it was answered, replaced or withdrawn already.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    locked = ContractProposal.objects.select_for_update(of=("self",))
    proposal = locked.select_related("department", "author").get(pk=proposal_id)
    if proposal.approved is not None:
        raise IllegalTransition(_("Cette proposition a déjà reçu une réponse."))
    proposal.approved, proposal.decided_by = False, actor
    proposal.decided_at, proposal.why = now or timezone.now(), ContractProposal.WITHDRAWN
    proposal.save(update_fields=["approved", "decided_by", "decided_at", "why"])
    _tell_of(
        proposal,
        heads_of(proposal.department),
        by=actor,
        subject=f"Contrat de service retiré : {proposal.department.label}",
        said="L'accueil retire sa proposition de contrat : vous n'avez plus à répondre.",
    )
    return proposal


@transaction.atomic
def set_level(*, prestation: Prestation, department: Department, actor, **days) -> bool:
    """Set the delays of one prestation; the department's heads hear of stricter ones.

    Args:
        days: of `prestations.agreeing.set_service_level`.

    Returns:
        Whether they were told: it asks more than the department agreed to.

    Raises:
        NotAllowed: no administrator acts.
        BeyondPromise, TakenTooLate: see `set_service_level`.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    with recorded("service_levels", f"{prestation.pk}:{department.pk}", actor=actor):
        level = set_service_level(prestation=prestation, department=department, actor=actor, **days)
    return level is not None and tell_if_stricter(level, by=actor)


def tell_if_stricter(level: ServiceLevel, *, by: User | None) -> bool:
    """Tell a department's heads of delays that ask more than it agreed to, however they came.

    Args:
        by: who set them; None: a command.
    """
    prestation, department = level.prestation, level.department
    (terms,) = terms_of([(prestation, department)])
    if not terms.is_stricter:
        return False
    _tell(
        heads_of(department),
        department=department.pk,
        key=f"level:{level.pk}",
        about=f"{LEVEL}{level.pk}",
        by=by,
        subject=f"Délais plus stricts que votre contrat : {prestation.label}",
        said="L'accueil fixe pour cette prestation des délais plus stricts que ceux que votre"
        " service a approuvés. Dites sur la page du contrat si vous les acceptez.",
    )
    return True


TERMS = (
    *("prestations", "information", "take_days", "treat_days", "on_time_percent"),
    *("resources", "evaluation"),
)


def _tell_of(proposal: ContractProposal, people: Iterable[User], **told) -> None:
    _tell(
        people,
        department=proposal.department_id,
        key=f"contract:{proposal.pk}:{proposal.approved}",
        about=str(proposal.pk),
        **told,
    )


def _tell(
    people: Iterable[User],
    *,
    department: str,
    key: str,
    about: str,
    by: User | None,
    subject: str,
    said: str,
) -> None:
    page = reverse("backoffice:contract", args=[department])
    people = list(people)
    notify(people, kind=NoticeKind.CONTRACT, key=key, actor_id=by.pk if by else None, about=about)
    for one in wanting_mail(NoticeKind.CONTRACT, people).values():
        queue_delivery(
            key=f"{key}:{one.pk}",
            to=str(one.email),  # an agent always has one
            subject=subject,
            body=f"{GREETING}\n\n{said}\n\n{settings.PUBLIC_URL}{page}",
            about="contract",
        )


@transaction.atomic
def answer_level(
    *, level_id: int, actor, agreed: bool, why: str = "", now: datetime | None = None
) -> LevelAnswer:
    """Say in the department's name whether it agrees to delays stricter than its contract.

    Raises:
        NotAllowed: not a head of this department, or who set them.
        IllegalTransition: others were set since, or it was answered already.
        MissingInput: a refusal that does not say why.
    """
    rows = ServiceLevel.objects.select_related("prestation", "department", "actor")
    level = rows.get(pk=level_id)
    if actor not in heads_of(level.department) or actor == level.actor:
        raise NotAllowed
    Department.objects.select_for_update(no_key=True).get(pk=level.department_id)
    (terms,) = terms_of([(level.prestation, level.department)])
    if terms.chosen != level or not terms.is_stricter:
        raise IllegalTransition(_("Ces délais ont changé : voici ceux d’aujourd’hui."))
    if terms.answer is not None:
        raise IllegalTransition(_("Ces délais ont déjà reçu une réponse."))
    if not agreed and not why.strip():
        raise MissingInput(_("Dites à l’accueil ce qui ne convient pas."))
    answer = LevelAnswer.objects.create(
        level=level,
        agreed=agreed,
        why="" if agreed else why.strip()[:500],
        by=actor,
        at=now or timezone.now(),
    )
    said = "accepte" if agreed else "n'accepte pas"
    _tell(
        [level.actor],
        department=level.department_id,
        key=f"level-answer:{level.pk}",
        about=f"{LEVEL}{level.pk}",
        by=actor,
        subject=f"Le service {level.department.label} {said} les délais : {level.prestation.label}",
        said="Ils gardent leur place à côté du contrat." if agreed else answer.why,
    )
    return answer
