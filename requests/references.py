"""References and tracking codes: digits only, so that a caller can key them in."""

import re
import secrets

from django.db import connection

LENGTH = 11
LIKE_OURS = re.compile(
    r"20\d\d[\s.\-–]?\d{6}[\s.\-–]?\d"  # all its digits
    r"|20\d\d[\-–]\d{1,7}(?:[\-–]\d?)?"  # or its first dash
)
ENDING = re.compile(r"(\d{1,7})(?:[\s.\-–](\d))?", re.ASCII)
MOST_A_YEAR = 999_999
NEXT = (  # the table of `ReferenceCounter`: one statement draws and locks
    "INSERT INTO requests_referencecounter AS counter (year, last) VALUES (%s, 1) "
    "ON CONFLICT (year) DO UPDATE SET last = counter.last + 1 RETURNING last"
)


def check_digit(year: int, number: int) -> int:
    """Return the control key of a reference: digits weighted 1 to 10, modulo 11, 10 written 0.

    The weights change from digit to digit, so that a wrong digit or two swapped neighbours
    are found (but for the pair 0 and 10 share).
    """
    digits = f"{year:04d}{number:06d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(1, 11), strict=True))
    return total % 11 % 10


def format_reference(year: int, number: int) -> str:
    """Return ``AAAA-NNNNNN-C``, the catalogue's format.

    >>> format_reference(2026, 123)[:11]
    '2026-000123'
    """
    return f"{year:04d}-{number:06d}-{check_digit(year, number)}"


def parse_reference(text: str) -> str | None:
    """Return the reference as we write it, whatever dashes and spaces it was typed with.

    Returns:
        None when it cannot be one of ours (length or control key).
    """
    digits = re.sub(r"[\s.\-–]", "", text)
    if len(digits) != LENGTH or not digits.isascii() or not digits.isdigit():
        return None
    reference = format_reference(int(digits[:4]), int(digits[4:10]))
    return reference if reference[-1] == digits[10] else None


def looks_like_reference(text: str) -> bool:
    """Whether somebody meant a reference, whole or begun, be it a wrong one: not a phone number.

    >>> looks_like_reference("2026-000123"), looks_like_reference("20260001234")
    (True, True)
    >>> looks_like_reference("2026"), looks_like_reference("01 69 20 26 00")
    (False, False)
    """
    return bool(LIKE_OURS.fullmatch(text.strip()))


def references_ending(text: str, *years: int) -> list[str]:
    """Return the references that somebody may mean who says the end of one, without its zeros.

    >>> references_ending("5568", 2026), references_ending("5568-0", 2026)
    (['2026-005568-0'], ['2026-005568-0'])
    >>> references_ending("55680", 2026), references_ending("5568-1", 2026)
    (['2026-055680-8', '2026-005568-0'], [])

    Args:
        years: those of which it may be.
    """
    said = ENDING.fullmatch(text.strip())
    if said is None:
        return []
    number, key = said.groups(default="")
    meant = [(number, key)] if key else [(number, ""), (number[:-1] or "0", number[-1])]
    whole = [(int(number), key) for number, key in meant if 0 < int(number) <= MOST_A_YEAR]
    written = [(format_reference(year, number), key) for year in years for number, key in whole]
    return [reference for reference, key in written if reference.endswith(key)]


def references_in(text: str) -> list[str]:
    """Return the references that a free text names, each once, as we write them."""
    found = re.findall(r"(?<!\d)\d{4}[\s.\-–]?\d{6}[\s.\-–]?\d(?!\d)", text)
    return list(dict.fromkeys(one for part in found if (one := parse_reference(part))))


def next_reference(year: int) -> str:
    """Draw the year's next reference. The counter's row stays locked until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [year])
        (number,) = cursor.fetchone()
    return format_reference(year, number)


def new_tracking_code() -> str:
    """Return eight random digits; with the reference and a throttle, a secret fit for a call."""
    return f"{secrets.randbelow(10**8):08d}"
