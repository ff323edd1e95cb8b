"""The application's own database role can add to the logs, never rewrite them (R24).

What its reader may believe settled, too: rows whose transactions are under way come later.
"""

import os
from io import StringIO

import environ
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from massy_grc.audit.models import AccessRecord
from massy_grc.common.append_only import append_only_models, newest_settled
from tests.factories.users import UserFactory
from tests.helpers import uncommitted_look


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


LOGS = {model._meta.db_table: model._meta.pk.column for model in append_only_models()}


def test_the_logs_are_those_that_prove_something():
    assert {
        *("requests_requestevent", "audit_accessrecord", "audit_seal"),
        *("citizens_consentevent", "prestations_audiencechoice"),
    } <= set(LOGS)


@pytest.mark.parametrize("table", LOGS)
def test_application_role_cannot_rewrite_a_log(as_application, table):
    for statement in (
        f"UPDATE {table} SET {LOGS[table]} = {LOGS[table]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table} CASCADE",
        f"SELECT FROM {table} FOR UPDATE",
        "SET session_replication_role = replica",  # which no trigger would hear
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_application.execute(statement)


def test_application_role_can_do_its_daily_work(as_application):
    as_application.execute("SELECT count(*) FROM requests_requestevent")
    as_application.execute("UPDATE requests_servicerequest SET subject = subject")


def test_application_role_adds_to_a_log_and_its_chain(as_application):
    user = UserFactory()
    as_application.execute(
        "INSERT INTO audit_accessrecord (user_id, action, object_type, object_id, request_id, at)"
        " VALUES (%s, 'view', 'request', 1, '', now())",
        [user.pk],
    )
    as_application.execute(
        "INSERT INTO audit_seal (number, log, after, up_to, count, content, at)"
        " VALUES (1, 'audit.AccessRecord', 0, 1, 1, '', now())"
    )

    assert len(as_application.execute("SELECT digest FROM audit_seal").fetchone()[0]) == 64


@pytest.mark.django_db(transaction=True)
def test_a_row_is_not_settled_while_somebody_who_began_before_it_still_writes():
    user = UserFactory()
    with uncommitted_look(user) as (other, earlier):
        later = AccessRecord.objects.create(
            user=user, action="view", object_type="request", object_id=2
        )
        assert later.pk > earlier
        assert newest_settled(AccessRecord, patience=0.1) is None
        other.rollback()
        assert newest_settled(AccessRecord) == later.pk
