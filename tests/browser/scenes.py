"""Every state of every page that a citizen may meet, as the program answers it.

The addresses are those of `tests/access/table.py`, about the citizens of `tests/access/world.py`.
Each is asked for by its reader (filled), by an account that holds nothing (empty), by somebody
with no business there (forbidden), and each form found on a page is sent back blank, with
nonsense, and as it stands (error, or what follows). What more there is to see is staged in
`tests/browser/staging.py`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from http.cookies import SimpleCookie
from itertools import pairwise
from time import time
from urllib.parse import urljoin

from django.core.cache import cache
from django.test import Client
from lxml.html import document_fromstring

from massy_grc.users.adapter import STARTED_KEY
from tests.access.table import Kind, Route, routes
from tests.access.walker import undone
from tests.access.world import Owner
from tests.backoffice.conftest import BACKEND

CITIZENS = (Kind.PUBLIC, Kind.LINK, Kind.OWN, Kind.SPACE, Kind.SIGN_IN)
TAG = re.compile(r"</?[a-z][^>]*>")
WORDS = re.compile(
    r"\s(?:value|href|action|id|for|aria-(?:describedby|labelledby|label)|src|name|data-[\w-]+|alt"
    r'|autocomplete|maxlength|max|min|placeholder|datetime)="[^"]*"'
)
STAFFS_OWN = {"backoffice:accept_invitation"}


class State(StrEnum):
    """What a page shows."""

    FILLED = "filled"
    EMPTY = "empty"
    ERROR = "error"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True)
class Scene:
    """One answer of the program, to be looked at.

    Attributes:
        route: the name of the address asked for.
        page: the address of the page that came, redirections followed.
    """

    route: str
    state: State
    page: str
    status: int
    policy: str
    html: str
    templates: frozenset[str]

    @property
    def is_wrong(self) -> bool:
        """Whether it tells a mistake."""
        return "data-error-summary" in self.html or 'aria-invalid="true"' in self.html

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)
        return re.sub(r"[ \n]+", " ", found[1]).strip()

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.html, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())

    @cached_property
    def tree(self):
        """Its elements; tests/access/test_pages.py shows that a browser reads the same."""
        return document_fromstring(self.html)

    @property
    def elements(self) -> list[str]:
        """Its elements with their classes, types and states, without the words."""
        body = self.html[self.html.index("<body") :]
        return [re.sub(r"\d+", "0", WORDS.sub("", tag)) for tag in TAG.findall(body)]

    @property
    def skeleton(self) -> str:
        return "".join(self.elements)

    @property
    def parts(self) -> set:
        """Its templates, and every two elements that follow each other."""
        return set(pairwise(self.elements)) | self.templates


def pages() -> list[Route]:
    """The addresses on the citizens' side."""
    return [one for one in routes() if one.kind in CITIZENS and one.name not in STAFFS_OWN]


def signed_in(account, *, proven: bool = False) -> Client:
    """A browser of that account; `proven` when its owner just gave the password."""
    client = Client()
    client.force_login(account.user, BACKEND)
    if proven:
        session = client.session
        session[STARTED_KEY] = time()
        session.save()
    return client


@dataclass
class Collector:
    """Asks, and keeps each page that came.

    Attributes:
        forms: pages whose forms were tried, by their skeletons.
    """

    scenes: list[Scene] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)

    def ask(
        self, route: str, state: State, client: Client, address: str, data: dict | None = None
    ) -> Scene | None:
        """Ask for one page and keep it; None when the answer is none."""
        cache.clear()  # no limit is spent
        cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
        method = client.get if data is None else client.post
        with undone():
            answer = method(address, data or {}, follow=True)
        client.cookies = cookies
        return self.keep(route, state, answer)

    def keep(self, route: str, state: State, answer) -> Scene | None:
        """Keep an answer when it is a page."""
        if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
            return None
        html = answer.content.decode()
        if "<html" not in html:
            return None
        scene = Scene(
            route=route,
            state=state,
            page=answer.request["PATH_INFO"],
            status=answer.status_code,
            policy=answer.headers.get("Content-Security-Policy", ""),
            html=html,
            templates=frozenset(one.name for one in answer.templates if one.name),
        )
        if state is State.ERROR and not scene.is_wrong:
            scene = replace(scene, state=State.FILLED)
        self.scenes.append(scene)
        return scene

    def uses(self, route: str, state: State, client: Client, address: str) -> None:
        """Ask for one page, and send each of its forms blank, with nonsense, and as it stands."""
        scene = self.ask(route, state, client, address)
        if scene is None or scene.skeleton in self.forms:
            return
        self.forms.add(scene.skeleton)
        for action, variants in forms_of(scene):
            for data in variants:
                self.ask(route, State.ERROR, client, action, data)


def forms_of(scene: Scene) -> Iterator[tuple[str, list[dict]]]:
    """The address of each form in the page's main part, and the ways of filling it in."""
    main = scene.tree.find(".//main")
    for form in main.iter("form") if main is not None else ():
        if form.get("method", "get").lower() == "post":
            yield urljoin(scene.page, form.get("action") or ""), _variants(form)


def _variants(form) -> list[dict]:
    """Blank, with nonsense, as it stands; and by each of its buttons that has a name."""
    blank: dict[str, str] = {}
    wrong: dict[str, str] = {}
    shown: dict[str, str] = {}
    buttons: list[dict] = []
    for one in form.iter():
        name, kind = one.get("name"), one.get("type", "")
        if not name or kind == "file" or name == "csrfmiddlewaretoken":
            continue
        value = "".join(one.itertext()) if one.tag == "textarea" else one.get("value", "")
        if one.tag == "button":
            buttons.append({name: value})
            continue
        if kind != "hidden":
            wrong[name] = "\u202enon" if kind in ("", "text") else "zz"
        if kind == "hidden":
            blank[name] = wrong[name] = shown[name] = value
        elif kind not in ("radio", "checkbox"):
            blank[name], shown[name] = "", value
        elif one.get("checked") is not None:
            shown[name] = value
    return [blank, wrong, shown, *(shown | button for button in buttons)]


def reader_of(route: Route, owner: Client) -> Client:
    return Client() if route.kind in (Kind.PUBLIC, Kind.LINK) else owner


def filled(collector: Collector, owner: Owner) -> None:
    """Each address as its reader finds it, and what becomes of its forms."""
    browser = signed_in(owner.account, proven=True)
    for route in pages():
        client = reader_of(route, browser)
        collector.uses(route.name, State.FILLED, client, route.address(owner))


def forbidden(collector: Collector, owner: Owner, other: Owner) -> None:
    """What is the owner's, asked for by another citizen, by nobody, and by forged links."""
    stranger, nobody = signed_in(other.account), Client()
    for route in pages():
        if route.kind is Kind.OWN:
            collector.ask(route.name, State.FORBIDDEN, stranger, route.address(owner))
        if route.kind in (Kind.OWN, Kind.SPACE, Kind.SIGN_IN):
            collector.ask(route.name, State.FORBIDDEN, nobody, route.address(owner))
        if route.kind is Kind.LINK:
            forged = dict.fromkeys(route.arguments(owner), "faux")
            collector.ask(route.name, State.FORBIDDEN, nobody, route.address(owner, **forged))


def empty(collector: Collector, owner: Owner, nothing) -> None:
    """The space of an account that holds nothing."""
    client = signed_in(nothing)
    for route in pages():
        if route.kind is Kind.SPACE:
            collector.ask(route.name, State.EMPTY, client, route.address(owner))


def cover(scenes: Iterable[Scene]) -> list[Scene]:
    """The scenes that together hold every template and every two elements that follow each other.

    What axe and the layout depend on: two pages of one make are looked at once. The page that adds
    most to those already chosen comes next.
    """
    chosen = []
    left = [(scene, scene.parts) for scene in scenes]
    while left:
        scene, covered = max(left, key=lambda one: len(one[1]))
        chosen.append(scene)
        left = [(other, parts - covered) for other, parts in left if parts - covered]
    return chosen
