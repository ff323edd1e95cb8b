"""The form of a draft, as whoever fills it in has to answer it."""

from prestations.forms import Questionnaire
from prestations.forms.definition import REQUESTER
from prestations.privacy import RIGHTS_PRESTATION
from requests.models import FilingDraft


def questionnaire_of(draft: FilingDraft) -> Questionnaire:
    """Return the form of a draft.

    Who exercises a right over their data from an account with a proven address is identified by
    it: a postal address is offered, not demanded (GDPR, art. 11 and 12(2); CRPA R112-9-1 wants it
    of whoever has no account).
    """
    is_known = bool(draft.account and draft.account.user.email)
    spared = is_known and draft.prestation_id == RIGHTS_PRESTATION
    return Questionnaire(
        draft.form_version,
        draft.channel,
        draft.eligibility,
        optional=(f"{REQUESTER}.adresse",) if spared else (),
    )
