"""A state is told by a word and a shape; colour only helps (bar 19)."""

import io
import math

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator

from requests.enums import State
from requests.reports import STAGE_KINDS
from tests.browser.visitor import Visitor
from tests.factories.places import make_register
from tests.requests.reports.support import report

pytestmark = pytest.mark.browser
TOLD_APART = 0.05  # of the pixels
STATES = {"new": State.ENREGISTREE, "progress": State.EN_COURS, "done": State.CLOSE}


def in_grey(visitor: Visitor) -> None:
    """The page without colours, and the plan without its streets."""
    visitor.page.evaluate(
        """() => {
          document.documentElement.style.filter = "grayscale(1)";
          document.querySelectorAll(".leaflet-overlay-pane, .leaflet-tooltip-pane")
            .forEach((pane) => { pane.style.display = "none"; });
        }"""
    )


def outline(shape: Locator) -> Image.Image:
    """What is darker than the middle between ink and paper."""
    grey = Image.open(io.BytesIO(shape.screenshot())).convert("L")
    darkest, lightest = grey.getextrema()
    return grey.point(lambda tone: 255 * (tone > (darkest + lightest) / 2))


def assert_told_in_words(visitor: Visitor) -> None:
    badges = visitor.page.locator(".badge-ui:visible")
    assert badges.count()
    for badge in badges.all():
        assert badge.inner_text().strip()
        assert badge.locator("svg").count() == 1


def test_states_are_told_apart_without_colour(catalogue, visitor, logged_in, eas_agent):
    make_register()
    for state in STATES.values():
        report(catalogue, numero="12", state=state)
    citizen = visitor()
    citizen.opens("/signalements/")
    page = citizen.page
    assert_told_in_words(citizen)
    assert set(STATES) == set(STAGE_KINDS.values())
    marks = {kind: page.locator(f".plan-legend .plan-report.is-{kind}") for kind in STATES}
    marks["done"].wait_for()
    in_grey(citizen)
    shapes = {kind: outline(mark) for kind, mark in marks.items()}
    for one, other in (("new", "progress"), ("progress", "done"), ("new", "done")):
        same_size = shapes[other].resize(shapes[one].size)
        differing = ImageChops.difference(shapes[one], same_size).histogram()[255]
        share = differing / math.prod(same_size.size)
        assert share >= TOLD_APART, f"{one} looks as {other}"

    agent = logged_in(eas_agent)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/demandes/?vue=toutes")
    assert_told_in_words(agent)
