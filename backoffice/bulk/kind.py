"""What an act on many requests is: who may do it, what does it to one of them, what undoes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from backoffice.models import BulkRow
from massy_grc.users.models import User
from requests import actions
from requests.enums import Verb
from requests.exceptions import NotAllowed
from requests.models import Rekeying, ServiceRequest, Snooze, Watcher
from requests.permissions import Right, scope_of
from requests.workflow import VERBS

WORKING = frozenset({Right.FRONT_OFFICE, Right.EXPERT_WORK})
Data = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What was done about requests beside working on them.

    Attributes:
        watched: by request that somebody watches, whether they are told at once.
        away: the requests they have set aside.
        rekeyed: those that somebody noted as typed again in their prestation's program.
    """

    watched: dict[int, bool] = field(default_factory=dict)
    away: frozenset[int] = frozenset()
    rekeyed: frozenset[int] = frozenset()


def known_to(user: User, request_ids: Iterable[int]) -> Known:
    """Read it for all of them; three queries."""
    ids = list(request_ids)
    watched = Watcher.objects.filter(user=user, request__in=ids)
    away = Snooze.objects.away().filter(agent=user, request__in=ids)
    rekeyed = Rekeying.objects.standing().in_own_program().filter(request__in=ids)
    return Known(
        dict(watched.values_list("request", "at_once")),
        frozenset(away.values_list("request", flat=True)),
        frozenset(rekeyed.values_list("request", flat=True)),
    )


@dataclass(frozen=True)
class Did:
    """What was done to one request.

    Attributes:
        words: what is to be known of it, beside that it is done.
        back: what undoes it; None where nothing does.
    """

    words: str = ""
    back: Data | None = None


def _never_already(sr: ServiceRequest, user: User, data: Data, known: Known) -> str:
    return ""


def _always_undone(sr: ServiceRequest, known: Known) -> str:
    return ""


@dataclass(frozen=True)
class Kind:
    """One act.

    Attributes:
        verb: whose right and states decide; None: whoever works on requests and sees this one.
        will: what will happen to one request, told before.
        perform: does it to a request that is locked and as it was shown, with the form's data.
        already: why nothing would change, "" where something would; `data` is {} at first.
        lasting: why it could not be undone, "" where it could.
        undo: takes it back; None: nothing does.
        versioned: whether it is refused where the request has changed since it was shown.
        shut: why one may not, where that is not a matter of rights.
    """

    slug: str
    verb: Verb | None
    label: str | Promise
    icon: str
    will: Callable[[ServiceRequest, User], str]
    perform: Callable[[ServiceRequest, User, Data], Did]
    already: Callable[[ServiceRequest, User, Data, Known], str] = _never_already
    lasting: Callable[[ServiceRequest, Known], str] = _always_undone
    undo: Callable[[BulkRow, User], object] | None = None
    versioned: bool = True
    shut: str | Promise = ""

    def offered_to(self, user: User) -> bool:
        """Whether this person may do it to any request."""
        rights = VERBS[self.verb].rights if self.verb else WORKING
        return bool(scope_of(user).rights & rights)

    def why_not(self, sr: ServiceRequest, user: User) -> str:
        """Why this person may not do it to this request as it stands; "" where they may try."""
        if not scope_of(user).rights & WORKING:
            return str(NotAllowed.message)
        if self.verb is None:
            return ""
        if refusal := actions.unlawful(sr, self.verb, by_person=True):
            return str(refusal)
        if not actions.may(sr, self.verb, user):
            return str(self.shut or NotAllowed.message)
        return ""
