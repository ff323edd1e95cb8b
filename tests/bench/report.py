"""The lines of the tables."""

import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass

ROUNDS, REQUESTS = 5, 40  # of each page at each size


@dataclass(frozen=True)
class Measure:
    """One line of the table. Milliseconds, requests a second, and SQL queries of one request.

    `best` is the fastest tenth's slowest: what the page costs when nobody else uses the machine.
    """

    page: str
    best: float
    p50: float
    p95: float
    rate: float
    queries: int

    @classmethod
    def of(cls, page: str, seconds: list[float], rate: float, queries: int) -> "Measure":
        """Make the line of a page from its requests' times."""
        ordered = sorted(seconds)
        return cls(
            page=page,
            best=round(ordered[len(ordered) // 10] * 1000, 1),
            p50=round(statistics.median(ordered) * 1000, 1),
            p95=round(ordered[int(len(ordered) * 0.95)] * 1000, 1),
            rate=round(rate, 0),
            queries=queries,
        )

    def as_json(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Growth:
    """One page at the smallest and at the largest size.

    `p50` and `best` are growths: 0.3 means 30 % slower. `of_floor` is how many times its plain page
    it takes at the largest size, by p50; None without one.
    """

    page: str
    p50_small: float
    p50_large: float
    p50: float
    best: float
    queries_small: int
    queries_large: int
    of_floor: float | None

    @classmethod
    def between(cls, small: Measure, large: Measure, floor: Measure | None) -> "Growth":
        """Compare the two measures of one page; `floor` is its plain page at the large size."""
        return cls(
            page=small.page,
            p50_small=small.p50,
            p50_large=large.p50,
            p50=round(large.p50 / small.p50 - 1, 3),
            best=round(large.best / small.best - 1, 3),
            queries_small=small.queries,
            queries_large=large.queries,
            of_floor=round(large.p50 / floor.p50, 2) if floor else None,
        )

    def as_json(self) -> dict:
        return asdict(self)


def growth(results: list[list[Measure]], floors: Mapping[str, str]) -> list[Growth]:
    """Return how each page changes from the smallest to the largest size.

    Args:
        floors: the name of each page's plain page.
    """
    largest = {lines[-1].page: lines[-1] for lines in results}
    return [
        Growth.between(lines[0], lines[-1], largest.get(floors.get(lines[0].page, "")))
        for lines in results
    ]
