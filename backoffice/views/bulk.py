"""One act on many requests: what would happen, the act, what became of each, its undoing."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.bulk import MOST, UNDO, ask_undo, start_run
from backoffice.bulk.kind import Kind
from backoffice.bulk.kinds import KINDS
from backoffice.bulk.preview import chosen_rows, preview
from backoffice.bulk.shown import run_context, tally, tally_undone
from backoffice.forms.bulk import FORMS
from backoffice.listed import first_listed
from backoffice.models import BulkRun
from backoffice.views.requests import WORKERS
from requests.exceptions import RequestError

LIST = "liste"  # the address of the list that one came from, as a query
WHOLE = "tout"  # its first requests, ticked or not
LONGEST = 1000
RECENT = 30


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(*WORKERS)
def bulk(request: AgentRequest) -> HttpResponse:
    """Tell what an act would do to the ticked requests, and ask what it needs; POST begins it."""
    sent = request.POST if request.method == "POST" else request.GET
    chosen = chosen_rows(sent.getlist("row"))
    if request.method != "POST" and WHOLE in sent:
        query = sent.get(LIST, "")[:LONGEST]
        chosen = first_listed(query, request.user, timezone.now(), MOST)
    kind = _kind(request, sent.get("acte", ""))
    if kind is None or not chosen:
        words = _("Cochez au moins une demande.") if kind else _("Choisissez une action.")
        messages.info(request, words)
        return redirect(_list_url(sent))
    left_out = max(len(chosen) - MOST, 0)
    rows = preview(kind, request.user, dict([*chosen.items()][:MOST]))
    possible = [row.sr for row in rows if not row.why_not]
    form = None
    if possible:
        given = request.POST if request.method == "POST" else None
        form = FORMS[kind.slug](given, rows=possible, user=request.user)
    if form is not None and form.is_valid():
        try:
            run = start_run(
                actor=request.user,
                kind=kind.slug,
                token=_token(request),
                data=form.data_kept(),
                rows=chosen,
            )
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(f"{reverse('backoffice:bulk_run', args=[run.pk])}?{_back(sent)}")
    context = {
        "kind": kind,
        "form": form,
        "rows": rows,
        "possible": len(possible),
        "lasting": bool(possible) and all(row.lasting for row in rows if not row.why_not),
        "left_out": left_out,
        "most": MOST,
        "undo_hours": int(UNDO.total_seconds() // 3600),
        "token": uuid4(),
        "list_query": sent.get(LIST, "")[:LONGEST],
        "list_url": _list_url(sent),
    }
    return render(request, "backoffice/bulk_preview.html", context)


@require_safe
@agent_page(*WORKERS)
def bulk_run(request: AgentRequest, run_id: int) -> HttpResponse:
    """How far an act is, and what became of each request."""
    run = get_object_or_404(BulkRun, pk=run_id, actor=request.user)
    context = run_context(run, request.user, timezone.now())
    context["list_url"] = _list_url(request.GET)
    context["undo_query"] = _back(request.GET)
    return render(request, "backoffice/bulk_run.html", context)


@require_POST
@agent_page(*WORKERS)
def bulk_undo(request: AgentRequest, run_id: int) -> HttpResponse:
    """Take back what an act has done."""
    get_object_or_404(BulkRun, pk=run_id, actor=request.user)
    try:
        ask_undo(actor=request.user, run_id=run_id)
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('backoffice:bulk_run', args=[run_id])}?{_back(request.GET)}")


@require_safe
@agent_page(*WORKERS)
def bulk_runs(request: AgentRequest) -> HttpResponse:
    """One's own acts on many requests, the last ones."""
    runs = BulkRun.objects.filter(actor=request.user).with_counts()[:RECENT]
    rows = [{"run": run, "kind": KINDS[run.kind], "words": _words(run)} for run in runs]
    return render(request, "backoffice/bulk_runs.html", {"rows": rows})


def _words(run) -> str:
    """What became of a run with its counts."""
    words = tally(run.done, run.refused, run.skipped)
    if run.undone:
        return f"{words}, {tally_undone(run.undone)}"
    stopped = run.undo_asked_at is not None and not run.done
    return ", ".join([_("arrêtée"), words]) if stopped else words


def _kind(request: AgentRequest, slug: str) -> Kind | None:
    """The act that was chosen; None when none was.

    Raises:
        Http404: there is no such act.
        PermissionDenied: nobody of this person's roles does it.
    """
    if not slug:
        return None
    kind = KINDS.get(slug)
    if kind is None:
        raise Http404
    if not kind.offered_to(request.user):
        raise PermissionDenied
    return kind


def _token(request: AgentRequest) -> UUID:
    """What makes a second sending of one page the first one; a forged one is a page of its own."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid4()


def _list_url(params: QueryDict) -> str:
    return f"{reverse('backoffice:queue')}?{params.get(LIST, '')[:LONGEST]}".rstrip("?")


def _back(params: QueryDict) -> str:
    """The way back to the list, for the next page."""
    kept = QueryDict(mutable=True)
    kept[LIST] = params.get(LIST, "")[:LONGEST]
    return kept.urlencode()
