"""The history of the configuration: who changed what, compared, and put back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.configured.differences import differences
from backoffice.configured.told import act_of, taken_up, told
from backoffice.forms.configuration import HistoryForm, ReasonForm
from backoffice.imported.report import change_of
from backoffice.sector_changes import sector_change
from massy_grc.common.paging import Order, keyset_page
from prestations.calendars import midnight, midnight_after
from prestations.configuration import all_kinds, kind_of
from prestations.configuration.putting import bring_back, can_go_back, digest_of, refusals, returned
from prestations.configuration.together import Step
from prestations.configuration.undoing import (
    changes_of,
    is_kept,
    put_back,
    to_replay,
    undoing_of,
)
from prestations.exceptions import CatalogueError
from prestations.models import ConfigurationChange
from requests.exceptions import RequestError
from requests.permissions import Right

PAGE_SIZE = 50
SHOWN = 200
BEFORE, AFTER = "avant", "apres"


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def history(request: AgentRequest) -> HttpResponse:
    """The changes, the newest first, by kind, object, person and day."""
    form = HistoryForm(request.GET)
    changes = ConfigurationChange.objects.select_related("actor")
    page = keyset_page(
        _asked(changes, form) if form.is_valid() else changes.none(),
        order=Order("at", descending=True),
        params=request.GET,
        size=PAGE_SIZE,
    )
    context = {"form": form, "rows": told(page.rows), "page": page, "asked": bool(request.GET)}
    return render(request, "backoffice/configuration_history.html", context)


def _asked(changes: QuerySet[ConfigurationChange], form: HistoryForm):
    given = form.cleaned_data
    if given["kind"]:
        changes = changes.filter(kind=given["kind"])
    if given["who"]:
        changes = changes.filter(actor=given["who"])
    if given["q"]:
        named = changes.filter(name__icontains=given["q"])
        changes = named | changes.filter(key=given["q"])
    if given["since"]:
        changes = changes.filter(at__gte=midnight(given["since"]))
    if given["until"]:
        changes = changes.filter(at__lt=midnight_after(given["until"]))
    return changes


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def change(request: AgentRequest, change_id: int) -> HttpResponse:
    """One change, its two sides compared, and whether one may go back to either."""
    known = _change(change_id)
    kind = kind_of(known.kind)
    others = ConfigurationChange.objects.filter(kind=known.kind, key=known.key)
    context = {
        "change": known,
        "act": act_of(known, taken_up([known])),
        "kind": kind,
        "rows": differences(known.before, known.after),
        "sector": sector_change(known.before, known.after),
        "together": ConfigurationChange.objects.filter(act=known.act).count() if known.act else 0,
        "goes_back": can_go_back(kind),
        "is_before": kind.is_now(known.key, known.before),
        "is_after": kind.is_now(known.key, known.after),
        "others": told(others.exclude(pk=known.pk).select_related("actor")[:PAGE_SIZE]),
    }
    return render(request, "backoffice/configuration_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def change_back(request: AgentRequest, change_id: int, side: str) -> HttpResponse:
    """What going back to one side of a change would do today; then it is done."""
    known = _change(change_id)
    if side not in (BEFORE, AFTER):
        raise Http404
    kind = kind_of(known.kind)
    wanted = returned(kind, known.key, known.before if side == BEFORE else known.after)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done = bring_back(
                change=known,
                wanted=wanted,
                seen=request.POST.get("seen", ""),
                actor=request.user,
                reason=form.cleaned_data["reason"],
            )
        except (CatalogueError, RequestError) as refusal:
            form.add_error(None, str(refusal))
        else:
            if done is not None:
                messages.success(request, _("L’objet est revenu à cet état."))
            else:
                messages.info(request, _("C’est proposé : une deuxième personne l’approuve."))
            return redirect("backoffice:configuration_change", (done or known).pk)
    today = kind.snapshot(known.key)
    context: dict[str, Any] = {
        "change": known,
        "kind": kind,
        "form": form,
        "rows": differences(today, wanted),
        "sector": sector_change(today, wanted),
        "refusals": refusals(kind, known.key, wanted),
        "seen": digest_of(today),
        "goes": wanted is None,
        "two": kind.propose is not None and wanted is not None,
    }
    return render(request, "backoffice/configuration_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def together(request: AgentRequest, act: UUID) -> HttpResponse:
    """What one act changed, and what putting all of it back would do today; then it is done."""
    if not is_kept(act):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {"seen": request.POST.get("seen", ""), "reason": form.cleaned_data["reason"]}
        try:
            done = put_back(act=act, actor=request.user, **given)
        except (CatalogueError, RequestError) as refusal:
            form.add_error(None, str(refusal))
        else:
            if off := to_replay(done.changes):
                words = ngettext(
                    "Tout est revenu, mais une règle d’orientation attend son rejeu.",
                    "Tout est revenu, mais %(number)d règles d’orientation attendent leur rejeu.",
                    len(off),
                )
                messages.warning(request, words % {"number": len(off)})
            else:
                messages.success(request, _("Tout est revenu à l’état d’avant."))
            where = done.changes[0].act if done.changes else act
            return redirect("backoffice:configuration_together", where)
    changes, undoing = changes_of(act), undoing_of(act)
    context = {
        "first": [*changes, *undoing.waiting, *undoing.decided][0],
        "rows": told(changes[:SHOWN]),
        "more": max(0, len(changes) - SHOWN),
        "form": form,
        "undoing": undoing,
        "of": next((one.reverts for one in changes if one.reverts), None),
        "to_replay": to_replay(changes),
        "stopping": [one for one in undoing.steps if one.stops],
        "redoes": bool(changes) and all(one.reverts_id for one in changes),
        "moved": told(undoing.moved[:SHOWN]),
        "left": told(undoing.left[:SHOWN]),
        "left_why": dict.fromkeys(str(kind_of(one.kind).fixed) for one in undoing.left),
        "steps": [_shown(one) for one in undoing.steps[:SHOWN]],
        "waiting": any(one.kind.propose and one.after for one in undoing.steps),
    }
    return render(request, "backoffice/configuration_together.html", context)


def _shown(step: Step) -> dict[str, Any]:
    """One object that goes back, with the fields that change where it is there before and after."""
    both = step.before is not None and step.after is not None
    return {
        "kind": step.kind.label,
        "name": step.name,
        "change": change_of(step.before, step.after),
        "rows": differences(step.before, step.after) if both else (),
    }


def _change(change_id: int) -> ConfigurationChange:
    rows = ConfigurationChange.objects.select_related("actor", "reverts")
    known = get_object_or_404(rows, pk=change_id)
    if known.kind not in {kind.code for kind in all_kinds()}:
        raise Http404
    return known
