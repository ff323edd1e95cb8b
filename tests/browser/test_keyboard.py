"""Without a mouse: from the home page to the request and its page, by Tab, Enter and arrows."""

import pytest

from prestations.enums import FieldType
from prestations.forms import Question, Questionnaire
from prestations.forms.answers import flatten
from prestations.forms.eligibility import conditions_of
from prestations.forms.wording import said
from prestations.models import Prestation
from requests.models import ServiceRequest
from tests.browser.by_keys import enters, picks, reaches, types_into
from tests.browser.visitor import Visitor
from tests.factories.answers import going_on, valid_answers

pytestmark = pytest.mark.browser

CODE = "facture-contestation"


def answers_by_keys(citizen: Visitor, question: Question, value) -> None:
    label = str(said(question.label))
    group = citizen.group(label)
    if question.kind == FieldType.ADDRESS:
        street = f"{value['numero'] or ''} {value['voie'] or ''}".strip()
        types_into(citizen, citizen.control("Numéro et rue", group), street)
        types_into(citizen, citizen.control("Code postal", group), value["code_postal"])
        place = citizen.control("Commune, et pays hors de France", group)
        types_into(citizen, place, value["commune"])
    elif question.kind == FieldType.SELECT and group.count():
        picks(citizen, group, [code for code, _label in question.choices].index(value))
    elif question.kind == FieldType.SELECT:
        reaches(citizen, citizen.control(label))
        for _choice in question.choices:
            if citizen.control(label).input_value() != value:
                citizen.hits("ArrowDown")
    else:
        types_into(citizen, citizen.control(label), str(value))


def test_a_request_is_found_filed_and_followed_without_a_mouse(visitor):
    prestation = Prestation.objects.get(pk=CODE)
    questionnaire = Questionnaire(prestation.current_form, "web")
    answers, files = valid_answers(questionnaire.form_version, "web", optional=False)
    assert not files
    flat = flatten(answers)
    citizen = visitor()

    citizen.opens("/")
    types_into(citizen, citizen.page.get_by_role("combobox"), "contester une facture")
    with citizen.page.expect_navigation():
        citizen.hits("Enter")
    enters(citizen, "link", prestation.label)
    enters(citizen, "link", "Faire la demande en ligne")
    enters(citizen, "button", "Commencer")
    for condition in conditions_of(questionnaire.form_version):
        wanted = going_on(questionnaire.form_version)[condition.code]
        place = [code for code, _label in condition.choices].index(wanted)
        picks(citizen, citizen.group(str(said(condition.question))), place)
        enters(citizen, "button", "Continuer")
    for step in questionnaire.steps(answers):
        citizen.reads(step.title)
        for question in step.questions:
            if question.key in flat:
                answers_by_keys(citizen, question, flat[question.key])
        enters(citizen, "button", "Continuer")
    citizen.arrives_at("Vérifiez vos réponses")
    enters(citizen, "button", "Envoyer ma demande")
    citizen.reads("Votre demande est envoyée")
    sent = ServiceRequest.objects.get()
    assert flatten(sent.answers) == flat

    enters(citizen, "link", "Suivre ma demande")  # its number is known there
    secret = citizen.control("Adresse électronique ou code de suivi")
    types_into(citizen, secret, sent.requester_email)
    enters(citizen, "button", "Voir ma demande")
    citizen.arrives_at(prestation.label)
    types_into(citizen, citizen.control("Votre message"), "Avez-vous reçu ma facture ?")
    enters(citizen, "button", "Envoyer mon message")
    assert sent.messages.get().body == "Avez-vous reçu ma facture ?"
