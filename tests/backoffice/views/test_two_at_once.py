"""Two on one request: the second is told what changed and keeps the words (R11, bar 30)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests import actions
from requests.actions.presence import sweep_presence
from requests.enums import State
from requests.models import Presence
from tests.backoffice.conftest import client_of
from tests.backoffice.views.conftest import url

pytestmark = pytest.mark.django_db


def test_stale_answer_is_refused_and_its_text_kept(front, sr, supervisor):
    """R11: the other's act is told, the draft stays in the form with the new version."""
    shown = sr.version
    actions.write_message(request_id=sr.pk, version=None, actor=supervisor, body="J'ai appelé.")
    response = front.post(
        url(sr, "answer"),
        {
            "version": shown,
            "seen": sr.event_count,
            "outcome": "positive",
            "body": "Mon long brouillon",
            "close": "on",
        },
    )
    sr.refresh_from_db()
    page = response.content.decode()
    assert response.status_code == 409
    assert sr.state == State.EN_COURS
    assert "Mon long brouillon" in page
    assert "Message envoyé au demandeur" in page
    assert f'name="version" value="{sr.version}"' in page


def test_an_answer_stops_at_a_newer_message_and_passes_once_it_was_read(front, sr):
    """Bar 30: whichever page of the act was open when the requester wrote."""
    read = front.get(url(sr, "answer")).context["shown"]
    answer = {
        "version": read.version,
        "seen": read.seen,
        "shown": read.as_text,
        "outcome": "positive",
        "body": "C’est réparé.",
        "close": "on",
    }
    assert front.post(url(sr, "answer"), {**answer, "step": "preview"}).status_code == 200
    actions.receive_message(request_id=sr.pk, body="Le trou s’est <i>agrandi</i>.")
    actions.set_urgent(request_id=sr.pk, version=None, actor=sr.assignee, urgent=True)
    edited = front.post(url(sr, "answer"), {**answer, "step": "edit"})
    assert edited.context["shown"] == read  # going back to the text is no reading

    stopped = front.post(url(sr, "answer"), answer)
    page = stopped.content.decode()
    assert stopped.status_code == 409
    assert "Le demandeur a écrit depuis" in page
    assert "Le trou s’est &lt;i&gt;agrandi&lt;/i&gt;." in page
    assert "C’est réparé." in page
    changed = {str(one.label): (one.before, one.now) for one in stopped.context["changes"]}
    assert changed["Urgence"] == ("non urgente", "urgente")
    now = stopped.context["shown"]
    sent = front.post(url(sr, "answer"), {**answer, "version": now.version, "seen": now.seen})
    assert sent.status_code == 302
    sr.refresh_from_db()
    assert sr.state == State.CLOSE


def test_colleagues_on_one_request_see_each_other_and_no_session_lasts_for_it(
    front, sr, supervisor, expert_browser
):
    other = client_of(supervisor)
    here = url(sr, "presence")

    def says(who, doing, window="a", **more):
        return who.post(here, {"doing": doing, "window": window * 32, **more})

    assert says(front, "open", seen=sr.event_count).content == b""
    seen_at = front.session.get("seen_at")
    actions.receive_message(request_id=sr.pk, body="Encore moi.")
    told = says(other, "writing", seen=sr.event_count).content.decode()
    assert "a aussi ouvert cette demande" in told
    assert "Message reçu du demandeur" in told
    says(other, "open", "b")  # a second window hides nothing of the first
    told = says(front, "open").content.decode()
    assert "est en train d’écrire" in told
    assert told.count(supervisor.get_full_name()) == 1
    assert front.session.get("seen_at") == seen_at
    says(other, "left")
    says(other, "writing")  # said before, arrived after
    told = says(front, "open").content.decode()
    assert "a aussi ouvert cette demande" in told
    says(other, "left", "b")
    assert says(front, "open").content == b""
    assert says(front, "open", window="?").status_code == 400
    assert says(expert_browser, "open").status_code == 404
    Presence.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert says(other, "open").content == b""
    assert sweep_presence(now=timezone.now()) == 3


def test_draft_is_kept_when_the_request_was_closed_meanwhile(front, sr, supervisor):
    shown = sr.version
    actions.answer_request(
        request_id=sr.pk, version=None, actor=supervisor, body="Fait", outcome="positive"
    )
    response = front.post(url(sr, "write"), {"version": shown, "body": "Mon message"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Mon message" in page
    assert "n’est plus possible" in page
