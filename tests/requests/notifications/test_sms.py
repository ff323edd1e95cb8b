"""What an SMS says of a letter: the template's own words, and how many messages that makes."""

import pytest

from massy_grc.outbox.api import sms_length
from massy_grc.outbox.models import Delivery
from requests import actions
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import make_account
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]


@pytest.fixture
def told(catalogue, eas_agent, settings):
    """A request in the agent's hands, whose requester wants news by SMS."""
    settings.SMS_KEPT = True
    account = make_account(phone="+33612345678")
    sr = file_request("voirie-intervention-rapide", requester={"email": account.user.email})
    type(account.citizen).objects.filter(pk=account.citizen_id).update(
        progress_channel="sms", documents_channel="sms"
    )
    ServiceRequest.objects.filter(pk=sr.pk).update(account=account, citizen=account.citizen)
    drain_outbox()
    Delivery.objects.all().delete()
    return actions.take_request(request_id=sr.pk, version=None, actor=eas_agent)


def sms_of(sr) -> str:
    drain_outbox()
    return Delivery.objects.get(about=f"request:{sr.pk}", channel="sms").body


def test_an_sms_says_the_templates_own_words(told, supervisor):
    told.refresh_from_db()
    actions.withdraw_request(
        request_id=told.pk, version=told.version, actor=supervisor, by_requester=False
    )
    text = sms_of(told)
    assert f"votre demande {told.reference} est annulée" in text.replace("\xa0", " ")


def test_a_template_without_words_for_it_says_the_subject_and_where_to_read(told, eas_agent):
    actions.write_message(
        request_id=told.pk, version=None, actor=eas_agent, body="Nous venons demain."
    )
    text = sms_of(told)
    assert f"/demandes/{told.reference}/" in text
    assert "Nous venons demain." not in text


def test_no_secret_link_leaves_by_sms(told, eas_agent):
    actions.ask_question(request_id=told.pk, version=None, actor=eas_agent, body="Quelle rue ?")
    text = sms_of(told)
    assert "une question sur votre demande" in text
    assert "/suivi/lien/" not in text
    assert f"/demandes/{told.reference}/" in text


@pytest.mark.parametrize(
    ("text", "signs", "messages"),
    [
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("’" * 160, 160, 1),  # leaves as a plain apostrophe
        ("ç" * 70, 70, 1),
        ("ç" * 71, 71, 2),
    ],
)
def test_its_length_is_counted_as_the_operator_counts(text, signs, messages):
    length = sms_length(text)
    assert (length.signs, length.messages) == (signs, messages)


def test_the_preview_shows_it_with_its_length(told, eas_agent):
    page = client_of(eas_agent).post(
        f"/agent/demandes/{told.reference}/ask_question/",
        {
            "version": told.version,
            "seen": told.event_count,
            "step": "preview",
            "body": "Quelle rue ?",
        },
    )
    words = page.content.decode()
    assert "SMS au" in words
    assert "caractères, 1 SMS" in words.replace("\xa0", " ") or "2 SMS" in words
