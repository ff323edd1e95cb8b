"""How a request looks in agents' lists: icons, words and tones, worked out once per row."""

import functools
from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from massy_grc.common.components.icons import icon
from massy_grc.common.components.states import STATE_KINDS
from massy_grc.common.words import day_and_time
from prestations.calendars import days_between
from prestations.enums import Channel, RequesterKind, SilenceEffect
from requests.enums import GRAVE, STOPPED_STATES, AlertKind, Outcome, State, Verb
from requests.models import ServiceRequest, Snooze

SOON = timedelta(days=2)

STATE_KIND = {
    State.ENREGISTREE: "new",
    State.A_QUALIFIER: "triage",
    State.EN_COURS: "progress",
    State.TRANSMISE: "transferred",
    State.ATTENTE_PIECES: "waiting",
    State.ATTENTE_DEMANDEUR: "waiting",
    State.ATTENTE_TIERS: "waiting",
    State.RENDEZ_VOUS: "appointment",
    State.A_VALIDER: "review",
    State.A_REPONDRE: "answer",
    State.A_RETIRER: "ready",
    State.CLOSE: "done",
    State.ANNULEE: "cancelled",
}

# Short words for a dense column; the full label is the tooltip and the request page's.
SHORT_STATE = {
    State.ENREGISTREE: gettext_lazy("Enregistrée"),
    State.A_QUALIFIER: gettext_lazy("À qualifier"),
    State.EN_COURS: gettext_lazy("En cours"),
    State.TRANSMISE: gettext_lazy("Transmise"),
    State.ATTENTE_PIECES: gettext_lazy("Attend pièces"),
    State.ATTENTE_DEMANDEUR: gettext_lazy("Attend citoyen"),
    State.ATTENTE_TIERS: gettext_lazy("Attend tiers"),
    State.RENDEZ_VOUS: gettext_lazy("Rendez-vous"),
    State.A_VALIDER: gettext_lazy("À signer ou approuver"),
    State.A_REPONDRE: gettext_lazy("À répondre"),
    State.A_RETIRER: gettext_lazy("À retirer"),
    State.CLOSE: gettext_lazy("Clôturée"),
    State.ANNULEE: gettext_lazy("Annulée"),
}

CHANNEL_ICONS = {
    Channel.WEB: "globe",
    Channel.GUICHET: "store",
    Channel.TELEPHONE: "phone",
    Channel.COURRIER: "mail",
    Channel.EMAIL: "at-sign",
    Channel.SMS: "message-square",
    Channel.SVI: "voicemail",
    Channel.API: "plug",
}

SOURCE_ICONS = {
    RequesterKind.CITOYEN: "user",
    RequesterKind.ANONYME: "user-x",
    RequesterKind.ASSOCIATION: "users",
    RequesterKind.ENTREPRISE: "building-2",
    RequesterKind.AUTRE_ADMINISTRATION: "landmark",
}

ALERT_ICONS = {
    AlertKind.DUE_SOON: ("clock", "soon"),
    AlertKind.OVERDUE: ("alarm-clock", "late"),
    AlertKind.SEVERELY_LATE: ("alarm-clock", "late"),
    AlertKind.THREE_TIMES_LATE: ("alarm-clock", "late"),
    AlertKind.EXPERT_LATE: ("timer", "late"),
    AlertKind.FIRST_ANSWER_LATE: ("message-square-warning", "late"),
    AlertKind.UNASSIGNED: ("user-x", "soon"),
    AlertKind.IMPLICIT_DECISION: ("gavel", "late"),
    AlertKind.REASONS_ASKED: ("gavel", "soon"),
    AlertKind.REASONS_SOON: ("gavel", "late"),
    AlertKind.PIECES_OVERDUE: ("file-x", "late"),
    AlertKind.QUESTION_UNANSWERED: ("message-circle-question-mark", "late"),
    AlertKind.UNCOLLECTED: ("package-check", "late"),
    AlertKind.INTERIM_REPLY: ("mail-check", "info"),
    AlertKind.UNACKNOWLEDGED: ("mail-warning", "late"),
    AlertKind.MISROUTED: ("route-off", "late"),
    AlertKind.CALL_LATE: ("phone-missed", "late"),
    AlertKind.TASK_SOON: ("clock", "soon"),
    AlertKind.TASK_LATE: ("timer", "late"),
    AlertKind.TASK_UNANSWERED: ("user-x", "soon"),
}

# Below a subject, gravest first, in a few words; the full label is the tooltip.
MARKED_ALERTS = {
    AlertKind.IMPLICIT_DECISION: gettext_lazy("Décision implicite"),
    AlertKind.REASONS_SOON: gettext_lazy("Motifs attendus"),
    AlertKind.REASONS_ASKED: gettext_lazy("Motifs à donner"),
    AlertKind.UNACKNOWLEDGED: gettext_lazy("Accusé à envoyer"),
    AlertKind.MISROUTED: gettext_lazy("À orienter"),
    AlertKind.CALL_LATE: gettext_lazy("À rappeler"),
    AlertKind.EXPERT_LATE: gettext_lazy("Service en retard"),
    AlertKind.TASK_LATE: gettext_lazy("Travail en retard"),
    AlertKind.FIRST_ANSWER_LATE: gettext_lazy("Première réponse"),
    AlertKind.UNASSIGNED: gettext_lazy("Sans chargé"),
    AlertKind.QUESTION_UNANSWERED: gettext_lazy("Sans réponse"),
    AlertKind.UNCOLLECTED: gettext_lazy("Non retiré"),
    AlertKind.INTERIM_REPLY: gettext_lazy("Point envoyé"),
}


@functools.lru_cache(maxsize=512)
def badge(label: str, icon_name: str, tone: str, title: str = "") -> SafeString:
    """An icon and a word in a tone, as `components/badge.html` draws it; kept, not re-rendered."""
    return format_html(
        '<span class="badge-ui tone-{}"{}>{}<span>{}</span></span>',
        tone,
        format_html(' title="{}"', title) if title else "",
        icon(name=icon_name),
        label,
    )


@functools.lru_cache(maxsize=256)
def icon_word(icon_name: str, label: str) -> SafeString:
    """An icon beside its word."""
    return format_html('<span class="icon-word">{} {}</span>', icon(name=icon_name), label)


def state_badge(sr: ServiceRequest) -> SafeString:
    """The state of `sr` in a short word, its full label as tooltip."""
    return _state_badge(sr.state, get_language())


def merged_badge() -> SafeString:
    """In the place of the state of a request that follows another: nobody works on it."""
    return badge(_("Regroupée"), "merge", "quiet", str(Verb.MERGE.label))


@functools.lru_cache(maxsize=64)
def _state_badge(state: str, _language: str | None) -> SafeString:
    icon_name, tone = STATE_KINDS[STATE_KIND[State(state)]]
    return badge(str(SHORT_STATE[State(state)]), icon_name, tone, str(State(state).label))


@functools.lru_cache(maxsize=8)
def decision_badge(outcome: str, _language: str | None) -> SafeString:
    """What is asked of whoever lets an answer of this `Outcome` leave."""
    icon_name, tone = STATE_KINDS[STATE_KIND[State.A_VALIDER]]
    if outcome == Outcome.NEGATIVE:
        return badge(_("À signer"), icon_name, tone, _("Refus à signer"))
    return badge(_("À approuver"), icon_name, tone, _("Réponse favorable à approuver"))


def submitted_words(outcome: str) -> str:
    """What was done with an answer of this `Outcome` that now waits to be let go."""
    refused = outcome == Outcome.NEGATIVE
    return _("Soumise à la signature") if refused else _("Soumise à l’approbation")


def channel_word(sr: ServiceRequest) -> SafeString:
    """The channel of `sr`: icon and word."""
    return _channel_word(sr.channel, get_language())


@functools.lru_cache(maxsize=64)
def _channel_word(channel: str, _language: str | None) -> SafeString:
    return icon_word(CHANNEL_ICONS[Channel(channel)], str(Channel(channel).label))


def alert_badge(kind: str) -> SafeString:
    """A standing alert: icon and word."""
    icon_name, tone = ALERT_ICONS[AlertKind(kind)] if kind in AlertKind.values else ("bell", "soon")
    label = AlertKind(kind).label if kind in AlertKind.values else kind
    return badge(str(label), icon_name, tone)


# What no answer would amount to, in the words of the law.
SILENCE = {
    SilenceEffect.ACCEPTATION: gettext_lazy("Silence vaut accord"),
    SilenceEffect.REJET: gettext_lazy("Silence vaut refus"),
}


def alert_marks(kinds: list[str], silence: str = SilenceEffect.NONE) -> list[SafeString]:
    """The alert a list shows below a subject: the gravest in words, all in its tooltip.

    What the delay badge tells already is left out.

    Args:
        kinds: those of the alerts that stand (`AlertKind`).
        silence: what no answer would amount to (`SilenceEffect`).
    """
    told = [kind for kind in MARKED_ALERTS if kind in kinds]
    if not told:
        return []
    icon_name, tone = ALERT_ICONS[told[0]]
    labels = ", ".join(str(kind.label) for kind in told)
    words = MARKED_ALERTS[told[0]]
    if told[0] == AlertKind.IMPLICIT_DECISION:
        words = SILENCE.get(SilenceEffect(silence), words)
    return [badge(str(words), icon_name, tone, labels)]


def pin_badge() -> SafeString:
    """A request that its reader keeps at the head of their own."""
    return badge(_("Épinglée"), "pin", "quiet")


def snooze_badge(snooze: Snooze) -> SafeString:
    """A request set aside, with the moment of its return; or back, and why."""
    if snooze.back_at is None:
        until = _("Jusqu’au %(day)s") % {"day": day_and_time(snooze.until)}
        return badge(_("De côté"), "moon", "quiet", until)
    return badge(_("Revenue"), "sunrise", "info", snooze.get_back_why_display())


def is_late(sr: ServiceRequest, now: datetime) -> bool:
    """Whether the due date of `sr` has passed while its clock runs."""
    return sr.due_at < now and sr.paused_at is None and sr.state not in STOPPED_STATES


def delay_status(sr: ServiceRequest, now: datetime) -> tuple[str, int]:
    """Return how the due date of `sr` stands at `now` and the whole days past or left.

    Statuses: ``done`` (closed), ``paused`` (waiting for the requester), ``late``, ``soon``
    (two days or less), ``ok``.
    """
    if sr.state in STOPPED_STATES:
        return "done", 0
    if sr.paused_at is not None:
        return "paused", 0
    days = days_between(now, sr.due_at)
    if is_late(sr, now):
        return "late", -days
    return ("soon" if sr.due_at - now <= SOON else "ok"), days


@functools.lru_cache(maxsize=8)
def _in_paris(now: datetime) -> datetime:
    """The present of a page, worked out once for all its rows."""
    return timezone.localtime(now)


def short_date(moment: datetime, *, now: datetime | None = None) -> str:
    """Day and month in Paris, with the year unless it is that of `now`: 30/11, 30/11/25."""
    day = timezone.localtime(moment)
    if now is not None and day.year == _in_paris(now).year:
        return f"{day.day:02}/{day.month:02}"
    return day.strftime("%d/%m/%y")


def gravest(alerts: Collection[str]) -> AlertKind | None:
    """The graver lateness among standing alerts, if any."""
    return next((kind for kind in reversed(GRAVE) if kind in alerts), None)


def delay_badge(
    sr: ServiceRequest, now: datetime, *, grave: AlertKind | None = None
) -> SafeString | str:
    """The due date of `sr` and how it stands, in words; late and soon with their days.

    Args:
        grave: what `gravest` says: the tooltip names it.
    """
    status, days = delay_status(sr, now)
    day = short_date(sr.due_at, now=now)
    if status == "late":
        words = _("Retard %(n)d j") % {"n": days} if days else _("En retard")
        return badge(words, "alarm-clock", "late", f"{grave.label}, {day}" if grave else day)
    if status == "paused":
        return badge(_("Suspendu"), "circle-pause", "quiet", day)
    if status == "soon":
        words = _("Aujourd’hui") if days == 0 else _("Demain") if days == 1 else _("Dans 2 j")
        return badge(words, "clock", "soon", day)
    return day


def return_badge(owed_at: datetime, now: datetime) -> SafeString:
    """The moment by which a department gives a request back, and how it stands, in words."""
    day, days = short_date(owed_at, now=now), days_between(now, owed_at)
    if owed_at < now:
        words = _("Retour en retard de %(n)d j") % {"n": -days} if days else _("Retour en retard")
        return badge(words, "timer", "late", day)
    tone = "soon" if owed_at - now <= SOON else "quiet"
    return badge(_("Retour le %(day)s") % {"day": day}, "timer", tone)
