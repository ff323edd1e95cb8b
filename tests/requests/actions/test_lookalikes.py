"""Which requests are offered as the same: by person, place, words and time, one thing at a time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from citizens.models import Citizen
from requests.enums import State
from requests.lookalikes import ALIKE, APART, COMPARED, METRES, SHOWN, lookalikes
from requests.models import ServiceRequest
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import CategoryFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db

HOLE = "Un trou profond devant la boulangerie de la gare"
HERE = {"latitude": 48.7300, "longitude": 2.2700}
METRES_A_DEGREE = 111_195  # of latitude


def filed(words: str = HOLE, **fields) -> ServiceRequest:
    """One that shares nothing with another but what `fields` and the words say."""
    answers = {"demandeur": {}, "reponses": {"description": words}}
    return make_request(answers=answers, state=State.EN_COURS, **fields)


def north(metres: float) -> dict[str, float]:
    return {**HERE, "latitude": HERE["latitude"] + metres / METRES_A_DEGREE}


@pytest.fixture
def found(eas_agent):
    """The likenesses of a request, as (request, by person, by place)."""

    def _found(sr: ServiceRequest) -> list[tuple[ServiceRequest, bool, bool]]:
        return [(one.sr, one.same_person, one.same_place) for one in lookalikes(sr, eas_agent)]

    return _found


def person(how: str, number: int) -> dict:
    """What tells the person number `number` by one thing alone."""
    return {
        "record": lambda: {"citizen": Citizen.objects.order_by("pk")[number]},
        "email": lambda: {"requester_email": f"personne{number}@courriel.example"},
        "phone": lambda: {"requester_phone": f"+3361234567{number}"},
    }[how]()


@pytest.mark.parametrize("how", ["record", "email", "phone"])
def test_the_same_person_is_known_by_each_thing_alone(found, how):
    CitizenFactory.create_batch(2)
    sr = filed(**person(how, 0))
    theirs = filed(**person(how, 0))
    filed(**person(how, 1))
    filed()
    assert found(sr) == [(theirs, True, False)]


def test_nothing_in_common_is_no_likeness(found):
    """Two people of whom nothing is known are not one."""
    sr = filed()
    filed()
    assert found(sr) == []


def test_an_address_in_capitals_is_the_same(found):
    sr = filed(requester_email="ines@courriel.example", **HERE)
    other = filed(requester_email="Ines@Courriel.example", **HERE)
    assert found(sr) == [(other, True, True)]


@pytest.mark.parametrize(("metres", "is_near"), [(0, True), (140, True), (160, False)])
def test_a_place_is_the_same_within_its_radius(found, metres, is_near):
    assert 140 < METRES < 160
    sr = filed(**HERE)
    other = filed(**north(metres))
    assert found(sr) == ([(other, False, True)] if is_near else [])


def test_the_corner_of_the_box_around_a_place_is_too_far(found):
    """The box finds, the distance decides: 140 m north and 140 m east are 198 m."""
    sr = filed(**HERE)
    filed(**{**north(140), "longitude": HERE["longitude"] + 140 / (METRES_A_DEGREE * 0.6596)})
    assert found(sr) == []


def test_a_place_counts_for_one_category_only(found):
    sr = filed(**HERE)
    filed(category=CategoryFactory(code="eclairage"), **HERE)
    assert found(sr) == []


@pytest.mark.parametrize(
    ("words", "is_alike"),
    [
        ("Devant la boulangerie de la gare, un trou profond", True),
        ("Trou devant la boulangerie", True),
        ("Demande d’acte de naissance pour ma fille", False),
    ],
)
def test_the_words_of_one_person_must_be_alike(found, words, is_alike):
    sr = filed(requester_email="ines@courriel.example")
    other = filed(words, requester_email="ines@courriel.example")
    assert [one for one, *_ in found(sr)] == ([other] if is_alike else [])


def test_the_threshold_of_the_words_is_the_one_that_is_told(eas_agent):
    """Seven trigrams shared of 21 are enough, seven of 28 are not."""
    sr = filed("abcdef ghijkl", requester_email="ines@courriel.example")
    above = filed("abcdef uvwxyz", requester_email="ines@courriel.example")
    filed("abcdef uvwxyz mnopqr", requester_email="ines@courriel.example")
    (found,) = lookalikes(sr, eas_agent)
    assert found.sr == above
    assert 7 / 28 < ALIKE <= found.alike == pytest.approx(7 / 21)


@pytest.mark.parametrize(("days", "is_lately"), [(0, True), (59, True), (61, False)])
def test_those_filed_more_than_sixty_days_apart_are_not_offered(found, days, is_lately):
    assert timedelta(days=59) < APART < timedelta(days=61)
    same = {"requester_email": "ines@courriel.example"}
    older, newer = filed(days_ago=days, **same), filed(**same)
    assert [one for one, *_ in found(newer)] == ([older] if is_lately else [])
    assert [one for one, *_ in found(older)] == ([newer] if is_lately else [])


def test_only_open_ones_that_follow_no_other_and_that_one_may_see(found, expert):
    same = {"requester_email": "ines@courriel.example"}
    sr, lead = filed(**same), filed("Tout autre chose, sans rapport", **same)
    filed(**same, merged_into=lead)
    ServiceRequest.objects.filter(pk=filed(**same).pk).update(state=State.CLOSE)
    other = filed(**same)
    assert found(sr) == [(other, True, False)]
    assert lookalikes(sr, expert) == []
    ServiceRequest.objects.filter(pk=sr.pk).update(anonymised_at=timezone.now())
    assert found(ServiceRequest.objects.get(pk=sr.pk)) == []


def test_the_likest_come_first_and_few(found):
    same = {"requester_email": "ines@courriel.example"}
    sr = filed(**same, **HERE)
    less = [filed("Un trou devant la gare", **same) for _ in range(SHOWN)]
    both = filed(**same, **HERE)
    assert len(less) + 1 < COMPARED
    shown = found(sr)
    assert len(shown) == SHOWN
    assert shown[0] == (both, True, True)
