"""`run`: everything that the demonstration needs, in one process tree, until Ctrl-C."""

import fcntl
import http.client
import ipaddress
import signal
import subprocess
import sys
import time
from pathlib import Path

from massy_grc.embedded import children
from massy_grc.embedded.paths import ROOT, EmbeddedError, port_is_free
from massy_grc.embedded.prepare import Preparation, manage, pango_is_missing
from massy_grc.embedded.services import Services

READY_WITHIN = 90.0


def say(message: str) -> None:
    print(message, flush=True)


class Supervisor:
    def __init__(self, var: Path, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.var = var
        self.signals = 0
        self.services = Services(var)
        self.record_file = self.services.run_folder / "children.json"
        self.children = children.application_children(
            host, port, self.services.logs, self.services.run_folder
        )

    def run(self) -> int:
        with (self.services.run_folder / "run.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EmbeddedError("`make run` is already at work in this folder.") from None
            for name in children.end_orphans(self.record_file):
                say(f"Ended the {name} process that a killed run had left.")
            if not port_is_free(self.port, self.host):
                raise EmbeddedError(
                    f"Port {self.port} is taken by another program. Choose another one:"
                    f" make run PORT={self.port + 1}"
                )
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self._on_signal)
            try:
                return self._run_all()
            finally:
                self._stop_all()

    def _on_signal(self, number: int, frame: object) -> None:
        """During preparation: leave at once. Later: the loop sees the count and ends."""
        self.signals += 1
        if self.preparing:
            raise SystemExit(128 + number)

    preparing = True

    def _run_all(self) -> int:
        begun = time.monotonic()
        if pango_is_missing():
            say(
                "Without Pango no PDF can be made; all the rest works. On Debian or Ubuntu:\n"
                "  apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
            )
        with self.services:
            say(f"PostgreSQL and Valkey answer ({time.monotonic() - begun:.1f} s).")
            Preparation(self.services, say).run()
            self.preparing = False
            environment = self._environment()
            try:
                for child in self.children:
                    child.start(environment)
                children.record(self.children, self.record_file)
                self._wait_until_ready(begun)
                self._watch()
            finally:
                self._stop_children()
        return 0

    def _environment(self) -> dict[str, str]:
        environment = self.services.environment()
        environment.setdefault("MASSY_PUBLIC_URL", f"http://localhost:{self.port}")
        return environment

    # --- watching --------------------------------------------------------------------------
    def _wait_until_ready(self, begun: float) -> None:
        deadline = time.monotonic() + READY_WITHIN
        answer = ""
        while not self.signals and time.monotonic() < deadline:
            self._tend()
            answer = self._ask_readyz()
            if answer == "200":
                say(f"\nReady in {time.monotonic() - begun:.1f} s: http://localhost:{self.port}/")
                self._say_logins()
                say("Logs are in var/log/. Ctrl-C stops everything.\n")
                return
            time.sleep(0.2)
        if not self.signals:
            say(f"Not ready after {READY_WITHIN:.0f} s (/readyz: {answer}); see var/log/.")

    def _ask_readyz(self) -> str:
        host = _reachable(self.host)
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": "localhost"})
            return str(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        finally:
            connection.close()

    def _say_logins(self) -> None:
        environment = self._environment() | {"MASSY_COMMAND": "1"}
        if environment["MASSY_MODE"] != "demo":
            return
        done = subprocess.run(
            manage("demo_logins"), cwd=ROOT, env=environment, capture_output=True, text=True
        )
        if done.returncode == 0:
            say(done.stdout.rstrip())

    def _watch(self) -> None:
        while not self.signals:
            self._tend()
            time.sleep(0.5)

    def _tend(self) -> None:
        """Start again whatever has died, the servers first."""
        for name in self.services.missing():
            say(f"{name} has ended; starting it again.")
            try:
                self.services.ensure()
            except EmbeddedError as error:
                say(str(error))
                time.sleep(2)
        changed = False
        for child in self.children:
            if child.has_ended():
                child.note_end(say)
            if child.process is None and time.monotonic() >= child.not_before:
                child.start(self._environment())
                changed = True
        if changed:
            children.record(self.children, self.record_file)

    # --- stopping --------------------------------------------------------------------------
    def _stop_children(self) -> None:
        say("Stopping…")
        already = self.signals
        for child in self.children:
            child.stop(hurry=lambda: self.signals > already)
        self.record_file.unlink(missing_ok=True)

    def _stop_all(self) -> None:
        self.services.close()
        say("Stopped.")


def run_command(command: list[str], environment: dict[str, str]) -> int:
    """Run one command in the foreground with our signals; return its exit code as a shell does."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, frame: process.send_signal(received))
    code = process.wait()
    return code if code >= 0 else 128 - code


def _reachable(host: str) -> str:
    """Where this machine reaches a server that listens at `host`, which may be all addresses."""
    try:
        listens_at = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not listens_at.is_unspecified:
        return host
    return "127.0.0.1" if listens_at.version == 4 else "::1"
