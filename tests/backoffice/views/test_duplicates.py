"""The agents' list of possible duplicates (L11, S69)."""

import pytest

from citizens.enums import DuplicateState
from citizens.models import Citizen, PossibleDuplicate
from tests.factories.citizens import CitizenFactory

pytestmark = pytest.mark.django_db

LIST = "/agent/citoyens/doublons/"


@pytest.fixture
def pair(db) -> PossibleDuplicate:
    new, known = (
        CitizenFactory(family_name="Trévidic", given_name=name) for name in ("Solène", "Solenn")
    )
    return PossibleDuplicate.objects.create(citizen=new, other=known, reasons=["birth"])


def test_the_list_shows_both_records_and_what_they_share(front, pair):
    page = front.get(LIST).content.decode()
    assert "TRÉVIDIC Solène" in page
    assert "TRÉVIDIC Solenn" in page
    assert "même nom de famille et même date de naissance" in page


@pytest.mark.parametrize(
    ("answer", "state"), [("meme", DuplicateState.SAME), ("autre", DuplicateState.DIFFERENT)]
)
def test_an_answer_takes_the_pair_off_the_list_and_merges_nothing(
    front, pair, eas_agent, answer, state
):
    front.post(f"{LIST}{pair.pk}/{answer}/")
    pair.refresh_from_db()
    assert (pair.state, pair.reviewed_by) == (state, eas_agent)
    assert "Aucun doublon" in front.get(LIST).content.decode()
    assert Citizen.objects.count() == 2


def test_the_first_answer_stays(front, pair):
    front.post(f"{LIST}{pair.pk}/meme/")
    page = front.post(f"{LIST}{pair.pk}/autre/", follow=True)
    assert "Un collègue a déjà répondu" in page.content.decode()
    pair.refresh_from_db()
    assert pair.state == DuplicateState.SAME


def test_many_pairs_cost_no_more_queries_than_one(front, pair, django_assert_max_num_queries):
    front.get(LIST)
    for number in range(3):
        PossibleDuplicate.objects.create(
            citizen=CitizenFactory(),
            other=CitizenFactory(given_name=f"A{number}"),
            reasons=["name"],
        )
    with django_assert_max_num_queries(12):
        front.get(LIST)
