"""What the requester thinks, asked once after each closing."""

import re
from datetime import timedelta

import pytest

from requests import actions
from requests.enums import State
from tests.requests.tracking.conftest import NOW, come_back

GOOD = {"avis-solved": "oui", "avis-score": "4", "avis-comment": "Merci !"}
UNSOLVED = {"avis-solved": "non", "avis-score": "1", "avis-comment": "Le trou est revenu."}
QUESTION = "Votre demande est-elle réglée"


def post(browser, address, data):
    return browser.post(f"{address}avis/", data, follow=True).content.decode()


def test_question_is_asked_once_the_request_is_closed(owner, address, pothole):
    assert QUESTION not in owner.get(address).content.decode()


def test_opinion_is_kept_and_asked_no_more(owner, address, closed):
    assert QUESTION in owner.get(address).content.decode()

    page = post(owner, address, GOOD)

    assert "Merci pour votre avis." in page
    assert QUESTION not in page
    rating = closed.ratings.get()
    assert (rating.score, rating.solved, rating.comment) == (4, True, "Merci !")
    assert closed.events.last().data == {"rating": rating.pk, "score": 4}
    closed.refresh_from_db()
    assert closed.state == State.CLOSE


def test_a_second_opinion_about_one_closing_is_not_kept(owner, address, closed):
    post(owner, address, GOOD)
    assert "déjà enregistré" in post(owner, address, UNSOLVED)
    assert closed.ratings.count() == 1
    closed.refresh_from_db()
    assert closed.state == State.CLOSE


def test_not_solved_opens_the_request_again(owner, address, closed):
    assert "est rouverte" in post(owner, address, UNSOLVED)
    closed.refresh_from_db()
    assert closed.state == State.EN_COURS
    assert closed.messages.last().body == "Le trou est revenu."
    assert closed.ratings.get().solved is False


def test_not_solved_needs_no_score(owner, address, closed):
    said = {"avis-solved": "non", "avis-comment": "Le trou est revenu."}
    assert "est rouverte" in post(owner, address, said)
    rating = closed.ratings.get()
    assert (rating.score, rating.solved) == (None, False)
    closed.refresh_from_db()
    assert closed.state == State.EN_COURS


def test_a_missing_answer_is_named_and_linked_in_the_summary(owner, address, closed):
    for said, missing in (
        ({}, ("solved", "score")),
        ({"avis-solved": "oui"}, ("score",)),
        ({"avis-solved": "non"}, ("comment",)),
    ):
        page = owner.post(f"{address}avis/", said).content.decode()
        summary = page[page.index("data-error-summary") : page.index("<h1")]
        links = re.findall(r'href="#([^"]+)">([^<]+)<', summary)
        assert [one for one, _words in links] == [
            f"id_avis-{name}" + ("" if name == "comment" else "_0") for name in missing
        ]
        assert all(f'id="{one}"' in page for one, _words in links)
        if "score" in missing:
            assert "Comment la mairie a-t-elle traité votre demande" in links[-1][1]
    assert not closed.ratings.exists()


def test_not_solved_says_what_is_not(owner, address, closed):
    page = post(owner, address, {**UNSOLVED, "avis-comment": " "})
    assert page.count("Dites ce qui n’est pas réglé.") == 2  # summary and field
    assert "<title>Erreur" in page
    assert not closed.ratings.exists()
    closed.refresh_from_db()
    assert closed.state == State.CLOSE


def test_not_solved_after_fifteen_days_is_kept_but_reopens_nothing(owner, address, closed, clock):
    clock.move_to(NOW + timedelta(days=20))
    come_back(owner, closed)
    assert "déposez-en une nouvelle" in post(owner, address, {**UNSOLVED, "avis-comment": ""})
    assert closed.ratings.get().solved is False
    closed.refresh_from_db()
    assert closed.state == State.CLOSE


def test_nothing_is_asked_after_sixty_days(owner, address, closed, clock):
    clock.move_to(NOW + timedelta(days=61))
    come_back(owner, closed)
    assert QUESTION not in owner.get(address).content.decode()
    post(owner, address, GOOD)
    assert not closed.ratings.exists()


def test_each_closing_may_be_rated(owner, address, closed, proximite_agent):
    post(owner, address, UNSOLVED)
    actions.answer_request(
        request_id=closed.pk,
        version=None,
        actor=proximite_agent,
        body="Rebouché à nouveau.",
        outcome="positive",
    )
    post(owner, address, GOOD)
    assert list(closed.ratings.values_list("score", flat=True)) == [1, 4]


def test_a_refusal_is_not_asked_whether_it_is_settled(
    owner, address, pothole, expert, proximite_agent
):
    actions.treat_request(
        request_id=pothole.pk, version=None, actor=expert, conclusion="Vu.", outcome="negative"
    )
    actions.answer_request(
        request_id=pothole.pk,
        version=None,
        actor=proximite_agent,
        body="Cette voie est privée.",
        outcome="negative",
    )
    page = owner.get(address).content.decode()
    assert QUESTION not in page
    assert "Votre avis" in page
    post(owner, address, {"avis-score": "2"})
    assert pothole.ratings.get().solved is None


@pytest.mark.parametrize("score", ["0", "5", "x", ""])
def test_a_forged_score_is_refused(owner, address, closed, score):
    post(owner, address, {**GOOD, "avis-score": score})
    assert not closed.ratings.exists()


def test_a_stranger_rates_nothing(client, address, closed):
    assert client.post(f"{address}avis/", GOOD).status_code == 403  # as if a session had ended
    assert not closed.ratings.exists()


def test_experts_of_the_department_read_it(client, login, expert, owner, address, closed):
    post(owner, address, GOOD)
    page = login(client, expert).get(f"/agent{address}").content.decode()
    assert "Avis du demandeur" in page
    assert "Merci !" in page
