"""An agent's day without a mouse: post, list, answer, the next request, note, a caller."""

import re

import pytest
from playwright.sync_api import expect

from requests.enums import MessageDirection, State, Verb
from requests.models import ServiceRequest
from tests.browser.by_keys import enters, picks, reaches
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


def test_a_day_at_the_counter_without_a_mouse(logged_in, eas_agent):
    mine = {"state": State.EN_COURS, "assignee": eas_agent, "front_agent": eas_agent}
    first, second = (make_request(subject=name, **mine) for name in ("Lampadaire", "Banc cassé"))
    CitizenFactory(family_name="Delacroix", given_name="Irma", phone="+33199001234")
    agent = logged_in(eas_agent).holds(1440)
    page = agent.page
    agent.opens("/agent/")
    agent.reads(re.compile("Où êtes-vous"))
    picks(agent, agent.group("Site"), 0)
    enters(agent, "button", "Commencer")

    reaches(agent, page.get_by_role("navigation").get_by_role("link", name="Demandes").first)
    with page.expect_navigation():
        agent.hits("Enter")
    reaches(agent, page.get_by_role("link", name="Mes demandes"))
    with page.expect_navigation():
        agent.hits("Enter")
    page.wait_for_load_state()  # its keys are listened to
    agent.hits("j")
    with page.expect_navigation():
        agent.hits("o")
    page.wait_for_load_state()
    agent.hits("l")
    expect(page.locator("tr:has(.row-link[aria-current])")).to_be_in_viewport()
    with page.expect_navigation():
        agent.hits("o")
    page.wait_for_load_state()
    opened, other = (first, second) if "Lampadaire" in page.title() else (second, first)

    agent.hits("r")
    agent.types("Bonjour, nous passons demain.")
    with page.expect_navigation():
        agent.hits("Control+Enter")
    page.wait_for_load_state()
    with page.expect_navigation():
        agent.hits("Control+Shift+Enter")
    page.wait_for_load_state()
    agent.reads(re.compile(re.escape(other.subject)))
    sent = opened.messages.get(direction=MessageDirection.OUTBOUND)
    assert "nous passons demain" in sent.body
    page.wait_for_load_state()
    agent.hits("n")
    agent.types("Vu sur place.")
    with page.expect_navigation():
        agent.hits("Control+Enter")
    assert ServiceRequest.objects.get(pk=other.pk).events.filter(verb=Verb.NOTE).exists()
    page.wait_for_load_state()
    agent.hits("e")
    expect(page.get_by_role("button", name="Ne plus épingler")).to_be_visible()

    page.wait_for_load_state()
    agent.hits("Control+k")
    agent.types("01 99 00 12 34")
    expect(page.get_by_role("option", name=re.compile("DELACROIX Irma"))).to_be_visible()
    agent.finds_no_fault()
    agent.hits("ArrowDown")
    with page.expect_navigation():
        agent.hits("Enter")
    agent.reads(re.compile("Delacroix", re.IGNORECASE))
