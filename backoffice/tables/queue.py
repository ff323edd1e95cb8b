"""The queue's table: the ten columns of the seed's screen (S37), and others that may be chosen."""

import functools
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from backoffice.presenting import (
    SOURCE_ICONS,
    alert_marks,
    badge,
    channel_word,
    decision_badge,
    delay_badge,
    gravest,
    is_late,
    pin_badge,
    short_date,
    snooze_badge,
    state_badge,
)
from backoffice.queue_layout import GROUP_KEY, LABELS, Layout
from backoffice.queue_orders import ORDERS
from backoffice.tables.flat import FlatTable, Sorter
from massy_grc.common.components.icons import icon
from massy_grc.common.words import time_words
from massy_grc.users.models import User
from prestations.enums import RequesterKind
from prestations.translation import catalogue_text
from requests.enums import FINAL_STATES, STOPPED_STATES, AlertKind
from requests.models import Alert, Snooze, Task
from requests.permissions import scope_of
from requests.querysets import ServiceRequestQuerySet

SHOWN_FIELDS = (
    "reference",
    "prestation",
    "version",
    "state",
    "channel",
    "requester_kind",
    "requester_name",
    "requester_address",
    "place",
    "subject",
    "urgent",
    "arrived_at",
    "due_at",
    "paused_at",
    "closed_at",
    "unread_since",
    "silence_effect",
    "assignee",
    "front_agent",
    "department",
    "department_due_at",
)
# Joined as plain columns: a row needs no other objects.
JOINED = {
    "assignee_first_name": F("assignee__first_name"),
    "assignee_last_name": F("assignee__last_name"),
    "category_label": F("category__label"),
    "prestation_label": F("prestation__label"),
    "department_label": F("department__label"),
    "team_label": F("team__label"),
}
OPENS_BESIDE = SafeString(" data-pane")
OPENED_BESIDE = SafeString(' data-pane aria-current="true"')
PERSONAL_COLUMNS = ("source", "assignee", "subject", "action")


@functools.lru_cache(maxsize=1024)
def _two_lines(text: str, title: str = "") -> SafeString:
    """A text cut after its second line; kept: categories, prestations and agents are few."""
    return format_html('<span class="cell-lines" title="{}">{}</span>', title or text, text)


@functools.lru_cache(maxsize=512)
def _agent(first_name: str, last_name: str) -> SafeString:
    agent = User(first_name=first_name, last_name=last_name)
    return _two_lines(f"{last_name} {first_name[:1]}.", agent.list_name)


@functools.lru_cache(maxsize=64)
def _kind(code: str, _language: str | None) -> tuple[str, SafeString]:
    """The word for a kind of requester, and its icon with the word for screen readers."""
    kind = RequesterKind(code)
    label = str(kind.label)
    mark = format_html(
        '{}<span class="visually-hidden">{}{} </span>',
        icon(name=SOURCE_ICONS[kind]),
        label,
        _(" :"),
    )
    return label, mark


def with_columns(rows: ServiceRequestQuerySet, reader: User) -> ServiceRequestQuerySet:
    """Return `rows` with what the table shows of each.

    Its alerts are `standing`; whether `reader` keeps it at hand is `pinned`; what they set aside
    or have back is `aside`; what is asked of their departments beside the leading one is `asked`.
    """
    ours = Task.objects.filter(
        department__in=scope_of(reader).departments, ended_at=None, started_at__isnull=False
    )
    asked = Prefetch("tasks", ours.order_by("due_at"), to_attr="asked")
    aside = Prefetch("snoozes", Snooze.objects.shown_to(reader).order_by("-id"), to_attr="aside")
    standing = Prefetch("alerts", Alert.objects.filter(cleared_at=None), to_attr="standing")
    shown = rows.only(*SHOWN_FIELDS).annotate(**JOINED).with_pins_of(reader)
    return shown.prefetch_related(standing, aside, asked)


def lateness(record) -> AlertKind | None:
    """How grave the delay of a row has been told to be."""
    return gravest([alert.kind for alert in record.standing])


class QueueTable(FlatTable):
    """One request a line; its rows come from `with_columns`.

    Args:
        ordering: the address of the list in an order, by its name.
        carried: what ends the address of a row's own page.
        sizes: how many rows each group holds, by its key; empty: not told.
        opening: the address that opens a row beside the list, but for its reference; blank: a row
            opens its own page.
        beside: the reference of the one that is opened there.
        choosing: whether rows can be ticked, for the form in `queue_bulk.html`.
    """

    choice = tables.Column(verbose_name=gettext_lazy("Choix"))
    channel = tables.Column(verbose_name=LABELS["channel"])
    source = tables.Column(verbose_name=LABELS["source"])
    state = tables.Column(verbose_name=LABELS["state"])
    assignee = tables.Column(verbose_name=LABELS["assignee"])
    subject = tables.Column(verbose_name=LABELS["subject"])
    arrived_at = tables.Column(verbose_name=LABELS["arrived_at"])
    due_at = tables.Column(verbose_name=LABELS["due_at"])
    category = tables.Column(verbose_name=LABELS["category"])
    prestation = tables.Column(verbose_name=LABELS["prestation"])
    department = tables.Column(verbose_name=LABELS["department"])
    team = tables.Column(verbose_name=LABELS["team"])
    department_due_at = tables.Column(verbose_name=LABELS["department_due_at"])
    closed_at = tables.Column(verbose_name=LABELS["closed_at"])
    changed_at = tables.Column(verbose_name=LABELS["changed_at"])
    action = tables.Column(verbose_name=LABELS["action"])

    def __init__(
        self,
        *args,
        now: datetime,
        reader: User,
        layout: Layout,
        ordering: Callable[[str], str],
        carried: Callable[[Any], str],
        sizes: Mapping[str, int],
        opening: str = "",
        beside: str = "",
        figures_only: bool = False,
        choosing: bool = False,
        **kwargs,
    ):
        self.layout, self.ordering, self.sizes, self.carried = layout, ordering, sizes, carried
        self.opening, self.beside = opening, beside
        self.now, self.language, self.reader_id = now, get_language(), reader.pk
        self.with_subject = not figures_only
        self.scope, self.reserved = scope_of(reader), _("Réservée aux agents nommés")
        self.queue_url = reverse("backoffice:queue")
        self.see, self.the_request = _("Voir"), _("la demande")
        self.is_short = not layout.chosen
        self.nobody = format_html('<span class="text-muted-ui cell-none">{}</span>', _("Personne"))
        self.followed = format_html('<span class="cell-second">{}</span>', _("suivie par vous"))
        self.choose = _("Choisir la demande")
        self._address = functools.cache(self._address_of)
        hidden = layout.hidden if choosing else (*layout.hidden, "choice")
        super().__init__(*args, exclude=hidden, **kwargs)

    def group(self, record) -> SafeString:
        """The heading of its group, with the group's length on all pages together."""
        if not self.layout.group:
            return SafeString("")
        size = self.sizes.get(getattr(record, GROUP_KEY), "")
        return format_html(
            '{} <span class="table-group-size">{}</span>', self.layout.heading(record), size
        )

    def sorter(self, name: str) -> Sorter:
        sorting, other = self.layout.sorting, self.layout.turned_by(name)
        now = ""
        if sorting.column == name:
            now = "descending" if sorting.order.descending else "ascending"
        if not other:
            return Sorter(now)
        return Sorter(now, self.ordering(other), ORDERS[other].words)

    def row_key(self, record) -> str | int:
        return record.pk if self.with_subject else ""

    def row_class(self, record) -> str:
        """Late rows are marked at their edge."""
        return "is-late" if is_late(record, self.now) else ""

    def _is_closed(self, record) -> bool:
        """Whether a figure counts the row, and others read it."""
        return self.scope.is_closed(record.prestation_id)

    def render_choice(self, record):
        """Its box of the form in `queue_bulk.html`: which request, and as it is shown."""
        if self._is_closed(record):
            return ""
        return format_html(
            '<input class="form-check-input" type="checkbox" name="row" value="{}.{}" form="groupe"'
            ' aria-label="{} {}">',
            record.pk,
            record.version,
            self.choose,
            record.reference,
        )

    def render_channel(self, record):
        word = channel_word(record)
        if not self.with_subject or self._is_closed(record):
            return word  # who reads figures alone is told no number of a request
        return format_html('{}<span class="cell-second">{}</span>', word, record.reference)

    def render_source(self, record):
        if self._is_closed(record):
            return self.reserved
        anonymous = record.requester_kind == RequesterKind.ANONYME
        label, mark = _kind(record.requester_kind, self.language)
        name = _("ANONYME") if anonymous else record.requester_name or label
        where = record.place or ("" if anonymous else record.requester_address)
        return format_html(
            '<span class="cell-clip" title="{} – {}">{} {}</span>{}',
            label,
            name,
            mark,
            name,
            format_html('<span class="cell-second cell-clip" title="{0}">{0}</span>', where)
            if where
            else "",
        )

    def render_state(self, record):
        outcome = getattr(record, "waiting_outcome", "")  # of those to sign or approve
        return decision_badge(outcome, self.language) if outcome else state_badge(record)

    def render_assignee(self, record):
        agent = self.nobody
        if record.assignee_id is not None:
            agent = _agent(record.assignee_first_name, record.assignee_last_name)
        followed = record.front_agent_id == self.reader_id != record.assignee_id
        return agent + self.followed if followed else agent

    def render_subject(self, record):
        if self._is_closed(record):
            return self.reserved
        subject = catalogue_text(record.subject)
        marks = [badge(_("Urgent"), "zap", "late")] if record.urgent else []
        if record.unread_since and record.state not in FINAL_STATES:
            marks.append(badge(_("Message"), "message-circle", "info", _("Nouveau message")))
        marks += alert_marks([alert.kind for alert in record.standing], record.silence_effect)
        reason = ""
        if record.pinned:
            marks.insert(0, pin_badge())
        if record.aside:
            marks.insert(0, snooze_badge(record.aside[0]))
            if words := record.aside[0].reason:
                reason = format_html(
                    '<span class="cell-lines cell-reason" title="{0}">{0}</span>', words
                )
        return format_html(
            '<a class="row-link" href="{}"{}><span class="cell-lines" title="{}">{}</span></a>{}{}',
            f"{self.opening}{record.reference}" if self.opening else self._address(record),
            self._pane_attributes(record) if self.opening else "",
            subject,
            subject,
            format_html_join("", " {}", ((mark,) for mark in marks)) if marks else "",
            reason,
        )

    def render_arrived_at(self, record):
        return short_date(record.arrived_at, now=self.now)

    def render_due_at(self, record):
        delay, day = delay_badge(record, self.now, grave=lateness(record)), ""
        if record.asked:
            return self._of_task(record.asked[0].due_at)
        if record.state not in STOPPED_STATES:
            day = short_date(record.due_at, now=self.now)
        if delay == day or not day:
            return delay
        return format_html('{}<span class="cell-second">{}</span>', delay, day)

    def _of_task(self, due_at: datetime):
        """The day of what is asked of one's own department, under the citizen's."""
        late = due_at < self.now
        day = short_date(due_at, now=self.now)
        words = _("Travail en retard, %(day)s") if late else _("Travail pour le %(day)s")
        return badge(words % {"day": day}, "timer" if late else "clock", "late" if late else "info")

    def render_category(self, record):
        return _two_lines(catalogue_text(record.category_label))

    def render_prestation(self, record):
        told = self.with_subject and not self._is_closed(record)
        ordered = self.layout.sorting.column == "prestation"  # one reads what orders the list
        if told and not ordered and record.prestation_label == record.subject:
            return ""  # it is the subject beside it
        return _two_lines(catalogue_text(record.prestation_label))

    def render_department(self, record):
        return _two_lines(catalogue_text(record.department_label)) if record.department_id else ""

    def render_team(self, record):
        return _two_lines(catalogue_text(record.team_label))

    def render_department_due_at(self, record):
        owed_at = record.department_due_at
        return short_date(owed_at, now=self.now) if owed_at else ""

    def render_closed_at(self, record):
        return short_date(record.closed_at, now=self.now) if record.closed_at else ""

    def render_changed_at(self, record):
        day, clock = short_date(record.changed_at, now=self.now), time_words(record.changed_at)
        return format_html('{}<span class="cell-second">{}</span>', day, clock)

    def render_action(self, record):
        if self._is_closed(record):
            return ""
        return format_html(
            '<a href="{}">{}<span class="visually-hidden"> {} {}</span></a>',
            self._address(record),
            self.see,
            self.the_request,
            record.reference,
        )

    def _pane_attributes(self, record) -> SafeString:
        """A script changes the pane alone; without it the page comes with another pane."""
        return OPENED_BESIDE if record.reference == self.beside else OPENS_BESIDE

    def _address_of(self, record) -> str:
        """As `get_absolute_url`, looked up once; it carries the list."""
        return f"{self.queue_url}{record.reference}/{self.carried(record)}"
