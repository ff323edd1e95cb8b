"""The web server, the worker and the beat: started, watched, recorded and ended."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from massy_grc.embedded.paths import ROOT, read_json, wait_until_gone, write_private

STEADY = 60.0  # seconds after which a child counts as healthy again
LONGEST_PAUSE = 30.0
NICE = 10  # of what nobody waits for


class Child:
    """One process, in a session of its own, so that the terminal's Ctrl-C reaches only us."""

    def __init__(
        self, name: str, command: list[str], log: Path, patience: float, *, waits: bool = False
    ) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.patience = patience
        self.waits = waits  # when the processor is short
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.failures = 0
        self.not_before = 0.0

    def start(self, environment: dict[str, str]) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if self.waits:
            stand_back(self.process.pid)
        self.started = time.monotonic()

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def note_end(self, say: Callable[[str], None]) -> None:
        """Decide when to start it again: at once, then less and less often."""
        assert self.process is not None
        end_group(self.process.pid, signal.SIGKILL)  # children that outlived it
        now = time.monotonic()
        self.failures = 1 if now - self.started > STEADY else self.failures + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (self.failures - 1))
        self.not_before = now + pause
        code = self.process.returncode
        say(f"{self.name} ended (code {code}); again in {pause:.0f} s, see {shown(self.log)}")
        self.process = None

    def stop(self, *, hurry: Callable[[], bool]) -> None:
        """Ask it to finish; when its patience or the user's is over, end it."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            deadline = time.monotonic() + self.patience
            while self.process.poll() is None and time.monotonic() < deadline and not hurry():
                time.sleep(0.05)
        end_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def application_children(host: str, port: int, logs: Path, run_folder: Path) -> list[Child]:
    """In the order in which they are started and stopped."""
    python = sys.executable
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [python, "-m", "gunicorn", "massy_grc.wsgi:application", "--bind", address]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    web += ["--graceful-timeout", "20", "--no-control-socket"]
    web += ["--limit-request-line", "8190"]  # the program answers before (LongAddressMiddleware)
    celery = [python, "-m", "celery", "-A", "massy_grc"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"]
    worker += ["--hostname", "worker@%h"]
    beat = [*celery, "beat", "--loglevel", "INFO"]
    beat += ["--schedule", str(run_folder / "beat-schedule"), "--pidfile", ""]
    return [
        Child("web", web, logs / "web.log", patience=25),
        Child("worker", worker, logs / "worker.log", patience=30, waits=True),
        Child("beat", beat, logs / "beat.log", patience=10),
    ]


def stand_back(leader: int) -> None:
    """Let the pages of the web server come before what a process and its children do.

    Args:
        leader: pid of a process that has just been started in a session of its own. Linux shares
            the processor between sessions first (autogroups, sched(7)), so that a nice value alone
            would only count inside its own.
    """
    with contextlib.suppress(OSError):  # it has ended already
        os.setpriority(os.PRIO_PGRP, leader, NICE)
    with contextlib.suppress(OSError):  # a kernel without autogroups
        Path(f"/proc/{leader}/autogroup").write_text(str(NICE), encoding="ascii")


def shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def end_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def record(children: Iterable[Child], file: Path) -> None:
    """Write down what we started, for a next run that finds us dead."""
    found = {}
    for child in children:
        if child.process is not None:
            with contextlib.suppress(psutil.Error):
                created = psutil.Process(child.process.pid).create_time()
                found[child.name] = {"pid": child.process.pid, "created": created}
    write_private(file, json.dumps(found))


def end_orphans(file: Path) -> list[str]:
    """End what a killed supervisor of this clone left running; return the names."""
    ended = []
    for name, known in read_json(file).items():
        try:
            process = psutil.Process(known["pid"])
            ours = (
                abs(process.create_time() - known["created"]) < 5
                and {"gunicorn", "celery"} & set(process.cmdline())
                and Path(process.cwd()) == ROOT
            )
        except (psutil.Error, OSError, KeyError, TypeError):
            continue
        if ours:
            process.terminate()
            wait_until_gone([process], 10)
            end_group(known["pid"], signal.SIGKILL)
            wait_until_gone([process], 5)
            ended.append(name)
    file.unlink(missing_ok=True)
    return ended
