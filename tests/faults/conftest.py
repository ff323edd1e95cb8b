"""Real servers to break: a Valkey of the test's own and Celery workers on the test database."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from celery import current_app
from django.db import connection

from massy_grc.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds for one death, on a busy machine; a few on a calm one
# alone: no second to be spent on a search for neighbours
WORKER = ("worker", "--beat", "--loglevel", "WARNING", "--without-mingle", "--without-gossip")


def database_url() -> str:
    """The test database's address, for another process."""
    params = connection.get_connection_params()
    query = {"host": params["host"]} if params.get("host") else {}
    if params.get("port"):
        query["port"] = params["port"]
    user, password = quote(params.get("user", "")), quote(params.get("password") or "", safe="")
    return f"postgres://{user}:{password}@/{params['dbname']}?{urlencode(query)}"


class Workers:
    """Celery worker processes with beat, started, killed and started again by the test."""

    def __init__(self, broker_url: str, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DATABASE_POOL": "off",
            "REDIS_URL": broker_url,
            "CELERY_BROKER_URL": broker_url,
            "MASSY_MODE": "test",
            "MASSY_VAR_DIR": str(folder),
            "MASSY_MEDIA_DIR": str(folder / "media"),
        }
        self.folder = folder
        self.processes: list[subprocess.Popen] = []
        self.mortals: subprocess.Popen | None = None

    def start(self) -> subprocess.Popen:
        schedule = str(self.folder / f"beat-{len(self.processes)}")
        celery = ("-m", "celery", "-A", "massy_grc")
        return self._open(*celery, *WORKER, "--concurrency", "2", "--schedule", schedule)

    def _open(self, *command: str, **streams: int) -> subprocess.Popen:
        with (self.folder / "worker.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
                **{"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log} | streams,
            )
        self.processes.append(process)
        return process

    def die_at(self, *steps: str) -> None:
        """Let a worker kill itself at each step, one after the other (tests/faults/mortal.py).

        Args:
            steps: ``before package.module.function`` or ``after …``.
        """
        if self.mortals is None:
            module = ("-m", "tests.faults.mortal", str(self.folder))
            self.mortals = self._open(*module, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for step in steps:
            self.mortals.stdin.write(f"{step}\n".encode())
            self.mortals.stdin.flush()
            answered, _, _ = select.select([self.mortals.stdout], [], [], PATIENCE)
            assert answered, f"the worker did not die {step}"
            assert self.mortals.stdout.readline().decode().strip() == step

    def kill(self, process: subprocess.Popen) -> None:
        """`kill -9` of the worker and its children, as a crash would."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def broker(tmp_path):
    """A Valkey of the test's own, not started yet."""
    home = tmp_path / "broker"
    home.mkdir(mode=0o700)
    valkey = Valkey(home, home / "valkey.log")
    yield valkey
    valkey.stop()


@pytest.fixture
def workers(transactional_db, broker, tmp_path, settings):
    """Workers on the test database; this process speaks to the same broker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    broker.start()
    broker.stop()  # its port is known from now on
    running = Workers(broker.url, tmp_path)
    before = current_app.conf.broker_url
    current_app.conf.broker_url = broker.url
    yield running
    current_app.conf.broker_url = before
    for process in running.processes:
        running.kill(process)


@pytest.fixture
def eventually():
    """`eventually(condition)`: wait until it holds; fail after two minutes."""

    def wait(condition: Callable[[], bool], seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.2)

    return wait
