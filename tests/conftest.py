"""What all tests share: the town's real catalogue in the database, and a fixed cast.

The catalogue is loaded once (tests/template.py) and stays there; behind a test that flushes the
tables (`transaction=True`, live server) it is put back from a copy kept in a schema of its own.
"""

import gc
import logging
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from unittest import mock

import pytest
import time_machine
from django.conf import settings as project
from django.contrib.contenttypes.management import create_contenttypes
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import override_settings

from prestations.enums import Role
from prestations.loading.catalogue import read_catalogue, write_catalogue
from prestations.loading.privacy import read_privacy, write_privacy
from prestations.loading.reference import read_reference, write_reference
from prestations.models import Prestation, Town
from requests.letters.pdf import PdfUnavailable
from tests import template
from tests.factories.users import make_agent
from tests.helpers import drain_outbox

gc.disable()  # what is read and collected now stays to the end: see pytest_collection_finish

# Passwords that nobody steals take no time to check.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
OWN_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
NEVER_FLUSHED = {"django_migrations"}


class KeptRows:
    """Every row that the tables hold at one moment, copied into a schema of its own.

    Args:
        schema: its name.
    """

    def __init__(self, schema: str) -> None:
        self.schema = schema
        self.insertions: list[str] = []

    def keep(self) -> None:
        """Copy what the tables hold now."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {self.schema}")
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
                if cursor.fetchone()[0] and table not in NEVER_FLUSHED:
                    cursor.execute(f'CREATE TABLE {self.schema}."{table}" AS TABLE "{table}"')
                    self.insertions.append(self._insertion(cursor, table))

    def find(self) -> None:
        """Take up what another process kept: this database is a copy of its."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [self.schema])
            tables = [table for (table,) in cursor.fetchall()]
            self.insertions = [self._insertion(cursor, table) for table in tables]

    def _insertion(self, cursor, table: str) -> str:
        """What copies a table's rows back; PostgreSQL computes some columns itself."""
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ',') FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        columns = cursor.fetchone()[0]
        return f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {self.schema}."{table}"'

    def put_back(self) -> None:
        """Fill the flushed tables again; foreign keys are checked at the end."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(";".join(self.insertions))


TOWN = KeptRows("kept")


def load_town() -> None:
    """Load reference, catalogue and register of processing, and keep a copy of every row."""
    write_reference(read_reference())
    write_catalogue(read_catalogue())
    write_privacy(read_privacy())
    TOWN.keep()


def put_town_back() -> None:
    if not Town.objects.exists():
        TOWN.put_back()


def pytest_configure(config) -> None:
    workers = getattr(config.option, "numprocesses", None)  # of pytest-xdist
    if workers and not hasattr(config, "workerinput") and not config.option.collectonly:
        config.add_cleanup(template.begin().wait)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items) -> None:
    """First what mostly waits, for servers or for deaths; pytest-django puts it last.

    The embedded servers need no database: the others' is not ready at once.
    """
    first = ("tests/massy_grc/embedded/", "tests/faults/")
    items.sort(key=lambda item: [not item.nodeid.startswith(folder) for folder in first])


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb) -> bool:
    """A worker's database is there already: a copy of the template."""
    return django_db_keepdb or template.IS_MADE in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    if template.IS_MADE not in os.environ:
        return
    with django_db_blocker.unblock():  # the names with the workers' own endings are known now
        template.copy_to(connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        if Town.objects.exists():
            TOWN.find()
        else:
            load_town()
    # kept with the town: behind each flush Django would look for every one of them
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    pytest.unblock_database = django_db_blocker.unblock


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: it looked at all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    result = yield
    unblock = getattr(pytest, "unblock_database", None)
    if unblock and nextitem and _flushes(item):  # after the last test the database is gone
        with unblock():
            put_town_back()
            connection.close()
    return result


def _flushes(item) -> bool:
    mark = item.get_closest_marker("django_db")
    names = {"transactional_db", "live_server", "django_db_reset_sequences"}
    return bool(mark and mark.kwargs.get("transaction")) or bool(
        names.intersection(getattr(item, "fixturenames", ()))
    )


@pytest.fixture(scope="module")
def rows_of_the_module(django_db_setup, django_db_blocker):
    """What is written under this fixture is there for all tests of the module, and gone with it.

    Each test's own rows still go with the test. Nothing in such a module wants the town without
    these rows.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="session")
def _plain_settings():
    """Once for all tests: each change of a setting leaves a variable that every request reads."""
    with (
        override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS, CACHES=OWN_CACHE),
        mock.patch("backoffice.rail.KEPT_SECONDS", 0),  # tests change rows behind an agent's back
    ):
        yield


@pytest.fixture(autouse=True, scope="session")
def _warnings_only():
    """Logs of what goes well cost some time of each request; who reads them sets the level."""
    logging.getLogger().setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def _own_cache():
    """A cache of this process, empty for each test: unit tests need no Redis."""
    cache.clear()


@pytest.fixture
def one_window():
    """The clock stands still: no window of a limit ends in the middle of the attempts."""
    with time_machine.travel(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=False):
        yield


class Catalogue(Mapping[str, Prestation]):
    """The town's real prestations by code; each is read when it is asked for, and then kept."""

    def __init__(self) -> None:
        self._read: dict[str, Prestation] = {}

    def __getitem__(self, code: str) -> Prestation:
        if code not in self._read:
            self._read[code] = Prestation.objects.select_related("current_form", "team").get(
                pk=code
            )
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(Prestation.objects.values_list("code", flat=True))

    def __len__(self) -> int:
        return Prestation.objects.count()


@pytest.fixture
def catalogue(db):
    """The town's real prestations by code: `catalogue["voirie-graffitis"]`."""
    return Catalogue()


@pytest.fixture
def mails():
    """`mails()` does the workers' work and returns the mails that left since the last call."""

    def drain():
        mail.outbox.clear()
        drain_outbox()
        return list(mail.outbox)

    return drain


@pytest.fixture
def login():
    """`login(client, user)`: the client, logged in as `user` without asking a password."""

    def log_in(client, user):
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in


@pytest.fixture
def eas_agent(catalogue):
    """Front office, formalities."""
    return make_agent(Role.AGENT_EAS, first_name="Nadia", last_name="Petit")


@pytest.fixture
def proximite_agent(catalogue):
    """Front office, complaints and interventions."""
    return make_agent(Role.AGENT_PROXIMITE, first_name="Hugo", last_name="Bernard")


@pytest.fixture
def supervisor(catalogue):
    """Manager of the front office."""
    return make_agent(Role.SUPERVISEUR, first_name="Irène", last_name="Lopez")


@pytest.fixture
def proximite_head(catalogue):
    return make_agent(Role.SUPERVISEUR, first_name="Odile", last_name="Weber", team_id="proximite")


@pytest.fixture
def expert(catalogue):
    """Agent of the roads department, to which potholes are routed."""
    return make_agent(
        Role.AGENT_EXPERT,
        first_name="Karim",
        last_name="Benali",
        department_id="voirie-assainissement",
    )


@pytest.fixture
def head(catalogue):
    """Head of the roads department."""
    return make_agent(
        Role.CHEF_SERVICE,
        first_name="Sylvie",
        last_name="Moreau",
        department_id="voirie-assainissement",
    )


@pytest.fixture
def other_expert(catalogue):
    """Agent of another department (parks), who may see nothing of the roads."""
    return make_agent(
        Role.AGENT_EXPERT, first_name="Julie", last_name="Roux", department_id="espaces-verts"
    )


@pytest.fixture
def manager(catalogue):
    """Direction or elected member: figures, no personal data."""
    return make_agent(Role.MANAGER, first_name="Paul", last_name="Garnier")


@pytest.fixture
def administrator(catalogue):
    """Runs the settings and the staff accounts."""
    return make_agent(Role.ADMINISTRATEUR, first_name="Aline", last_name="Faure")


@pytest.fixture
def written(caplog) -> Iterator[list[str]]:
    """What the process writes of its logs, line by line, in the form that settings give them."""
    lines: list[str] = []
    caplog.set_level(project.LOG_LEVEL)

    class Kept(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Kept()
    shape = dict(project.LOGGING["formatters"]["json"])
    handler.setFormatter(shape.pop("()")(**shape))
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def text_letters(monkeypatch):
    """Letters are kept as text, as without Pango: quick, where the PDF is not what is tested."""

    def unavailable(*args, **kwargs):
        raise PdfUnavailable("not in this test")

    monkeypatch.setattr("requests.letters.documents.make_pdf", unavailable)
