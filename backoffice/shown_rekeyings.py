"""Where a request was typed again, or is to be, as its page shows it."""

from collections.abc import Collection
from typing import Any

from requests.enums import State, Verb
from requests.models import ServiceRequest


def rekeyings_of(sr: ServiceRequest, verbs: Collection[Verb]) -> dict[str, Any]:
    """What `request_rekeyed.html` shows; two queries whatever was noted.

    Args:
        verbs: what the reader may do now.
    """
    noted = list(sr.rekeyings.standing().select_related("software", "by"))
    program = sr.prestation.double_entry_in
    may_note = Verb.REKEY in verbs
    is_done = program in {one.software for one in noted}
    is_counted = sr.state != State.ANNULEE and sr.merged_into_id is None
    return {
        "rekeyings": noted,
        "to_rekey_in": program if is_counted and not is_done else None,
        "may_rekey": may_note and program is not None,
        "may_unrekey": may_note and bool(noted),
    }
