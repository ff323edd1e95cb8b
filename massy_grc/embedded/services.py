"""Both servers together: started once, shared by `run` and `exec`, stopped by the last user."""

import fcntl
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from massy_grc.embedded.paths import (
    ROOT,
    EmbeddedError,
    data_home,
    kept_secrets,
    locked,
    private_folder,
)
from massy_grc.embedded.postgres import APPLICATION, OWNER, Postgres
from massy_grc.embedded.valkey import Valkey

LARGEST_LOG = 20_000_000  # bytes, looked at when something starts


class Services:
    """The servers that the environment does not name already.

    Every user of the servers holds a shared lock, which the kernel frees when it dies. Whoever
    leaves and finds itself alone stops them.
    """

    def __init__(self, var: Path, *, throwaway: bool = False) -> None:
        self.var = var
        self.throwaway = throwaway
        self.given = dict(os.environ)
        self.logs = var / "log"
        self.run_folder = var / "run"
        for folder in (var, self.logs, self.run_folder):
            folder.mkdir(parents=True, exist_ok=True)
        private_folder(self.run_folder)
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))
        self.home = data_home(var)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        if throwaway or not self.given.get("DATABASE_URL"):
            log = self.logs / "postgres.log"
            self.postgres = Postgres(self.home, log, throwaway=throwaway)
        if throwaway or not self.given.get("REDIS_URL"):
            self.valkey = Valkey(self.home, self.logs / "valkey.log", throwaway=throwaway)
        self._shared: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            with locked(self.run_folder / "services.lock"):
                self._shared = (self.run_folder / "users.lock").open("a")
                fcntl.flock(self._shared, fcntl.LOCK_SH)
                self.ensure()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ensure(self) -> None:
        """Start what is not running; costs next to nothing when all is."""
        if self.postgres:
            self.postgres.start()
        if self.valkey:
            self.valkey.start()

    def missing(self) -> list[str]:
        """The names of our servers that have died."""
        servers = {"PostgreSQL": self.postgres, "Valkey": self.valkey}
        return [name for name, server in servers.items() if server and server.process() is None]

    def close(self) -> None:
        """Stop both servers, unless another command of this clone still uses them."""
        if self._shared is None:
            return
        with locked(self.run_folder / "services.lock"):
            try:
                fcntl.flock(self._shared, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                if self.valkey:
                    self.valkey.stop()
                if self.postgres:
                    self.postgres.stop()
            self._shared.close()
            self._shared = None

    def destroy(self) -> int:
        """Remove all data, unless a command of this clone is using it."""
        with locked(self.run_folder / "services.lock"):
            users = (self.run_folder / "users.lock").open("a")
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EmbeddedError("`make run` or another command is at work here.") from None
            with users:
                for server in (self.valkey, self.postgres):
                    if server:
                        server.stop()
                shutil.rmtree(self.home)
        return 0

    def environment(self, *, as_owner: bool = False) -> dict[str, str]:
        """What the application needs to find its servers."""
        found = dict(self.given)
        if self.postgres:
            found["DATABASE_APP_URL"] = self.postgres.url(APPLICATION)
            found["DATABASE_OWNER_URL"] = self.postgres.url(OWNER)
            found["DATABASE_URL"] = found["DATABASE_APP_URL"]
        else:
            found.setdefault("DATABASE_OWNER_URL", found["DATABASE_URL"])
            found.setdefault("DATABASE_APP_URL", found["DATABASE_URL"])
        if as_owner:
            found["DATABASE_URL"] = found["DATABASE_OWNER_URL"]
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url
            found["CELERY_BROKER_URL"] = self.valkey.url
        found.setdefault("DJANGO_SETTINGS_MODULE", "massy_grc.settings")
        found.setdefault("MASSY_MODE", "test" if self.throwaway else "demo")
        if found["MASSY_MODE"] != "production":
            found.setdefault("DJANGO_SECRET_KEY", kept_secrets(self.home)["django"])
        found.setdefault("MASSY_VAR_DIR", str(self.var))
        found["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), found.get("PYTHONPATH")]))
        return found
