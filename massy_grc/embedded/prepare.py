"""What must be done to the database and the static files before the first page is served."""

import ctypes
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg

from massy_grc.embedded.paths import ROOT, EmbeddedError, read_json, write_private
from massy_grc.embedded.postgres import APPLICATION
from massy_grc.embedded.services import Services

PACKAGES = ("massy_grc", "prestations", "citizens", "requests", "backoffice")
CODE_AND_DATA = {".py", ".json", ".yaml", ".yml", ".csv", ".toml", ".sql"}
PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")


def manage(command: str, *arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), command, *arguments]


def pango_is_missing() -> bool:
    """WeasyPrint, which makes the PDFs, needs this system library; nothing else does."""
    if sys.platform != "linux":
        return False
    try:
        for library in PANGO:
            ctypes.CDLL(library)
    except OSError:
        return True
    return False


def fingerprint(files: Iterable[Path]) -> str:
    """Changes when a file appears, goes, moves or gets another content."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files_below(folders: Iterable[Path], suffixes: set[str] | None = None) -> list[Path]:
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and (suffixes is None or path.suffix in suffixes)
    ]


class Preparation:
    """Runs the steps that a change of code, of data or of the database itself calls for."""

    def __init__(self, services: Services, say: Callable[[str], None]) -> None:
        self.services = services
        self.say = say
        self.stamp_file = services.home / "prepared.json"
        self.log = services.logs / "prepare.log"
        self.demo = services.environment()["MASSY_MODE"] == "demo"

    def run(self) -> None:
        locks = sorted((ROOT / "requirements").glob("*.txt"))
        code = fingerprint([*locks, *files_below((ROOT / p for p in PACKAGES), CODE_AND_DATA)])
        done = read_json(self.stamp_file)
        stamp = self._database_stamp(code)
        if stamp is None or done.get("database") != stamp:
            self._prepare_database()
            done["database"] = self._database_stamp(code)
        static = fingerprint([*locks, ROOT / "massy_grc/settings.py", *self._static_files()])
        if done.get("static") != static or not (self.services.var / "static").exists():
            self._step(manage("collectstatic", "--noinput", "--verbosity=0"))
            done["static"] = static
        write_private(self.stamp_file, json.dumps(done))

    def _static_files(self) -> list[Path]:
        apps = [path for package in PACKAGES for path in (ROOT / package).rglob("static")]
        return files_below([ROOT / "static", *apps])

    def _prepare_database(self) -> None:
        self._step(manage("migrate", "--noinput"))
        self._step(manage("grant_app_role", APPLICATION))
        self._step(manage("load_reference", "--first"))
        self._step(manage("load_catalogue", "--first"))
        self._step(manage("load_privacy", "--first"))
        if self.demo:
            self._step(manage("load_addresses", "--first"))
            self._step(manage("demo_data", "--if-empty"))

    def _database_stamp(self, code: str) -> str | None:
        """Our code and the migrations that this database has seen; None: not to be trusted.

        A server that we did not start may change behind our back, so nothing is skipped there.
        """
        if self.services.postgres is None:
            return None
        url = self.services.environment(as_owner=True)["DATABASE_URL"]
        with psycopg.connect(url, connect_timeout=5) as database:
            seen = database.execute("SELECT to_regclass('django_migrations')").fetchone()
            if seen is None or seen[0] is None:
                return None
            rows = database.execute("SELECT app, name FROM django_migrations ORDER BY id")
            return hashlib.sha256(f"{code}{rows.fetchall()}".encode()).hexdigest()

    def _step(self, command: list[str]) -> None:
        """One management command, run as the owner of the schema."""
        name = " ".join(command[2:3])
        begun = time.monotonic()
        environment = self.services.environment(as_owner=True) | {"MASSY_COMMAND": "1"}
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with self.log.open("a") as log:
            log.write(f"--- {name}\n{done.stdout}")
        if done.returncode:
            end = "\n".join(done.stdout.splitlines()[-15:])
            raise EmbeddedError(f"`manage.py {name}` failed (all of it in {self.log}):\n{end}")
        self.say(f"  {name} ({time.monotonic() - begun:.1f} s)")
