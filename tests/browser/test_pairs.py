"""Two requests that ask the same, merged and told apart again (bar 36); an answer undone by its
author, and the next request opened by the same key that sends (bar 38)."""

import pytest
from playwright.sync_api import expect

from requests.enums import State
from requests.models import ServiceRequest
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


def test_a_pair_is_merged_after_its_letter_was_read_and_told_apart_again(logged_in, eas_agent):
    citizen = CitizenFactory()
    lead, merged = (
        make_request(
            state=State.EN_COURS, citizen=citizen, assignee=eas_agent, front_agent=eas_agent
        )
        for _one in range(2)
    )
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie principale", "Guichet")
    agent.opens(merged.get_absolute_url())
    agent.does("Regrouper avec une autre demande")
    agent.fills("Numéro de l’autre demande", lead.reference)
    agent.presses_button("Relire avant l’envoi")
    agent.sees("Nous les traitons ensemble.")
    agent.finds_no_fault()
    assert ServiceRequest.objects.get(pk=merged.pk).merged_into is None
    agent.page.locator("button[name=step][value=send]").click()
    expect(agent.page.get_by_role("link", name=lead.reference).first).to_be_visible()
    agent.finds_no_fault()
    assert ServiceRequest.objects.get(pk=merged.pk).merged_into == lead
    agent.opens(lead.get_absolute_url())
    agent.follows(merged.reference)
    agent.does("Défaire le regroupement")
    agent.presses_button("Défaire le regroupement")
    agent.sees("C’est fait")
    assert ServiceRequest.objects.get(pk=merged.pk).merged_into is None


def test_one_key_sends_and_opens_the_next_request_and_the_sending_is_undone(logged_in, eas_agent):
    first, second = (
        make_request(
            state=State.EN_COURS,
            citizen=CitizenFactory(),
            assignee=eas_agent,
            front_agent=eas_agent,
        )
        for _one in range(2)
    )
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie principale", "Guichet")
    agent.opens(f"{first.get_absolute_url()}write/")
    agent.page.locator("textarea[name=body]").fill("Votre dossier avance.")
    with agent.page.expect_navigation():
        agent.hits("Control+Enter")
    agent.sees("Votre dossier avance.")
    with agent.page.expect_navigation():
        agent.page.get_by_role("button", name="et ouvrir la suivante").click()
    expect(agent.page).to_have_url(f"{agent.address}{second.get_absolute_url()}")
    agent.presses_button("Annuler l’envoi")
    expect(agent.page.locator("textarea[name=body]")).to_have_value("Votre dossier avance.")
    agent.finds_no_fault()
    assert not first.messages.exists()
