"""People at browsers: Debian's Chromium, driven against the live server."""

import logging
import os
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from backoffice.actions.figures import rebuild_figures
from massy_grc.users.models import User
from prestations.enums import Role
from requests.actions import sending
from requests.demo.loader import load_demo
from requests.demo.people import demo_login
from tests.browser import in_flight
from tests.browser.chromium import CHROMIUM_FLAGS, MISSING, chromium
from tests.browser.visitor import Visitor
from tests.conftest import KeptRows
from tests.faults.conftest import broker, eventually, workers

__all__ = ["broker", "eventually", "workers"]

# Playwright keeps an event loop in this thread; Django then refuses the ORM unless told.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# ids go on, and Django adds nothing by itself
WITHOUT_MORE = {"reset_sequences": False, "inhibit_post_migrate": True}
LIVING_TOWN = KeptRows("living_town")
# A test's page is gone before what V8 makes faster has paid: a sixth of all work on it.
SHORT_LIVES = "--js-flags=--no-opt,--no-maglev"
PATIENCE = 20_000  # milliseconds: on a busy machine a page is slow, not wrong
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = chromium()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": [*CHROMIUM_FLAGS, SHORT_LIVES],
    }


@pytest.fixture(scope="session")
def browser_context_args():
    """A French visitor at an ordinary screen; pages do not move."""
    return {
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
        "color_scheme": "light",
    }


@pytest.fixture
def visitor(live_server, new_context):
    """`visitor()`: somebody with a browser of their own (no cookies); takes context arguments."""

    def arrive(**context) -> Visitor:
        browser = new_context(**context)
        browser.set_default_timeout(PATIENCE)
        return Visitor(
            browser.new_page(), live_server.url, context.get("java_script_enabled", True)
        )

    return arrive


@pytest.fixture
def logged_in(visitor, login):
    """`logged_in(user)`: an agent whose browser holds a session, without the log-in page."""

    def arrive(user, **context) -> Visitor:
        who = visitor(**context)
        cookie = login(Client(), user).cookies["massy_session"]
        who.page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": who.address}]
        )
        return who

    return arrive


@pytest.fixture(autouse=True)
def _server_at_rest(request):
    """Behind each test, before its tables are flushed, the live server ends what it began."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    in_flight.watch()
    yield
    in_flight.wait_until_at_rest()


@pytest.fixture(autouse=True, scope="session")
def _files_are_kept():
    """A browser asks once for each style and script, as where their names carry a hash."""
    serve = StaticFilesHandler.serve

    def kept(self, request):
        answer = serve(self, request)
        answer["Cache-Control"] = "max-age=3600"
        return answer

    with mock.patch.object(StaticFilesHandler, "serve", kept):
        yield


@pytest.fixture(autouse=True, scope="session")
def _quiet_logs():
    """A failing journey shows what went wrong, not every page it asked for."""
    logging.getLogger("django_structlog").setLevel(logging.WARNING)


@pytest.fixture
def town_at_work(live_server, broker, workers, leaves_soon):
    """A real Celery worker with beat, whose mails lead back to the live server."""
    workers.environment["MASSY_PUBLIC_URL"] = live_server.url
    broker.start()
    workers.start()
    return workers


@pytest.fixture
def leaves_soon(monkeypatch):
    """What agents send leaves soon: three seconds to undo it, in place of ten."""
    monkeypatch.setattr(sending, "UNDO", timedelta(seconds=3))


@pytest.fixture
def living_town(live_server, text_letters):
    """A year of invented requests with their figures, and the demo's staff; loaded once."""
    if LIVING_TOWN.insertions:
        call_command("flush", verbosity=0, interactive=False, **WITHOUT_MORE)
        LIVING_TOWN.put_back()
        return
    load_demo(150, seed=7, now=timezone.now())
    rebuild_figures()
    LIVING_TOWN.keep()


@pytest.fixture
def demo_agent(living_town, logged_in):
    """`demo_agent(role)`: the demo's account of that role, at a counter when it has one."""

    def arrive(role: str, **context) -> Visitor:
        agent = logged_in(User.objects.get(email=demo_login(role)), **context)
        if role in (Role.AGENT_EAS, Role.AGENT_PROXIMITE):
            agent.sits_at("Mairie principale", "Guichet")
        return agent

    return arrive
