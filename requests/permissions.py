"""The one table of rights: what each role may do, and which requests it may see."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from prestations.enums import Role
from prestations.models import Prestation, RightHolder

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
