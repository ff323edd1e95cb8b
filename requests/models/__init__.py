"""What is asked."""

from requests.models.behalf import ConcernedPerson
from requests.models.calendar import Recalculation
from requests.models.checks import FileCheck, HandOver, Override
from requests.models.complaints import CallBack, Complaint, Problem, ProblemMember
from requests.models.conversation import (
    Contact,
    InternalNote,
    Message,
    PieceRequest,
    ProposedDecision,
    ProposedQuestion,
)
from requests.models.cooperation import Mention, Pin, Presence, Snooze, Watcher
from requests.models.daily import DailyRun
from requests.models.documents import (
    Attachment,
    Document,
    FilingDraft,
    ReceivedFile,
    StoredFile,
)
from requests.models.events import Alert, ReferenceCounter, RequestEvent
from requests.models.following import ReportFollower
from requests.models.knowledge import ArticleUse, ProcedureTick
from requests.models.links import RequestLink
from requests.models.news import SpokenNews
from requests.models.notices import Notice, NoticeChoice
from requests.models.printing import BatchRemoval, PrintBatch
from requests.models.privacy import (
    DataExport,
    Erasure,
    LegalHold,
    PersonalLetter,
    RetentionApproval,
    RetentionRun,
)
from requests.models.qualification import (
    AutomaticThreshold,
    ClassifierVersion,
    Qualification,
)
from requests.models.rating import Rating
from requests.models.record_notes import RecordNote
from requests.models.rekeying import Rekeying
from requests.models.request import OWED_DATES, ServiceRequest
from requests.models.routing import RoutingReplay, RoutingRule
from requests.models.sending import Sending
from requests.models.tasks import Task
from requests.models.wallet import WalletDocument

__all__ = [
    "OWED_DATES",
    "Alert",
    "ArticleUse",
    "Attachment",
    "AutomaticThreshold",
    "BatchRemoval",
    "CallBack",
    "ClassifierVersion",
    "Complaint",
    "ConcernedPerson",
    "Contact",
    "DailyRun",
    "DataExport",
    "Document",
    "Erasure",
    "FileCheck",
    "FilingDraft",
    "HandOver",
    "InternalNote",
    "LegalHold",
    "Mention",
    "Message",
    "Notice",
    "NoticeChoice",
    "Override",
    "PersonalLetter",
    "PieceRequest",
    "Pin",
    "Presence",
    "PrintBatch",
    "Problem",
    "ProblemMember",
    "ProcedureTick",
    "ProposedDecision",
    "ProposedQuestion",
    "Qualification",
    "Rating",
    "Recalculation",
    "ReceivedFile",
    "RecordNote",
    "ReferenceCounter",
    "Rekeying",
    "ReportFollower",
    "RequestEvent",
    "RequestLink",
    "RetentionApproval",
    "RetentionRun",
    "RoutingReplay",
    "RoutingRule",
    "Sending",
    "ServiceRequest",
    "Snooze",
    "SpokenNews",
    "StoredFile",
    "Task",
    "WalletDocument",
    "Watcher",
]
