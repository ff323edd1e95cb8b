"""The numbers of a street that a sector holds: from one to another, on one side or both."""

from collections.abc import Iterable
from typing import NamedTuple

EVEN, ODD = "even", "odd"
LAST = 9999


class Span(NamedTuple):
    """Numbers from `first` to `last`, both included; `side`: `EVEN`, `ODD` or "" for both."""

    first: int = 1
    last: int = LAST
    side: str = ""

    def holds(self, number: int) -> bool:
        """Whether a house of the street is in it."""
        on_side = not self.side or (number % 2 == 0) == (self.side == EVEN)
        return on_side and self.first <= number <= self.last


def any_holds(spans: Iterable[Iterable], number: int | None) -> bool:
    """Whether a house is in one of the spans that a column holds; one without number is in none."""
    return number is not None and any(Span(*span).holds(number) for span in spans)
