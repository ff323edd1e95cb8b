"""The town's calendar: its closures, and what one more or one less would move, before it does."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.calendar import ClosureForm
from prestations.configuration import recorded
from prestations.configuration.calendar import closure_key
from prestations.models import Closure
from prestations.opening import coming_holidays
from requests import actions
from requests.exceptions import RequestError
from requests.models import Recalculation
from requests.permissions import Right
from requests.recalculation import Move, added_by_deciding, moves

SHOWN = 50
HOLIDAYS_AHEAD = 366  # days: each public holiday once


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def calendar(request: AgentRequest) -> HttpResponse:
    """The closures, the form of a new one, and its effect counted first; then it is added."""
    form = ClosureForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            if request.POST.get("counted") == _key(form):
                return _add(request, form)
            context["effect"] = _effect(form)
            context["days_changed"] = "counted" in request.POST
        except RequestError as refusal:
            form.add_error(None, str(refusal))
    today = timezone.localdate()
    coming = Closure.objects.announced().filter(site=None, end__gte=today)
    context["closures"] = [(one, added_by_deciding(one, today) is False) for one in coming]
    context["holidays"] = coming_holidays(timezone.now(), HOLIDAYS_AHEAD)
    context["to_decide"] = Closure.objects.to_decide(today)
    context["runs"] = Recalculation.objects.select_related("closure", "actor")[:SHOWN]
    return render(request, "backoffice/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def closure(request: AgentRequest, pk: int) -> HttpResponse:
    """One closure that was loaded, taken out or added by mistake: what moves, then it does."""
    known = get_object_or_404(Closure.objects.whole_town(), pk=pk)
    now = timezone.now()
    if request.method == "POST":
        return _decide(request, pk, closure_key(None, known.start, known.end))
    adds = added_by_deciding(known, timezone.localdate(now))
    if adds is None:
        raise Http404
    effect = _counted_first(known, adds=adds, now=now)
    context = {"closure": known, "adds": adds, "effect": effect}
    return render(request, "backoffice/closure_detail.html", context)


def _effect(form: ClosureForm) -> dict[str, Any]:
    """What a new closure would move, and the days it was counted for."""
    now = timezone.now()
    unsaved = actions.unsaved_closure(**form.cleaned_data, now=now)
    return {"key": _key(form), **_counted_first(unsaved, adds=True, now=now)}


def _counted_first(known: Closure, *, adds: bool, now: datetime) -> dict[str, Any]:
    """What would move, counted without moving anything."""
    found = list(moves(known, adds=adds, now=now))
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


def _key(form: ClosureForm) -> str:
    """Names the days whose effect was shown: others are counted again before they are added."""
    return f"{form.cleaned_data['start']}/{form.cleaned_data['end']}"


def _add(request: AgentRequest, form: ClosureForm) -> HttpResponse:
    days = form.cleaned_data
    key = closure_key(None, days["start"], days["end"])
    with recorded("closures", key, actor=request.user):
        run = actions.add_closure(actor=request.user, **days)
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
