"""The link of a closing letter: one question, without a log-in, once, for sixty days (S78)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from citizens.actions.consents import Subject, set_consent
from citizens.enums import ConsentKind, ConsentSource
from requests.enums import State
from requests.models import Rating, ServiceRequest
from requests.opinions import opinion_link
from requests.tracking import tracking_link
from tests.helpers import drain_outbox
from tests.requests.tracking.conftest import EMAIL, NOW

GOOD = {"avis-solved": "oui", "avis-score": "4", "avis-comment": "Merci !"}
UNSOLVED = {"avis-solved": "non", "avis-score": "1", "avis-comment": "Le trou est revenu."}


@pytest.fixture
def link(closed):
    return opinion_link(closed)


def test_the_closing_letter_bears_it(closed):
    drain_outbox()
    assert [one for one in mail.outbox if "/suivi/avis/" in one.body]


def test_it_asks_and_keeps_without_a_log_in_and_serves_once(link, closed):
    stranger = Client()
    page = stranger.get(link).content.decode()
    assert "Votre demande est-elle réglée" in page
    assert closed.requester_name not in page
    assert "Merci pour votre avis." in stranger.post(link, GOOD, follow=True).content.decode()
    assert Rating.objects.get().score == 4
    again = stranger.get(link)
    assert again.status_code == 410
    assert "sert une seule fois" in again.content.decode()
    assert stranger.post(link, UNSOLVED).status_code == 410
    assert Rating.objects.count() == 1


def test_it_opens_nothing_else(link, closed):
    stranger = Client()
    stranger.get(link)
    assert stranger.get(f"/demandes/{closed.reference}/").status_code == 404


def test_not_solved_opens_the_request_again(link, closed):
    Client().post(link, UNSOLVED)
    closed.refresh_from_db()
    assert closed.state == State.EN_COURS
    assert Client().get(link).status_code == 410


def test_an_answer_that_is_missing_is_told(link):
    answer = Client().post(link, {"avis-solved": "oui"})
    assert "Choisissez une réponse à" in answer.content.decode()
    assert not Rating.objects.exists()


def test_it_ends_after_sixty_days_and_a_forged_one_never_served(link, clock):
    assert Client().get(f"{link[:-2]}x/").status_code == 410
    clock.move_to(NOW + timedelta(days=61))
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize("subject", ["address", "record"])
def test_who_said_no_is_sent_none(closed, subject):
    who = Subject.of_address(EMAIL) if subject == "address" else Subject(closed.citizen_id)
    for given in (True, False):
        set_consent(
            subject=who,
            kind=ConsentKind.SATISFACTION,
            given=given,
            source=ConsentSource.ACCOUNT,
            now=NOW,
        )
    assert opinion_link(closed) == ""


def test_an_open_request_has_none(pothole):
    assert opinion_link(pothole) == ""


def test_the_link_of_an_erased_request_says_so(closed):
    address = tracking_link(closed)
    ServiceRequest.objects.filter(pk=closed.pk).update(anonymised_at=NOW)
    answer = Client().get(address)
    assert answer.status_code == 410
    assert "ont été effacées" in answer.content.decode()
    assert Client().get(opinion_link(closed)).status_code == 410
