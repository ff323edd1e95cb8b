"""Every page as its rightful reader gets it: valid, no script or style in it, one heading (R23)."""

import re
from functools import lru_cache

import pytest
from django.test import Client
from tinyhtml5.parser import HTMLParser

from prestations.enums import Role
from tests.access.table import Kind, Route, routes
from tests.access.walker import client_for, roles_that_open
from tests.backoffice.conftest import BACKEND

pytestmark = pytest.mark.django_db

# Whom a staff page is read as: the first of them whom it lets in.
AGENTS = (
    *(Role.AGENT_EAS, Role.SUPERVISEUR, Role.DPO, Role.ADMINISTRATEUR),
    *(Role.AGENT_PROXIMITE, Role.CHEF_SERVICE, Role.RESPONSABLE_CONNAISSANCE),
)

INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.I),
    "style": re.compile(r"<style\b|<[^>]+\sstyle\s*=", re.I),
    "handler": re.compile(r"<[^>]+\son[a-z]+\s*=", re.I),
    "javascript:": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "elsewhere": re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//", re.I),
}
# a PDF that is looked at in place is shown by the browser's viewer, which no sandbox lets in
SHOWN_PDF = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
POLICY = re.compile(rf"default-src 'self'(;|$)|^sandbox;|^{SHOWN_PDF}$")
ERRORS = {
    "/recherche/?q=%00": 400,
    "/agent/parametrage/agents/": 403,
    "/nulle-part/": 404,
    "/prestations/inconnue/": 404,
    "/suivi/lien/faux/": 410,
    "/compte/inscription/faux/": 410,
    "/demandes/confirmation/faux/": 410,
}


_KEY = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')


class Patterns(dict):
    """What tinyhtml5 makes of sets of characters; its own store misses what it kept."""

    def __missing__(self, asked: tuple) -> re.Pattern:
        characters, opposite = asked
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        self[asked] = re.compile(f"[{'' if opposite else '^'}{listed}]+")
        return self[asked]


@pytest.fixture(autouse=True)
def _kept_patterns(monkeypatch):
    monkeypatch.setattr("tinyhtml5.inputstream.characters_until_regex", Patterns())


def judge(answer, address: str) -> list[str]:
    """What is wrong with one answer; nothing for what is no page."""
    policy = answer.headers.get("Content-Security-Policy", "")
    wrong = []
    if "unsafe" in policy or not POLICY.search(policy):
        wrong.append(f"{address}: policy « {policy} »")
    if not answer.headers["Content-Type"].startswith("text/html") or answer.streaming:
        return wrong
    page = answer.content.decode()
    wrong += [
        f"{address}: {name} in the page" for name, found in INLINE.items() if found.search(page)
    ]
    if answer.status_code in (301, 302) or not page:
        return wrong
    if page.count("<h1") != 1:
        wrong.append(f"{address}: {page.count('<h1')} h1")
    wrong += [f"{address}: {error}" for error in markup_errors(_KEY.sub(r"\1x", page))]
    for sign in ('<html lang="fr"', "<title>", 'id="contenu"'):
        if sign not in page:
            wrong.append(f"{address}: no {sign}")
    return wrong


@lru_cache(maxsize=64)
def markup_errors(page: str) -> list[str]:
    """What the HTML standard's own parser has to correct; one page is read but once."""
    parser = HTMLParser()
    parser.parse(page)
    lines = page.splitlines()
    return [
        f"{code} {details} near « {lines[line - 1][max(column - 60, 0) : column + 10]} »"
        for (line, column), code, details in parser.errors
    ]


def reader_of(route: Route, owner: Client, agents: dict[Role, Client]) -> Client:
    """Whoever may read the page: that the others are refused is shown by the walk."""
    if route.kind is Kind.STAFF:
        return agents[next(role for role in AGENTS if role in roles_that_open(route))]
    return Client() if route.kind in (Kind.PUBLIC, Kind.LINK) else owner


def test_no_page_holds_script_or_style_or_anything_from_elsewhere(world, staff, text_letters):
    person, owner = world.second, Client()
    owner.force_login(person.account.user, BACKEND)
    agents = {role: client_for(str(role), world, staff) for role in AGENTS}
    seen, wrong = set(), []
    for route in routes():
        if route.kind in (Kind.TECHNICAL, Kind.DEMO):
            continue
        answer = reader_of(route, owner, agents).get(route.address(person))
        if answer.status_code == 405:
            continue
        wrong += judge(answer, f"{answer.status_code} {route.name}")
        if answer.status_code == 200:
            seen.add(route.name)
    assert wrong == []
    assert len(seen) > 60


def test_error_pages_neither(world, staff, settings):
    client = client_for(str(Role.AGENT_EAS), world, staff)
    client.raise_request_exception = False
    for address, status in ERRORS.items():
        answer = client.get(address)
        assert answer.status_code == status, address
        assert judge(answer, address) == []


def test_the_page_of_a_breakdown_neither(client, catalogue, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("prestations.views.portal.render", broken)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert judge(answer, "500") == []
