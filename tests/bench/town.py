"""One size of the town: its own database, its own server, in a process of its own.

All sizes stand at once and are measured by turns, so that a machine which slows down meanwhile
slows them all.
"""

import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.bench.ground import server, settle, start_django

_SPAWN = multiprocessing.get_context("spawn")


class Town:
    """The town with `size` requests.

    Args:
        size: how many.
        number: tells its cache from the others'.

    Attributes:
        seconds: what loading them took.
        names: the pages there are to measure, once it is open.
        floors: the name of the plain page that each is measured beside; blank without one.
    """

    def __init__(self, size: int, number: int) -> None:
        self.size = size
        self._ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(
            target=_live, args=(theirs, size, _make_database(size), _redis(number))
        )
        self._process.start()
        theirs.close()
        self.seconds: float = self._ours.recv()
        self.names: list[str] = []
        self.floors: list[str] = []

    def open(self) -> None:
        """Let the visitors in; once all towns stand, for a session does not outlast a long load."""
        self._ours.send(None)
        self.names, self.floors = self._ours.recv()

    def queries(self, page: int) -> int:
        """Return how many SQL queries one request makes."""
        return self._ask("count_queries", page)

    def times(self, page: int, count: int) -> list[float]:
        """Return the seconds of `count` requests, one after the other."""
        return self._ask("times", page, count)

    def rate(self, page: int) -> float:
        """Return requests a second, several visitors at once."""
        return self._ask("rate", page)

    def close(self) -> None:
        """Stop its server."""
        self._ours.close()
        self._process.join(30)

    def _ask(self, what: str, *arguments: int):
        self._ours.send((what, *arguments))
        answer = self._ours.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def _make_database(size: int) -> str:
    """Copy the town without requests; return the address of the copy."""
    url, name = urlsplit(os.environ["DATABASE_URL"]), f"bench_{size}"
    elsewhere = urlunsplit(url._replace(path="/postgres"))
    with psycopg.connect(elsewhere, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(url.path.removeprefix("/"))
            )
        )
    return urlunsplit(url._replace(path=f"/{name}"))


def _redis(number: int) -> str:
    return urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}"))


def _live(pipe: Connection, size: int, database: str, redis: str) -> None:
    """Load the requests, start the server, then measure what is asked for until the pipe ends."""
    os.environ |= {"DATABASE_URL": database, "REDIS_URL": redis}
    start_django()
    from django.core.management import call_command

    from tests.bench import measure
    from tests.bench.pages import pages

    begun = time.monotonic()
    call_command("demo_data", requests=size)
    seconds = round(time.monotonic() - begun, 1)
    settle()
    with server() as base:
        pipe.send(seconds)
        pipe.recv()
        known = pages(measure.filings_needed())
        pipe.send(([page.name for page in known], [page.floor for page in known]))
        while True:
            try:
                what, page, *arguments = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send(getattr(measure, what)(known[page], base, *arguments))
            except measure.Broken as broken:
                pipe.send(broken)
