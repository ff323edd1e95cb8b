"""References a caller can key in, and whose typing mistakes are noticed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from requests.references import (
    check_digit,
    format_reference,
    new_tracking_code,
    next_reference,
    parse_reference,
)

CONNECTIONS, DRAWN, AT_ONCE = 8, 10_000, 25

years, numbers = st.integers(2007, 2099), st.integers(1, 999_999)


@given(years, numbers)
def test_reference_is_read_back_however_it_is_typed(year, number):
    reference = format_reference(year, number)
    for typed in (reference, reference.replace("-", ""), reference.replace("-", " ")):
        assert parse_reference(typed) == reference


@given(years, numbers, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_changes_the_key_but_for_the_pair_that_shares_zero(
    year, number, position, shift
):
    digits = list(f"{year:04d}{number:06d}")
    digits[position] = str((int(digits[position]) + shift) % 10)
    wrong_year, wrong_number = int("".join(digits[:4])), int("".join(digits[4:]))
    right, wrong = check_digit(year, number), check_digit(wrong_year, wrong_number)
    assert right != wrong or right == 0


def test_neighbouring_numbers_have_different_keys():
    assert len({check_digit(2026, number) for number in range(1, 6)}) == 5


@pytest.mark.parametrize(
    "typed", ["", "2026", "2026-000001", "abcd-efghij-k", "2026-000001-99", "²026-000001-1"]
)
def test_what_cannot_be_a_reference_is_none(typed):
    assert parse_reference(typed) is None


def test_tracking_code_is_eight_digits():
    assert all(len(code) == 8 and code.isdigit() for code in (new_tracking_code(),) * 3)


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_references_drawn_by_several_connections_are_unique():
    def draw(times: int) -> list[str]:
        drawn = []
        try:
            for _batch in range(times):
                with transaction.atomic():
                    drawn += [next_reference(2026) for _one in range(AT_ONCE)]
        finally:
            connection.close()
        return drawn

    shares = [DRAWN // AT_ONCE // CONNECTIONS] * CONNECTIONS
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        drawn = [one for share in pool.map(draw, shares) for one in share]
    assert set(drawn) == {format_reference(2026, number) for number in range(1, DRAWN + 1)}
