"""An anonymous pothole by phone: through the roads department, back, and into the figures."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from requests.models import Sending, ServiceRequest
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PRESTATION = "Demande d'intervention rapide (nids de poule, ...)"
NOTE = "Canari-7391 : la buse date de 1962, prévoir une pelle."
CONCLUSION = "Le trou est rebouché."
DONE = "C’est fait"
SENT = "Envoyé."  # with the button that takes it back


def log_the_call(agent: Visitor) -> tuple[str, str]:
    """A street, no number, no name. Returns the reference and the tracking code."""
    agent.opens("/agent/")
    agent.arrives_at("Où êtes-vous aujourd’hui ?")
    agent.chooses("Site", "Mairie principale")
    agent.chooses("Poste", "Accueil téléphonique")
    agent.presses_button("Commencer")
    agent.arrives_at("Bonjour Hugo")
    agent.follows("Accueillir une personne")
    agent.arrives_at("Accueil du public")
    agent.follows("Anonyme")
    agent.sees("ANONYME")
    agent.fills("Que demande cette personne ?", "trou dans la rue")
    agent.arrives_at("Accueil du public")
    agent.page.get_by_role("button", name=PRESTATION).click()
    agent.arrives_at(PRESTATION)
    agent.fills("Rue ou lieu", "rue Jean Mermoz", agent.group("Lieu du problème"))
    agent.chooses("Type de désordre", "Nid de poule")
    agent.presses_button("Enregistrer la demande")
    agent.sees("Renseignez « Décrivez le problème »")
    agent.arrives_at(PRESTATION)
    agent.chooses("Emplacement", "Chaussée")
    agent.fills("Décrivez le problème", "Un trou profond devant l'arrêt de bus.")
    agent.presses_button("Enregistrer la demande")
    agent.arrives_at("Demande enregistrée")
    reference, code = agent.page.locator(".big-number").all_inner_texts()
    assert ServiceRequest.objects.get().reference == reference
    return reference, code


def work_on_it(expert: Visitor, reference: str) -> None:
    """Take it, note something, ask for a photograph; never write, never close."""
    expert.opens("/agent/")
    expert.arrives_at("Bonjour Karim")
    expert.follows("À prendre en charge")
    expert.arrives_at("À prendre en charge")
    expert.follows(reference)
    expert.arrives_at(PRESTATION)
    expert.presses_button("Prendre en charge")
    expert.sees(DONE)
    expert.fills("Votre note", NOTE)
    expert.presses_button("Ajouter la note interne")
    expert.sees(NOTE)
    expert.sees("Note interne")
    expert.arrives_at(PRESTATION)
    for forbidden in ("Envoyer le message", "Envoyer la réponse", "Clore la demande"):
        expect(expert.page.get_by_text(forbidden)).to_have_count(0)

    expert.does("Demander des pièces")
    expert.finds_no_fault()
    expert.presses_button("Relire avant l’envoi")
    expert.sees("Choisissez au moins une pièce à demander.")
    expert.finds_no_fault()
    expert.ticks("Une photo")
    expert.presses_button("Relire avant l’envoi")
    expert.finds_no_fault()
    expert.presses_button("Demander des pièces")
    expert.sees(SENT)
    expert.arrives_at(PRESTATION)
    expert.sees("Attend pièces")


def send_the_photograph(caller: Visitor, reference: str, code: str) -> None:
    caller.opens("/suivi/")
    caller.fills("Référence de la demande", reference)
    caller.fills("Adresse électronique ou code de suivi", code)
    caller.presses_button("Voir ma demande")
    caller.arrives_at(PRESTATION)
    caller.presses_button("Envoyer les pièces")
    caller.sees("Joignez le document « Une photo »")
    caller.arrives_at(PRESTATION)
    caller.attaches("Une photo")
    caller.presses_button("Envoyer les pièces")
    caller.sees("Vos pièces sont bien reçues.")
    caller.arrives_at(PRESTATION)
    caller.sees("papier.png")


def conclude(expert: Visitor, reference: str) -> None:
    expert.opens(f"/agent/demandes/{reference}/")
    expert.sees("papier.png")
    expert.does("Rendre la conclusion")
    expert.finds_no_fault()
    expert.chooses("Sens de la conclusion", "Favorable")
    expert.fills("Conclusion", CONCLUSION)
    expert.presses_button("Rendre la conclusion")
    expert.sees(DONE)
    expert.arrives_at(PRESTATION)


def has_left() -> bool:
    """Whether nothing may be undone any more: until then its reader sees nothing."""
    return not Sending.objects.leaving(timezone.now()).exists()


def send_the_answer(agent: Visitor, reference: str) -> None:
    agent.opens("/agent/")
    agent.follows("À répondre")
    agent.arrives_at("À répondre")
    agent.follows(reference)
    agent.arrives_at(PRESTATION)
    agent.sees(NOTE)  # the front office followed it all along
    agent.does("Envoyer la réponse")
    expect(agent.control("Compte rendu de l’intervention")).to_have_value(CONCLUSION)
    agent.fills("Date de l’intervention", timezone.localdate().isoformat())
    agent.presses_button("Relire avant l’envoi")
    agent.finds_no_fault()
    agent.presses_button("Envoyer la réponse")
    agent.sees(SENT)
    agent.arrives_at(PRESTATION)


def read_the_figures(manager: Visitor) -> None:
    """A number of the dashboard opens the list of exactly that length."""
    manager.opens("/pilotage/")
    manager.arrives_at("Pilotage")
    figure = manager.page.get_by_role("link", name=re.compile(r"^Closes\s: 1$"))
    figure.click()
    manager.finds_no_fault()
    expect(manager.page.locator("tbody tr")).to_have_count(1)
    manager.never_sees("rue Jean Mermoz")


def test_an_anonymous_pothole_from_the_phone_to_the_figures(
    visitor, logged_in, town_at_work, eventually, proximite_agent, expert, manager
):
    front, roads, caller = logged_in(proximite_agent), logged_in(expert), visitor()
    reference, code = log_the_call(front)
    sr = ServiceRequest.objects.get()
    assert (sr.requester_kind, sr.place, sr.channel) == ("anonyme", "rue Jean Mermoz", "telephone")

    def state_is(*expected: str) -> bool:
        sr.refresh_from_db()
        return sr.state in expected

    eventually(lambda: state_is("transmise"))
    assert sr.department_id == "voirie-assainissement"
    work_on_it(roads, reference)
    assert state_is("attente-pieces")
    assert sr.paused_at
    eventually(has_left)
    send_the_photograph(caller, reference, code)
    assert not state_is("attente-pieces")
    assert not sr.paused_at
    caller.never_sees("Canari-7391")
    conclude(roads, reference)
    assert state_is("a-repondre")
    send_the_answer(front, reference)
    assert state_is("close")

    eventually(has_left)
    caller.page.reload()
    caller.sees(CONCLUSION)
    caller.arrives_at(PRESTATION)
    caller.never_sees("Canari-7391")
    read_the_figures(logged_in(manager))
