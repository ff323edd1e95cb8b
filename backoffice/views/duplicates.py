"""Records that may be one person: an agent compares them, tells them apart or makes them one."""

from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import looked_for, record_look
from backoffice.enums import LookReason
from backoffice.forms.duplicates import GONE, MergeForm, ValuesForm
from backoffice.pairs import reason_words, rows_of, side_by_side, strength_badge
from citizens.actions import merge_citizens, review_duplicate, undo_obstacle, unmerge_citizens
from citizens.enums import DuplicateState
from citizens.exceptions import MergeRefused
from citizens.likeness import Likeness, compare
from citizens.merging import choices, label_of, obstacle, sides
from citizens.models import Citizen, CitizenMerge, PossibleDuplicate
from massy_grc.common.personal_data import Follow, following
from massy_grc.users.models import User
from requests.actions.records import MOVED_REQUESTS
from requests.models import ServiceRequest
from requests.permissions import Right

SHOWN = 50
MERGED_SHOWN = 20


@require_safe
@agent_page(Right.LOG_REQUEST)
def duplicate_list(request: AgentRequest) -> HttpResponse:
    """The pairs that wait, the surest first, with what they have in common; and recent merges."""
    waiting = PossibleDuplicate.objects.waiting().select_related("citizen", "other")
    pairs = list(waiting[: SHOWN + 1])
    rows = [
        {
            "pair": pair,
            "people": (pair.citizen, pair.other),
            "reasons": reason_words(pair.reasons),
            "strength": strength_badge(pair.score),
        }
        for pair in pairs[:SHOWN]
    ]
    merges = CitizenMerge.objects.fresh().select_related("kept", "gone", "merged_by")
    context = {"rows": rows, "more": len(pairs) > SHOWN, "merges": merges[:MERGED_SHOWN]}
    return render(request, "backoffice/duplicate_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def duplicate(request: AgentRequest, duplicate_id: int) -> HttpResponse:
    """Both records field by field, then the one they would become; a POST makes them one."""
    waiting = PossibleDuplicate.objects.waiting().select_related("citizen", "other")
    pair = waiting.filter(pk=duplicate_id).first()
    if pair is None:
        return _answered(request, duplicate_id)
    told = Likeness(pair.score, tuple(pair.reasons))
    return _compared(request, pair.citizen, pair.other, told, {"pair": pair})


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def compared(request: AgentRequest, citizen_id: int, other_id: int) -> HttpResponse:
    """Two records that an agent takes for one person's, whatever the rule says of them.

    Reading them side by side notes the look and nothing else: the pair joins no list.
    """
    citizen = get_object_or_404(Citizen.objects.living(), pk=citizen_id)
    other = get_object_or_404(Citizen.objects.living().exclude(pk=citizen_id), pk=other_id)
    known = PossibleDuplicate.objects.between(citizen, other).select_related("reviewed_by").first()
    if known and known.state == DuplicateState.OPEN:
        return redirect("backoffice:duplicate", known.pk)
    context = {"named_from": citizen, "judged": known}
    return _compared(request, citizen, other, compare(citizen, other), context)


def _compared(
    request: AgentRequest, one: Citizen, other: Citizen, told: Likeness, context: dict
) -> HttpResponse:
    """Both records, or the one they would become; `told` is why they may be one person's."""
    kept, gone = sides(one, other)
    found = choices(kept, gone)
    chosen = ValuesForm(request.POST or request.GET, choices=found).chosen()
    to_choose = [label_of(name) for name, side in chosen.items() if not side]
    form = MergeForm(request.POST or None)
    if request.method == "POST" and not to_choose and form.is_valid():
        try:
            merge = merge_citizens(
                kept_id=kept.citizen.pk,
                gone_id=gone.citizen.pk,
                taken=[name for name, side in chosen.items() if side == GONE],
                ground=form.cleaned_data["ground"],
                actor=request.user,
                seen=form.cleaned_data["seen"],
                now=timezone.now(),
            )
        except MergeRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        messages.success(request, _("Les deux fiches n’en font plus qu’une."))
        return redirect("backoffice:citizen_merge", merge.pk)
    for side in (kept, gone):
        record_look(request.user, side.citizen.pk, looked_for(LookReason.COMPARED))
    if request.method != "POST":
        form = MergeForm(initial={"seen": _seen(one, other)})
    bars = obstacle(kept, gone)
    asks_result = request.method == "POST" or "apercu" in request.GET
    shows_result = not bars and not to_choose and asks_result
    context |= {
        "reasons": reason_words(told.reasons),
        "strength": strength_badge(told.score) if told.is_possible else "",
        "columns": side_by_side(kept, gone, request.user),
        "rows": rows_of(found, kept.citizen, gone.citizen, chosen),
        "chosen": chosen,
        "to_choose": to_choose if asks_result else [],
        "obstacle": bars,
        "apart": compare(kept.citizen, gone.citizen).apart,
        "form": form
        if request.method == "POST"
        else MergeForm(initial={"seen": _seen(one, other)}),
        "choices_query": urlencode(chosen),
    }
    template = "duplicate_preview" if shows_result else "duplicate_detail"
    return render(request, f"backoffice/{template}.html", context)


def _seen(*both: Citizen) -> str:
    return "|".join(one.updated_at.isoformat() for one in both)


def _answered(request: AgentRequest, duplicate_id: int) -> HttpResponse:
    """A pair that no longer waits leads to its merge, or back to the list."""
    pair = get_object_or_404(PossibleDuplicate, pk=duplicate_id)
    both = [pair.citizen_id, pair.other_id]
    merge = CitizenMerge.objects.standing().filter(kept__in=both, gone__in=both).first()
    if merge is not None:
        return redirect("backoffice:citizen_merge", merge.pk)
    messages.info(request, _("Un collègue a déjà répondu."))
    return redirect("backoffice:duplicates")


@require_POST
@agent_page(Right.LOG_REQUEST)
def duplicate_review(request: AgentRequest, duplicate_id: int, answer: str) -> HttpResponse:
    """Note that they are two people; a pair reviewed meanwhile stays as it is."""
    if answer != "autre":
        raise Http404
    try:
        review_duplicate(
            duplicate_id=duplicate_id,
            actor=request.user,
            state=DuplicateState.DIFFERENT,
            now=timezone.now(),
        )
        messages.success(request, _("C’est noté : ce sont deux personnes."))
    except PossibleDuplicate.DoesNotExist:
        messages.info(request, _("Un collègue a déjà répondu."))
    return redirect("backoffice:duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def citizen_merge(request: AgentRequest, merge_id: int) -> HttpResponse:
    """A merge: who, when, on what ground, and what went over; a POST undoes it."""
    merges = CitizenMerge.objects.select_related("kept", "gone", "merged_by", "undone_by")
    merge = get_object_or_404(merges, pk=merge_id)
    now = timezone.now()
    if request.method == "POST":
        try:
            undone = unmerge_citizens(merge_id=merge_id, actor=request.user, now=now)
        except MergeRefused as refusal:
            messages.error(request, str(refusal))
        else:
            _tell_undone(request, undone.changed_since)
        return redirect("backoffice:citizen_merge", merge_id)
    record_look(request.user, merge.kept_id, looked_for(LookReason.COMPARED))
    moved = merge.moved.get(MOVED_REQUESTS, [])
    context = {
        "merge": merge,
        "reasons": reason_words(merge.reasons),
        "obstacle": undo_obstacle(merge, now=now),
        "requests": ServiceRequest.objects.visible_to(request.user)
        .filter(pk__in=moved)
        .order_by("-arrived_at"),
        "others": _others(merge, request.user),
        "taken": [label_of(name) for name in merge.before],
    }
    return render(request, "backoffice/citizen_merge.html", context)


def _others(merge: CitizenMerge, user: User) -> int:
    """Count what went over beside the requests, as far as `user` may know of it."""
    number = 0
    for label, column in following(Follow.AT_ONCE):
        ids = merge.moved.get(f"{label}.{column}", [])
        if not ids or f"{label}.{column}" == MOVED_REQUESTS:
            continue
        rows: Any = apps.get_model(label)._default_manager.filter(pk__in=ids)
        number += (rows.visible_to(user) if hasattr(rows, "visible_to") else rows).count()
    return number


def _tell_undone(request: AgentRequest, changed_since: tuple[str, ...]) -> None:
    text = _("Les fiches sont de nouveau séparées. Ce qui est arrivé depuis reste où c’est.")
    if changed_since:
        names = ", ".join(label_of(name) for name in changed_since)
        text += " " + _("Modifié depuis, donc laissé tel quel : %(names)s.") % {"names": names}
    messages.success(request, text)
