"""What the town offers, and who offers it."""

from prestations.models.absence import Absence
from prestations.models.agreements import (
    ContractProposal,
    ContractVersion,
    LevelAnswer,
    ServiceContract,
    ServiceLevel,
)
from prestations.models.authorities import Authority
from prestations.models.campaign import Campaign, CampaignDay
from prestations.models.catalogue import (
    AudienceChoice,
    Category,
    FormVersion,
    PortalEntry,
    PortalGroup,
    Prestation,
)
from prestations.models.configuration import ConfigurationChange
from prestations.models.editing import FormDraft, FormPublication, TownTranslation
from prestations.models.escalation import AlertMailChoice, EscalationStep
from prestations.models.feedback import ArticleOpinion, MissingAnswer
from prestations.models.holders import RightHolder
from prestations.models.knowledge import ArticleRemark, ArticleVersion, KnowledgeArticle
from prestations.models.organisation import (
    Closure,
    Department,
    Direction,
    Facility,
    Membership,
    PostType,
    Site,
    Team,
    Town,
)
from prestations.models.privacy import Processing
from prestations.models.procedure import Procedure, ProcedureStep
from prestations.models.regimes import RegimeConfirmation
from prestations.models.search import SearchEntry, SearchPhrase, SearchTerm
from prestations.models.software import Software
from prestations.models.streets import Address, Street
from prestations.models.texts import (
    ClosingReason,
    LetterTemplate,
    LetterVersion,
    RootCause,
    Severity,
    Signatory,
)
from prestations.models.training import Training

__all__ = [
    "Absence",
    "Address",
    "AlertMailChoice",
    "ArticleOpinion",
    "ArticleRemark",
    "ArticleVersion",
    "AudienceChoice",
    "Authority",
    "Campaign",
    "CampaignDay",
    "Category",
    "ClosingReason",
    "Closure",
    "ConfigurationChange",
    "ContractProposal",
    "ContractVersion",
    "Department",
    "Direction",
    "EscalationStep",
    "Facility",
    "FormDraft",
    "FormPublication",
    "FormVersion",
    "KnowledgeArticle",
    "LetterTemplate",
    "LetterVersion",
    "LevelAnswer",
    "Membership",
    "MissingAnswer",
    "PortalEntry",
    "PortalGroup",
    "PostType",
    "Prestation",
    "Procedure",
    "ProcedureStep",
    "Processing",
    "RegimeConfirmation",
    "RightHolder",
    "RootCause",
    "SearchEntry",
    "SearchPhrase",
    "SearchTerm",
    "ServiceContract",
    "ServiceLevel",
    "Severity",
    "Signatory",
    "Site",
    "Software",
    "Street",
    "Team",
    "Town",
    "TownTranslation",
    "Training",
]
