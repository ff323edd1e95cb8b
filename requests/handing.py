"""How the requester asked to receive the document: the answer `mode_remise` of its form."""

from requests.models import ServiceRequest

ANSWER = "mode_remise"
POSTED = "courrier"
COLLECTED_AT = {"retrait_principale": "mairie-principale", "retrait_annexe": "mairie-annexe"}


def is_posted(service_request: ServiceRequest) -> bool:
    """Whether the document is to be sent by post."""
    return _asked(service_request) == POSTED


def site_asked(service_request: ServiceRequest) -> str:
    """The code of the site where the requester wants to collect it; "" when not said."""
    return COLLECTED_AT.get(_asked(service_request), "")


def _asked(service_request: ServiceRequest) -> str:
    return str(service_request.answers.get("reponses", {}).get(ANSWER) or "")
