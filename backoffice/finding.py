"""What the one search box finds for somebody: only what they may see, best first."""

import re
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.safestring import SafeString

from backoffice.people import Found, find_people
from backoffice.posts import Post
from backoffice.presenting import short_date, state_badge
from massy_grc.common.text import fold, is_phone
from massy_grc.users.models import User
from prestations.enums import Channel, EntryKind
from prestations.models import KnowledgeArticle, Prestation, Street
from prestations.searching import ARTICLE_KINDS, search_articles, search_prestations
from prestations.streets.lookup import streets_like
from prestations.translation import catalogue_text
from requests.models import ServiceRequest
from requests.permissions import KNOWLEDGE_READERS, Right, scope_of
from requests.references import parse_reference, references_ending

FEWER = 2  # words offered one by one when they find nothing together
SHORTEST = 2  # characters from which anything is looked for
MOST_CHARACTERS = 200
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Most:
    """How many of each are shown."""

    people: int
    requests: int
    others: int


ON_THE_PAGE = Most(people=8, requests=20, others=6)
IN_THE_BOX = Most(people=5, requests=6, others=3)


@dataclass(frozen=True)
class Line:
    """A request among those found."""

    sr: ServiceRequest
    state: SafeString
    day: str


@dataclass(frozen=True)
class Offer:
    """A prestation among those found; `may_log`: at this agent's post."""

    prestation: Prestation
    may_log: bool


@dataclass
class Findings:
    """All that was found.

    Attributes:
        exact: the request whose reference was typed.
        people_last: the people only sound alike, and something else is named as typed.
        streets_first: one of the streets is named as typed: before the requests there.
    """

    exact: ServiceRequest | None = None
    people: list[Found] = field(default_factory=list)
    more_people: bool = False
    people_last: bool = False
    requests: list[Line] = field(default_factory=list)
    more_requests: bool = False
    streets: list[Street] = field(default_factory=list)
    streets_first: bool = False
    offers: list[Offer] = field(default_factory=list)
    articles: list[KnowledgeArticle] = field(default_factory=list)
    reads_articles: bool = False  # on the agents' page of each, else on the public one

    @property
    def has_more(self) -> bool:
        """Whether others were found than those shown."""
        return self.more_people or self.more_requests

    @property
    def number(self) -> int:
        """How many in all."""
        of_a_person = len(self.people) + len(self.requests) + (self.exact is not None)
        return of_a_person + len(self.streets) + len(self.offers) + len(self.articles)


def typed(text: str) -> str:
    """Return what somebody typed, on one line, without what no database takes."""
    return " ".join(text[:MOST_CHARACTERS].replace("\x00", "").split())


def exact_request(q: str, user: User) -> ServiceRequest | None:
    """Return the request of which `q` is the reference, if `user` may see it."""
    reference = parse_reference(q)
    if reference is None:
        return None
    return ServiceRequest.objects.visible_to(user).filter(reference=reference).first()


def find(q: str, user: User, post: Post | None, most: Most) -> Findings:
    """Look everywhere `user` may look; the same queries whatever is found, but for people.

    Args:
        q: as `typed` returns it.
        post: where they sit: which prestations may be logged there.
    """
    found = Findings(exact=exact_request(q, user))
    if len(q) < SHORTEST or found.exact:
        return found
    scope = scope_of(user)
    if scope.may(Right.LOG_REQUEST):
        people = find_people(q, user, limit=most.people + 1)
        found.people, found.more_people = people[: most.people], len(people) > most.people
    if scope.everything or scope.departments:
        requests = _requests(q, user, most.requests + 1)
        found.requests = requests[: most.requests]
        found.more_requests = len(requests) > most.requests
    if is_phone(q):  # a number names people and requests only
        return found
    if scope.everything or scope.departments:
        found.streets = streets_like(q, most.others)
        found.streets_first = any(_names(street.name, q) for street in found.streets)
    channel = post.channel if post else Channel.GUICHET
    found.offers = [
        Offer(one, scope.may(Right.LOG_REQUEST) and one.open_on(channel))
        for one in search_prestations(q)[: most.others]
    ]
    found.reads_articles = bool(scope.rights & {*KNOWLEDGE_READERS})
    kinds = ARTICLE_KINDS if found.reads_articles else (EntryKind.ARTICLE,)
    found.articles, _understood = search_articles(q, kinds, most.others)
    found.people_last = "@" not in q and _only_alike(found, q)
    return found


def fewer_words(q: str) -> list[str]:
    """The longest words of `q`, each to be looked for alone; none where `q` is one word."""
    words = dict.fromkeys(q.split())
    long = [word for word in words if len(word) > SHORTEST]
    return sorted(long, key=len, reverse=True)[:FEWER] if len(words) > 1 else []


def _only_alike(found: Findings, q: str) -> bool:
    """Whether nobody found is named as `q` says, and something else is."""
    if not all(one.is_alike for one in found.people):
        return False
    names = [street.name for street in found.streets]
    names += [catalogue_text(offer.prestation.label) for offer in found.offers]
    names += [article.label for article in found.articles]
    names += [f"{line.sr.subject} {line.sr.place}" for line in found.requests]
    return any(_names(name, q) for name in names)


def _names(name: str, q: str) -> bool:
    """Whether each word of `q` begins a word of `name`."""
    words = _WORD.findall(fold(name))
    return all(any(word.startswith(typed) for word in words) for typed in _WORD.findall(fold(q)))


def _requests(q: str, user: User, most: int) -> list[Line]:
    """Those of which `q` ends the reference, this year's or the last one's; then by their words."""
    rows = ServiceRequest.objects.select_related("prestation")
    found = []
    if references := recent_references(q):
        found = list(rows.visible_to(user).filter(reference__in=references).order_by("-reference"))
    found += [sr for sr in rows.newest_matching(q, most, user=user) if sr not in found]
    return [line_of(sr) for sr in found[:most]]


def recent_references(q: str) -> list[str]:
    """The references that `q` may end, of this year and of the last one."""
    year = timezone.localdate().year
    return references_ending(q, year, year - 1)


def line_of(sr: ServiceRequest) -> Line:
    """A request as a list of results shows it."""
    return Line(sr, state_badge(sr), short_date(sr.arrived_at))
