"""The town's calendar: its closures, and what one more or one less would move, before it does."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.calendar import ClosureForm, DaysForm, WordsForm, closure_words
from backoffice.shown_closures import hours_moved
from prestations.configuration import kind_of, recorded
from prestations.configuration.calendar import closure_key
from prestations.configuration.putting import put_state
from prestations.configuration.recording import one_act
from prestations.editing.english import say_in_english
from prestations.exceptions import CatalogueError, ChangeRefused
from prestations.loading.closures import closure_columns
from prestations.models import Closure
from prestations.opening import coming_holidays
from requests import actions
from requests.exceptions import RequestError
from requests.models import Recalculation
from requests.permissions import Right
from requests.recalculation import Move, added_by_deciding, may_move, moves

SHOWN = 50
REMOVE, REWORD, MOVE = "retirer", "nommer", "deplacer"
HOLIDAYS_AHEAD = 366  # days: each public holiday once


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def calendar(request: AgentRequest) -> HttpResponse:
    """The closures, the form of a new one, and its effect shown first; then it is added."""
    form = ClosureForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            if request.POST.get("counted") == form.key():
                return _add(request, form)
            context["effect"] = _effect(form)
            context["days_changed"] = "counted" in request.POST
        except (CatalogueError, RequestError) as refusal:
            form.add_error(None, str(refusal))
    today = timezone.localdate()
    coming = Closure.objects.announced().filter(end__gte=today).select_related("site")
    context["closures"] = [(one, added_by_deciding(one, today) is False) for one in coming]
    context["holidays"] = coming_holidays(timezone.now(), HOLIDAYS_AHEAD)
    context["to_decide"] = Closure.objects.to_decide(today)
    context["runs"] = Recalculation.objects.select_related("closure", "actor")[:SHOWN]
    return render(request, "backoffice/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def closure(request: AgentRequest, pk: int) -> HttpResponse:
    """One closure: of hours or of one site, changed or taken away; of the town hall, decided."""
    known = get_object_or_404(Closure.objects.select_related("site"), pk=pk)
    if not known.is_whole_town:
        return _local(request, known)
    now = timezone.now()
    words = _words(request, known)
    if words is not None and words.is_valid():
        _word(words, known, request.user)
        messages.success(request, _("C’est enregistré."))
        return redirect("backoffice:calendar")
    days = _days(request, known, timezone.localdate(now))
    moving, days_changed = {}, False
    if days is not None and days.is_valid():
        try:
            if request.POST.get("counted") == days.key():
                return _move(request, days)
            moving = _moving(days, now)
            days_changed = "counted" in request.POST
        except RequestError as refusal:
            days.add_error(None, str(refusal))
    if request.method == "POST" and not request.POST.get("action"):
        return _decide(request, pk, closure_key(None, known.start, known.end))
    adds = added_by_deciding(known, timezone.localdate(now))
    if adds is None:
        raise Http404
    effect = _counted_first(known, adds=adds, now=now)
    context = {"closure": known, "adds": adds, "effect": effect, "form": words, "days": days}
    context |= {"moving": moving, "days_changed": days_changed}
    return render(request, "backoffice/closure_detail.html", context)


def _days(request: AgentRequest, known: Closure, today: date) -> DaysForm | None:
    """The form of its days; None where they may not be changed."""
    if not may_move(known, today):
        return None
    return DaysForm(request.POST if request.POST.get("action") == MOVE else None, known=known)


def _moving(days: DaysForm, now: datetime) -> dict[str, Any]:
    """What other days would move, and the days that it was counted for."""
    closure = actions.closure_on_days(days.known, **days.cleaned_data, now=now)
    effect = _counted_first(closure, adds=True, now=now, instead_of=days.known)
    return {"key": days.key(), **effect}


def _move(request: AgentRequest, days: DaysForm) -> HttpResponse:
    known, given = days.known, days.cleaned_data
    leaves = closure_key(None, known.start, known.end)
    comes = closure_key(None, given["start"], given["end"])
    with (
        one_act(),
        recorded("closures", leaves, actor=request.user),
        recorded("closures", comes, actor=request.user),
    ):
        run = actions.move_closure(actor=request.user, closure_id=known.pk, **given)
    messages.success(
        request,
        ngettext(
            "Les jours de la fermeture sont changés : %(count)d date de réponse est déplacée.",
            "Les jours de la fermeture sont changés : %(count)d dates de réponse sont déplacées.",
            run.moved,
        )
        % {"count": run.moved},
    )
    return redirect("backoffice:calendar")


def _words(request: AgentRequest, known: Closure) -> WordsForm | None:
    """The form of its reason; None where a file gives it, or it is taken out."""
    if known.added_by_id is None or known.removed_at is not None:
        return None
    posted = request.POST if request.POST.get("action") == REWORD else None
    return WordsForm(posted, initial=closure_words(known))


@transaction.atomic
def _word(words: WordsForm, known: Closure, actor) -> None:
    key = closure_key(None, known.start, known.end)
    state = kind_of("closures").snapshot(key) or {}
    put_state("closures", key, state | {"label": words.cleaned_data["label"]}, actor=actor)
    say_in_english(words.english(), actor=actor)


def _local(request: AgentRequest, known: Closure) -> HttpResponse:
    """A closure that moves no date: its days and hours, shown first; or it is taken away."""
    if known.removed_at is not None or known.end < timezone.localdate():
        raise Http404
    key = closure_key(known.site_id, known.start, known.end)
    if request.POST.get("action") == REMOVE:
        put_state("closures", key, None, actor=request.user)
        messages.success(
            request, _("La fermeture est retirée : les horaires habituels reviennent.")
        )
        return redirect("backoffice:calendar")
    form = ClosureForm(request.POST if request.method == "POST" else None, known=known)
    context: dict[str, Any] = {"form": form, "closure": known}
    if form.is_valid():
        try:
            if request.POST.get("counted") == form.key():
                _announce(form, request.user, instead_of=key)
                messages.success(request, _("C’est enregistré."))
                return redirect("backoffice:calendar")
            context["effect"] = _effect(form, known)
            context["days_changed"] = "counted" in request.POST
        except CatalogueError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "backoffice/closure_local.html", context)


def _effect(form: ClosureForm, known: Closure | None = None) -> dict[str, Any]:
    """What a closure would move, and the days and hours it was counted for.

    Raises:
        ChangeRefused: no hour of any site would change.
    """
    now = timezone.now()
    if form.counts:
        unsaved = actions.unsaved_closure(**form.days(), now=now)
        return {"key": form.key(), **_counted_first(unsaved, adds=True, now=now)}
    hours = hours_moved(Closure(**closure_columns(form.state())), instead_of=known)
    if not hours and known is None:
        raise ChangeRefused([_("Rien ne changerait : aucun site n’est ouvert à ces heures-là.")])
    return {"key": form.key(), "hours": hours[:SHOWN], "hours_count": len(hours), "local": True}


@transaction.atomic
def _announce(form: ClosureForm, actor, *, instead_of: str = "") -> None:
    """Keep a closure that moves no date, in the place of another or not."""
    state = form.state()
    key = closure_key(state["site"], state["start"], state["end"])
    if instead_of and instead_of != key:
        put_state("closures", instead_of, None, actor=actor)
    put_state("closures", key, state, actor=actor)
    say_in_english(form.english(), actor=actor)


def _counted_first(
    known: Closure, *, adds: bool, now: datetime, instead_of: Closure | None = None
) -> dict[str, Any]:
    """What would move, counted without moving anything."""
    found = list(moves(known, adds=adds, now=now, instead_of=instead_of))
    return {
        "moved": sum(move.is_moved for move in found),
        "departments": sum(move.of_department for move in found),
        "tasks": sum(len(move.moved_tasks) for move in found),
        "told": sum(move.is_told for move in found),
        "rows": _counted(found)[:SHOWN],
    }


def _counted(found: list[Move]) -> list[dict[str, Any]]:
    """How many dates move by prestation and day, no request named: who administers reads none."""
    day = timezone.localdate
    counts = Counter(
        (move.request.prestation, day(move.due_from), day(move.due_at))
        for move in found
        if move.is_moved
    )
    return [
        {"prestation": prestation, "due_from": due_from, "due_at": due_at, "count": count}
        for (prestation, due_from, due_at), count in counts.items()
    ]


def _add(request: AgentRequest, form: ClosureForm) -> HttpResponse:
    if not form.counts:
        _announce(form, request.user)
        messages.success(request, _("La fermeture est annoncée : aucune date de réponse ne bouge."))
        return redirect("backoffice:calendar")
    days = form.days()
    key = closure_key(None, days["start"], days["end"])
    with recorded("closures", key, actor=request.user):
        run = actions.add_closure(actor=request.user, **days)
        say_in_english(form.english(), actor=request.user)
    messages.success(
        request,
        ngettext(
            "La fermeture est enregistrée : %(count)d date de réponse est déplacée.",
            "La fermeture est enregistrée : %(count)d dates de réponse sont déplacées.",
            run.moved,
        )
        % {"count": run.moved},
    )
    return redirect("backoffice:calendar")


def _decide(request: AgentRequest, pk: int, key: str) -> HttpResponse:
    try:
        with recorded("closures", key, actor=request.user):
            run = actions.decide_closure(actor=request.user, closure_id=pk)
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("La fermeture est suivie : les délais ne comptent plus ses jours.")
            if run.adds
            else _("La fermeture est retirée : les délais comptent de nouveau ses jours."),
        )
    return redirect("backoffice:calendar")
