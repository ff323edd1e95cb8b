"""The application's own database role can add to the logs, never rewrite them (R24)."""

import os
from io import StringIO

import environ
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection


@pytest.fixture
def as_application(transactional_db):
    """A session of the application's role on the test database, granted by `grant_app_role`."""
    url = os.environ.get("DATABASE_APP_URL")
    assert url, "DATABASE_APP_URL names the application's role; `make test` sets it"
    role = environ.Env.db_url_config(url)
    call_command("grant_app_role", role["USER"], stdout=StringIO())
    parameters = connection.get_connection_params()
    with psycopg.connect(
        host=parameters.get("host") or role["HOST"],
        port=parameters.get("port") or role["PORT"] or None,
        dbname=parameters["dbname"],
        user=role["USER"],
        password=role["PASSWORD"],
        autocommit=True,
    ) as session:
        yield session
    with connection.cursor() as cursor:
        cursor.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role["USER"]}"')
        cursor.execute(f'REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM "{role["USER"]}"')


@pytest.mark.parametrize("table", ["requests_requestevent", "audit_accessrecord"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_application_role_cannot_rewrite_a_log(as_application, table, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_application.execute(statement.format(table))


def test_application_role_can_do_its_daily_work(as_application):
    as_application.execute("SELECT count(*) FROM requests_requestevent")
    as_application.execute("UPDATE requests_servicerequest SET subject = subject")
