"""Reading many requests by the keyboard alone, beside a list that follows what changes."""

import pytest
from playwright.sync_api import expect

from requests import actions
from requests.enums import State
from requests.models import ServiceRequest
from tests.browser.visitor import Visitor
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser
TITLE = "#apercu h2 >> nth=0"


def test_j_and_k_read_one_request_after_another(logged_in, eas_agent):
    for subject in ("Lampadaire", "Nid-de-poule", "Banc cassé"):
        make_request(subject=subject, state=State.EN_COURS)
    agent: Visitor = logged_in(eas_agent).holds(1440)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/demandes/?vue=toutes&tri=anciennes")
    agent.follows("Aperçu à côté")
    pane = agent.page.locator(TITLE)
    expect(pane).to_have_text("Lampadaire")
    agent.looks_right()
    agent.hits("j")
    expect(pane).to_have_text("Nid-de-poule")
    agent.hits("j")
    expect(pane).to_have_text("Banc cassé")
    agent.hits("k")
    expect(pane).to_have_text("Nid-de-poule")
    expect(agent.page.locator(".row-link[aria-current]")).to_contain_text("Nid-de-poule")
    agent.finds_no_fault()

    agent.page.get_by_role("searchbox").last.focus()
    agent.types("jkon")  # letters while typing are letters
    expect(pane).to_have_text("Nid-de-poule")
    agent.page.locator("main").focus()
    agent.hits("?")
    keys = agent.page.get_by_role("dialog", name="Raccourcis clavier")
    expect(keys).to_be_visible()
    agent.finds_no_fault()
    agent.hits("Escape")
    expect(keys).to_be_hidden()
    agent.hits("o")
    agent.reads("Nid-de-poule")
    agent.page.wait_for_load_state()  # its keys are listened to
    agent.hits("n")
    expect(agent.page.locator(":focus")).to_have_attribute("id", "note_body")


def test_a_list_follows_what_changes_and_keeps_its_place(logged_in, eas_agent, supervisor):
    kept, gone = (make_request(subject=name, state=State.EN_COURS) for name in ("Banc", "Trou"))
    agent: Visitor = logged_in(eas_agent).holds(1440)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.page.clock.install()
    agent.opens("/agent/demandes/?vue=ouvertes")
    agent.page.locator(".row-link", has_text="Banc").focus()
    actions.set_urgent(request_id=kept.pk, version=None, actor=supervisor, urgent=True)
    ServiceRequest.objects.filter(pk=gone.pk).update(state=State.CLOSE)
    make_request(subject="Graffiti", state=State.EN_COURS)
    agent.page.clock.run_for(21_000)
    row = agent.page.locator("tr", has_text="Trou")
    expect(row).to_contain_text("N’est plus dans cette liste")
    expect(agent.page.get_by_role("link", name="D’autres demandes sont arrivées")).to_be_visible()
    expect(agent.page.locator(":focus")).to_contain_text("Banc")
    agent.finds_no_fault()
    agent.page.locator("main").focus()
    agent.page.clock.run_for(21_000)
    expect(agent.page.locator("tr", has_text="Banc")).to_contain_text("Urgent")
    agent.follows("D’autres demandes sont arrivées")
    expect(agent.page.locator("tr", has_text="Graffiti")).to_be_visible()
    expect(row).to_have_count(0)
