"""Without JavaScript nothing is missing: a whole request with a file and an address (bar 4)."""

import pytest

from prestations.forms import Questionnaire
from prestations.models import Prestation
from requests.models import ServiceRequest
from tests.browser.answering import fill_in, pass_conditions
from tests.factories.answers import valid_answers

pytestmark = pytest.mark.browser

CODE = "voirie-intervention-rapide"


def test_a_pothole_with_photograph_and_address_without_javascript(visitor):
    questionnaire = Questionnaire(Prestation.objects.get(pk=CODE).current_form, "web")
    answers, files = valid_answers(questionnaire.form_version, "web")
    page_by_page = questionnaire.steps(answers)
    citizen = visitor(java_script_enabled=False)
    citizen.opens(f"/prestations/{CODE}/demande/")
    citizen.presses_button("Commencer")
    pass_conditions(citizen, CODE)

    citizen.presses_button("Continuer")  # nothing answered: told, on a page of the server
    citizen.sees("Il y a")
    assert citizen.page.title().startswith("Erreur :")
    for step in page_by_page:
        citizen.sees(step.title)
        fill_in(citizen, step.questions, answers, files)
        citizen.presses_button("Continuer")
    citizen.sees("photo.pdf")
    citizen.presses_button("Envoyer ma demande")

    citizen.sees("Votre demande est envoyée")
    sent = ServiceRequest.objects.get()
    assert sent.place == "3 rue Jean Mermoz"
    assert sent.attachments.count() == len(files) == 1
    citizen.follows("Suivre ma demande")
    citizen.fills("Référence de la demande", sent.reference)
    citizen.fills("Adresse électronique ou code de suivi", sent.requester_email)
    citizen.presses_button("Voir ma demande")
    citizen.sees("Prochaine étape")
    citizen.fills("Votre message", "Le trou s'agrandit.")
    citizen.presses_button("Envoyer mon message")
    citizen.sees("Votre message est envoyé.")
    citizen.sees("Le trou s'agrandit.")
    assert not citizen.problems
