"""Which requests an export holds: those of the list as its owner may read it at that moment."""

import hashlib
from datetime import datetime

from django.http import QueryDict
from django.utils.http import urlencode

from backoffice.listed import EVERY_FILTER, ListedRequests, listed_requests
from backoffice.queue_layout import COLUMN, COLUMNS
from backoffice.saved_views import kept_query
from massy_grc.users.models import User
from requests.permissions import scope_of

SEARCH = "q"  # may name a person: an export never keeps it
NAMES = EVERY_FILTER - {SEARCH}


def exported_query(params: QueryDict, shown: str = "") -> str:
    """What is kept of a list's address for its export, as `kept_query`; figures' filters too."""
    return kept_query(params, shown, names=NAMES)


def with_every_column(query: str) -> str:
    """The same list with all the columns that there are."""
    params = QueryDict(query, mutable=True)
    params.setlist(COLUMN, sorted(COLUMNS))
    return urlencode(sorted(params.lists()), doseq=True)


def exported_list(query: str, user: User, now: datetime) -> ListedRequests | None:
    """The list that `query` names, for `user` now; None when they may not open it."""
    return listed_requests(query, user, now, names=NAMES, behind_figures=True)


def rights_of(user: User) -> str:
    """A digest of all that decides what `user` may see; the same while nothing has changed."""
    scope = scope_of(user)
    held = (scope.rights, scope.departments, scope.teams, scope.roles, scope.closed)
    told = [str(scope.everything), *(",".join(sorted(one)) for one in held)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
