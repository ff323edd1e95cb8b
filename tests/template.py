"""The database that each worker's own begins as a copy of: made once, while tests are collected.

Django takes longer over the migrations of so many models than PostgreSQL over the copy.
"""

import gc
import os
import subprocess
import sys
import time

from django.db import connection

NAME = "test_massy_template"
MAKING = f"{NAME}_making"
IS_MADE = "MASSY_TESTS_TEMPLATE"  # in the environment of workers: another process makes it
PATIENCE = 300  # seconds


def begin() -> subprocess.Popen:
    """Let another process make it; called before the workers start."""
    os.environ[IS_MADE] = "yes"
    return subprocess.Popen([sys.executable, "-m", "tests.template"])


def copy_to(name: str) -> None:
    """Make the database `name` a copy of the template, once that is ready.

    Raises:
        TimeoutError: nobody makes it; what stopped them stands above.
    """
    creation, give_up = connection.creation, time.monotonic() + PATIENCE
    with creation._nodb_cursor() as cursor:
        while not _exists(cursor):
            if time.monotonic() > give_up:
                raise TimeoutError(f"no database {NAME} after {PATIENCE} s")
            time.sleep(0.2)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{NAME}"')


def make() -> None:
    """Migrate it, load the town into it, and give it its name: now it is ready."""
    from tests.conftest import load_town

    # that module switched it off; the models of each migration are many, and soon gone
    gc.set_threshold(50_000, 10, 10)
    gc.enable()
    creation = connection.creation
    with creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}"')
    connection.settings_dict["TEST"]["NAME"] = MAKING
    creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    load_town()
    connection.close()
    with creation._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{MAKING}" RENAME TO "{NAME}"')


def _exists(cursor) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [NAME])
    return cursor.fetchone()[0]


if __name__ == "__main__":
    import django

    django.setup()
    make()
