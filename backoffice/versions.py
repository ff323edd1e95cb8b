"""What the pages of articles and of letters share: both show texts that wait for a decision."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied

from backoffice.access import AgentRequest
from massy_grc.common.posted import posted_id
from requests.exceptions import NotAllowed, RequestError


def posted_number(request: AgentRequest) -> int:
    """Return the number of the text that the page showed; -1, which none has, when it is amiss."""
    number = posted_id(request.POST.get("seen"))
    return -1 if number is None else number


def tell_outcome(request: AgentRequest, act: Callable[[], object], done: object) -> None:
    """Do an act, and say on the next page what came of it.

    Args:
        act: a verb with its arguments.
        done: what is said once it is done.

    Raises:
        PermissionDenied: the person may not.
    """
    try:
        act()
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(done))
