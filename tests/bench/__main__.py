"""``python -m tests.bench``: every page over 10,000 and over 100,000 requests, by turns.

Before them, how often the classifier is right (`tests.bench.qualification`); behind them, whether
the time of an answer tells who is known (`tests.bench.alike`), how long the copy of a full account
takes (`tests.bench.copies`), what hostile files cost (`tests.bench.hostile`), how the pages feel on
a slow telephone (`tests.bench.vitals`), how long an agent waits at the counter
(`tests.bench.desk`), and how fast two workers route (`tests.bench.routing`).

Run by ``make bench`` on throw-away servers (DATABASE_URL and REDIS_URL are theirs). Prints a
table and writes var/bench.json; ends with an error when one but the pages misses its bar.
"""

import argparse
import contextlib
import json
import os
import platform
import sys
from pathlib import Path

from tests.bench import alike, copies, desk, hostile, qualification, routing, vitals
from tests.bench.ground import ROOT, fill, prepare
from tests.bench.report import REQUESTS, ROUNDS, Measure, growth
from tests.bench.town import Town

SIZES = (10_000, 100_000)


def main() -> int:
    options = parse()
    if not prepare():
        return 2
    missed = 0 if options.only else qualification.tell()
    _let_go()
    sizes = sorted(options.sizes)
    with contextlib.ExitStack() as stack:
        towns = []
        for number, size in enumerate(sizes, 1):
            towns.append(Town(size, number))
            stack.callback(towns[-1].close)
        for town in towns:
            town.open()
        results = measure(towns, options.only, options.times)
    write(towns, results, options.output)
    tell_growth(towns, results)
    if options.only:
        return 0
    fill(copies.REQUESTS)
    missed |= alike.tell(options.tries) | copies.tell() | hostile.tell()
    return missed | vitals.tell() | desk.tell() | routing.tell()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--tries", type=int, default=alike.TRIES, help="of each door, for R18")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="WORD", help="pages named so, nothing else"
    )
    parser.add_argument("--times", type=int, default=REQUESTS, help="requests of a page in a round")
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "bench.json")
    return parser.parse_args()


def _let_go() -> None:
    """Leave the database: PostgreSQL copies only one that nobody uses."""
    from django.db import connections

    connections.close_all()


def measure(towns: list[Town], only: list[str], count: int) -> list[list[Measure]]:
    """Return each page's lines, one a town; print them as they come.

    Args:
        only: of the pages but the plain ones, those whose names have one of these; all if empty.
        count: how often a visitor asks for a page in each round; more than `REQUESTS` would use
            up what is kept ready for the filing.
    """
    head = f"{'best ms':>9}{'p50 ms':>9}{'p95 ms':>9}{'req/s':>8}{'queries':>9}"
    print(f"\n{'page':<26}{'requests':>10}{head}")
    results = []
    for page, name in enumerate(towns[0].names):
        wanted = not only or any(word in name for word in only)
        if not wanted and name not in towns[0].floors:
            continue
        queries = [town.queries(page) for town in towns]
        seconds: list[list[float]] = [[] for _ in towns]
        for _ in range(ROUNDS):
            for town, found in zip(towns, seconds, strict=True):
                found += town.times(page, count)
        lines = [
            Measure.of(name, found, town.rate(page), asked)
            for town, found, asked in zip(towns, seconds, queries, strict=True)
        ]
        for town, one in zip(towns, lines, strict=True):
            times = f"{one.best:>9}{one.p50:>9}{one.p95:>9}"
            print(f"{name:<26}{town.size:>10,}{times}{one.rate:>8.0f}{one.queries:>9}", flush=True)
        results.append(lines)
    return results


def write(towns: list[Town], results: list[list[Measure]], output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "seconds_to_load": {town.size: town.seconds for town in towns},
        "measures": {
            town.size: [lines[place].as_json() for lines in results]
            for place, town in enumerate(towns)
        },
        "growth": [line.as_json() for line in growth(results, floors_of(towns))],
    }
    output.write_text(json.dumps(report, indent=2), encoding="utf-8")
    print(f"\nWritten to {output}")


def floors_of(towns: list[Town]) -> dict[str, str]:
    """Return the name of each page's plain page; pages without one are left out."""
    return {
        name: floor for name, floor in zip(towns[0].names, towns[0].floors, strict=True) if floor
    }


def tell_growth(towns: list[Town], results: list[list[Measure]]) -> None:
    """Print the growth of each page, and how many times its plain page it takes."""
    small, large = towns[0].size, towns[-1].size
    print(
        f"\n{large:,} beside {small:,} requests, and {large:,} beside a plain page of the same rows"
    )
    print(f"{'page':<26}{'p50':>15}{'growth':>9}{'best':>9}{'queries':>10}{'of floor':>10}")
    for line in growth(results, floors_of(towns)):
        times = f"{line.p50_small:>7.1f} ->{line.p50_large:>5.1f}"
        ratios = f"{line.p50:>+9.0%}{line.best:>+9.0%}"
        queries = f"{line.queries_small} -> {line.queries_large}"
        floor = f"{line.of_floor:>8.1f} ×" if line.of_floor else ""
        print(f"{line.page:<26}{times}{ratios}{queries:>10}{floor}")


if __name__ == "__main__":
    sys.exit(main())
