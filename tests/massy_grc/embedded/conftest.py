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


@pytest.fixture
def clone(new_clone: Callable[[Path], Clone], open_folder: Path) -> Clone:
    return new_clone(open_folder / "var")


@pytest.fixture(scope="class")
def shared_clone() -> Iterator[Clone]:
    """One for tests that only ask: each asks servers started for it, on data made once."""
    with opened() as folder:
        clone = Clone(folder / "var")
        yield clone
        clone.close()


def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.05)
