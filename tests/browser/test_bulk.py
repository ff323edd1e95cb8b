"""Several requests treated at once without a mouse: one of them fails, the rest is taken back."""

import pytest
from playwright.sync_api import Locator, expect

from requests import actions
from requests.enums import State
from requests.models import ServiceRequest
from tests.browser.visitor import Visitor
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser
CHANGED = "Elle a changé entre-temps\u00a0: Urgence modifiée, Irène Lopez."
MOST = 120  # presses of Tab from one control to the next


def reaches(agent: Visitor, control: Locator, key: str = "Tab") -> None:
    """Tab until the focus is there."""
    for _press in range(MOST):
        if control.evaluate("one => one === document.activeElement"):
            return
        agent.hits(key)
    raise AssertionError(f"{key} never comes to {control}")


def presses(agent: Visitor, name: str, key: str = "Tab") -> None:
    reaches(agent, agent.page.get_by_role("main").get_by_role("button", name=name), key)
    with agent.page.expect_navigation():
        agent.hits("Enter")


def test_several_are_given_to_a_colleague_one_fails_and_all_is_taken_back(
    logged_in, eas_agent, supervisor, town_at_work
):
    rows = [make_request(state=State.EN_COURS, place=f"{n} rue Jaurès") for n in range(1, 4)]
    agent: Visitor = logged_in(eas_agent)
    agent.sits_at("Mairie principale", "Guichet")
    agent.opens("/agent/demandes/?vue=toutes")
    count = agent.page.locator("[data-bulk-count]")
    act = agent.control("Demandes cochées\u00a0:")
    expect(act).to_be_hidden()
    for number, sr in enumerate(sorted(rows, key=lambda sr: sr.pk, reverse=True), start=1):
        reaches(agent, agent.page.get_by_label(f"Choisir la demande {sr.reference}"))
        agent.hits("Space")
        expect(count).to_have_text(
            "1 demande choisie" if number == 1 else f"{number} demandes choisies"
        )
    agent.finds_no_fault()
    reaches(agent, act, "Shift+Tab")  # above the rows
    agent.types("Confier")
    presses(agent, "Voir ce que cela ferait")

    agent.arrives_at("Confier à un collègue")
    agent.sees("Possible pour 3 demandes sur 3.")
    actions.set_urgent(request_id=rows[1].pk, version=None, actor=supervisor, urgent=True)
    reaches(agent, agent.control("Collègue"))
    agent.types("Lopez")
    presses(agent, "Confier à un collègue")

    agent.reads("Confier à un collègue")
    link = agent.page.get_by_role("main").get_by_role("link", name=rows[0].reference)
    reaches(agent, link)
    expect(agent.page.locator("#ou-en-est-on")).to_contain_text("Terminé")
    expect(link).to_be_focused()  # what came in did not take it away
    agent.sees("2 faites, 1 refusée")
    agent.sees(CHANGED)
    agent.finds_no_fault()
    assert [ServiceRequest.objects.get(pk=sr.pk).assignee for sr in rows] == [
        supervisor,
        None,
        supervisor,
    ]

    presses(agent, "Annuler l’action groupée", "Shift+Tab")
    expect(agent.page.locator("#ou-en-est-on")).to_contain_text("Annulation terminée")
    agent.sees("2 annulées")
    agent.finds_no_fault()
    assert {ServiceRequest.objects.get(pk=sr.pk).assignee for sr in rows} == {None}


def test_it_is_done_without_javascript(logged_in, eas_agent):
    sr = make_request(state=State.EN_COURS, place="rue Jaurès")
    agent: Visitor = logged_in(eas_agent, java_script_enabled=False)
    agent.sits_at("Mairie principale", "Guichet")
    agent.opens("/agent/demandes/?vue=toutes")
    agent.page.get_by_label(f"Choisir la demande {sr.reference}").check()
    agent.chooses("Demandes cochées\u00a0:", "Suivre")
    agent.looks_right_at(1440, 320)
    agent.presses_button("Voir ce que cela ferait")
    agent.looks_right_at(1440, 320)
    agent.presses_button("Suivre")
    agent.sees("Traitées\u00a0: 0 sur 1")
    agent.looks_right_at(1440, 320)
    agent.follows("Actions groupées récentes")
    agent.sees("en cours")
    agent.looks_right_at(1440, 320)
