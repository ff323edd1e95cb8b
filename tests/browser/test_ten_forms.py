"""The ten most different forms of the catalogue, filled in by hand and sent."""

import pytest

from prestations.forms import Questionnaire
from prestations.forms.answers import flatten
from prestations.models import Prestation
from requests.models import ServiceRequest
from tests.browser.answering import fill_in, pass_conditions
from tests.browser.variety import most_different
from tests.factories.answers import valid_answers

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("code", most_different(10))
def test_a_form_filled_in_by_its_labels_becomes_a_request(visitor, code):
    questionnaire = Questionnaire(Prestation.objects.get(pk=code).current_form, "web")
    answers, files = valid_answers(questionnaire.form_version, "web")
    citizen = visitor()

    citizen.opens(f"/prestations/{code}/demande/")
    citizen.presses_button("Commencer")
    pass_conditions(citizen, code)
    citizen.finds_no_fault()
    for step in questionnaire.steps(answers):
        citizen.reads(step.title)
        fill_in(citizen, step.questions, answers, files)
        citizen.passes_on()
    citizen.arrives_at("Vérifiez vos réponses")
    citizen.presses_button("Envoyer ma demande")
    citizen.reads("Votre demande est envoyée")

    sent = ServiceRequest.objects.get()
    assert sent.prestation_id == code
    assert flatten(sent.answers) == flatten(answers)
    assert sent.attachments.count() == len(files)
