"""Records that may be one person's are found, noted once, and told apart for good (S69)."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from citizens import tasks
from citizens.actions import (
    compare_waiting,
    find_duplicates,
    look_alikes,
    review_duplicate,
    update_citizen,
)
from citizens.enums import DuplicateState
from citizens.likeness import VERY_LIKELY
from citizens.models import Citizen, PossibleDuplicate
from prestations.enums import Role
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db

BORN = date(1984, 3, 8)


def record(family: str = "Trévidic", given: str = "Solène", **fields) -> Citizen:
    return Citizen.objects.create(family_name=family, given_name=given, **fields)


def answer(pair, state) -> None:
    review_duplicate(
        duplicate_id=pair.pk,
        actor=make_agent(Role.AGENT_EAS, first_name="Aude", last_name="Bellec"),
        state=state,
        now=timezone.now(),
    )


def test_the_task_notes_a_pair_once_with_its_reasons():
    older = record(birth_date=BORN, phone="+33611223344")
    newer = record("TREVIDIC", birth_date=BORN, phone="06 11 22 33 44")
    record("Kowalczyk", "Jan", birth_date=BORN)
    tasks.find_duplicates()
    tasks.find_duplicates()
    pair = PossibleDuplicate.objects.get()
    assert (pair.citizen, pair.other) == (newer, older)
    assert pair.reasons == ["name", "birth", "phone"]
    assert pair.score >= VERY_LIKELY
    assert not Citizen.objects.to_compare().exists()


def test_the_task_goes_on_from_where_it_was_cut_short():
    people = [record(f"Nom{n}", f"Prenom{n}") for n in range(5)]
    assert compare_waiting(now=timezone.now(), at_most=2) == 2
    left = Citizen.objects.to_compare().order_by("id")
    assert list(left) == people[2:]
    assert compare_waiting(now=timezone.now()) == 3
    assert compare_waiting(now=timezone.now()) == 0


def test_a_record_is_compared_again_only_when_what_identifies_changes():
    one = record(birth_date=BORN)
    compare_waiting(now=timezone.now())
    update_citizen(citizen_id=one.pk, reply_channel="email")
    assert not Citizen.objects.to_compare().exists()
    update_citizen(citizen_id=one.pk, phone="+33611223344")
    assert list(Citizen.objects.to_compare()) == [one]


def test_two_told_apart_come_back_only_for_a_new_reason():
    one = record(birth_date=BORN)
    other = record(birth_date=BORN)
    compare_waiting(now=timezone.now())
    pair = PossibleDuplicate.objects.get()
    answer(pair, DuplicateState.DIFFERENT)
    update_citizen(citizen_id=one.pk, email="solene@courriel.example")
    compare_waiting(now=timezone.now())
    pair.refresh_from_db()
    assert pair.state == DuplicateState.DIFFERENT
    update_citizen(citizen_id=other.pk, email="Solene@courriel.example")
    compare_waiting(now=timezone.now())
    pair.refresh_from_db()
    assert (pair.state, pair.reviewed_by) == (DuplicateState.OPEN, None)
    assert "email" in pair.reasons


def test_a_pair_goes_when_a_correction_tells_them_apart():
    one = record(birth_date=BORN)
    record(birth_date=BORN)
    compare_waiting(now=timezone.now())
    update_citizen(citizen_id=one.pk, birth_date=date(1954, 3, 8))
    compare_waiting(now=timezone.now())
    assert not PossibleDuplicate.objects.exists()


def test_a_typing_error_that_sounds_otherwise_is_found_by_the_letters():
    """No key in common: only the trigrams of the whole name find them."""
    known = record("Oberkampf", "Christophe")
    typed = Citizen(family_name="Oberkamfp", given_name="Christophe")
    typed.derive_keys()
    assert not set(known.match_keys) & set(typed.match_keys)
    assert Citizen.objects.resembling(typed) == [known]


def test_a_family_at_one_telephone_is_told_as_a_household_and_noted_nowhere():
    record("Morel", "Antoine", phone="+33169300001", birth_date=BORN)
    record("Morel", "Isabelle", phone="+33169300001", birth_date=date(1986, 1, 2))
    compare_waiting(now=timezone.now())
    assert not PossibleDuplicate.objects.exists()
    newcomer = Citizen(family_name="Morel", given_name="Zoé", phone="+33169300001")
    newcomer.derive_keys()
    assert [found.household for _one, found in look_alikes(newcomer)] == [("phone",)] * 2


def test_comparing_makes_the_same_queries_for_one_and_for_many(django_assert_num_queries):
    one = record(phone="+33611223344")
    find_duplicates(citizen_id=one.pk, now=timezone.now())
    newcomer = Citizen(family_name="Trévidic", given_name="Solène")
    newcomer.derive_keys()
    with django_assert_num_queries(4):  # a savepoint, the threshold, the one query
        look_alikes(newcomer)
    for _ in range(9):
        record()
    with django_assert_num_queries(4):
        assert len(look_alikes(newcomer)) == 10


def test_looking_for_candidates_reads_the_two_indexes():
    """With the table scan shut out, the plan has no other way than both GIN indexes."""
    citizen = record(phone="+33611223344", birth_date=BORN)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        rows = Citizen.objects.filter(match_keys__overlap=citizen.match_keys) | (
            Citizen.objects.filter(search_name__trigram_similar=citizen.search_name)
        )
        plan = rows.explain()
    assert "citizen_match" in plan
    assert "citizen_name" in plan
