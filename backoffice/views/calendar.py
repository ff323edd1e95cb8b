"""The town's calendar: its closures, and what one more would move, before it does."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.calendar import ClosureForm
from prestations.calendars import town_calendar
from prestations.models import Closure
from requests import actions
from requests.exceptions import RequestError
from requests.models import Recalculation
from requests.permissions import Right
from requests.recalculation import Move, moves

SHOWN = 50


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
    closures = Closure.objects.filter(site=None).select_related("recalculation", "added_by")
    context["closures"] = closures.filter(end__gte=timezone.localdate())
    context["runs"] = Recalculation.objects.select_related("closure", "actor")[:SHOWN]
    return render(request, "backoffice/calendar.html", context)


def _effect(form: ClosureForm) -> dict[str, Any]:
    """What would move, counted without moving anything."""
    now = timezone.now()
    closure = actions.unsaved_closure(**form.cleaned_data, now=now)
    found = list(moves(closure, before=town_calendar(), after=town_calendar(closure), now=now))
    return {
        "key": _key(form),
        "moved": sum(move.is_later for move in found),
        "departments": sum(move.of_department for move in found),
        "tasks": sum(len(move.later_tasks) for move in found),
        "told": sum(move.is_told for move in found),
        "rows": _counted(found)[:SHOWN],
    }


def _counted(found: list[Move]) -> list[dict[str, Any]]:
    """How many dates move by prestation and day, no request named: who administers reads none."""
    day = timezone.localdate
    counts = Counter(
        (move.request.prestation, day(move.due_from), day(move.due_at))
        for move in found
        if move.is_later
    )
    return [
        {"prestation": prestation, "due_from": due_from, "due_at": due_at, "count": count}
        for (prestation, due_from, due_at), count in counts.items()
    ]


def _key(form: ClosureForm) -> str:
    """Names the days whose effect was shown: others are counted again before they are added."""
    return f"{form.cleaned_data['start']}/{form.cleaned_data['end']}"


def _add(request: AgentRequest, form: ClosureForm) -> HttpResponse:
    run = actions.add_closure(actor=request.user, **form.cleaned_data)
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
