"""« Envoyé. Annuler »: for ten seconds an agent takes back what was sent (bar 38)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from massy_grc.outbox import relay
from massy_grc.outbox.models import Delivery
from requests import actions
from requests.copies import gather
from requests.enums import State, Verb
from requests.event_log import breaks
from requests.models import Alert, RequestEvent, Sending, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import make_account
from tests.factories.places import make_register
from tests.helpers import drain_outbox
from tests.requests.filed import file_request
from tests.requests.reports.support import report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
WORDS = "La naissance est enregistrée à Palaiseau."
SENT = {
    "answer": {"outcome": "positive", "template": "", "body": WORDS, "close": "on"},
    "ask_question": {"body": WORDS},
    "write": {"subject": "Votre demande", "body": WORDS},
    "close": {"closing_reason": "doublon", "template": "", "motive": WORDS},
}
GROWS = {"version", "event_count", "search_vector"}


@pytest.fixture
def sr(catalogue, eas_agent, settings, tmp_path, text_letters):
    settings.MEDIA_ROOT = tmp_path
    filed = file_request("acte-naissance-filiation")
    drain_outbox()
    taken = actions.take_request(request_id=filed.pk, version=None, actor=eas_agent)
    drain_outbox()
    Alert.objects.create(request=taken, kind="late", about="today", raised_at=timezone.now())
    mail.outbox.clear()
    return taken


def url(sr, verb: str = "") -> str:
    return f"/agent/demandes/{sr.reference}/" + (f"{verb}/" if verb else "")


def undo_url(sending: Sending) -> str:
    return f"{url(sending.request)}envois/{sending.pk}/annuler/"


def everything(sr) -> dict:
    """Every row that belongs to a request, but for the log and what only grows."""
    found = {"": ServiceRequest.objects.filter(pk=sr.pk).values()}
    for relation in ServiceRequest._meta.related_objects:
        model, key = relation.related_model, relation.field.name
        if model not in (RequestEvent, Sending):
            found[model._meta.label] = model._default_manager.filter(**{key: sr.pk}).values()
    return {
        label: sorted(
            ({name: value for name, value in row.items() if name not in GROWS} for row in rows),
            key=lambda row: row["id"],
        )
        for label, rows in found.items()
    }


def reader_of(sr) -> Client:
    citizen = Client()
    secret = {"reference": sr.reference, "secret": sr.tracking_code}
    assert citizen.post("/suivi/", secret).status_code == 302
    return citizen


@pytest.mark.parametrize("act", SENT)
def test_what_was_sent_is_taken_back_as_if_it_never_was(front, sr, act):
    before, version = everything(sr), sr.version
    sent = front.post(url(sr, act), {"version": sr.version, **SENT[act]}, follow=True)
    sending = Sending.objects.get()
    assert "Envoyé." in sent.content.decode()
    assert undo_url(sending) in sent.content.decode()
    assert everything(sr) != before
    relay.relay_events()
    relay.hand_over(relay.run_receipts)
    assert not Delivery.objects.filter(automatic=False).exists()
    told = reader_of(sr).get(f"/demandes/{sr.reference}/").content.decode()
    for secret in (
        WORDS,
        "Réponse envoyée",
        "Question posée",
        "Demande terminée",
        "Message de la mairie",
    ):
        assert secret not in told

    back = front.post(undo_url(sending), follow=True).content.decode()
    assert "rien n’est parti" in back
    assert WORDS in back  # the text waits where it was written
    assert everything(sr) == before
    sr.refresh_from_db()
    assert sr.version > version  # an older page is refused all the same
    assert sr.events.last().verb == Verb.UNSEND
    assert not list(breaks())
    front.post(undo_url(sending))  # pressed twice
    assert sr.events.filter(verb=Verb.UNSEND).count() == 1
    drain_outbox()
    assert not mail.outbox
    assert not sr.documents.filter(label__startswith="Réponse").exists()
    told = reader_of(sr).get(f"/demandes/{sr.reference}/").content.decode()
    assert WORDS not in told
    assert "Réponse envoyée" not in told

    front.post(url(sr, act), {"version": sr.version, **SENT[act]})
    drain_outbox()
    (left,) = [one for one in mail.outbox if one.to == [sr.requester_email]]
    assert WORDS in left.body
    assert WORDS in reader_of(sr).get(f"/demandes/{sr.reference}/").content.decode()


def pages_of(sr, mine, account) -> list[str]:
    """All that the requester and the public read, without what differs each time."""
    public = f"/signalements/{sr.pk}/"
    paths = ("/compte/", "/compte/demandes/", "/compte/messages/", f"/demandes/{sr.reference}/")
    stages = ("/signalements/?etat=en-cours", "/signalements/?etat=termine")
    texts = [
        re.sub(r'(nonce|value)="[^"]*"', "", mine.get(path).content.decode())
        for path in (*paths, *stages, public, "/signalements/points.json")
    ]
    return [*texts, str(gather(account.citizen)["demandes"])]


@pytest.mark.parametrize("act", ["ask_question", "close"])
def test_no_page_shows_what_may_still_be_undone(catalogue, login, proximite_agent, act):
    make_register()
    account = make_account()
    sr = report(catalogue, account=account, citizen=account.citizen)
    actions.take_request(request_id=sr.pk, version=None, actor=proximite_agent)
    mine, agent = login(Client(), account.user), client_of(proximite_agent)
    with time_machine.travel(timezone.now(), tick=False):
        pages_of(sr, mine, account)  # the browser is known from now on
        before = pages_of(sr, mine, account)
        sr.refresh_from_db()
        agent.post(url(sr, act), {"version": sr.version, **SENT[act]})
        assert Sending.objects.get().from_state == State.EN_COURS
        assert pages_of(sr, mine, account) == before
        drain_outbox()
        unlike = [old != new for old, new in zip(before, pages_of(sr, mine, account), strict=True)]
    public = act == "close"  # the town's questions are not told to everybody
    assert unlike == [True] * 4 + [public] * 4 + [True]


def test_who_withdraws_or_comes_back_is_judged_by_what_they_were_told(front, sr):
    citizen, now = reader_of(sr), timezone.now()
    page = f"/demandes/{sr.reference}/"
    with time_machine.travel(now, tick=False) as clock:
        front.post(url(sr, "answer"), {"version": sr.version, **SENT["answer"]})
        assert "Annuler ma demande\xa0?" in citizen.get(f"{page}retirer/").content.decode()
        back = citizen.post(f"{page}rouvrir/", {"reason": "Pas réglé."}, follow=True)
        assert "Cette demande n’est pas terminée" in back.content.decode()
        given_up = citizen.post(f"{page}retirer/", follow=True).content.decode()
        assert "Un instant" in given_up
        front.post(undo_url(Sending.objects.get()))
        sr.refresh_from_db()
        assert sr.state == State.EN_COURS
        clock.shift(timedelta(seconds=10))
        citizen.post(f"{page}retirer/")
    sr.refresh_from_db()
    assert sr.state == State.ANNULEE


def test_after_ten_seconds_it_has_left_and_that_is_said(front, sr):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        front.post(url(sr, "answer"), {"version": sr.version, **SENT["answer"]})
        sending = Sending.objects.get()
        clock.shift(timedelta(seconds=9))
        assert undo_url(sending) in front.get("/agent/demandes/").content.decode()
        assert relay.relay_events() == 0
        clock.shift(timedelta(seconds=1))
        assert undo_url(sending) not in front.get("/agent/demandes/").content.decode()
        assert relay.relay_events() == 2  # the answer and the closing
        late = front.post(undo_url(sending), follow=True).content.decode()
    assert "Trop tard" in late
    sr.refresh_from_db()
    assert sr.state == State.CLOSE
    assert actions.sweep_sendings(timezone.now() + timedelta(minutes=1)) == 1
    sending.refresh_from_db()
    assert (sending.before, sending.typed) == ({}, {})


def test_only_its_author_undoes_it_and_not_once_the_request_went_on(front, sr, supervisor):
    front.post(url(sr, "ask_question"), {"version": sr.version, **SENT["ask_question"]})
    sending = Sending.objects.get()
    assert client_of(supervisor).post(undo_url(sending)).status_code == 404
    actions.receive_message(request_id=sr.pk, body="Je réponds déjà.")
    refused = front.post(undo_url(sending), follow=True).content.decode()
    assert "a changé depuis l’envoi" in refused
    assert Sending.objects.get().undone_by is None
    sr.refresh_from_db()
    assert sr.state == State.ATTENTE_DEMANDEUR  # it came before the question: it is no answer


def test_send_and_next_opens_what_is_due_next_and_still_offers_the_undo(front, sr, eas_agent):
    later, sooner, before = (file_request("acte-naissance-filiation") for _ in range(3))
    for one, days in ((later, 90), (sooner, 60), (before, -90)):
        actions.take_request(request_id=one.pk, version=None, actor=eas_agent)
        due = timezone.now() + timedelta(days=days)
        ServiceRequest.objects.filter(pk=one.pk).update(due_at=due)
    given = {"version": sr.version, **SENT["answer"]}
    page = front.post(url(sr, "answer"), given | {"step": "preview"}).content.decode()
    assert 'value="next"' in page
    opened = front.post(url(sr, "answer"), given | {"step": "next"}, follow=True)
    assert opened.redirect_chain == [(url(sooner), 302)]
    assert undo_url(sr.sendings.get()) in opened.content.decode()
    for one in (sooner, later):
        one.refresh_from_db()
        left = front.post(url(one, "answer"), {**given, "version": one.version, "step": "next"})
    assert left.url == "/agent/demandes/"  # what is due before is not gone back to


def test_what_waits_for_a_signature_has_nothing_to_undo(front, sr):
    refusal = {"outcome": "negative", "template": "decision-refus", "body": WORDS, "close": "on"}
    front.post(url(sr, "answer"), {"version": sr.version, **refusal})
    sr.refresh_from_db()
    assert sr.state == State.A_VALIDER
    assert not Sending.objects.exists()
