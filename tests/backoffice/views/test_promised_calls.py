"""A promised call shows in the life of its request, and bars its end until it is made (S55)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from prestations.models import ClosingReason
from requests import actions
from requests.enums import ContactOutcome, Outcome, State
from requests.exceptions import Blocked
from requests.models import CallBack
from requests.tracking import tracking_link
from tests.backoffice.conftest import client_of
from tests.backoffice.views.conftest import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]


@pytest.fixture(autouse=True)
def letters(settings, tmp_path, text_letters):
    settings.MEDIA_ROOT = tmp_path


def promise(sr, agent) -> CallBack:
    return actions.promise_call_back(
        request_id=sr.pk, actor=agent, owner=agent, slot=None, phone="+33612345678", about="Le bac"
    )


def post(browser, sr, verb, **fields):
    sr.refresh_from_db()
    return browser.post(url(sr, verb), {"version": sr.version, **fields})


def test_a_promise_and_its_move_are_lines_of_the_life_of_the_request(front, sr, eas_agent):
    promised = promise(sr, eas_agent)
    page = front.get(url(sr)).content.decode()
    assert f"Rappel promis\u00a0: {promised.slot_words}, par {eas_agent.get_full_name()}." in page
    promise(sr, eas_agent)
    bodies = list(sr.notes.order_by("pk").values_list("body", flat=True))
    assert [body.split("\u00a0: ")[0] for body in bodies] == ["Rappel promis", "Rappel déplacé"]
    assert all(body.endswith("Le bac") for body in bodies)


def test_the_requester_reads_when_they_are_called_until_it_is_made(sr, eas_agent):
    promised = promise(sr, eas_agent)
    citizen = Client()
    page = citizen.get(tracking_link(sr), follow=True).content.decode()
    assert "Nous vous appelons" in page
    assert promised.slot_words in page
    CallBack.objects.update(done_at=timezone.now(), done_by=eas_agent)
    assert "Nous vous appelons" not in citizen.get(tracking_link(sr), follow=True).content.decode()


def test_the_answer_does_not_close_by_default_while_a_call_is_promised(front, sr, eas_agent):
    assert front.get(url(sr, "answer")).context["form"]["close"].value() is True
    promised = promise(sr, eas_agent)
    page = front.get(url(sr, "answer"))
    assert page.context["form"]["close"].value() is False
    words = page.content.decode()
    assert f"Un rappel est promis ({promised.slot_words})" in words
    assert "Avant de clore, quelle que soit la réponse" in words


@pytest.mark.parametrize("outcome", Outcome.values)
def test_an_answer_leaves_but_does_not_close_over_a_promised_call(
    sr, eas_agent, supervisor, outcome
):
    browser, promised = client_of(supervisor), promise(sr, eas_agent)
    answer = {"outcome": outcome, "template": "", "body": "Voici pourquoi.", "close": "on"}
    preview = post(browser, sr, "answer", step="preview", **answer).content.decode()
    assert f"le rappel promis au demandeur ({promised.slot_words}), à faire" in preview
    assert post(browser, sr, "answer", **answer).status_code == 302
    sr.refresh_from_db()
    assert sr.answered_at is not None
    assert sr.state == State.EN_COURS


def test_closing_waits_for_the_call_whatever_the_reason(sr, eas_agent):
    promised = promise(sr, eas_agent)
    for code in ("satisfaite", "doublon"):
        close = {
            "request_id": sr.pk,
            "version": None,
            "actor": eas_agent,
            "closing_reason": ClosingReason.objects.get(pk=code),
            "motive": "Voilà.",
        }
        with pytest.raises(Blocked, match="rappelle le demandeur et le note"):
            actions.close_request(**close)
    actions.mark_called_back(call_back_id=promised.pk, actor=eas_agent)
    assert actions.close_request(**close).state == State.CLOSE


def test_who_cannot_be_reached_is_not_called_first(sr, eas_agent):
    promise(sr, eas_agent)
    closed = actions.close_request(
        request_id=sr.pk,
        version=None,
        actor=eas_agent,
        closing_reason=ClosingReason.objects.get(pk="desistement"),
        motive="Vous ne souhaitez plus de suite.",
    )
    assert closed.state == State.CLOSE


def test_an_answer_signed_meanwhile_leaves_and_the_request_waits_for_the_call(
    sr, eas_agent, supervisor
):
    decision = sr.proposed_decisions.create(
        author=eas_agent,
        verb="answer",
        outcome=Outcome.NEGATIVE,
        body="Voici pourquoi.",
        proposed_at=timezone.now(),
    )
    promise(sr, eas_agent)
    type(sr).objects.filter(pk=sr.pk).update(state=State.A_VALIDER)
    signed = actions.sign_decision(decision_id=decision.pk, version=None, actor=supervisor)
    assert signed.answered_at is not None
    assert signed.state == State.EN_COURS


def test_the_front_offices_manager_lets_the_end_pass_with_a_reason_on_the_timeline(
    sr, eas_agent, supervisor
):
    promised = promise(sr, eas_agent)
    browser = client_of(supervisor)
    assert promised.slot_words in browser.get(url(sr, "override")).content.decode()
    lifted = {"lifted": [f"call:{promised.pk}"], "reason": "Il est passé au guichet."}
    assert post(browser, sr, "override", **lifted).status_code == 302
    page = browser.get(url(sr)).content.decode()
    assert "rappel promis à faire. Motif\u00a0: Il est passé au guichet" in page
    closed = actions.close_request(
        request_id=sr.pk,
        version=None,
        actor=eas_agent,
        closing_reason=ClosingReason.objects.get(pk="satisfaite"),
    )
    assert closed.state == State.CLOSE


def test_a_past_day_is_no_day_for_what_is_still_to_be_done(sr, proximite_agent):
    browser, address = client_of(proximite_agent), f"{url(sr)}reclamation/"
    yesterday = timezone.localdate() - timedelta(days=1)
    noted = {"version": 0, "action": "Excuses.", "action_on": yesterday.isoformat()}
    refused = browser.post(address, noted)
    assert "Cette date est passée." in refused.context["form"].errors["action_on"][0]
    assert browser.post(address, {**noted, "action_done": "on"}).status_code == 302
    tomorrow = timezone.localdate() + timedelta(days=1)
    noted = {**noted, "version": 1, "action_on": tomorrow.isoformat()}
    assert browser.post(address, noted).status_code == 302
    assert "en retard, prévue pour le" not in browser.get(url(sr)).content.decode()
    type(sr.complaint).objects.update(action_on=yesterday)
    assert "en retard, prévue pour le" in browser.get(url(sr)).content.decode()
    # noted before, it may be late
    kept = {**noted, "version": 2, "action_on": yesterday.isoformat(), "action": "Mot écrit."}
    assert browser.post(address, kept).status_code == 302


def asks_for_a_number(page: str, name: str) -> bool:
    """Whether the number is mandatory on the page, and not said to be optional."""
    field = page.partition(f'id="div_id_{name}"')[2].partition("</div>")[0]
    assert "Numéro à rappeler" in field
    return "(facultatif)" not in field


def test_the_number_to_call_is_optional_only_where_one_is_known(front, sr):
    address = f"{url(sr)}rappel/"
    assert not asks_for_a_number(front.get(address).text, "phone")
    sr.requester_phone = ""
    sr.save()
    assert asks_for_a_number(front.get(address).text, "phone")
    refused = front.post(address, {"owner": front.get(address).context["form"]["owner"].value()})
    assert "aucun n’est connu" in refused.text
    assert not CallBack.objects.exists()


def test_a_contact_without_a_record_asks_for_the_number_to_call_and_only_then(front, sr):
    sr.citizen.phone = "+33612345678"
    sr.citizen.save()
    address = "/agent/accueil/contact/"
    known = front.get(address, {"citoyen": sr.citizen_id}).text
    assert not asks_for_a_number(known, "call_back_to")
    assert asks_for_a_number(front.get(address).text, "call_back_to")
    given = {"question": "Quand passe la benne ?", "channel": "telephone"}
    refused = front.post(address, {**given, "outcome": ContactOutcome.CALL_BACK})
    assert "aucun n’est connu" in refused.text
    assert front.post(address, {**given, "outcome": ContactOutcome.ANSWERED}).status_code == 302
