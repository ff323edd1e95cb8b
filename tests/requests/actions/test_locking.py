"""Which rows an act locks, and what it reads to find them."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from requests import actions
from requests.actions.core import lock_in_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]


def test_a_lock_takes_a_request_and_its_lead_by_their_keys(pair, eas_agent):
    lead, merged = pair
    actions.merge_request(request_id=merged.pk, version=None, actor=eas_agent, other=lead)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        lock_in_order(merged.pk)
    *_before, lock = [one["sql"] for one in asked if "FOR NO KEY UPDATE" in one["sql"]]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(lock)
        assert sorted(key for (key,) in cursor) == sorted([lead.pk, merged.pk])
        cursor.execute("EXPLAIN " + lock)
        plan = "\n".join(line for (line,) in cursor)
    assert "Seq Scan" not in plan, plan
