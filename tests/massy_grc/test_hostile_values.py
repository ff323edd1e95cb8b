"""No address of ours breaks on a value nobody would type: NUL, too long, out of range."""

import re
from itertools import cycle
from pathlib import Path

import pytest
from django.forms import BaseForm
from django.test import Client
from django.urls import get_resolver

from backoffice.filters import QueueFilter
from backoffice.forms.dashboard import DashboardForm
from requests.views.filing_done import confirmation_url
from tests.backoffice.conftest import client_of
from tests.helpers import post_form
from tests.massy_grc.users.test_account_routes import named_routes
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
APPS = ("requests", "backoffice", "citizens", "prestations", "massy_grc")
IN_PATHS = ("%00", "a" * 5000, "9" * 5000, "9" * 25)
IN_QUERIES = ("%00", "9" * 5000, "9" * 25, "9999-12-31", "0001-01-01")
READ_MANY = ("agent/demandes/", "agent/recherche/", "pilotage/", "recherche/")
STAFF = ("agent/", "pilotage/")
PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


def read_names(method: str) -> set[str]:
    """Names of values that the views read by themselves from `request.GET` or `request.POST`."""
    pattern = re.compile(rf'request\.{method}\.get(?:list)?\("(\w+)"|"(\w+)" in request\.{method}')
    found = set()
    for app in APPS:
        for file in (ROOT / app).rglob("views/*.py"):
            found |= {one or other for one, other in pattern.findall(file.read_text())}
    return found


def form_names() -> set[str]:
    """Names of the fields that our form classes declare, whichever page shows them."""
    found, left = set(), [BaseForm]
    while left:
        form = left.pop()
        left += form.__subclasses__()
        if form.__module__.partition(".")[0] in APPS:
            found |= set(getattr(form, "base_fields", ()))
    return found


def routes() -> list[str]:
    return [
        path
        for path, _name in named_routes(get_resolver().url_patterns)
        if not path.startswith(("technique/", "boite-aux-lettres/"))
    ]


@pytest.fixture
def sr(catalogue):
    return file_request("voirie-graffitis")


@pytest.fixture
def browsers(sr, eas_agent, supervisor, administrator):
    owner = Client()
    owner.post("/suivi/", {"reference": sr.reference, "secret": "jeanne@courriel.example"})
    return [owner, *(client_of(user) for user in (eas_agent, supervisor, administrator))]


def address(path: str, values: dict) -> str:
    return "/" + PARAMETER.sub(lambda m: values.get(m[1] or m[2], "1"), path).replace("$", "")


def tried(browser, method: str, url: str, data: dict | None = None) -> None:
    get = method == "get"
    answer = browser.get(url) if get else post_form(browser, url, data or {})
    assert answer.status_code < 500, (method, url[:120], answer.status_code)


def readers(browsers: list, path: str) -> list:
    """Who may do most, and a citizen; before a page of the staff they are sent to the door."""
    citizen, *_agents = browsers
    return [browsers[2]] if path.startswith(STAFF) else [citizen, browsers[2]]


@pytest.fixture
def values(sr):
    return {
        "reference": sr.reference,
        "slug": "voirie-graffitis",
        "signed": confirmation_url(sr).split("/")[-2],
        "token": "a0d7a0a2-3f44-4a0b-a3a5-3b0e6a4b7b11",
        "kind": "piece",
        "verb": "answer",
    }


@pytest.mark.parametrize("value", IN_PATHS)
def test_hostile_path_is_refused(browsers, values, value):
    for path in routes():
        for match in PARAMETER.finditer(path):
            url = address(path, values | {match[1] or match[2]: value})
            for browser in readers(browsers, path):
                tried(browser, "get", url)
            tried(browsers[1], "post", url)


def query_names() -> list[str]:
    names = read_names("GET") | set(QueueFilter.base_filters) | set(DashboardForm.base_fields)
    return sorted(names | {"apres", "avant", "du", "au"})


@pytest.mark.parametrize("value", IN_QUERIES)
def test_hostile_query_is_no_fault(browsers, values, value):
    query = "&".join(f"{name}={value}" for name in query_names())
    for path in routes():
        tried(browsers[2], "get", f"{address(path, values)}?{query}")


@pytest.mark.parametrize("path", READ_MANY)
def test_a_hostile_value_alone_is_no_fault(browsers, path):
    """Where one wrong value could hide what the next one does."""
    for name, value in zip(query_names(), cycle(IN_QUERIES), strict=False):
        tried(browsers[2], "get", f"/{path}?{name}={value}")
    for value in IN_QUERIES:
        tried(browsers[2], "get", f"/{path}?periode=dates&du={value}&au={value}")


def test_the_names_are_those_of_views_and_of_forms_in_every_app():
    assert {"demande", "retour", "rue"} <= read_names("POST")
    citizens, staff = {"newsletters", "family_name", "email"}, {"due_on", "reason", "body"}
    assert citizens | staff <= form_names()


@pytest.mark.parametrize("value", ["a\x00b", "a" * 5000, "9" * 5000, "9" * 25])
def test_hostile_post_is_no_fault(browsers, values, value):
    names = read_names("POST") | form_names() | {"id", "login", "reference", "version"}
    data = dict.fromkeys(names, value)
    for path in routes():
        for browser in readers(browsers, path):
            if "logout" not in path:
                tried(browser, "post", address(path, values), data)


def test_nul_gets_the_french_page(client):
    answer = client.get("/recherche/?q=%00")
    assert answer.status_code == 400
    assert "Le bouton Retour du navigateur ramène votre texte" in answer.content.decode()


def test_home_is_only_read(client, catalogue):
    assert client.post("/").status_code == 405
