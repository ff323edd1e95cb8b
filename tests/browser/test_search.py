"""The search box over any staff page: by the keyboard alone; a plain form without JavaScript."""

import pytest
from playwright.sync_api import expect

from requests.enums import State
from tests.browser.visitor import Visitor
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


@pytest.fixture
def town(eas_agent):
    caller = CitizenFactory(family_name="Benali", given_name="Karim", phone="+33612345678")
    return make_request(citizen=caller, subject="Bac cassé", state=State.EN_COURS)


@pytest.fixture
def agent(logged_in, eas_agent, town) -> Visitor:
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/")
    return agent


def test_a_person_is_found_and_opened_by_the_keyboard(agent, town):
    agent.holds(390)
    menu = agent.page.locator(".topbar summary")
    menu.focus()
    agent.hits("Control+k")
    box = agent.page.get_by_role("combobox")
    expect(box).to_be_focused()
    agent.looks_right_at(1440, 390)
    agent.hits("Escape")
    expect(menu).to_be_focused()

    agent.hits("/")
    agent.types("benalli karim")
    option = agent.page.get_by_role("option", name="BENALI Karim")
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(agent.page.locator(".search-dialog [role=status]")).to_contain_text("résultat")
    agent.looks_right_at(1440, 390)
    agent.hits("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    expect(box).to_be_focused()
    agent.looks_right_at(1440, 390)
    with agent.page.expect_navigation():
        agent.hits("Enter")
    assert agent.page.url.endswith(f"/agent/citoyens/{town.citizen_id}/")


def test_the_box_says_what_it_found_and_logs_a_prestation(agent, town):
    agent.hits("Control+k")
    status = agent.page.locator(".search-dialog [role=status]")
    agent.types("zwxkjq")
    expect(status).to_have_text("Rien trouvé")
    agent.hits("ArrowDown")
    create = agent.page.get_by_role("option", name="Créer une fiche")
    expect(create).to_have_attribute("aria-selected", "true")
    agent.finds_no_fault()
    agent.hits("Control+a")
    agent.types(town.reference)
    expect(status).to_have_text("1 résultat")
    agent.hits("Control+a")
    agent.types("nid de poulle")
    group = agent.page.get_by_role("group", name="Prestations")
    expect(group.get_by_role("option").first).to_be_visible()
    with agent.page.expect_navigation():
        group.get_by_role("option").first.click()
    assert "/agent/accueil/demande/" in agent.page.url


def test_typed_in_the_head_it_goes_on_in_the_box_and_enter_shows_all(agent):
    field = agent.page.locator(".topbar-search input")
    field.press_sequentially("be")
    box = agent.page.get_by_role("combobox")
    expect(box).to_be_focused()
    agent.types("nali")
    expect(box).to_have_value("benali")
    with agent.page.expect_navigation():
        agent.hits("Enter")
    agent.arrives_at("Recherche\u00a0: «\u00a0benali\u00a0»")
    agent.follows("BENALI Karim")


def test_while_one_types_elsewhere_a_slash_is_a_slash(agent):
    agent.opens("/agent/accueil/")
    agent.types("1/2")
    expect(agent.page.locator(".search-dialog")).to_be_hidden()


def test_without_javascript_it_is_a_form_and_a_page(logged_in, eas_agent, town):
    agent = logged_in(eas_agent, java_script_enabled=False).holds(390)
    agent.chooses_a_post("Mairie annexe", "Guichet")
    agent.page.get_by_role("searchbox").fill("06 12 34 56 78")
    with agent.page.expect_navigation():
        agent.hits("Enter")
    agent.looks_right_at(1440, 390)
    agent.follows("BENALI Karim")
    agent.reads("BENALI Karim")
