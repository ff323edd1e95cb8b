"""Everything the town holds about one person, gathered for the copy they ask for.

What agents wrote among themselves is not in it: it may speak of others. The officer reads it
first and adds what may be given (docs/privacy.md).
"""

import re
from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from citizens.models import Citizen, ConsentEvent, OrganisationMember
from massy_grc.audit.models import AccessRecord
from massy_grc.outbox.models import Delivery
from prestations.forms import Questionnaire
from prestations.models import FormVersion
from requests.enums import Verb
from requests.models import (
    Attachment,
    CallBack,
    Document,
    FilingDraft,
    ReportFollower,
    ServiceRequest,
    WalletDocument,
)

INTERNAL = (Verb.NOTE, Verb.PROPOSE_QUESTION, Verb.REFUSE_QUESTION, Verb.HOLD, Verb.RELEASE)


def gather(citizen: Citizen) -> dict[str, Any]:
    """Return the copy as plain data, ready for JSON; as many queries for one request or many."""
    requests = list(
        citizen.requests.filter(organisation_account=None)
        .select_related(
            "prestation",
            "team",
            "department",
            "closing_reason",
            "concerned",
            "qualification",
            "form_version",
        )
        .prefetch_related("call_backs")
