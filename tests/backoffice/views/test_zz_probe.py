import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from requests import actions
from tests.backoffice.views.conftest import url

pytestmark = pytest.mark.django_db


def test_probe(front, eas_agent, sr):
    actions.add_note(request_id=sr.pk, actor=eas_agent, body="Une note")
    actions.write_message(request_id=sr.pk, version=None, actor=eas_agent, body="Bonjour")
    front.get(url(sr))
    front.get(url(sr))
    with CaptureQueriesContext(connection) as c:
        front.get(url(sr))
    with open("/tmp/day-queries.txt", "w") as f:
        f.write(f"{len(c)}\n")
        for q in c:
            f.write(f"{q['time']} {len(q['sql'])} {q['sql'][:3000]}\n")
