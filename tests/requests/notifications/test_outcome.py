"""The answer, the closing and what may follow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from prestations.enums import Role
from prestations.models import ClosingReason
from requests import actions
from requests.blocking import obstacles
from requests.enums import Outcome, Verb
from tests.backoffice.views.test_holders import named
from tests.factories.users import make_agent
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
# quick, where the PDF is not what is shown
as_text = pytest.mark.usefixtures("text_letters")


@pytest.fixture
def opened(catalogue, eas_agent):
    """A request in the front office's hands; its first letters have left."""
    service_request = file_request("acte-naissance-filiation")
    drain_outbox()
    return actions.take_request(request_id=service_request.pk, version=None, actor=eas_agent)


def _answer(service_request, actor, body="Voici la réponse.", outcome=Outcome.POSITIVE, **fields):
    return actions.answer_request(
        request_id=service_request.pk,
        version=None,
        actor=actor,
        body=body,
        outcome=outcome,
        **fields,
    )


def test_a_positive_answer_is_one_mail_with_its_letter(opened, eas_agent, mails, papers):
    _answer(opened, eas_agent)
    (sent,) = mails()
    assert "Voici la réponse." in sent.body
    assert "recours" not in sent.body.lower()
    assert sent.attachments[0][0].startswith("reponse-")
    assert papers(opened) == []


def test_a_refusal_carries_reasons_and_remedies_and_leaves_on_paper_too(
    opened, supervisor, mails, papers
):
    _answer(opened, supervisor, "Vous n'êtes pas de la famille.", Outcome.NEGATIVE)
    (sent,) = mails()
    assert "Vous n'êtes pas de la famille." in sent.body
    assert "deux mois" in sent.body
    assert "tribunal administratif" in sent.body
    assert [label.split(" du ")[0] for label in papers(opened)] == ["Réponse"]


@as_text
def test_a_refusal_written_whole_by_the_agent_gets_its_remedies(opened, supervisor, mails):
    body = "Bonjour,\n\nNous ne pouvons pas vous donner cet acte.\n\nNadia Petit"
    _answer(opened, supervisor, body, Outcome.NEGATIVE)
    (sent,) = mails()
    assert "deux mois" in sent.body
    assert "tribunal administratif" in sent.body


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_prestation_of_the_catalogue_can_be_answered(
    catalogue, supervisor, mails, text_letters, outcome
):
    """Once with each template that the outcome brings."""
    colleague = make_agent(Role.SUPERVISEUR, first_name="Omar", last_name="Diallo")
    for prestation in catalogue.values():
        if prestation.restricted:
            named(supervisor, prestation.pk)
            named(colleague, prestation.pk)
    seen = set()
    for prestation in catalogue.values():
        code = getattr(prestation, f"outcome_{outcome}_template")
        if code in seen or not prestation.open_on("web"):
            continue
        seen.add(code)
        filed = file_request(prestation.pk)
        actions.take_request(request_id=filed.pk, version=None, actor=supervisor)
        filed.refresh_from_db()
        filed.__class__.objects.filter(pk=filed.pk).update(state="a-repondre")
        if barred := obstacles(filed, Verb.ANSWER):
            actions.override_obstacles(
                request_id=filed.pk,
                version=None,
                actor=supervisor,
                lifted=[one.key for one in barred],
                reason="Essai.",
            )
        mails()
        _answer(filed, supervisor, "Voici la réponse.", outcome)
        if waiting := actions.pending_decision(filed):
            mails()
            actions.sign_decision(decision_id=waiting.pk, version=None, actor=colleague)
        (sent,) = mails()
        assert "Voici la réponse." in sent.body, prestation.pk


@as_text
def test_closing_with_a_motive_tells_it(opened, supervisor, mails):
    actions.close_request(
        request_id=opened.pk,
        version=None,
        actor=supervisor,
        closing_reason=ClosingReason.objects.filter(positive=False).first(),
        motive="Vous avez déjà reçu cet acte.",
    )
    (sent,) = mails()
    assert "Vous avez déjà reçu cet acte." in sent.body


@as_text
def test_a_ready_document_says_where_when_and_until_when(opened, eas_agent, mails):
    actions.mark_ready(request_id=opened.pk, version=None, actor=eas_agent)
    (sent,) = mails()
    assert "Mairie principale, 1 avenue du Général-de-Gaulle" in sent.body
    assert "lundi 8 h 30 - 12 h 30 et 13 h 30 - 17 h 30" in sent.body


@as_text
def test_an_appointment_is_confirmed(opened, eas_agent, mails):
    at = timezone.now() + timedelta(days=3)
    actions.set_appointment(request_id=opened.pk, version=None, actor=eas_agent, at=at)
    (sent,) = mails()
    assert "rendez-vous le" in sent.subject


@as_text
def test_withdrawal_and_reopening_are_confirmed(opened, eas_agent, mails):
    _answer(opened, eas_agent)
    mails()
    actions.reopen_request(
        request_id=opened.pk, version=None, actor=eas_agent, reason="L'acte s'est perdu."
    )
    (reopened,) = mails()
    assert "L'acte s'est perdu." in reopened.body
    actions.withdraw_request(request_id=opened.pk)
    (withdrawn,) = mails()
    assert "est annulée" in withdrawn.subject


@as_text
def test_the_interim_reply_gives_a_date_to_come_and_does_not_stop_the_law(opened, mails):
    now = timezone.now() + timedelta(days=60)
    actions.send_interim_reply(request_id=opened.pk, now=now)
    actions.send_interim_reply(request_id=opened.pk, now=now)
    (sent,) = mails()
    assert "toujours en cours" in sent.body
    assert "n'arrête pas le délai légal" in sent.body
