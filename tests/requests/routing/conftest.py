"""Rules in force, written as an administrator does."""

from datetime import datetime

import pytest

from prestations.calendars import PARIS
from prestations.models import Department
from requests import actions
from requests.models import RoutingRule
from tests.factories.requests import make_request
from tests.requests.routing.support import PARKS

MONDAY = datetime(2026, 1, 12, 10, 0, tzinfo=PARIS)


@pytest.fixture
def rule(administrator):
    """`rule(prestations=[…], department=…)`: one in force; what is no place is a condition."""

    def make(*, on: bool = True, label: str = "Une règle", **given) -> RoutingRule:
        place = {
            name: given.pop(name)
            for name in ("department", "team", "person", "to_colleague")
            if name in given
        }
        written = actions.write_rule(actor=administrator, label=label, conditions=given, **place)
        if on:
            replay = actions.replay_rule(actor=administrator, rule_id=written.pk)
            actions.switch_on_rule(actor=administrator, rule_id=written.pk, digest=replay.digest)
            written.refresh_from_db()
        return written

    return make


@pytest.fixture
def graffiti(catalogue):
    """Graffiti filed on the web, not routed yet; keywords as of `make_request`."""

    def file(**fields):
        return make_request(prestation=catalogue["voirie-graffitis"], **fields)

    return file


@pytest.fixture
def parks(catalogue):
    return Department.objects.get(pk=PARKS)
