"""The lines of the tables."""

import statistics
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

    `p50` and `best` are growths: 0.3 means 30 % slower. `over_floor` is what the page's p50 costs
    more than the empty view's, in milliseconds, at the largest size.
    """

    page: str
    p50_small: float
    p50_large: float
    p50: float
    best: float
    queries_small: int
    queries_large: int
    over_floor: float

    @classmethod
    def between(cls, small: Measure, large: Measure, floor: Measure) -> "Growth":
        """Compare the two measures of one page; `floor` is the empty view at the large size."""
        return cls(
            page=small.page,
            p50_small=small.p50,
            p50_large=large.p50,
            p50=round(large.p50 / small.p50 - 1, 3),
            best=round(large.best / small.best - 1, 3),
            queries_small=small.queries,
            queries_large=large.queries,
            over_floor=round(large.p50 - floor.p50, 1),
        )

    def as_json(self) -> dict:
        return asdict(self)


def growth(results: list[list[Measure]]) -> list[Growth]:
    """Return how each page changes from the smallest to the largest size."""
    floor = results[0][-1]
    return [Growth.between(lines[0], lines[-1], floor) for lines in results]
