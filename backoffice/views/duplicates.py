"""Records that may be one person: an agent looks and says so; nothing is merged here."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from citizens.actions import review_duplicate
from citizens.enums import DuplicateReason, DuplicateState
from citizens.models import PossibleDuplicate
from requests.permissions import Right

SHOWN = 50
ANSWERS = {"meme": DuplicateState.SAME, "autre": DuplicateState.DIFFERENT}


@require_safe
@agent_page(Right.LOG_REQUEST)
def duplicate_list(request: AgentRequest) -> HttpResponse:
    """The pairs that wait, newest first, with what they have in common."""
    waiting = PossibleDuplicate.objects.filter(state=DuplicateState.OPEN)
    pairs = list(waiting.select_related("citizen", "other").order_by("-id")[: SHOWN + 1])
    rows = [{"pair": pair, "reasons": _words(pair.reasons)} for pair in pairs[:SHOWN]]
    context = {"rows": rows, "more": len(pairs) > SHOWN}
    return render(request, "backoffice/duplicate_list.html", context)


def _words(reasons: list[str]) -> list[str]:
    known = set(DuplicateReason.values)
    return [str(DuplicateReason(reason).label) for reason in reasons if reason in known]


@require_POST
@agent_page(Right.LOG_REQUEST)
def duplicate_review(request: AgentRequest, duplicate_id: int, answer: str) -> HttpResponse:
    """Note the agent's answer; a pair reviewed meanwhile stays as it is."""
    if answer not in ANSWERS:
        raise Http404
    try:
        review_duplicate(
            duplicate_id=duplicate_id,
            actor=request.user,
            state=ANSWERS[answer],
            now=timezone.now(),
        )
        messages.success(request, _("C’est noté."))
    except PossibleDuplicate.DoesNotExist:
        messages.info(request, _("Un collègue a déjà répondu."))
    return redirect("backoffice:duplicates")
