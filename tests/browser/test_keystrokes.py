"""At the counter hands stay on the keyboard (use bar 37)."""

from datetime import date

import pytest
from playwright.sync_api import expect

from requests.models import ServiceRequest
from tests.browser.visitor import Visitor
from tests.factories.citizens import CitizenFactory

pytestmark = pytest.mark.browser

ALLOWED = 12
HOME = "3 rue Jean Mermoz, 91300 Massy"


def is_on(agent: Visitor, name: str) -> None:
    """The focus is on this question."""
    expect(agent.page.locator(":focus")).to_have_attribute("name", name)


def reaches_the_form(agent: Visitor, words: str, prestation: str) -> None:
    """From the empty reception to a prestation's form for Irma Delacroix."""
    agent.opens("/agent/accueil/")
    is_on(agent, "q")
    agent.presses = 0
    agent.types("delacrois")  # one letter wrong, as heard
    expect(agent.page.locator("#resultats")).to_contain_text("DELACROIX Irma")
    agent.hits("Enter")
    is_on(agent, "p")
    agent.types(words)
    expect(agent.page.locator("#resultats .person").first).to_contain_text(prestation)
    agent.hits("Enter")
    expect(agent.page.locator("h1")).to_contain_text(prestation)


def answers(agent: Visitor, **texts: str) -> None:
    """Type each answer where Enter leads; the last Enter sends."""
    for name, text in texts.items():
        is_on(agent, f"reponses.{name}")
        agent.types(text)  # in a list, its first letters choose
        agent.hits("Enter")


@pytest.fixture
def caller():
    return CitizenFactory(
        family_name="Delacroix",
        given_name="Irma",
        phone="+33199001234",
        address=HOME,
        birth_date=date(1980, 5, 1),
    )


def test_from_a_known_caller_to_a_logged_request_in_twelve_keystrokes(
    logged_in, proximite_agent, caller
):
    agent = logged_in(proximite_agent)
    agent.sits_at("Mairie principale", "Accueil téléphonique")
    agent.opens("/agent/")
    reaches_the_form(agent, "nid de poule", "Demande d'intervention rapide")
    answers(agent, lieu_voie="rue Jean Mermoz", type_desordre="Nid", emplacement="Ch")
    is_on(agent, "reponses.description")
    agent.finds_no_fault()
    agent.types("Un trou profond devant l'arrêt de bus.")
    agent.hits("Control+Enter")
    agent.arrives_at("Demande enregistrée")

    assert agent.presses <= ALLOWED, agent.presses
    logged = ServiceRequest.objects.get()
    assert logged.requester_name == "DELACROIX Irma"
    assert logged.place == "rue Jean Mermoz"
    assert logged.answers["reponses"]["type_desordre"] == "nid_poule"
    assert logged.answers["reponses"]["emplacement"] == "chaussee"


def test_a_birth_certificate_in_twelve_keystrokes(logged_in, eas_agent, caller):
    """Known from the record: it is for herself, her names and date of birth, where she lives."""
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/")
    reaches_the_form(agent, "naissance copie intégrale", "acte de naissance avec filiation")
    answers(
        agent,
        type_document="Extrait a",
        titulaire_lieu_naissance="Rennes",
        parent1_nom="Le Goff",
        parent1_prenoms="Anne",
    )
    is_on(agent, "papiers-piece-identite")
    agent.hits("Space")  # the identity card is on the desk
    agent.finds_no_fault()
    agent.hits("Enter")
    agent.arrives_at("Demande enregistrée")

    assert agent.presses <= ALLOWED, agent.presses
    logged = ServiceRequest.objects.get()
    given = logged.answers["reponses"]
    assert (given["qualite"], given["titulaire_date_naissance"]) == ("interesse", "1980-05-01")
    assert (given["type_document"], given["mode_remise"]) == ("extrait_filiation", "retrait_annexe")
    assert logged.papers == ["piece-identite"]
    assert not logged.pieces.exists()


def test_a_bin_in_twelve_keystrokes(logged_in, proximite_agent, caller):
    agent = logged_in(proximite_agent)
    agent.sits_at("Mairie principale", "Accueil téléphonique")
    agent.opens("/agent/")
    reaches_the_form(agent, "conteneur", "conteneur")
    answers(agent, objet="Prem", flux="Ver", type_logement="Pav", nombre_personnes="4")
    agent.arrives_at("Demande enregistrée")

    assert agent.presses <= ALLOWED, agent.presses
    logged = ServiceRequest.objects.get()
    assert (logged.prestation_id, logged.place) == ("dechets-conteneur", HOME)


def test_what_will_be_asked_of_an_incomplete_request_is_on_screen(
    logged_in, proximite_agent, caller
):
    """The page comes back with the letter above the form: the agent reads it first."""
    agent = logged_in(proximite_agent)
    agent.sits_at("Mairie principale", "Accueil téléphonique")
    agent.opens("/agent/")
    reaches_the_form(agent, "nid de poule", "Demande d'intervention rapide")
    agent.page.get_by_role("button", name="Enregistrer incomplète").click()
    heading = agent.page.get_by_role("heading", name="Relire avant l’envoi")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
