"""A list taken out as a file: ask for it, follow it, fetch it (R21)."""

from collections.abc import Collection
from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import DOWNLOAD, LIST_EXPORT, record_access
from backoffice.actions.list_exports import (
    MOST_ROWS,
    ask_list_export,
    cancel_list_export,
)
from backoffice.enums import SheetFormat
from backoffice.export_answers import PRESTATION, answer_columns, of_prestation, prestation_of
from backoffice.export_columns import columns_for
from backoffice.export_writing import progress_of
from backoffice.exported_lists import (
    SEARCH,
    exported_list,
    exported_query,
    rights_of,
    with_every_column,
)
from backoffice.forms.list_exports import EVERY_COLUMN, ListExportForm
from backoffice.listed import ListedRequests
from backoffice.models import ListExport
from backoffice.queue_layout import COLUMNS
from backoffice.queues import view_of
from backoffice.views.queue import PANEL, chips_of
from backoffice.views.requests import WORKERS
from massy_grc.common.charts import format_value
from massy_grc.users.models import User
from prestations.models import Prestation
from requests.exceptions import RequestError
from requests.permissions import Right

reader_page = agent_page(*WORKERS, Right.SEE_DASHBOARD, needs_post=False)
SHOWN = 20
FOLLOW, EVERY = "suivre", 5  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
@reader_page
def list_export_new(request: AgentRequest) -> HttpResponse:
    """Say what the list of the address would give as a file; a POST asks for it."""
    query = exported_query(request.GET)
    listed = exported_list(query, request.user, timezone.now())
    if listed is None or not listed.is_understood:  # the list says what is wrong with it
        return redirect(f"{reverse('backoffice:queue')}?{query}")
    searched = SEARCH in request.GET and not listed.figures_only
    total = listed.count(MOST_ROWS)
    prestation = prestation_of(listed, request.user, MOST_ROWS)
    form = ListExportForm(request.POST or None, may_have_answers=prestation is not None)
    if request.method == "POST" and not searched and form.is_valid():
        chosen = form.cleaned_data
        asked = with_every_column(query) if chosen["columns"] == EVERY_COLUMN else query
        if prestation and chosen["answers"]:
            asked = of_prestation(asked, prestation)
        try:
            export = ask_list_export(
                actor=request.user,
                query=asked,
                personal=not listed.figures_only,
                file_format=SheetFormat(chosen["format"]),
                total=total,
                language=get_language() or "fr",
                answers=chosen["answers"],
            )
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("backoffice:list_export", export_id=export.pk)
    context = {
        "form": form,
        "listed": listed,
        "chips": chips_of(listed.filtered, QueryDict(query)),
        "query": query,
        "searched": searched,
        "total": total,
        "length": _length(total),
        "most": format_value(MOST_ROWS),
        "is_cut": total > MOST_ROWS,
        "columns": _labels(listed, listed.layout.columns),
        "every_column": _labels(listed, COLUMNS),
        "prestation": prestation,
        "may_narrow": not listed.figures_only and PRESTATION not in listed.filtered.form.data,
        "filter_url": f"{reverse('backoffice:queue')}?{query}&{PANEL}=oui",
        "questions": answer_columns(listed, prestation).headings() if prestation else [],
    }
    return render(request, "backoffice/list_export_new.html", context)


@require_safe
@reader_page
def list_exports(request: AgentRequest) -> HttpResponse:
    """One's own exports of the last month."""
    exports = ListExport.objects.filter(owner=request.user)[:SHOWN]
    prestations = Prestation.objects.in_bulk({one.prestation_code for one in exports})
    rows = [
        {
            "export": one,
            "name": _name(one, request.user),
            "prestation": prestations.get(one.prestation_code),
            "kind": SheetFormat(one.format).label,
            "length": _length(one.rows),
        }
        for one in exports
    ]
    return render(request, "backoffice/list_export_list.html", {"rows": rows})


@require_safe
@reader_page
def list_export(request: AgentRequest, export_id: int) -> HttpResponse:
    """How far an export is, and its file when it is ready."""
    return _page(request, get_object_or_404(ListExport, pk=export_id, owner=request.user))


@require_safe
@reader_page
def list_export_file(request: AgentRequest, export_id: int) -> HttpResponseBase:
    """The file, for its owner while they may still read what it holds; the download is noted."""
    export = get_object_or_404(ListExport, pk=export_id, owner=request.user)
    if export.is_running:
        return redirect("backoffice:list_export", export_id=export.pk)
    if not export.is_ready or export.expires_at < timezone.now():
        return _page(request, export, status=HTTPStatus.GONE)
    if rights_of(request.user) != export.rights:
        return _page(request, export, status=HTTPStatus.FORBIDDEN)
    record_access(user=request.user, action=DOWNLOAD, object_type=LIST_EXPORT, object_id=export.pk)
    response = FileResponse(
        export.file.open(),
        as_attachment=True,
        filename=export.file_name,
        content_type=SheetFormat(export.format).media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@reader_page
def list_export_cancel(request: AgentRequest, export_id: int) -> HttpResponse:
    """Stop an export that is being prepared, or delete its file before its day is over."""
    export = get_object_or_404(ListExport, pk=export_id, owner=request.user)
    if cancel_list_export(actor=request.user, export_id=export.pk):
        told = _("L’export est annulé.") if export.is_running else _("Le fichier est effacé.")
        messages.success(request, told)
    return redirect("backoffice:list_export", export_id=export.pk)


def _page(request: AgentRequest, export: ListExport, status: int = HTTPStatus.OK) -> HttpResponse:
    listed = exported_list(export.query, request.user, timezone.now())
    is_over = export.is_ready and export.expires_at < timezone.now()  # not swept yet
    done = progress_of(export) if export.is_running else None
    context = {
        "export": export,
        "length": _length(export.rows if export.is_ready else export.total),
        "done": done,
        "done_words": format_value(done or 0),
        "kind": SheetFormat(export.format).label,
        "told": _told(listed, export.query) if listed else [],
        "is_over": is_over,
        "followed": FOLLOW in request.GET,
        "may_fetch": export.is_ready and not is_over and rights_of(request.user) == export.rights,
        "list_url": f"{reverse('backoffice:queue')}?{export.query}" if listed else "",
    }
    response = render(request, "backoffice/list_export.html", context, status=status)
    if FOLLOW in request.GET and export.is_running:  # whoever has no JavaScript chose it
        response["Refresh"] = f"{EVERY}"
    return response


def _length(total: int) -> str:
    if total > MOST_ROWS:
        return _("plus de %(n)s demandes") % {"n": format_value(MOST_ROWS)}
    return ngettext("%(n)s demande", "%(n)s demandes", total) % {"n": format_value(total)}


def _labels(listed: ListedRequests, shown: Collection[str]) -> list[str | Promise]:
    """The file's columns for these of the list."""
    return [column.label for column in columns_for(shown, figures_only=listed.figures_only)]


def _told(listed: ListedRequests, query: str) -> list[tuple[str, str]]:
    """The list in words: its view, each filter, its order."""
    told = [(_("Liste"), str(listed.view.label))]
    chips = chips_of(listed.filtered, QueryDict(query))
    told += [(str(chip["label"]), str(chip["value"]) or _("oui")) for chip in chips]
    return told + listed.order_words


def _name(export: ListExport, user: User) -> str:
    """What one's list of exports calls it: the view it is of."""
    view = view_of(export.query, user, behind_figures=True)
    return str(view.label) if view else _("Liste qui ne vous est plus ouverte")
