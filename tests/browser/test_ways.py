"""The ways through the site: headers and footers, refusals, and the numbers' lists."""

import pytest
from playwright.sync_api import expect

from prestations.enums import Role

pytestmark = pytest.mark.browser

FOOTER = {
    "Accessibilité": "/accessibilite/",
    "Données personnelles": "/donnees-personnelles/",
    "Mentions légales": "/mentions-legales/",
    "Espace agents": "/agent/",
}
HEADER = {"Suivre ma demande": "/suivi/"}


def test_header_and_footer_lead_everywhere(visitor):
    citizen = visitor()
    for name, path in (HEADER | FOOTER).items():
        citizen.opens("/")
        part = citizen.page.get_by_role("contentinfo" if name in FOOTER else "banner")
        citizen.follows(name, within=part)
        citizen.finds_no_fault()
        reached = citizen.page.url.removeprefix(citizen.address)
        assert reached == path or (name == "Espace agents" and "/compte/login/" in reached)
    banner = citizen.page.get_by_role("banner")
    expect(banner.get_by_text("Se connecter")).to_have_count(0)  # citizens have no accounts yet
    for language in ("English", "Français"):
        expect(citizen.page.get_by_role("button", name=language)).to_be_visible()


def test_agents_find_search_post_language_and_the_way_out(demo_agent):
    agent = demo_agent(Role.AGENT_EAS)
    agent.opens("/agent/")
    agent.page.get_by_role("searchbox", name="Chercher une personne").fill("Mermoz")
    agent.hits("Enter")
    agent.page.wait_for_url("**/agent/recherche/**")
    agent.finds_no_fault()
    agent.follows("Guichet · Mairie principale")
    agent.arrives_at("Où êtes-vous aujourd’hui ?")
    agent.follows("Espace agents, accueil")
    agent.finds_no_fault()
    menu = agent.page.locator(".topbar summary")
    menu.click()
    agent.presses_button("English")
    assert agent.language == "en"
    agent.finds_no_fault()
    menu.click()
    agent.presses_button("Français")
    menu.click()
    agent.presses_button("Se déconnecter")
    agent.opens("/agent/")
    agent.arrives_at("Se connecter")


def test_what_is_not_there_says_so_and_shows_a_way_out(visitor):
    citizen = visitor()
    for path in ("/nulle-part/", "/prestations/inconnue/", "/demandes/2026-1/"):
        citizen.opens(path)
        citizen.finds_no_fault()
        citizen.follows("", within=citizen.page.locator("main"))
        citizen.finds_no_fault()


def test_a_refusal_says_so_and_shows_a_way_out(demo_agent):
    agent = demo_agent(Role.AGENT_EXPERT)
    agent.opens("/agent/parametrage/agents/")
    agent.arrives_at("Vous n’avez pas accès à cette page")
    agent.follows("", within=agent.page.locator("main"))
    agent.finds_no_fault()


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (
            Role.AGENT_EAS,
            ["/agent/accueil/contact/", "/agent/citoyens/nouveau/", "/agent/demandes/?filtres=1"],
        ),
        (
            Role.ADMINISTRATEUR,
            [
                "/agent/",
                "/agent/parametrage/",
                "/agent/parametrage/agents/",
                "/agent/parametrage/agents/inviter/",
                "/agent/parametrage/envois/",
                "/compte/2fa/",
            ],
        ),
    ],
)
def test_the_pages_beside_the_stories_are_in_order_too(demo_agent, role, paths):
    agent = demo_agent(role)
    for path in paths:
        agent.opens(path)
        agent.finds_no_fault()


def test_every_tile_of_the_dashboard_opens_a_list_of_its_length(demo_agent):
    manager = demo_agent(Role.MANAGER)
    manager.opens("/pilotage/")
    manager.finds_no_fault()
    figures = manager.page.locator(".dashboard-tiles a[data-figure]")
    told = [(one.inner_text(), one.get_attribute("href")) for one in figures.all()]
    assert len(told) >= 5
    for text, path in told:
        number = int("".join(char for char in text.split(":")[-1] if char.isdigit()))
        manager.opens(path)
        assert length_of_the_list(manager) == number, path


def length_of_the_list(visitor) -> int:
    """Rows on all the pages of a list."""
    rows = visitor.page.locator("tbody tr").count()
    following = visitor.page.get_by_role("link", name="Suivants")
    while following.count():
        visitor.follows("Suivants")
        rows += visitor.page.locator("tbody tr").count()
    return rows
