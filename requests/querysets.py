"""SQL vocabulary of requests; permission lives in `visible_to`."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Least
from django.utils import timezone

from citizens.models import CitizenAccount, OrganisationAccount
from requests.enums import FINAL_STATES, PAUSED_STATES, STOPPED_STATES, State, TaskEnd
from requests.permissions import scope_of
from requests.text_search import newest_matching, prefix_query

if TYPE_CHECKING:
    from requests import models as rows

NOT_WORKED_ON = (TaskEnd.DECLINED, TaskEnd.CANCELLED)  # such a department reads it no more
WHILE_THERE = timedelta(hours=1)  # whoever filed at the counter may still print the receipt
FIRST = datetime(1970, 1, 1, tzinfo=UTC)  # before any due date
RARE = 500  # up to here, rows found by words are named one by one to the ordered query


class ServiceRequestQuerySet(models.QuerySet["rows.ServiceRequest"]):
    """Which requests, and for whom."""

    def visible_to(self, user):
        """Those `user` may see; rows a person may not see cannot be found.

        Of a restricted prestation, those that their work gives to somebody named for it (L7).
        """
        closed = scope_of(user).closed
        rows = self._in_reach_of(user)
        return rows.exclude(prestation__in=closed) if closed else rows

    def _in_reach_of(self, user):
        """Those that a person's roles and departments give them."""
        scope = scope_of(user)
        if scope.everything:
            return self
        if not scope.departments:
            return self.none()
        return self.filter(
            Q(department__in=scope.departments) | Q(pk__in=self._asked_of(scope.departments))
        )

    def _asked_of(self, departments: Collection[str]):
        """Those on which one of `departments` works beside the one that leads."""
        tasks = self.model.tasks.rel.related_model._default_manager
        asked = tasks.filter(department__in=departments, started_at__isnull=False)
        return asked.exclude(end__in=NOT_WORKED_ON).values("request")

    def _parts_visible_to(self, user):
        """`visible_to` in parts that an index by date serves: who sees all, each department…"""
        scope = scope_of(user)
        rows = self.exclude(prestation__in=scope.closed) if scope.closed else self
        if scope.everything:
            return [rows]
        if not scope.departments:
            return []
        beside = rows.filter(pk__in=self._asked_of(scope.departments))
        return [*(rows.filter(department=one) for one in sorted(scope.departments)), beside]

    def with_task_of(self, departments: Collection[str]):
        """Open ones on which one of `departments` has a task to do."""
        tasks = self.model.tasks.rel.related_model._default_manager
        mine = tasks.filter(department__in=departments, ended_at=None, started_at__isnull=False)
        return self.open().leading().filter(pk__in=mine.values("request"))

    def receipt_for(self, user):
        """Those whose receipt `user` may hand over: visible ones, and what they filed themselves.

        Whoever files for a restricted prestation gives the receipt while the person is there, and
        reads no more of it.
        """
        own = Q(created_by=user, filed_at__gte=timezone.now() - WHILE_THERE)
        return self.filter(Q(pk__in=self.visible_to(user).values("pk")) | own)

    def of_account(self, account: CitizenAccount):
        """Those that a citizen follows from their own space.

        Filed while signed in or attached later, with this account or an earlier one of the same
        person. Never by an address alone: a record may hold what somebody else filed. What was
        filed for an organisation stands in its space, for as long as one is a member.
        """
        own = self.filter(account__citizen_id=account.citizen_id, organisation_account=None)
        return own.filter(anonymised_at=None)

    def of_organisation(self, organisation: OrganisationAccount):
        """Those in an organisation's space; the caller has checked who reads."""
        return self.filter(organisation_account=organisation, anonymised_at=None)

    def followed_by(self, account: CitizenAccount):
        """Those of the account's own space and of the organisations it acts for today."""
        spaces = OrganisationAccount.objects.of_account(account)
        own = Q(account__citizen_id=account.citizen_id, organisation_account=None)
        return self.filter(
            own | Q(organisation_account__in=spaces.values("pk")), anonymised_at=None
        )

    def outside_organisations(self):
        """Those that a number with its code, or a mailed link, may open.

        What stands in an organisation's space opens for its members alone: one who was removed
        keeps the mails.
        """
        return self.filter(organisation_account=None)

    def countable_by(self, user):
        """Those the figures shown to `user` count; wider than what they may read.

        A manager's figures cover the whole town; a head of department's, what the department
        leads: what another one leads is counted there, whoever works on it too. A list of these
        rows shows neither requester nor free subject to whom may not see them.
        """
        scope = scope_of(user)
        if scope.counts_everything or scope.everything:
            return self
        return self.filter(department__in=scope.departments)

    def public_reports(self):
        """Those whose kind, place, state and dates everybody may know (`requests.reports`).

        Opt-in by prestation; not cancelled, in town, at a place that the register or a pin gives.
        """
        placed = Q(street__isnull=False) | Q(latitude__isnull=False)
        return (
            self.as_told(timezone.now())
            .filter(placed, prestation__public_reports=True, outside_town=False)
            .exclude(state=State.ANNULEE)
            .select_related("prestation", "category", "street")
        )

    def as_told(self, now: datetime):
        """Each with its `told_state`: what its requester and everybody may know by `now`.

        That is not what an agent may still undo. The rows themselves: `actions.as_told`.
        """
        sendings: Any = self.model.sendings.rel.related_model
        leaving = sendings._default_manager.leaving(now)
        before = leaving.filter(request=OuterRef("pk")).order_by("first").values("from_state")
        told = Case(
            When(pk__in=leaving.values("request"), then=Subquery(before[:1])), default=F("state")
        )
        return self.annotate(told_state=told)

    def told_open(self):
        """Those of `as_told` that are neither closed nor cancelled, as far as was told."""
        return self.exclude(told_state__in=FINAL_STATES)

    def told_in(self, states: Collection[str]):
        """Those of `as_told` in one of `states`, as far as was told."""
        return self.filter(told_state__in=states)

    def open(self):
        """Not closed and not cancelled."""
        return self.exclude(state__in=FINAL_STATES)

    def closed(self):
        """Closed or cancelled."""
        return self.filter(state__in=FINAL_STATES)

    def running(self):
        """Open with the clock running: neither waiting for the requester, nor ready, nor merged."""
        return self.leading().exclude(state__in=[*PAUSED_STATES, *STOPPED_STATES])

    def leading(self):
        """Those worked on themselves, not those that follow another one."""
        return self.filter(merged_into=None)

    def overdue(self, now: datetime):
        """Open, clock running, past the due date at `now`."""
        return self.open().running().filter(due_at__lt=now, answered_at=None)

    def late_by(self, now: datetime, until: datetime):
        """Not late yet, and late before `until` if nothing moves."""
        due = self.open().running().filter(answered_at=None)
        return due.filter(due_at__gte=now, due_at__lt=until)

    def to_give_back(self):
        """Those that a department has and owes a conclusion on; a third party stops no clock."""
        return self.running().filter(department_due_at__isnull=False)

    def coming_back(self):
        """Those to be opened again on a day: not what was cancelled, erased or merged since."""
        lasting = self.leading().filter(repeats_on__isnull=False, anonymised_at=None)
        return lasting.exclude(state=State.ANNULEE)

    def to_answer(self):
        """Treated by the department; the front office has to send the final answer."""
        return self.leading().filter(state=State.A_REPONDRE)

    def waiting_for_requester(self):
        """The clock is stopped until the requester answers."""
        return self.filter(state__in=PAUSED_STATES)

    def mine(self, user):
        """Open ones that `user` is in charge of or follows for the citizen."""
        return self.held_by({user.pk})

    def held_by(self, people: Collection[int]):
        """Open ones that one of `people` (ids) is in charge of or follows for the citizen."""
        return self.open().filter(Q(assignee__in=people) | Q(front_agent__in=people))

    def untaken_for(self, user):
        """Those that nobody has yet, of `user`'s departments and front-office teams."""
        scope = scope_of(user)
        theirs = Q(department__in=scope.departments, department_since__isnull=False)
        if scope.everything:
            ours = Q(department_since=None, front_agent=None)
            theirs |= ours & Q(team__in=scope.teams) if scope.teams else ours
        return self.leading().filter(theirs, assignee=None)

    def set_aside_by(self, user):
        """Those that `user` does not want among their own work for now."""
        return self.filter(pk__in=self._snoozes().away().filter(agent=user).values("request"))

    def not_set_aside_by(self, user):
        """The others. Only lists of somebody's own work leave anything out so."""
        away = self._snoozes().away().filter(agent=user, request=OuterRef("pk"))
        return self.filter(~Exists(away))

    def with_own_date(self, user):
        """Each with its `own_date`: the day `user` answers for.

        In the department that has it, its day to give it back when that comes first; else the
        day promised to the requester.
        """
        first = Least("department_due_at", "due_at")  # PostgreSQL's leaves out what is null
        in_department = When(department__in=scope_of(user).departments, then=first)
        return self.annotate(own_date=Case(in_department, default=F("due_at")))

    def by_turn_of(self, user):
        """Each with its `turn_at`: its `own_date`; those pinned or back from aside go first."""
        back = self._snoozes().shown_to(user).filter(request=OuterRef("pk"), back_at__isnull=False)
        first = Value(FIRST, output_field=models.DateTimeField())
        at_head = Exists(back) | Exists(self._pins(user))
        turn = Case(When(at_head, then=first), default=F("own_date"))
        return self.with_own_date(user).annotate(turn_at=turn)

    def with_pins_of(self, user):
        """Each with whether `user` has `pinned` it."""
        return self.annotate(pinned=Exists(self._pins(user)))

    def _pins(self, user):
        pins = self.model.pins.rel.related_model._default_manager
        return pins.filter(user=user, request=OuterRef("pk"))

    def _snoozes(self):
        return self.model.snoozes.rel.related_model._default_manager

    def mentioning(self, people: Collection[int]):
        """Those where a note names one of `people` (ids), who has not seen it yet."""
        notes = self.model.notes.rel.related_model._default_manager
        naming = notes.filter(mentions__person__in=people, mentions__seen_at=None)
        return self.filter(pk__in=naming.values("request"))

    def watched_by(self, user):
        """Those of which `user` wants to hear."""
        watchers = self.model.watchers.rel.related_model._default_manager
        return self.filter(pk__in=watchers.filter(user=user).values("request"))

    def unread(self):
        """Open ones whose requester sent something that no agent's act has followed."""
        return self.open().leading().filter(unread_since__isnull=False)

    def with_pending_question(self):
        """Open ones with an expert's question that the front office has not decided on."""
        questions = self.model.proposed_questions.rel.related_model._default_manager
        waiting = questions.filter(request=OuterRef("pk"), decided_at=None)
        return self.open().leading().filter(Exists(waiting))

    def to_sign(self):
        """Those whose refusal waits for a signature, or favourable answer for an approval.

        Each with its `waiting_outcome`, an `Outcome`.
        """
        decisions = self.model.proposed_decisions.rel.related_model._default_manager
        waiting = decisions.filter(request=OuterRef("pk"), decided_at=None)
        outcome = Subquery(waiting.values("outcome")[:1])
        waits = self.filter(Exists(waiting), state=State.A_VALIDER)
        return waits.annotate(waiting_outcome=outcome)

    def matching_words(self, text: str):
        """Those whose reference, subject, requester, street or number begins with each word.

        Few hits are looked up first and then named, because PostgreSQL, left alone, walks the
        date index through the whole table to find a rare word. Makes one query of its own.
        """
        query = prefix_query(text)
        if query is None:
            return self.none()
        hits = list(
            self.model.objects.filter(search_vector=query).values_list("pk", flat=True)[: RARE + 1]
        )
        if len(hits) <= RARE:
            return self.filter(pk__in=hits)
        return self.filter(search_vector=query)

    def newest_matching(self, text: str, most: int, *, user):
        """The newest `most` of those that `user` may see, newest first.

        As fast among a million as among a thousand. Makes one query of its own.
        """
        found = newest_matching(self._parts_visible_to(user), text, most)
        newest = self.visible_to(user).filter(pk__in=found).order_by("-arrived_at", "-pk")
        return newest[:most]


class RequestEventQuerySet(models.QuerySet["rows.RequestEvent"]):
    """What the log tells."""

    def standing(self):
        """Those that count: neither a sending that was undone, nor its undoing."""
        return self.exclude(self._sendings(undone_by__gte=OuterRef("number")))

    def told(self, now: datetime):
        """Those that the requester may hear of: standing, and not to be undone any more."""
        return self.standing().exclude(self._sendings(undone_by=None, until__gt=now))

    def _sendings(self, **which) -> Exists:
        requests: Any = self.model._meta.get_field("request").related_model
        sendings = requests.sendings.rel.related_model
        found = sendings._default_manager.filter(
            request=OuterRef("request"), first__lte=OuterRef("number"), **which
        )
        return Exists(found)

    def pauses(self) -> list[tuple[datetime, datetime]]:
        """The finished pauses of one request's clock, as (stopped at, started again at)."""
        stopped_at, pauses = None, []
        event: rows.RequestEvent
        for event in self.standing().order_by("number"):
            paused = event.to_state in PAUSED_STATES
            if paused and stopped_at is None:
                stopped_at = event.at
            elif not paused and stopped_at is not None:
                pauses.append((stopped_at, event.at))
                stopped_at = None
        return pauses
