"""A larger invented year, loaded on a Sunday night: once for the tests of this module."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from massy_grc.users.models import User
from requests.demo.accounts import BUSY
from requests.demo.loader import load_demo
from requests.demo.people import demo_login
from requests.enums import Verb
from requests.models import ServiceRequest
from requests.routing.misrouting import sent_by_routes
from tests.requests.demo.support import NOW, requests_of_demo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weekend")]
SUNDAY_NIGHT = NOW + timedelta(days=2, hours=6)


@pytest.fixture(scope="module")
def weekend(rows_of_the_module):
    """What citizens wrote since Friday waits."""
    load_demo(2400, seed=7, now=SUNDAY_NIGHT)
    connection.check_constraints()  # once, not behind each test


def test_some_requests_were_given_back_and_sent_to_the_right_department():
    returned = requests_of_demo().filter(events__verb=Verb.RETURN)
    assert returned
    for sr in returned:
        wrong, right = (sr.events.get(verb=verb).data for verb in (Verb.RETURN, Verb.TRANSFER))
        assert sr.department_id == right["department"] != wrong["department"]
        assert sr.notes.exists()
    sent = sent_by_routes(SUNDAY_NIGHT).values()
    assert sum(route.elsewhere for route in sent) == len(returned)


def test_unread_marks_are_what_the_log_tells():
    sendings = {Verb.RECEIVE, Verb.SUPPLY, Verb.REOPEN, Verb.ATTACH}
    told = {}
    for sr in requests_of_demo():
        events = list(sr.events.all())
        read = max(event.number for event in events if event.actor_id or event.number == 1)
        waiting = [
            event.at for event in events[read:] if event.by_requester and event.verb in sendings
        ]
        if waiting:
            told[sr.pk] = waiting[0]

    assert told
    assert unread_marks() == told


def unread_marks() -> dict[int, datetime]:
    marked = ServiceRequest.objects.exclude(unread_since=None)
    return dict(marked.values_list("pk", "unread_since"))


@pytest.mark.parametrize("role", ["agent-eas", "agent-expert"])
def test_demo_accounts_find_work(role):
    user = User.objects.get(email=demo_login(role))
    assert ServiceRequest.objects.visible_to(user).mine(user).count() >= 3


def test_the_demo_citizen_waits_for_something():
    own = ServiceRequest.objects.filter(account__user__email=BUSY)
    assert own.open().exists()
    assert own.count() > 1


def test_shares_look_like_the_town():
    total = ServiceRequest.objects.count()

    assert 0.07 < ServiceRequest.objects.filter(team="proximite").count() / total < 0.14
    assert 0.02 < ServiceRequest.objects.open().count() / total < 0.09
    assert ServiceRequest.objects.overdue(SUNDAY_NIGHT).count() < total * 0.02
    assert (
        ServiceRequest.objects.filter(arrived_at__lt=SUNDAY_NIGHT - timedelta(days=367)).count()
        == 0
    )
