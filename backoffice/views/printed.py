"""A request on paper, for the file: what was asked, what was said, what was done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import PRINT, record_opening
from backoffice.neighbours import list_behind
from backoffice.request_page import answers_of, papers_of, standing_of
from backoffice.shown_checks import checks_context
from backoffice.shown_links import links_of
from backoffice.timeline import timeline_of
from backoffice.views.requests import WORKERS, find_request

WITHOUT_NOTES = "sans-notes"


@require_safe
@agent_page(*WORKERS)
def print_request(request: AgentRequest, reference: str) -> HttpResponse:
    """The whole request on one page without anything to press.

    ``?sans-notes`` leaves out what agents say among themselves, for a paper that somebody else
    will read.
    """
    sr = find_request(request, reference)
    record_opening(request.user, sr, action=PRINT)
    now = timezone.now()
    without_notes = WITHOUT_NOTES in request.GET
    attachments = list(sr.attachments.all())
    items = [one for one in timeline_of(sr) if not (without_notes and one.kind == "note")]
    checks = checks_context(sr)
    context = {
        "sr": sr,
        **list_behind(request.GET),
        "printed_at": now,
        **standing_of(sr, now),
        **answers_of(sr, attachments, items),
        "items": items,
        "attachments": attachments,
        "documents": sr.documents.all(),
        "papers": papers_of(sr, checks),
        **checks,
        **links_of(sr, request.user, []),
        "without_notes": without_notes,
    }
    return render(request, "backoffice/request_print.html", context)
