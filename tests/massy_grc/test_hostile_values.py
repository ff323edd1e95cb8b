"""No address of ours breaks on a value nobody would type: NUL, too long, out of range."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import QueryDict
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
IN_PATHS = ("%00", "a" * 3500, "9" * 3500, "9" * 25)  # longer ones do not reach a view
IN_QUERIES = ("%00", "9" * 3500, "9" * 25, "9999-12-31", "0001-01-01")
IN_FORMS = ("a\x00b", "a" * 5000, "9" * 5000, "9" * 25)
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


def form_fields() -> dict[str, dict[str, Any]]:
    """The fields that our form classes declare, whichever page shows them, by class."""
    found, left = {}, [BaseForm]
    while left:
        form = left.pop()
        left += form.__subclasses__()
        if form.__module__.partition(".")[0] in APPS:
            found[f"{form.__module__}.{form.__qualname__}"] = getattr(form, "base_fields", {})
    return found


def form_names() -> set[str]:
    """Names of these fields."""
    return {name for fields in form_fields().values() for name in fields}


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


def tried(browser, method: str, url: str, data: dict | None = None) -> int:
    """Ask, and see that nothing broke; the status of the answer."""
    get = method == "get"
    answer = browser.get(url) if get else post_form(browser, url, data or {})
    assert answer.status_code < 500, (method, url[:120], answer.status_code)
    return answer.status_code


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


def met(places: Sequence, values: Sequence) -> Iterator[tuple]:
    """Each place with a value in turn: all of either occur, the shorter of them again and again."""
    return islice(zip(cycle(places), cycle(values), strict=False), max(len(places), len(values)))


def test_hostile_path_is_refused(browsers, values):
    """Each place in each address takes its turn; each parameter's name takes all values."""
    places = defaultdict(list)
    for path in routes():
        for match in PARAMETER.finditer(path):
            places[match[1] or match[2]].append(path)
    for name, paths in places.items():
        for path, value in met(paths, IN_PATHS):
            url = address(path, values | {name: value})
            for browser in readers(browsers, path):
                tried(browser, "get", url)
            tried(browsers[1], "post", url)


def query_names() -> list[str]:
    names = read_names("GET") | set(QueueFilter.base_filters) | set(DashboardForm.base_fields)
    return sorted(names | {"apres", "avant", "du", "au"})


@pytest.fixture
def asked(monkeypatch):
    """The names under which something was read from a query or a form."""
    names = set()

    def noting(read):
        return lambda data, name, *args: names.add(name) or read(data, name, *args)

    for method in ("__getitem__", "__contains__", "get", "getlist"):
        monkeypatch.setattr(QueryDict, method, noting(getattr(QueryDict, method)))
    return names


def turned(values: Sequence, shift: int) -> Sequence:
    """The values from another one on."""
    shift %= len(values)
    return [*values[shift:], *values[:shift]]


def test_hostile_query_is_no_fault(browsers, values, asked):
    """Each address with a value in every name, from name to name and address to address another.

    One that reads any of the names is asked as often as there are values: each name has each of
    them. NUL, at which the whole request is refused, is alone, at every tenth of the others.
    """
    nul, *others = IN_QUERIES
    names = query_names()
    for place, path in enumerate(routes()):
        url = address(path, values)
        asked.clear()
        tried(browsers[2], "get", url)
        reads = not asked.isdisjoint(names)
        turns = [turned(others, place + turn) for turn in range(len(others) if reads else 1)]
        if reads or place % 10 == 0:
            turns.append([nul])
        for turn in turns:
            query = "&".join(f"{name}={value}" for name, value in met(names, turn))
            tried(browsers[2], "get", f"{url}?{query}")


@pytest.mark.parametrize("path", READ_MANY)
def test_a_hostile_value_alone_is_no_fault(browsers, path, asked):
    """Where one wrong value could hide what the next one does: each name that the page reads."""
    tried(browsers[2], "get", f"/{path}?filtrer=oui")
    read = sorted(asked.intersection(query_names()))
    assert read
    for name, value in met(read, IN_QUERIES):
        tried(browsers[2], "get", f"/{path}?{name}={value}")
    for value in IN_QUERIES if "periode" in read else ():
        tried(browsers[2], "get", f"/{path}?periode=dates&du={value}&au={value}")


def test_the_names_are_those_of_views_and_of_forms_in_every_app():
    assert {"demande", "retour", "rue"} <= read_names("POST")
    citizens, staff = {"newsletters", "family_name", "email"}, {"due_on", "reason", "body"}
    assert citizens | staff <= form_names()


def test_hostile_post_is_no_fault(browsers, values, asked):
    """Each address with a value in every name, from name to name and address to address another.

    One that reads any of the names is sent as many forms as there are values: each name has each.
    """
    names = sorted(read_names("POST") | form_names() | {"id", "login", "reference", "version"})
    forms = [dict(met(names, turned(IN_FORMS, turn))) for turn in range(len(IN_FORMS))]
    for place, path in enumerate(routes()):
        for browser in readers(browsers, path) if "logout" not in path else ():
            first, *others = turned(forms, place)
            asked.clear()
            status = tried(browser, "post", address(path, values), first)
            if status != HTTPStatus.FORBIDDEN and not asked.isdisjoint(names):
                for data in others:
                    tried(browser, "post", address(path, values), data)


@pytest.mark.parametrize("value", IN_FORMS)
def test_every_field_of_a_form_takes_or_refuses_it(catalogue, value):
    cleaned = 0
    for form, fields in form_fields().items():
        for name, field in fields.items():
            typed = [value] * len(getattr(field, "fields", ())) or value
            try:
                field.clean(typed)
            except ValidationError:
                pass
            except Exception as fault:
                raise AssertionError((form, name, type(field).__name__)) from fault
            cleaned += 1
    assert cleaned > 200


def test_nul_gets_the_french_page(client):
    answer = client.get("/recherche/?q=%00")
    assert answer.status_code == 400
    assert "Le bouton Retour du navigateur ramène votre texte" in answer.content.decode()


def test_home_is_only_read(client, catalogue):
    assert client.post("/").status_code == 405
