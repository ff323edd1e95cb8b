"""A request's life: a legal path through `requests.workflow`, cut off at the present.

Rows are plain dictionaries and tuples for the loader. What the verbs would have written is
written here in the same way; a test replays a sample and compares.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from prestations.agreements import Agreement, agreement_of
from prestations.calendars import WorkingCalendar
from prestations.models import Department, Prestation
from requests import deadlines
from requests.demo.campaigns import Campaigns
from requests.demo.people import Staff
from requests.demo.places import Register
from requests.demo.shop import Crowd, Offer
from requests.demo.situations import Situation
from requests.demo.timing import Timing
from requests.demo.wording import Text, about
from requests.enums import AWAITING, PAUSED_STATES, STOPPED_STATES, PieceFault, State, Verb
from requests.workflow import FIRST_WORDS, unread_since

INTERIM_DELAY = timedelta(seconds=40)


class NotYet(Exception):
    """The next act lies in the future: the life stops here."""


@dataclass
class World:
    """What all lives share."""

    random: Random
    timing: Timing
    calendar: WorkingCalendar
    staff: Staff
    crowd: Crowd
    departments: dict[str, Department]
    now: datetime
    register: Register = field(default_factory=Register)
    campaigns: Campaigns = field(default_factory=Campaigns)
    unsorted: Prestation | None = None
    next_ids: dict[str, int] = field(default_factory=dict)
    agreements: dict[tuple[str, str], Agreement] = field(default_factory=dict)

    def agreement(self, prestation: Prestation, department: Department) -> Agreement:
        """What is agreed with a department, read once for each pair."""
        pair = (prestation.pk, department.pk)
        if pair not in self.agreements:
            self.agreements[pair] = agreement_of(prestation, department)
        return self.agreements[pair]

    def new_id(self, table: str) -> int:
        """Return the next primary key of `table`; the loader has reserved them."""
        self.next_ids[table] += 1
        return self.next_ids[table] - 1


class Life:
    """One request being lived: its row, and the rows that hang on it."""

    def __init__(self, world: World, offer: Offer, row: dict, situation: Situation, campaign: str):
        self.world, self.offer, self.row, self.campaign = world, offer, row, campaign
        self.situation = situation
        self.random, self.timing = world.random, world.timing
        self.events: list[tuple] = []
        self.messages: list[tuple] = []
        self.notes: list[tuple] = []
        self.pieces: list[dict] = []
        self.decisions: list[dict] = []
        self.at: datetime = row["filed_at"]
        self.expert: int | None = None
        self.ratings: list[tuple] = []
        self.announced: datetime = row["due_at"]

    @property
    def state(self) -> str:
        return self.row["state"]

    def one_of(self, texts: dict[str, tuple[Text, ...]]) -> Text:
        """Draw one that suits its prestation, see `wording.about`."""
        return self.random.choice(about(self.offer.prestation.pk, texts))

    # --- acts ----------------------------------------------------------------------------

    def act(
        self,
        verb: Verb,
        at: datetime,
        *,
        actor: int | None = None,
        to: State | None = None,
        by_requester: bool = False,
        quiet: bool = False,
        data: dict | None = None,
    ) -> None:
        """Append an event as `actions.core.record` does.

        Raises:
            NotYet: `at` has not come.
        """
        if at > self.world.now:
            self._remind(self.world.now)
            self._interim(self.world.now)
            raise NotYet
        at = max(at, self.at)
        self._remind(at)
        self._interim(at)
        self._append(verb, at, actor, to, by_requester, quiet, data or {})

    def _append(self, verb, at, actor, to, by_requester, quiet, data) -> None:
        row, from_state = self.row, self.row["state"]
        if to is not None and to != from_state:
            row["state"] = str(to)
            self._follow_clock(from_state, at)
        row["unread_since"] = unread_since(
            row["unread_since"], verb, at, by_agent=actor is not None, by_requester=by_requester
        )
        if row["due_at"] != self.announced:
            moved = {"due_from": self.announced.isoformat(), "due_to": row["due_at"].isoformat()}
            data, self.announced = {**data, **moved}, row["due_at"]
        if verb in FIRST_WORDS and row["first_answered_at"] is None:
            row["first_answered_at"] = at
        row["version"] += not quiet
        row["event_count"] += 1
        self.at = at
        self.events.append(
            (
                row["id"],
                row["event_count"],
                str(verb),
                at,
                actor,
                by_requester,
                from_state,
                row["state"],
                data,
            )
        )

    def _remind(self, until: datetime) -> None:
        """The reminder leaves by itself, as `actions.send_reminder` does."""
        row = self.row
        due = row["remind_at"]
        if due is None or due > until:
            return
        at, row["remind_at"] = max(due, self.at), None
        if row["state"] == State.ATTENTE_DEMANDEUR:
            row["awaited_until"] = deadlines.answer_awaited(at).until
        self._append(Verb.REMIND, at, None, None, False, True, {})

    def _interim(self, until: datetime) -> None:
        """The interim reply leaves by itself when its time comes on an open request."""
        row = self.row
        due = row["interim_due_at"]
        is_due = due is not None and due + INTERIM_DELAY <= until
        silent = row["state"] in ("", *STOPPED_STATES, *PAUSED_STATES) or row["answered_at"]
        if not is_due or row["interim_sent_at"] or silent:
            return
        row["interim_sent_at"] = at = max(due + INTERIM_DELAY, self.at)
        promised = deadlines.promised_by(at, self.world.calendar)
        row["due_at"] = max(row["due_at"], promised)
        self._append(Verb.INTERIM, at, None, None, False, True, {})

    def _follow_clock(self, from_state: str, at: datetime) -> None:
        """The same as `actions.core._follow_clock`, on a dictionary."""
        row, calendar = self.row, self.world.calendar
        prestation = self.offer.prestation
        was_paused, is_paused = from_state in PAUSED_STATES, row["state"] in PAUSED_STATES
        if is_paused and not was_paused:
            row["paused_at"] = at
        elif was_paused and not is_paused:
            _value, unit = deadlines.target_of(prestation, row["urgent"])
            row["due_at"] = calendar.shift(row["due_at"], row["paused_at"], at, unit)
            if row["department_due_at"]:
                row["department_due_at"] = calendar.shift(
                    row["department_due_at"], row["paused_at"], at, "working_days"
                )
            row["paused_at"] = None
        if from_state in AWAITING:
            row["awaited_until"] = row["remind_at"] = None
        if row["state"] in AWAITING:
            question = row["state"] == State.ATTENTE_DEMANDEUR
            awaited = (
                deadlines.answer_awaited(at)
                if question
                else deadlines.collection_awaited(at, calendar)
            )
            row["awaited_until"], row["remind_at"] = awaited.until, awaited.remind_at
        if row["state"] == State.ATTENTE_PIECES and from_state != State.ATTENTE_PIECES:
            row["legal_paused_at"] = row["legal_paused_at"] or at
            self._settle_legal_dates()

    def complete(self, until: date) -> None:
        """The documents asked for came; the same as `actions.clocks.resume_legal_clock`."""
        row = self.row
        if row["legal_paused_at"] is None:
            return
        stopped = deadlines.suspended_days(row["legal_paused_at"], self.at, until)
        row["legal_suspended_days"] += stopped
        row["corrected_days"] += stopped
        if not self._to_correct():
            row["completed_at"], row["corrected_days"] = self.at, 0
        row["legal_paused_at"] = None
        self._settle_legal_dates()

    def _to_correct(self) -> bool:
        """Whether what was asked for last is only to be corrected."""
        return bool(self.pieces) and self.pieces[-1]["fault"] == PieceFault.INCORRECT

    def _settle_legal_dates(self) -> None:
        row = self.row
        row["implicit_decision_at"] = deadlines.legal_date(
            self.offer.prestation,
            arrived_at=row["arrived_at"],
            completed_at=row["completed_at"],
            incomplete=row["legal_paused_at"] is not None and not self._to_correct(),
            suspended_days=row["legal_suspended_days"],
            corrected_days=row["corrected_days"],
            calendar=self.world.calendar,
        )
        if row["interim_sent_at"] is None:
            row["interim_due_at"] = deadlines.interim_reply_time(
                row["arrived_at"], row["implicit_decision_at"], self.world.calendar
            )

    # --- what is said ----------------------------------------------------------------------

    def message(self, at: datetime, body: str, author: int | None, channel: str = "web") -> int:
        """Keep a message; without an author it is the requester's. Returns its key."""
        pk = self.world.new_id("message")
        direction = "out" if author else "in"
        if not author and channel not in ("web", "email", "telephone", "courrier", "sms"):
            channel = "email"
        self.messages.append(
            (pk, self.row["id"], direction, channel, author, "", body, "", "{}", at)
        )
        return pk

    def note(self, at: datetime, body: str, author: int) -> None:
        """Write an internal note."""
        pk = self.world.new_id("note")
        self.act(Verb.NOTE, at, actor=author, quiet=True, data={"note": pk})
        self.notes.append((pk, self.row["id"], author, body, self.at))

    # --- who has it ---------------------------------------------------------------------------

    def hold(self, department: Department, at: datetime) -> None:
        """Give the request to a department, as `actions.core.hold_for_department` does."""
        row = self.row
        row["department_id"], row["department_since"] = department.pk, at
        agreed = self.world.agreement(self.offer.prestation, department)
        dates = (at, row["due_at"], self.world.calendar)
        row["department_due_at"] = deadlines.department_due(agreed.treat_days, *dates)
        row["take_due_at"] = deadlines.agreed_by(agreed.take_days, *dates)
        row["assignee_id"] = None

    def release(self) -> None:
        """The front office holds the request again."""
        row = self.row
        row["department_since"] = row["department_due_at"] = row["take_due_at"] = None
        row["assignee_id"] = row["front_agent_id"]

    def working_state(self) -> State:
        return State.TRANSMISE if self.row["department_since"] else State.EN_COURS

    def front_colleague(self) -> int:
        """Return the agent who follows the request, choosing one the first time."""
        if not self.row["front_agent_id"]:
            staff = self.world.staff
            team = staff.front(self.offer.prestation, self.row["team_id"])
            self.row["front_agent_id"] = self.random.choice(team)
        return self.row["front_agent_id"]


def new_tracking_code(random: Random) -> str:
    """Return a code that follows the seed (the real ones come from `secrets`)."""
    return f"{random.randrange(10**8):08d}"
