"""What the pages of one request show of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from backoffice.access import AgentRequest
from backoffice.act_buttons import buttons_for
from backoffice.acts import ACTS
from backoffice.concluded import repeats_conclusion
from backoffice.neighbours import from_beside, list_behind
from backoffice.presenting import (
    MARKED_ALERTS,
    alert_badge,
    channel_word,
    decision_badge,
    delay_badge,
    gravest,
    merged_badge,
    state_badge,
)
from backoffice.record_page import pinned_for
from backoffice.shown_checks import checks_context
from backoffice.shown_complaints import complaint_of
from backoffice.shown_corrections import left_to_decide, with_corrections
from backoffice.shown_links import links_of
from backoffice.shown_rekeyings import rekeyings_of
from backoffice.shown_state import shown_now
from backoffice.shown_tasks import tasks_of
from backoffice.timeline import Item, timeline_of
from massy_grc.common.empties import know_empties, may_hold
from massy_grc.outbox.models import Delivery
from massy_grc.users.models import User
from prestations.forms import Questionnaire
from prestations.forms.eligibility import CONDITIONS, asked_only_before
from prestations.models import Absence, Prestation, Team
from prestations.suggesting import articles_for
from requests import actions
from requests.actions import procedures
from requests.collection import collection_of
from requests.enums import State, Verb
from requests.letters.context import paper_labels
from requests.models import Attachment, Mention, ServiceRequest, Snooze
from requests.permissions import Right, scope_of
from requests.promises import awaits_answer
from requests.qualification.shown import guesses_about, seem_two
from requests.readers import readers_of
from requests.signing import named_on
from requests.standing_in import away_today, is_ones_own, work_of
from requests.subjects import matter_of, words_beside

# what several parts of the page look at
READ_ONCE = ("attachments", "pieces", "checks__by", "documents", "call_backs__owner")
DELIVERIES_READ, DELIVERIES_SHOWN = 100, 20


def page_context(request: AgentRequest, sr: ServiceRequest) -> dict:
    """What the request page shows; the same number of queries whatever its age."""
    now = timezone.now()
    know_empties(sr)
    if sr.citizen:
        know_empties(sr.citizen)
    prefetch_related_objects([sr], *READ_ONCE)
    verbs = actions.allowed_verbs(sr, request.user)
    attachments = list(sr.attachments.all())
    questions = list(
        sr.proposed_questions.select_related("author", "decided_by").order_by("proposed_at")
    )
    # once each: several departments may be late
    alerts = list(dict.fromkeys(alert.kind for alert in sr.alerts.filter(cleared_at=None)))
    items = timeline_of(sr)
    checks = checks_context(sr)
    guesses = guesses_about(sr) if sr.state == State.A_QUALIFIER and Verb.QUALIFY in verbs else []
    return {
        "sr": sr,
        **list_behind(request.GET),
        "now": now,
        "shown": shown_now(sr),
        **standing_of(sr, now, alerts),
        "buttons": buttons_for(sr, request.user, verbs),
        "guesses": guesses,
        "may_be_two": Verb.SPLIT in verbs and seem_two(guesses),
        "concerned": actions.concerned_of(sr),
        "contact_team": contact_team(sr),
        "collection": collection_of(sr),
        "awaits_answer": awaits_answer(sr),
        "silence_unconfirmed": _silence_unconfirmed(sr),
        "from_outside": actions.is_from_outside(sr),
        "may_keep_records": scope_of(request.user).may(Right.LOG_REQUEST),
        "may_write": Verb.WRITE in verbs,
        "may_note": Verb.NOTE in verbs,
        "may_approve": Verb.REFUSE_QUESTION in verbs,
        "may_ask": Verb.ASK_QUESTION in verbs,
        **answers_of(sr, attachments, items),
        "items": items,
        "may_correct": Verb.CORRECT in verbs and ACTS["correct_answers"].fits(sr),
        "may_correct_contact": Verb.CORRECT_CONTACT in verbs,
        "left_to_decide": left_to_decide(sr, items, verbs),
        "attachments": attachments,
        "documents": sr.documents.all(),
        "pieces": sr.pieces.all(),
        "steps": procedures.steps_for(sr),
        "suggested": _suggested(sr),
        "ratings": sr.ratings.all(),
        "papers": papers_of(sr, checks),
        **checks,
        "may_check": Verb.CHECK in verbs,
        **_decision_of(sr, request.user),
        "may_sign": Verb.SIGN in verbs,
        "may_resume": Verb.RESUME in verbs,
        **rekeyings_of(sr, verbs),
        "tasks": tasks_of(sr, request.user, verbs),
        **complaint_of(sr, request.user),
        **links_of(sr, request.user, verbs),
        "beside_end": from_beside(sr, request.GET),
        "answer_waits": sr.state == State.A_REPONDRE
        and actions.working_on(sr)
        and actions.awaited_words(sr),
        "questions": [one for one in questions if one.decided_at is None],
        "decided_questions": [one for one in questions if one.decided_at is not None],
        **_deliveries(sr),
        "colleagues": colleagues_of(sr, request.user) if Verb.NOTE in verbs else [],
        "pinned_notes": pinned_for(sr.citizen, request.user) if sr.citizen else [],
        "pinned": sr.pins.filter(user=request.user).exists(),
        "may_pin": is_ones_own(sr, request.user),
        "watcher": sr.watchers.filter(user=request.user).first(),
        "mentions": _mentions(sr, request.user),
        "absence": absence_of(sr, request.user),
        "snoozes": _snoozes(sr, request.user),
    }


def contact_team(sr: ServiceRequest) -> Team | None:
    """The team of whom the citizen speaks with: the person's own, which may be another one than
    the request's.
    """
    if sr.front_agent is None:
        return sr.team
    places = sr.front_agent.memberships.exclude(team=None).select_related("team")
    teams = [place.team for place in places.order_by("pk")]
    return sr.team if sr.team in teams else next(iter(teams), None)


def colleagues_of(sr: ServiceRequest, reader: User) -> list[tuple[int, str]]:
    """Whom a note on the request may tell, by key and name in full."""
    named = readers_of(sr).exclude(pk=reader.pk).values_list("pk", "first_name", "last_name")
    return [(pk, f"{first} {last}".strip()) for pk, first, last in named]


def papers_of(sr: ServiceRequest, checks: dict) -> list[str]:
    """The papers seen or received that `checks` (`checks_context`) do not list already."""
    checked = {one.label for one in checks["checked_pieces"]}
    return [label for label in paper_labels(sr) if label not in checked]


def answers_of(
    sr: ServiceRequest, attachments: Sequence[Attachment], items: Sequence[Item]
) -> dict:
    """What was asked and answered, as `request_answers.html` shows it.

    Args:
        items: the request's life (`timeline_of`), which says what was corrected.
    """
    sections = Questionnaire(sr.form_version, sr.channel).summary(sr.answers, attachments)
    rows = [row for section in sections for row in section.rows]
    return {
        "first_words": words_beside(sr, rows),
        "given_before": asked_only_before(sr.form_version, sr.answers.get(CONDITIONS, {})),
        "answered": with_corrections((row for row in rows if row.value), items),
        "blank": with_corrections((row for row in rows if not row.value), items),
    }


def _decision_of(sr: ServiceRequest, reader: User) -> dict:
    """The answer that waits to be let go, and whose name it will bear if `reader` lets it."""
    decision = actions.pending_decision(sr) if sr.state == State.A_VALIDER else None
    if decision is None:
        return {"decision": None}
    about = {"decision": decision, "decision_repeats": repeats_conclusion(sr, decision.body)}
    if decision.is_favourable:
        return about
    return about | {"named_on": named_on(sr, decision.template, reader)}


def _snoozes(sr: ServiceRequest, reader: User) -> QuerySet[Snooze]:
    """Who has set the request aside, and what `reader` has not seen come back."""
    shown = Q(back_at=None) | Q(agent=reader)
    return sr.snoozes.filter(shown, seen_at=None).select_related("agent").order_by("-id")


def _mentions(sr: ServiceRequest, reader: User) -> list[Mention]:
    """Where the request's notes await `reader`, or whom they stand in for."""
    if not may_hold(sr, "notes"):
        return []
    waiting = Mention.objects.waiting(work_of(reader)).filter(note__request=sr)
    return list(waiting.select_related("person", "note__author"))


def _deliveries(sr: ServiceRequest) -> dict[str, list[Delivery]]:
    """The newest of what left, to the requester and among agents; without what it said."""
    sent = Delivery.objects.filter(about=f"request:{sr.pk}").order_by("-id")
    newest = sent.defer("body", "attachments", "context")[:DELIVERIES_READ]
    rows = list(newest)
    return {
        "deliveries": [one for one in rows if not one.internal][:DELIVERIES_SHOWN],
        "staff_deliveries": [one for one in rows if one.internal][:DELIVERIES_SHOWN],
    }


def absence_of(sr: ServiceRequest, reader: User) -> Absence | None:
    """The absence today of whoever has the request in hand."""
    person = sr.assignee_id or sr.front_agent_id
    if person not in away_today(reader):
        return None
    away = Absence.objects.on(timezone.localdate()).filter(person=person)
    return away.select_related("person", "delegate").last()


def _silence_unconfirmed(sr: ServiceRequest) -> bool:
    """Whether silence will decide by a rule that nobody has confirmed (L4)."""
    if sr.implicit_decision_at is None or not awaits_answer(sr) or sr.prestation.legal_confirmed:
        return False
    return Prestation.objects.silence_unconfirmed().filter(pk=sr.prestation_id).exists()


def _suggested(sr: ServiceRequest) -> list[dict]:
    """Articles that may answer the request, and what agents said of them for it."""
    said = dict(sr.article_uses.values_list("article", "answered"))
    own = "" if sr.prestation.is_unsorted else sr.prestation_id
    return [
        {"article": one, "used": one.pk in said, "answered": said.get(one.pk)}
        for one in articles_for(matter_of(sr), own)
    ]


def _state_of(sr: ServiceRequest) -> SafeString:
    """The state of `sr` in a word, which of an answer that waits says what it waits for."""
    if sr.merged_into_id:
        return merged_badge()
    decision = actions.pending_decision(sr) if sr.state == State.A_VALIDER else None
    return decision_badge(decision.outcome, get_language()) if decision else state_badge(sr)


def standing_of(sr: ServiceRequest, now: datetime, alerts: Sequence[str] = ()) -> dict:
    """What the head of its pages says about where a request stands."""
    return {
        "state": _state_of(sr),
        "delay": delay_badge(sr, now, grave=gravest(alerts)),
        "channel": channel_word(sr),
        "alerts": [alert_badge(kind) for kind in alerts if kind in MARKED_ALERTS],
    }
