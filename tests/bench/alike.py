"""Whether the time of an answer tells who has an account or a request (R18):

    .venv/bin/python -m massy_grc.embedded exec --throwaway --owner -- \\
        .venv/bin/python -m tests.bench.alike

Each door is tried a thousand times with what is known and a thousand times with what is not, by
turns, through the whole application without a network; each try comes from another address, for
the limits count by visitor. The medians should be within 5 ms of each other.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator

from tests.bench.ground import prepare

TRIES = 1000
WARM_UP = 10  # tries that fill the caches first
AT_MOST = 5.0  # milliseconds between the medians


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.alike", description=__doc__)
    parser.add_argument("--tries", type=int, default=TRIES)
    tries = parser.parse_args().tries
    return tell(tries) if prepare(requests=200) else 2


def tell(tries: int) -> int:
    """Print the medians of each door; 1 when one tells who is known."""
    apart = 0
    print(f"\n{'door':<12}{'known ms':>10}{'unknown ms':>12}{'apart ms':>10}")
    for name, path, known, unknown in doors():
        first, second = medians(path, known, unknown, tries)
        distance = abs(first - second)
        apart += distance > AT_MOST
        print(f"{name:<12}{first:>10.2f}{second:>12.2f}{distance:>10.2f}")
    return 1 if apart else 0


def doors() -> Iterator[tuple[str, str, dict, dict]]:
    """Name, address, and the values of somebody known and of nobody."""
    from massy_grc.users.models import User
    from requests.models import ServiceRequest

    citizen = User.objects.filter(kind="citizen", email__isnull=False).first()
    asked = ServiceRequest.objects.exclude(requester_email="").exclude(account=None).first()
    assert citizen is not None
    assert asked is not None
    nobody = "personne.inconnue@courriel.example"
    wrong = "un mot de passe faux"
    yield (
        "log-in",
        "/compte/login/",
        *({"login": email, "password": wrong} for email in (citizen.email, nobody)),
    )
    yield "reset", "/compte/password/reset/", {"email": citizen.email}, {"email": nobody}
    yield "sign-up", "/compte/inscription/", {"email": citizen.email}, {"email": nobody}
    yield (
        "tracking",
        "/suivi/",
        *(
            {"reference": asked.reference, "secret": "faux@courriel.example"},
            {"reference": unused(asked.reference), "secret": "faux@courriel.example"},
        ),
    )


def unused(reference: str) -> str:
    """A reference of the same year, well formed, that nobody has."""
    from requests.references import format_reference

    return format_reference(int(reference.partition("-")[0]), 999_999)


def medians(path: str, known: dict, unknown: dict, tries: int) -> tuple[float, float]:
    """The middle times in milliseconds for what is known and for what is not."""
    from django.test import Client

    visitors = (f"10.{one >> 16}.{one >> 8 & 255}.{one & 255}" for one in range(1, 1 << 24))
    times: tuple[list[float], list[float]] = ([], [])
    for attempt in range(tries + WARM_UP):
        for kept, values in zip(times, (known, unknown), strict=True):
            begun = time.perf_counter()
            answer = Client(REMOTE_ADDR=next(visitors)).post(path, values)
            spent = (time.perf_counter() - begun) * 1000
            assert answer.status_code in (200, 302), (path, answer.status_code)
            if attempt >= WARM_UP:
                kept.append(spent)
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    sys.exit(main())
