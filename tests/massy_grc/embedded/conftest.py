"""Each test has servers of its own, in a folder of its own, started as a developer does."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from massy_grc.embedded.paths import ROOT

SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_APP_URL", "REDIS_URL", "MASSY_MODE")


class Clone:
    """The command line of the embedded servers, its data in one folder."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.environment = {k: v for k, v in os.environ.items() if k not in SERVERS}
        self.environment["MASSY_VAR_DIR"] = str(var)
        self.started: list[subprocess.Popen[str]] = []

    def spawn(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "massy_grc.embedded", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def call(self, *arguments: str, code: int = 0) -> str:
        process = self.spawn(*arguments)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == code, output
        return output

    def python(self, script: str, *options: str) -> str:
        return self.call("exec", *options, "--", sys.executable, "-c", script)

    def postmaster(self) -> int:
        return int((self.var / "embedded/postgres/postmaster.pid").read_text().split()[0])

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=60)
        self.call("destroy")


@contextmanager
def opened() -> Iterator[Path]:
    """pytest's own temporary folders are closed to other users: this one is not."""
    with tempfile.TemporaryDirectory(prefix="mgrc-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with opened() as folder:
        yield folder


@pytest.fixture
def new_clone(open_folder: Path) -> Iterator[Callable[[Path], Clone]]:
    """Ask for ``open_folder`` first, so that the servers end before their folder goes."""
    clones: list[Clone] = []

    def make(var: Path) -> Clone:
        clones.append(Clone(var))
        return clones[-1]

    yield make
    for clone in clones:
        clone.close()


@pytest.fixture(scope="session")
def made_data() -> Iterator[Path]:
    """What the servers made at their first start: PostgreSQL takes seconds over it."""
    with opened() as folder:
        first = Clone(folder / "var")
        first.python("")
        yield folder / "var/embedded"
        first.close()


@pytest.fixture
def empty_clone(new_clone: Callable[[Path], Clone], open_folder: Path) -> Clone:
    """One in which no server was ever started."""
    return new_clone(open_folder / "var")


@pytest.fixture
def clone(empty_clone: Clone, made_data: Path) -> Clone:
    """One whose servers were started before; those of `TestPlaces` start for the first time."""
    return with_data(empty_clone, made_data)


@pytest.fixture(scope="class")
def shared_clone(made_data: Path) -> Iterator[Clone]:
    """One for tests that only ask: its servers run until the last has asked."""
    with opened() as folder:
        clone = with_data(Clone(folder / "var"), made_data)
        clone.spawn("exec", "--", "sleep", "600")
        yield clone
        clone.close()


def with_data(clone: Clone, made_data: Path) -> Clone:
    clone.var.mkdir()
    subprocess.run(["cp", "-a", made_data, clone.var / "embedded"], check=True)  # with its owner
    return clone


def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.05)
