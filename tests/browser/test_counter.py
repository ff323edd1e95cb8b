"""A walk-in at the counter: a new record, the portal's own form, the document handed over."""

import re

import pytest

from citizens.models import Citizen
from prestations.forms import Questionnaire
from prestations.models import Prestation
from requests.models import Contact, ServiceRequest
from tests.browser.answering import fill_in
from tests.factories.answers import valid_answers

pytestmark = pytest.mark.browser

CODE = "acte-naissance-filiation"
PRESTATION = "Demande d'acte de naissance avec filiation ou copie intégrale"


def test_a_stranger_walks_in_and_leaves_with_the_certificate(logged_in, eas_agent):
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/")
    agent.follows("Accueillir une personne")
    agent.fills("Qui est là ?", "Quesnel")
    agent.hits("Enter")
    agent.sees("Personne ne ressemble à « Quesnel ».")
    agent.follows("Créer la fiche")
    agent.arrives_at("Créer une fiche")
    agent.fills("Nom de famille", "Quesnel")
    agent.fills("Prénom", "Odette")
    agent.fills("Téléphone", "01 99 00 12 34")
    agent.presses_button("Créer la fiche")
    agent.sees("QUESNEL Odette")
    agent.arrives_at("Accueil du public")

    agent.fills("Que demande cette personne ?", "naissance filiation")
    agent.hits("Enter")
    agent.page.get_by_role("button", name=PRESTATION).click()
    agent.arrives_at(PRESTATION)
    questionnaire = Questionnaire(Prestation.objects.get(pk=CODE).current_form, "guichet")
    answers, _files = valid_answers(questionnaire.form_version, "guichet", optional=False)
    fill_in(agent, questionnaire.definition.questions, answers, {})
    agent.presses_button("Enregistrer la demande")
    agent.sees("Renseignez « Adresse postale »")  # asked, for it is not in the record
    agent.arrives_at(PRESTATION)
    home = {"voie": "3 rue Jean Mermoz", "code_postal": "91300", "commune": "Massy"}
    fill_in(
        agent,
        [one for one in questionnaire.definition.requester if one.name == "adresse"],
        {"demandeur": {"adresse": {"numero": None, **home}}},
        {},
    )
    agent.presses_button("Enregistrer la demande")
    agent.arrives_at("Demande enregistrée")
    agent.presses_button("Remis au guichet : clore")
    agent.sees("à recevoir du demandeur")  # nobody looked at the card
    for seen in agent.page.get_by_role("checkbox", name=re.compile("Vue et acceptée")).all():
        seen.check()
    agent.presses_button("Remis au guichet : clore")
    agent.arrives_at("Demande enregistrée et close")

    logged = ServiceRequest.objects.get()
    assert logged.citizen == Citizen.objects.get(family_name="Quesnel")
    assert (logged.channel, logged.site_id) == ("guichet", "mairie-annexe")


def test_a_question_answered_at_once_is_noted_without_a_request(logged_in, eas_agent):
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie principale", "Accueil téléphonique")
    agent.opens("/agent/")
    agent.follows("Noter un contact sans demande")
    agent.arrives_at("Noter un contact sans demande")
    agent.presses_button("Noter le contact")
    agent.sees("Renseignez « Ce qui était demandé »")
    agent.finds_no_fault()
    agent.fills("Ce qui était demandé", "Horaires du samedi ?")
    agent.fills("Ce que vous avez répondu", "De 8 h 30 à 12 h 30.")
    agent.presses_button("Noter le contact")
    agent.sees("Contact noté.")
    agent.arrives_at("Noter un contact sans demande")
    assert Contact.objects.get().channel == "telephone"
    assert not ServiceRequest.objects.exists()
