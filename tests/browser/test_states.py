"""Citizens' pages when they are empty, wrong or forbidden, by axe in both schemes (bar 40).

One browser for all: a page costs little beside its start. Filled in: `test_every_way`.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.factories.citizens import make_account
from tests.factories.places import make_register

pytestmark = pytest.mark.browser

EMPTY = ("/signalements/", "/recherche/?q=zzzz", "/articles/", "/suivi/")
SPACE = (
    "/compte/",
    "/compte/demandes/",
    "/compte/messages/",
    "/compte/documents/",
    "/compte/porte-documents/",
    "/compte/informations/",
    "/compte/preferences/",
    "/compte/donnees/",
    "/compte/appareils/",
)
FORBIDDEN = ("/demandes/2026-000001-9/", "/nulle-part/", "/suivi/lien/faux/", "/agent/")
WIDTHS = (360, 1440)


def looks_right(visitor: Visitor, width: int) -> None:
    """The page fits, and neither axe (in both schemes) nor the console has a word to say."""
    visitor.page.set_viewport_size({"width": width, "height": 900})
    assert not visitor.scrolls_sideways(), f"{visitor.page.url} at {width} px"
    visitor.finds_no_fault()


def opens_all(visitor: Visitor, paths: tuple[str, ...], width: int) -> None:
    for path in paths:
        visitor.opens(path)
        looks_right(visitor, width)


def answers_wrongly(visitor: Visitor, path: str) -> None:
    """Send a form with nothing in it, past the browser's own checks."""
    visitor.opens(path)
    form = visitor.page.locator("main form[method=post]").first
    form.evaluate("(one) => { one.noValidate = true; }")
    with visitor.page.expect_navigation():
        form.locator("button[type=submit]").first.click()
    expect(visitor.page.locator("[aria-invalid=true]").first).to_be_visible()


def test_pages_empty_wrong_and_forbidden(catalogue, logged_in):
    make_register()
    account = make_account(family_name="Benali", given_name="Aïcha")
    citizen = logged_in(account.user)
    opens_all(citizen, (*EMPTY, *SPACE), WIDTHS[0])
    for path in ("/suivi/", "/compte/porte-documents/"):
        answers_wrongly(citizen, path)
        looks_right(citizen, WIDTHS[0])
    opens_all(citizen, FORBIDDEN, WIDTHS[1])
