"""Two records of one person, and two people who look like one: a labelled set (S69).

The people are invented. `same` says what an agent finds out; the rule must propose nearly all of
the first, and never call two people one with assurance.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from citizens.enums import DuplicateReason
from citizens.likeness import LIKELY, POINTS, VERY_LIKELY, compare
from citizens.models import Citizen

ROWS = list(csv.DictReader((Path(__file__).parent / "people_twice.csv").open(encoding="utf-8")))


def person(row: dict[str, str], end: str = "") -> Citizen:
    born = row[f"born{end}"]
    found = Citizen(
        family_name=row[f"family{end}"],
        usage_name=row[f"usage{end}"],
        given_name=row[f"given{end}"],
        birth_date=date.fromisoformat(born) if born else None,
        phone=row[f"phone{end}"],
        email=row[f"email{end}"],
        address=row[f"address{end}"],
        gender=row[f"gender{end}"],
    )
    found.derive_keys()
    return found


def pairs(same: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["same"] == same]


def like(row):
    return compare(person(row), person(row, "2"))


def told(row) -> str:
    return f"{row['kind']}: {row['family']} {row['given']} / {row['family2']} {row['given2']}"


def test_nearly_all_who_have_two_records_are_proposed_and_few_others():
    found = [told(row) for row in pairs("yes") if like(row).is_possible]
    wrong = [told(row) for row in pairs("no") if like(row).is_possible]
    missed = {told(row) for row in pairs("yes")} - set(found)
    assert len(ROWS) >= 80
    assert len(found) / len(pairs("yes")) >= 0.95, missed
    assert len(found) / (len(found) + len(wrong)) >= 0.95, wrong


def test_two_people_are_never_called_one_with_assurance():
    assert [told(row) for row in pairs("no") if like(row).score >= LIKELY] == []


def test_who_agrees_in_names_and_birth_is_very_likely_one():
    sure = [row for row in pairs("yes") if like(row).score >= VERY_LIKELY]
    assert {row["kind"] for row in sure} >= {"accents", "case", "hyphen", "spaces", "moved"}
    assert all(row["born"] and row["born2"] for row in sure)


@pytest.mark.parametrize("row", ROWS, ids=told)
def test_the_rule_reads_the_same_from_both_sides(row):
    one, other = person(row), person(row, "2")
    assert compare(one, other).score == compare(other, one).score
    assert set(compare(one, other).reasons) == set(compare(other, one).reasons)


@pytest.mark.parametrize("row", pairs("yes"), ids=told)
def test_two_records_of_one_person_share_a_key_or_their_letters(row):
    """What the index finds: without a common key only the letters of the names are left."""
    one, other = person(row), person(row, "2")
    assert set(one.match_keys) & set(other.match_keys)


@pytest.mark.parametrize("kind", ["twins", "father and son", "spouses"])
def test_who_shares_a_telephone_is_of_a_household_not_a_duplicate(kind):
    for row in pairs("no"):
        if row["kind"] == kind:
            found = like(row)
            assert found.apart, told(row)
            assert found.household, told(row)


def test_every_reason_has_points_and_words():
    combined = {DuplicateReason.NAME, DuplicateReason.AMBIGUOUS, DuplicateReason.ACCOUNT}
    assert set(POINTS) == set(DuplicateReason) - combined
    assert all(reason.label for reason in DuplicateReason)
