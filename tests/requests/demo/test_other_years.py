"""Invented years of another size, day or seed; who may not have one."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from massy_grc.users.models import User
from requests.demo.loader import load_demo
from requests.demo.people import demo_login, luhn_siret
from requests.enums import Verb
from requests.models import ServiceRequest
from requests.routing.misrouting import sent_by_routes
from tests.requests.demo.support import NOW, requests_of_demo

pytestmark = pytest.mark.django_db
SUNDAY_NIGHT = NOW + timedelta(days=2, hours=6)


def test_some_requests_were_given_back_and_sent_to_the_right_department(catalogue):
    load_demo(1500, seed=7, now=NOW)
    returned = requests_of_demo().filter(events__verb=Verb.RETURN)
    assert returned
    for sr in returned:
        wrong, right = (sr.events.get(verb=verb).data for verb in (Verb.RETURN, Verb.TRANSFER))
        assert sr.department_id == right["department"] != wrong["department"]
        assert sr.notes.exists()
    assert sum(sent.elsewhere for sent in sent_by_routes(NOW).values()) == len(returned)


@pytest.fixture
def weekend(catalogue):
    """On a Sunday night, what citizens wrote since Friday waits."""
    return load_demo(1500, seed=7, now=SUNDAY_NIGHT)


def unread_marks() -> dict[int, datetime]:
    marked = ServiceRequest.objects.exclude(unread_since=None)
    return dict(marked.values_list("pk", "unread_since"))


def test_unread_marks_are_what_the_log_tells(weekend):
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


def test_same_seed_gives_the_same_town(catalogue):
    fields = ("reference", "state", "subject", "due_at", "requester_name", "tracking_code")
    first = _year(fields)
    second = _year(fields)

    assert first == second


def _year(fields):
    from django.db import transaction

    point = transaction.savepoint()
    load_demo(60, seed=3, now=NOW)
    rows = list(ServiceRequest.objects.order_by("reference").values_list(*fields))
    transaction.savepoint_rollback(point)
    return rows


def test_demo_accounts_find_work(catalogue):
    load_demo(3000, seed=2026, now=NOW)

    for role in ("agent-eas", "agent-expert"):
        user = User.objects.get(email=demo_login(role))
        assert ServiceRequest.objects.visible_to(user).mine(user).count() >= 3


def test_shares_look_like_the_town(catalogue):
    load_demo(3000, seed=5, now=NOW)
    total = ServiceRequest.objects.count()

    assert 0.07 < ServiceRequest.objects.filter(team="proximite").count() / total < 0.14
    assert 0.02 < ServiceRequest.objects.open().count() / total < 0.09
    assert ServiceRequest.objects.overdue(NOW).count() < total * 0.02
    assert ServiceRequest.objects.filter(arrived_at__lt=NOW - timedelta(days=367)).count() == 0


def test_production_refuses_invented_people(catalogue, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        call_command("demo_data")


def test_invented_siret_has_a_right_key():
    from random import Random

    from stdnum.fr import siret

    assert all(siret.is_valid(luhn_siret(Random(seed))) for seed in range(50))
