"""Who asks."""

from citizens.models.account import CitizenAccount, SignedInDevice
from citizens.models.consent import ConsentEvent
from citizens.models.household import HouseholdTie
from citizens.models.identity import FederatedIdentity, PossibleDuplicate
from citizens.models.merge import UNDO_FOR, CitizenMerge
from citizens.models.newsletter import Issue, Newsletter, Subscription
from citizens.models.organisation import (
    OrganisationAccount,
    OrganisationChange,
    OrganisationInvitation,
    OrganisationMember,
)
from citizens.models.person import Citizen, Organisation
from citizens.models.proofs import EmailChange, MailRequest

__all__ = [
    "UNDO_FOR",
    "Citizen",
    "CitizenAccount",
    "CitizenMerge",
    "ConsentEvent",
    "EmailChange",
    "FederatedIdentity",
    "HouseholdTie",
    "Issue",
    "MailRequest",
    "Newsletter",
    "Organisation",
    "OrganisationAccount",
    "OrganisationChange",
    "OrganisationInvitation",
    "OrganisationMember",
    "PossibleDuplicate",
    "SignedInDevice",
    "Subscription",
]
