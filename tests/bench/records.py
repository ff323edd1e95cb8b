"""Whether a record is compared with all others by the indexes, whatever their number (S69):

    .venv/bin/python -m massy_grc.embedded exec --throwaway --owner -- \\
        .venv/bin/python -m tests.bench.records

Invents a town of 200,000 people, one in fifty of them with a second record, and compares some of
the second ones with all. Prints the plan, the time of one comparison, and how many were found.
"""

import argparse
import random
import statistics
import sys
import time

from tests.bench.ground import prepare

PEOPLE = 200_000
TRIES = 200
EVERY = 50  # people of whom one has two records


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.records", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    people = parser.parse_args().people
    return tell(people) if prepare() else 2


def tell(people: int) -> int:
    """Print what comparing costs; 1 when the plan reads the whole table."""
    from django.db import connection

    from citizens.actions import look_alikes
    from citizens.models import Citizen
    from requests.demo.people import make_citizens

    draw = random.Random(7)
    first = make_citizens(draw, people)
    doubles = [_again(draw, one) for one in first[::EVERY]]
    Citizen.objects.bulk_create(doubles, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE citizens_citizen")
    tried = draw.sample(list(zip(first[::EVERY], doubles, strict=True)), TRIES)
    times, found = [], 0
    for known, double in tried:
        start = time.perf_counter()
        alike = look_alikes(double)
        times.append((time.perf_counter() - start) * 1000)
        found += any(one.pk == known.pk for one, likeness in alike if likeness.is_possible)
    plan = _plan(tried[0][1])
    median, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(plan)
    print(f"\n{people:,} people, {TRIES} compared: p50 {median:.1f} ms, p95 {slow:.1f} ms")
    print(f"found again: {found} of {TRIES}")
    return int("Seq Scan" in plan)


def _again(draw: random.Random, one):
    """A second record: an error in the name, the same telephone or e-mail."""
    from citizens.models import Citizen

    place = draw.randrange(1, len(one.family_name))
    family = one.family_name[:place] + draw.choice("aeinrst") + one.family_name[place:]
    double = Citizen(
        family_name=family, given_name=one.given_name, phone=one.phone, email=one.email
    )
    double.derive_keys()
    return double


def _plan(citizen) -> str:
    from django.db import connection, transaction

    from citizens.models import Citizen
    from citizens.querysets import TWIN_LETTERS

    alike = Citizen.objects.filter(match_keys__overlap=citizen.match_keys)
    alike |= Citizen.objects.filter(search_name__trigram_similar=citizen.search_name)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(TWIN_LETTERS)]
        )
        return alike.explain(analyze=True)


if __name__ == "__main__":
    sys.exit(main())
