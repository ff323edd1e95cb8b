"""The log of events exposes whoever rewrites it with the triggers switched off (R24)."""

import secrets
from datetime import datetime, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from massy_grc.audit.chain import Chain, digest_of
from massy_grc.audit.models import Seal
from massy_grc.audit.seals import seal_logs
from massy_grc.users.models import User
from prestations.calendars import PARIS
from requests.demo.loader import load_demo
from requests.enums import State, Verb
from requests.event_log import breaks
from requests.models import RequestEvent, ServiceRequest

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=PARIS)
TRIES = 1000


@pytest.fixture(scope="module")
def sixty_requests(rows_of_the_module):
    """Sixty requests; the owner of the tables has switched the triggers off."""
    load_demo(60, seed=7, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table may not be altered
        cursor.execute("ALTER TABLE requests_requestevent DISABLE TRIGGER USER")


@pytest.fixture
def log(sixty_requests):
    """Their events."""
    return RequestEvent.objects.order_by("request_id", "number")


def told() -> list[str]:
    return [str(one) for one in breaks()]


# --- a thousand tries ------------------------------------------------------------------------
def edit(random: Random, events: list[RequestEvent]) -> None:
    """One column of one event takes another value."""
    event, other = random.sample(events, 2)
    column, value = random.choice(
        [
            ("id", events[-1].pk + 10_000),
            ("verb", random.choice([verb for verb in Verb if verb != event.verb])),
            ("at", event.at + random.choice((-1, 1)) * timedelta(microseconds=1)),
            ("actor", None if event.actor_id else User.objects.first()),
            ("by_requester", not event.by_requester),
            ("from_state", random.choice([state for state in State if state != event.from_state])),
            ("to_state", random.choice([state for state in State if state != event.to_state])),
            ("data", {**event.data, random.choice([*event.data, "kind"]): secrets.token_hex(4)}),
            ("number", 1000),
            ("request", ServiceRequest.objects.exclude(pk=event.request_id).first()),
            ("digest", random.choice((other.digest, secrets.token_hex(32), ""))),
        ]
    )
    changed = {column: value}
    if column == "request":
        changed["number"] = value.event_count + 1
    assert RequestEvent.objects.filter(pk=event.pk).update(**changed) == 1


def delete(random: Random, events: list[RequestEvent]) -> None:
    """One event goes, wherever it stands."""
    event = random.choice(events)
    assert RequestEvent.objects.filter(pk=event.pk)._raw_delete("default") == 1


def swap(random: Random, events: list[RequestEvent]) -> None:
    """Two events take each other's place, in one request or across two."""
    one, other = random.sample(events, 2)
    if random.random() < 0.5:
        siblings = [event for event in events if event.request_id == one.request_id]
        other = random.choice([event for event in siblings if event != one] or [other])
    for event, request_id, number in (
        (one, one.request_id, 0),
        (other, one.request_id, one.number),
        (one, other.request_id, other.number),
    ):
        RequestEvent.objects.filter(pk=event.pk).update(request_id=request_id, number=number)


def test_each_of_a_thousand_edits_deletions_and_swaps_is_exposed(log):
    random = Random(24)
    events = list(log)
    assert told() == []
    missed = []
    for turn in range(TRIES):
        tamper = random.choice((edit, delete, swap))
        with transaction.atomic():
            tamper(random, events)
            if next(breaks(), None) is None:
                missed.append((turn, tamper.__name__))
            transaction.set_rollback(True)

    assert missed == []
    assert told() == []


# --- who computes everything again -----------------------------------------------------------
CHAIN_AGAIN = """
DO $$
DECLARE logged requests_requestevent; whose bigint; earlier text;
BEGIN
    FOR logged IN SELECT * FROM requests_requestevent ORDER BY request_id, number LOOP
        IF logged.request_id IS DISTINCT FROM whose THEN earlier := NULL; END IF;
        whose := logged.request_id;
        earlier := {digest};
        UPDATE requests_requestevent SET digest = earlier WHERE id = logged.id;
    END LOOP;
END $$
"""


def chain_again() -> None:
    with connection.cursor() as cursor:
        digest = digest_of(RequestEvent, "logged", "earlier")
        cursor.execute(CHAIN_AGAIN.replace("{digest}", digest))


def test_who_computes_the_chain_again_breaks_a_seal(log):
    seal_logs()
    event = log.filter(verb=Verb.CLOSE).last()
    RequestEvent.objects.filter(pk=event.pk).update(at=event.at - timedelta(days=3))
    chain_again()

    (only,) = told()
    assert "rows of requests.RequestEvent was changed" in only


@pytest.mark.parametrize("all_of_them", [False, True])
def test_who_cuts_the_end_off_and_mends_the_request_breaks_a_seal(log, all_of_them):
    seal_logs()
    count = log.count()
    sr = log.last().request
    gone = sr.events.all() if all_of_them else sr.events.filter(number=sr.event_count)
    number = sr.event_count - gone.count()
    gone._raw_delete("default")
    left = sr.events.last()
    ServiceRequest.objects.filter(pk=sr.pk).update(
        event_count=number, state=left.to_state if left else ""
    )

    (only,) = told()
    assert f"{count} rows of requests.RequestEvent were sealed" in only


def test_who_makes_all_seals_anew_is_told_by_one_noted_elsewhere(log):
    seal_logs()
    noted = Seal.objects.latest("number").digest
    assert "Nothing was rewritten" in verify(noted)
    RequestEvent.objects.filter(pk=log.first().pk).update(verb=Verb.NOTE)
    chain_again()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_seal")
    seal_logs()

    assert told() == []
    with pytest.raises(CommandError, match="1 break"):
        verify(noted)


# --- what the chain is made of ---------------------------------------------------------------
def test_many_events_in_one_statement_are_chained(log):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE requests_requestevent ENABLE TRIGGER USER")
    ends = ServiceRequest.objects.order_by("pk")[:3]
    RequestEvent.objects.bulk_create(
        RequestEvent(
            request=sr,
            number=sr.event_count + more,
            verb=Verb.NOTE,
            at=NOW,
            from_state=sr.state,
            to_state=sr.state,
            data={"note": more},
            digest="made up",
        )
        for more in range(1, 6)
        for sr in ends
    )

    assert list(Chain.of(RequestEvent).broken_links(RequestEvent)) == []


def test_digests_do_not_depend_on_the_session(log):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'; SET LOCAL DateStyle = 'SQL, DMY'")
    assert told() == []


def test_a_request_that_is_not_what_its_log_says_is_told(log):
    sr = log.first().request
    ServiceRequest.objects.filter(pk=sr.pk).update(state=State.ANNULEE)

    (only,) = told()
    assert sr.reference in only
    assert "state 'annulee'" in only


# --- the command -----------------------------------------------------------------------------
def verify(seal: str = "", err: StringIO | None = None) -> str:
    out = StringIO()
    call_command("verify_log", seal=seal, stdout=out, stderr=err or StringIO())
    return out.getvalue()


def test_the_command_tells_what_it_checked(log):
    seal_logs()
    said = verify()

    assert f"{log.count()} events of 60 requests" in said
    assert "(0 not sealed yet)" in said
    assert f"last seal: {Seal.objects.count()}, " in said


def test_the_command_names_each_break_and_fails(log):
    event = log.filter(number=2).first()
    reference = event.request.reference
    RequestEvent.objects.filter(pk=event.pk)._raw_delete("default")
    err = StringIO()

    with pytest.raises(CommandError) as failure:
        verify(err=err)

    assert failure.value.returncode == 1
    assert err.getvalue().splitlines() == [
        f"request {reference}, event 3: it follows number 1: the rows between them are gone"
    ]
