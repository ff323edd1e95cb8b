"""The same portal in English, for who asks for it."""

import pytest
from django.utils.translation import gettext, override

from prestations.forms import Questionnaire
from prestations.models import Prestation
from requests.models import ServiceRequest
from tests.browser.answering import fill_in, pass_conditions
from tests.browser.visitor import Visitor
from tests.factories.answers import valid_answers
from tests.helpers import drain_outbox

pytestmark = pytest.mark.browser

CODE = "acte-naissance-filiation"


def look_it_up(citizen: Visitor, sent: ServiceRequest) -> None:
    citizen.follows("Track my request")
    citizen.arrives_at("Track my request")
    citizen.fills(gettext("Référence de la demande"), sent.reference)
    citizen.fills(gettext("Adresse électronique ou code de suivi"), sent.requester_email)
    citizen.presses_button(gettext("Voir ma demande"))


def test_a_certificate_is_asked_for_and_followed_in_english(visitor):
    questionnaire = Questionnaire(Prestation.objects.get(pk=CODE).current_form, "web")
    answers, files = valid_answers(questionnaire.form_version, "web")
    citizen = visitor()
    citizen.opens("/")
    citizen.presses_button("English")
    with override("en"):
        citizen.arrives_at("What do you want to do?")
        assert citizen.language == "en"
        citizen.fills(gettext("Cherchez une démarche, une réponse, un lieu"), "birth")
        citizen.hits("Enter")
        citizen.follows("Request a birth record with parentage, or a full copy")
        citizen.finds_no_fault()
        citizen.follows(gettext("Faire la demande en ligne"))
        citizen.presses_button("Start")
        pass_conditions(citizen, CODE)
        for step in questionnaire.steps(answers):
            citizen.arrives_at(step.title)
            assert citizen.language == "en"
            fill_in(citizen, step.questions, answers, files)
            citizen.presses_button("Continue")
        citizen.arrives_at("Check your answers")
        citizen.presses_button("Send my request")
        citizen.arrives_at("Your request has been sent")

        sent = ServiceRequest.objects.get()
        assert sent.language == "en"
        drain_outbox()
        look_it_up(citizen, sent)
        citizen.arrives_at("Request a birth record with parentage, or a full copy")
        citizen.sees("Next step")
        assert citizen.language == "en"
    citizen.presses_button("Français")
    citizen.sees("Prochaine étape")
    assert citizen.language == "fr"
