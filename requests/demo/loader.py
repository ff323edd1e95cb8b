"""Writes the demo's years into the database in bulk (COPY), and nothing but what fits together."""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from dateutil.relativedelta import relativedelta
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from citizens.models import Citizen
from massy_grc.common.text import fold, phone_digits
from prestations.actions import record_demand
from prestations.calendars import PARIS, town_calendar
from prestations.models import Department, FormVersion
from requests import actions
from requests.demo.accounts import make_accounts
from requests.demo.campaigns import count_visits, make_campaigns
from requests.demo.checks import make_checks
from requests.demo.complaints import make_complaints
from requests.demo.contacts import make_contacts
from requests.demo.contracts import make_contracts
from requests.demo.cooperation import make_cooperation
from requests.demo.desk import make_desk
from requests.demo.doubles import make_doubles
from requests.demo.forwarding import make_forwardings
from requests.demo.households import make_households
from requests.demo.knowledge import make_knowledge
from requests.demo.lives import Life, NotYet, World
from requests.demo.organisations import make_shared_spaces
from requests.demo.pairs import make_pairs
from requests.demo.paths import live
from requests.demo.people import StaffBuilder, make_citizens, make_organisations
from requests.demo.qualification import unsorted_prestation
from requests.demo.rekeying import make_rekeyings
from requests.demo.returns import make_returns
from requests.demo.routing import make_holders, make_routing
from requests.demo.rows import COLUMNS, new_life
from requests.demo.shop import Crowd, read_offers
from requests.demo.timing import CachedCalendar, Timing
from requests.enums import FINAL_STATES, Verb
from requests.models import (
    Alert,
    InternalNote,
    Message,
    PieceRequest,
    ProposedDecision,
    Rating,
    ReferenceCounter,
    RequestEvent,
    ServiceRequest,
)

BATCH = 5000
PER_CITIZEN = 4
PER_CONTACT = 8
PER_YEAR = 12_000  # what the town receives: more of them make a longer history
MANY = 1_000_000
ARCHIVE_MONTHS = 26  # past the terms of most rules of privacy.yaml
EVENT_COLUMNS = (
    *("request_id", "number", "verb", "at", "actor_id"),
    *("by_requester", "from_state", "to_state", "data"),
)
MESSAGE_COLUMNS = (
    *("id", "request_id", "direction", "channel", "author_id"),
    *("subject", "body", "template", "fields", "at"),
)
NOTE_COLUMNS = ("id", "request_id", "author_id", "body", "at")
PIECE_COLUMNS = (
    *("id", "request_id", "document_code", "label", "reason", "fault"),
    *("asked_by_id", "asked_at", "due_on", "received_at"),
)
RATING_COLUMNS = ("id", "request_id", "closing", "score", "solved", "comment", "at")
DECISION_COLUMNS = (
    *("id", "request_id", "author_id", "verb", "outcome", "subject", "body", "template", "fields"),
    *("closes", "proposed_at", "decided_by_id", "decided_at", "approved"),
)


@dataclass(frozen=True)
class Loaded:
    """What was loaded, for the command's last line."""

    people: int
    requests: int
    open: int


@transaction.atomic
def load_demo(
    count: int,
    *,
    seed: int,
    now: datetime,
    archive: int = 0,
    say: Callable[[str], None] = lambda text: None,
) -> Loaded:
    """Add the staff, citizens and `count` requests of the years that end at `now`.

    A town does not work ten times more because its history is ten times longer: past `PER_YEAR`,
    the requests are spread over more years, and as many stay open.

    The same seed, number and `now` on an empty database give the same town.

    Args:
        count: how many requests.
        archive: how many more, of an earlier year and ended then: the retention has work to do.
        say: told of progress.

    Raises:
        ValueError: when the catalogue is not loaded.
    """
    if not FormVersion.objects.exists():
        raise ValueError("load the catalogue first: manage.py load_reference, load_catalogue")
    random = Random(seed)
    staff = StaffBuilder(random).build()
    make_contracts(staff, now)  # before the lives: their dates follow what was agreed
    citizens = make_citizens(random, max(count // PER_CITIZEN, 20))
    calendar = CachedCalendar(town_calendar())
    world = World(
        random=random,
        timing=Timing(random, calendar, now, years=max(math.ceil(count / PER_YEAR), 1)),
        calendar=calendar,
        staff=staff,
        crowd=Crowd(citizens, make_organisations(random)),
        departments={one.pk: one for one in Department.objects.filter(is_active=True)},
        now=now,
        campaigns=make_campaigns(staff, now),
        unsorted=unsorted_prestation(),
        next_ids={
            "request": _next_id(ServiceRequest),
            "message": _next_id(Message),
            "note": _next_id(InternalNote),
            "piece": _next_id(PieceRequest),
            "rating": _next_id(Rating),
            "decision": _next_id(ProposedDecision),
        },
    )
    batch: list[Life] = []
    done = 0
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        if archive:
            _write(cursor, _ended_lives(world, archive))
        for life in lives(world, count):
            batch.append(life)
            if len(batch) == BATCH or done + len(batch) == count:
                _write(cursor, batch)
                done += len(batch)
                batch = []
                say(f"{done} requests")
        cursor.execute("DROP TABLE demo_stage")
    for model in (ServiceRequest, Message, InternalNote, PieceRequest, ProposedDecision, Rating):
        _set_sequence(model)
    make_returns(world)
    count_visits(random, world.campaigns)
    make_contacts(world, count // PER_CONTACT)
    make_accounts()
    make_shared_spaces(random, now)
    make_holders(staff, now)
    make_routing(random, staff, now)
    make_cooperation(staff, now)
    make_knowledge(random, staff, now)
    make_checks(staff, now)
    make_complaints(random, staff, now)
    make_pairs(staff, now)
    make_forwardings(staff, now)
    make_rekeyings(staff, now)
    make_doubles(staff, now)
    make_households(staff, now)
    make_desk(staff, now)  # last: nothing else then ends what somebody is to work on
    _raise_alerts(now, calendar)
    actions.refresh_usual_delays(now=now)
    record_demand(counts=actions.demand_lately(now=now))
    return Loaded(
        people=Citizen.objects.count(),
        requests=done,
        open=ServiceRequest.objects.open().count(),
    )


def _ended_lives(world: World, count: int) -> list[Life]:
    """Lives of a year long past; those that were not over then are left out."""
    then = world.now - relativedelta(months=ARCHIVE_MONTHS)
    timing = Timing(world.random, world.calendar, then)
    past = replace(world, timing=timing, now=then)
    return [life for life in lives(past, count) if life.state in FINAL_STATES]


def lives(world: World, count: int) -> Iterable[Life]:
    """Yield `count` lives in the order of their arrival, references in sequence."""
    offers = read_offers()
    chosen = world.random.choices(offers, [offer.weight for offer in offers], k=count)
    arrivals: list[tuple] = []
    for drawn, day in zip(chosen, world.timing.arrival_days(count), strict=True):
        offer = world.campaigns.offer(world.random, day, drawn, offers)
        channel = world.random.choices(offer.channels, offer.shares)[0]
        arrivals.append((world.timing.arrival(day, channel), len(arrivals), offer, channel))
    arrivals.sort(key=lambda arrival: arrival[:2])
    years = {arrival[0].astimezone(PARIS).year for arrival in arrivals}
    counters = {year: ReferenceCounter.objects.get_or_create(year=year)[0] for year in years}
    for arrived_at, _order, offer, channel in arrivals:
        counter = counters[arrived_at.astimezone(PARIS).year]
        counter.last += 1
        life = new_life(world, offer, channel, arrived_at, counter.last)
        try:
            live(life)
        except NotYet:
            pass
        yield life
    for counter in counters.values():
        counter.save()


# --- writing ---------------------------------------------------------------------------------


def table_of(model: type[Model]) -> str:
    """Return the model's table."""
    return model._meta.db_table


_NAMES = {
    "table": sql.Identifier(table_of(ServiceRequest)),
    "columns": sql.SQL(", ").join(
        [sql.Identifier(str(field.column)) for field in COLUMNS.values()]
    ),
}
# Staged first, so that each request enters its table and indexes once, search text included.
_STAGE = sql.SQL("""
CREATE TEMPORARY TABLE demo_stage ON COMMIT DROP AS
SELECT {columns}, ''::text AS search_text FROM {table} WITH NO DATA
""").format(**_NAMES)
_MOVE = sql.SQL("""
INSERT INTO {table} ({columns}, search_vector)
SELECT {columns}, to_tsvector('simple', search_text) FROM demo_stage ORDER BY id
""").format(**_NAMES)


def _write(cursor, batch: list[Life]) -> None:
    names = list(COLUMNS)
    cursor.execute("TRUNCATE demo_stage")
    with cursor.copy("COPY demo_stage FROM STDIN") as copy:
        for life in batch:
            row = life.row | {
                name: json.dumps(life.row[name], ensure_ascii=False)
                for name in ("answers", "papers")
            }
            copy.write_row([*(row[name] for name in names), search_text(row)])
    cursor.execute(_MOVE)
    events = ((*event[:-1], json.dumps(event[-1])) for life in batch for event in life.events)
    _copy(cursor, RequestEvent, EVENT_COLUMNS, events)
    _copy(cursor, Message, MESSAGE_COLUMNS, (one for life in batch for one in life.messages))
    _copy(cursor, InternalNote, NOTE_COLUMNS, (one for life in batch for one in life.notes))
    pieces = ([one[name] for name in PIECE_COLUMNS] for life in batch for one in life.pieces)
    _copy(cursor, PieceRequest, PIECE_COLUMNS, pieces)
    decisions = ([one[k] for k in DECISION_COLUMNS] for life in batch for one in life.decisions)
    _copy(cursor, ProposedDecision, DECISION_COLUMNS, decisions)
    _copy(cursor, Rating, RATING_COLUMNS, (one for life in batch for one in life.ratings))


def _copy(cursor, model: type[Model], columns: Sequence[str], rows: Iterable) -> None:
    quoted = ", ".join(f'"{column}"' for column in columns)
    with cursor.copy(f"COPY {table_of(model)} ({quoted}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def search_text(row: dict) -> str:
    """Return the text `actions.core.refresh_search` looks in, from a row."""
    parts = ("reference", "subject", "requester_name", "place", "requester_address")
    words = [*(row[part] for part in parts), phone_digits(row["requester_phone"])]
    return fold(" ".join(words))


def _next_id(model: type[Model]) -> int:
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def _set_sequence(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _raise_alerts(now: datetime, calendar) -> None:
    """Raise what the deadlines' chase would find, without its mails: they are old news."""
    due = list(actions.due_alerts(now=now, calendar=calendar, limit=MANY))
    requests = ServiceRequest.objects.in_bulk({request_id for request_id, _, _ in due})
    alerts = Alert.objects.bulk_create(
        [
            Alert(request_id=request_id, kind=str(kind), about=about, raised_at=now)
            for request_id, kind, about in due
        ],
        ignore_conflicts=False,
    )
    events = []
    for alert in alerts:
        service_request = requests[alert.request_id]
        service_request.event_count += 1
        events.append(
            RequestEvent(
                request_id=alert.request_id,
                number=service_request.event_count,
                verb=Verb.ALERT,
                at=now,
                from_state=service_request.state,
                to_state=service_request.state,
                data={"kind": alert.kind, "about": alert.about, "alert": alert.pk},
            )
        )
    RequestEvent.objects.bulk_create(events)
    ServiceRequest.objects.bulk_update(requests.values(), ["event_count"], batch_size=1000)
