"""What the page of a request shows of what is made sure of."""

from requests.actions import needs_approval
from requests.blocking import Standing, fee_of, identity_of, obstacles, pieces_of
from requests.enums import FINAL_STATES, State, Verb
from requests.models import ServiceRequest


def checks_context(sr: ServiceRequest) -> dict:
    """What still bars a favourable answer, the delivery or the end, and what is made sure of."""
    running = sr.state not in (*FINAL_STATES, State.A_QUALIFIER)
    found = obstacles(sr, Verb.CLOSE) if running else []
    asked = running and needs_approval(sr, None)
    pieces = pieces_of(sr)
    return {
        "before_yes": [one for one in found if not one.delivery and not one.end],
        "before_delivery": [one for one in found if one.delivery],
        "before_end": [one for one in found if one.end],
        "who_lifts": dict.fromkeys(one.lifts for one in found),
        "approval": sr.prestation.approval if asked else "",
        "checked_pieces": [one for one in pieces if running or one.standing != Standing.MISSING],
        "has_checks": bool(sr.prestation.checks or pieces),
        "identity": identity_of(sr),
        "fee": fee_of(sr),
        "hand_overs": sr.hand_overs.select_related("by"),
    }
