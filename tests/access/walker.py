"""Who walks through all the addresses, what they ask for, and how an answer is judged."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from unittest.mock import patch

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import resolve

from massy_grc.users.models import User
from prestations.enums import Role
from tests.access.table import Kind, Route, routes
from tests.access.world import Owner, World
from tests.backoffice.conftest import BACKEND, client_of
from tests.backoffice.views.test_access import ALLOWED, EXPERTS, FIGURES, FRONT
from tests.helpers import post_form
from tests.massy_grc.test_hostile_values import form_names, read_names

ANONYMOUS, SECOND, SUSPENDED = "anonymous", "second citizen", "suspended"
FOREIGN_EXPERTS = tuple(f"{role}-parks" for role in sorted(EXPERTS))
ACTORS = (ANONYMOUS, SECOND, SUSPENDED, *FOREIGN_EXPERTS, *map(str, Role))
REFUSED = {403, 404, 405, 410}
DOORS = ("/compte/login/", "/compte/reauthenticate/", "/technique/")
# What is another department's: a role that opens these pages opens only its own.
SCOPED = {"backoffice:request", "backoffice:file", "backoffice:act", "backoffice:contract"}
DASHBOARD = FIGURES | {Role.SUPERVISEUR, Role.CHEF_SERVICE}
# Made for links of other libraries or with a page of their own: they say « void » with 200.
# the link to the question at the end is void while the request is open
SAYS_VOID = {
    "account_reset_password_from_key",
    "backoffice:accept_invitation",
    "requests:rate_by_link",
}


# One and the same gate (`agent_page`) refuses citizens and roles. The whole way, with the page that
# says so, goes each of them at each seventh address, and two of them or three at each address.
WHOLE_WAY = 7

# (address, method) that answered 405: it says so before it looks at who asks.
no_such_method: set[tuple[str, str]] = set()


@dataclass
class Walker:
    """One actor's way through all addresses.

    Attributes:
        wrong: what was let through, by address.
        own: the addresses are of the actor's own things, and may open.
    """

    actor: str
    world: World
    client: Client
    wrong: list[str]
    own: bool = False

    def ask(self, route: Route, method: str, address: str, data: dict | None = None) -> None:
        """Ask for one address and judge the answer."""
        get = method == "get"
        answer = self.client.get(address) if get else post_form(self.client, address, data or {})
        if answer.status_code == 405:
            no_such_method.add((route.name, method))
        asked = f"{method.upper()} {route.name} ({address[:90]}): {answer.status_code}"
        if answer.status_code >= 500:
            self.wrong.append(asked)
        if route.kind is Kind.STAFF and self.opens(route) and answer.status_code == 403:
            self.wrong.append(f"{asked}, shut")
        if not self.own and self.is_foreign_to(route) and not _refused(answer):
            self.wrong.append(f"{asked} {answer.headers.get('Location', '')}, not refused")
        if not self.may_read(route):
            typed = set((data or {}).values())
            told = heard(answer, self.world.first, address, typed)
            if told:
                self.wrong.append(f"{asked} tells {told}")

    @property
    def role(self) -> Role | None:
        base = self.actor.removesuffix("-parks")
        return Role(base) if base in set(Role) else None

    @cached_property
    def user(self) -> User:
        """The actor as a request reads them."""
        return User.objects.get(pk=self.client.session["_auth_user_id"])

    def stops_at_the_gate(self, route: Route, method: str, address: str) -> bool:
        """Whether the view refuses them before it reads anything; then nothing is told."""
        if (
            route.kind is not Kind.STAFF
            or self.actor in (ANONYMOUS, SUSPENDED)
            or self.opens(route)
        ):
            return False
        match = resolve(address)
        request = getattr(RequestFactory(), method)(address)
        request.user = self.user
        try:
            with patch("backoffice.access.withdrawn", side_effect=PermissionDenied):
                match.func(request, *match.args, **match.kwargs)
        except PermissionDenied:
            return True
        except AttributeError:  # it read on, of a request that no middleware has seen
            return False
        return False

    def opens(self, route: Route) -> bool:
        """Whether the role opens this page of the staff, whatever is in it."""
        return self.role in roles_that_open(route)

    def may_read(self, route: Route) -> bool:
        """Whether the first citizen's words may be in the answer."""
        if route.kind is not Kind.STAFF or self.role is None or self.actor in FOREIGN_EXPERTS:
            return False
        if route.name == "backoffice:missing_answers":  # what was asked in vain is its matter
            return self.opens(route)
        officers = route.name.startswith("backoffice:privacy") and self.role is Role.DPO
        return self.opens(route) and (self.role in FRONT | EXPERTS or officers)

    def is_foreign_to(self, route: Route) -> bool:
        """Whether the actor has no business at this address of the first citizen's."""
        match route.kind:
            case Kind.OWN | Kind.TECHNICAL | Kind.DEMO:
                return True
            case Kind.LINK:
                return route.name not in SAYS_VOID
            case Kind.SPACE:
                return self.actor != SECOND
            case Kind.STAFF:
                scoped = route.name in SCOPED and self.actor in FOREIGN_EXPERTS
                return scoped or not self.opens(route)
        return False


def roles_that_open(route: Route) -> set[Role]:
    """Whom a page of the staff lets in."""
    if route.name == "backoffice:dashboard":
        return DASHBOARD
    return ALLOWED[route.name.removeprefix("backoffice:")]


def _refused(answer) -> bool:
    at_the_door = answer.status_code == 302 and answer.headers["Location"].startswith(DOORS)
    return answer.status_code in REFUSED or at_the_door


def heard(answer, owner: Owner, address: str, typed: set[str]) -> list[str]:
    """The owner's words in an answer, but for the address asked for and what was typed."""
    content = b"".join(answer) if answer.streaming else answer.content
    text = content.decode("utf-8", "replace") + str(answer.headers)
    text = re.sub(r"\s|%20|\u00a0", " ", text.replace(address, "")).lower()
    return [word for word in owner.canaries if word.lower() in text and word not in typed]


def client_for(actor: str, world: World, staff: dict) -> Client:
    if actor == ANONYMOUS:
        return Client()
    if actor == SECOND:
        client = Client()
        client.force_login(world.second.account.user, BACKEND)
        return client
    user = staff[actor]
    client = client_of(user, post="guichet" if actor in {*map(str, FRONT), SUSPENDED} else None)
    if actor == SUSPENDED:
        user.is_active = False
        user.save()
    return client


def meddling(owner: Owner) -> dict:
    """A form in which every name that a view or a form reads carries something of `owner`'s."""
    names = read_names("POST") | form_names() | {"confirm", "version", "secret"}
    return dict.fromkeys(names, str(owner.request.pk)) | {
        "reference": owner.request.reference,
        "demande": owner.request.reference,
        "remove": str(owner.draft_file.pk),
        "wallet": str(owner.kept_document.pk),
        "email": "intrus@courriel.example",
        "secret": "intrus",
        "version": "1",
        "token": str(owner.draft.token),
        "citizen": str(owner.citizen.pk),
    }


def _forged(route: Route, owner: Owner) -> dict:
    """A link with one letter changed."""
    if route.kind is not Kind.LINK:
        return {}
    return {
        name: value[:-1] + ("A" if value[-1] != "A" else "B")
        for name, value in route.arguments(owner).items()
    }


def _kinds(actor: str) -> set[Kind]:
    """What an actor asks for; on citizens' pages all agents are one: no citizens."""
    if actor in (ANONYMOUS, SECOND):
        return set(Kind)
    if actor in (Role.AGENT_EAS, SUSPENDED):
        return set(Kind) - {Kind.TECHNICAL, Kind.PUBLIC}
    return {Kind.STAFF} | ({Kind.TECHNICAL} if actor == Role.ADMINISTRATEUR else set())


def steps(walker: Walker) -> Iterator[tuple[Route, str, str, dict | None]]:
    """What one actor asks for: each address by both methods, about the first citizen."""
    first = walker.world.first
    data = meddling(first)
    for route in routes():
        if route.kind not in _kinds(walker.actor):
            continue
        address = route.address(first, **_forged(route, first))
        yield route, "get", address, None
        if route.kind is Kind.TECHNICAL or (
            route.kind is Kind.STAFF and not walker.is_foreign_to(route)
        ):
            continue
        yield route, "post", address, data


def own_steps(walker: Walker) -> Iterator[tuple[Route, str, str, dict | None]]:
    """A citizen's own addresses, with the first citizen's things in the form or in the path."""
    first, second = walker.world.first, walker.world.second
    data = meddling(first)
    for route in routes():
        if route.kind not in (Kind.OWN, Kind.LINK, Kind.SPACE, Kind.SIGN_IN, Kind.PUBLIC):
            continue
        theirs = route.arguments(first)
        mine = route.arguments(second)
        mixed = [name for name in theirs if theirs[name] != mine[name]] if len(theirs) > 1 else []
        for name in mixed:
            address = route.address(second, **{name: theirs[name]})
            yield route, "get", address, None
            yield route, "post", address, data
        yield route, "post", route.address(second), data


def walk(walker: Walker, taken) -> None:
    """Take these steps; what ends a session is undone, so that it ends no other step."""
    before = walker.world.first.kept()
    places: dict[str, int] = {}
    for route, method, address, data in taken(walker):
        if (route.name, method) in no_such_method:
            continue
        turn = places.setdefault(route.name, len(places)) + ACTORS.index(walker.actor)
        if turn % WHOLE_WAY and walker.stops_at_the_gate(route, method, address):
            continue
        if method == "get" or route.kind not in (Kind.SPACE, Kind.SIGN_IN):
            walker.ask(route, method, address, data)
            continue
        cookies = SimpleCookie(walker.client.cookies.output(header="", sep=";"))
        with undone():
            walker.ask(route, method, address, data)
            _compare(walker, before, route.name)
        walker.client.cookies = cookies
    _compare(walker, before, "one of the addresses")
    assert not walker.wrong, walker.wrong


@contextmanager
def undone() -> Iterator[None]:
    """Take back what the database was told; a savepoint, for views that want to be outermost."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


def _compare(walker: Walker, before: dict, place: str) -> None:
    now = walker.world.first.kept()
    changed = [table for table in before if before[table] != now[table]]
    if changed:
        walker.wrong.append(f"{place} changed {changed}")
