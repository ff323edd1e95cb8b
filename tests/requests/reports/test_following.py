"""Following a report: proof of the address, news of the public state, one click to stop."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from massy_grc.common.throttle import Limit
from prestations.models import Authority
from requests import actions
from requests.models import ReportFollower
from requests.views import following
from tests.helpers import drain_outbox
from tests.requests.filing.support import begin, text_of
from tests.requests.reports.support import CANARIES, assert_nobody_in, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
NEIGHBOUR = "voisine@courriel.example"


def mails_to(address):
    drain_outbox()
    return [one for one in mail.outbox if one.to == [address]]


def link_in(message, part):
    return re.search(rf"http://\S+?(/signalements/{part}/\S+/)", message.body)[1]


def follow(client, row, email=NEIGHBOUR):
    return client.post(f"/signalements/{row.pk}/suivre/", {"email": email}, follow=True)


def confirmed(client, row):
    follow(client, row)
    client.post(link_in(mails_to(NEIGHBOUR)[0], "suivi"))
    mail.outbox.clear()
    return ReportFollower.objects.get(email=NEIGHBOUR)


def finish(row, expert, agent):
    """The department treats it, the front office answers with words of its own."""
    actions.treat_request(
        request_id=row.pk, version=None, actor=expert, conclusion="Fait", outcome="positive"
    )
    actions.answer_request(
        request_id=row.pk, version=None, actor=agent, body=CANARIES[3], outcome="positive"
    )


def test_address_is_proven_before_any_news(client, row, expert, proximite_agent):
    assert "Un courriel est parti" in text_of(follow(client, row))
    finish(row, expert, proximite_agent)
    received = [one.subject.split("\u00a0:")[0] for one in mails_to(NEIGHBOUR)]
    assert received == ["Confirmez votre suivi"]


def test_opening_the_link_confirms_nothing_its_button_does(client, row):
    follow(client, row)
    link = link_in(mails_to(NEIGHBOUR)[0], "suivi")
    client.get(link)
    assert ReportFollower.objects.get().confirmed_at is None
    client.post(link)
    assert ReportFollower.objects.get().confirmed_at


def test_news_come_once_for_each_public_state(client, row, expert, proximite_agent):
    confirmed(client, row)
    actions.set_urgent(request_id=row.pk, actor=proximite_agent, version=None, urgent=True)
    finish(row, expert, proximite_agent)
    news = mails_to(NEIGHBOUR)
    assert len(news) == 1
    assert "terminé" in news[0].subject
    assert_nobody_in(f"{news[0].subject} {news[0].body}")
    assert row.reference not in news[0].body


def test_news_name_the_administration_that_a_report_went_to(client, row, proximite_agent):
    confirmed(client, row)
    actions.forward_request(
        request_id=row.pk,
        version=None,
        actor=proximite_agent,
        authority=Authority.objects.get(pk="departement"),
        reason=CANARIES[3],
    )
    (news,) = mails_to(NEIGHBOUR)
    assert "transmis à «\u00a0Département de l'Essonne\u00a0»" in news.body
    assert "Nos services ont terminé" not in news.body
    assert_nobody_in(f"{news.subject} {news.body}")


def test_mail_can_be_stopped_with_one_click_and_answers_to_no_robot(
    client, row, expert, proximite_agent
):
    confirmed(client, row)
    finish(row, expert, proximite_agent)
    headers = mails_to(NEIGHBOUR)[0].extra_headers
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.search(r"(/signalements/arret/[^>]+)>", headers["List-Unsubscribe"])[1]
    client.get(stop)
    assert ReportFollower.objects.exists()
    client.post(stop, {"List-Unsubscribe": "One-Click"})
    assert not ReportFollower.objects.exists()
    assert "Vous ne suivez plus" in text_of(client.post(stop))


def test_cancelled_report_is_told_and_names_no_place(client, row, supervisor):
    confirmed(client, row)
    actions.cancel_request(request_id=row.pk, actor=supervisor, version=None, reason="doublon")
    news = mails_to(NEIGHBOUR)
    assert "retiré" in news[0].subject
    assert "Mermoz" not in news[0].body


def test_page_says_the_same_to_who_follows_already(client, row):
    first = text_of(follow(client, row))
    confirmed(client, row)
    again = text_of(follow(client, row))
    strip = re.compile(r'csrfmiddlewaretoken" value="\w+"|\d+ autres? personnes?[^<]*')
    assert "Un courriel est parti" in first
    assert "Un courriel est parti" in again
    assert mails_to(NEIGHBOUR) == []
    asked = client.get(f"/signalements/{row.pk}/").text
    assert "Vous avez demandé à suivre ce signalement" in asked
    assert "Suivre avec une autre adresse" in asked
    assert strip.sub("", first).count("<form") == strip.sub("", again).count("<form")


@pytest.mark.parametrize("email", ["", "x", "a@b.fr\nBcc: c@d.fr", "a" * 300 + "@b.fr"])
def test_wrong_address_is_told_and_nothing_is_written(client, row, email):
    page = client.post(f"/signalements/{row.pk}/suivre/", {"email": email})
    assert page.status_code == 422
    assert not ReportFollower.objects.exists()


def test_mailbox_cannot_be_flooded(client, row, monkeypatch):
    limit = Limit("follow-address", 2, timedelta(hours=1))
    monkeypatch.setattr(following, "ADDRESS_LIMIT", limit)
    statuses = [follow(client, row).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_me_too_counts_a_browser_once(client, row):
    for _ in range(2):
        client.post(f"/signalements/{row.pk}/moi-aussi/")
    assert ReportFollower.objects.get().email == ""
    page = text_of(client.get(f"/signalements/{row.pk}/"))
    assert "1 autre personne" in page
    assert "Me compter seulement" not in page  # it was said
    assert "Suivre ce signalement" in page
    client.post(f"/signalements/{row.pk}/suivre/", {"email": NEIGHBOUR})
    assert ReportFollower.objects.get().email == NEIGHBOUR  # one person, counted once


def test_a_mistyped_address_still_leads_back_to_the_form_one_came_from(client, row):
    draft = begin(client, "voirie-intervention-rapide")
    data = {"email": "voisine@", "demande": str(draft.token)}
    page = text_of(client.post(f"/signalements/{row.pk}/suivre/", data))
    assert "Retour à ma demande" in page
    client.post(f"/signalements/{row.pk}/suivre/", data | {"email": NEIGHBOUR})
    assert len(mails_to(NEIGHBOUR)) == 1


@pytest.mark.parametrize("act", ["suivre", "moi-aussi"])
def test_private_and_missing_reports_answer_alike(client, catalogue, row, act):
    private = report(catalogue, "nuisances-voisinage")
    for pk in (private.pk, 987654):
        answer = client.post(f"/signalements/{pk}/{act}/", {"email": NEIGHBOUR})
        assert answer.status_code == 404
    assert not ReportFollower.objects.exists()


@pytest.mark.parametrize("part", ["suivi", "arret"])
def test_forged_link_opens_nothing(client, row, part):
    confirmed(client, row)
    assert client.post(f"/signalements/{part}/1:abc/").status_code == 410
    assert ReportFollower.objects.count() == 1


def test_addresses_are_forgotten_after_the_end(client, row):
    follower = confirmed(client, row)
    now = timezone.now()
    assert actions.purge_followers(now=now) == 0
    type(row).objects.filter(pk=row.pk).update(closed_at=now - timedelta(days=31))
    assert actions.purge_followers(now=now) == 1
    assert not ReportFollower.objects.filter(pk=follower.pk).exists()


def test_unproven_address_is_forgotten_after_a_week(client, row):
    follow(client, row)
    assert actions.purge_followers(now=timezone.now() + timedelta(days=8)) == 1
