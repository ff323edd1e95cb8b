"""The whole configuration as a file; and files that change settings, looked at before they do."""

from django.contrib import messages
from django.db.models import F, Func, IntegerField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import CONFIGURATION, EXPORT_SETTINGS, REFUSED_ROWS, record_access
from backoffice.actions.imports import ask_import, forget_import, keep_import
from backoffice.enums import ImportState, SheetFormat
from backoffice.forms.configuration import ImportForm
from backoffice.imported.deciding import still_waiting, texts_waiting
from backoffice.imported.outlines import FORMATS, SLUGS, outline, outline_name
from backoffice.imported.progress import progress_of
from backoffice.imported.report import Change, said, shown_rows
from backoffice.imported.tables import TABLES
from backoffice.models import SettingsImport
from prestations.configuration.exchange import exported
from prestations.configuration.undoing import put_back_at
from prestations.exceptions import CatalogueError
from requests.exceptions import RequestError
from requests.permissions import Right

RECENT = 20
_NUMBER = IntegerField()
FOLLOW, EVERY = "suivre", 5  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def imports(request: AgentRequest) -> HttpResponse:
    """The export, the form of a file, what each table holds, and one's last imports."""
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = keep_import(
                actor=request.user,
                kind=form.cleaned_data["kind"],
                file_name=file.name,
                content=file.read(),
                language=get_language() or "fr",
            )
        except RequestError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("backoffice:import", kept.pk)
    rows = SettingsImport.objects.defer("content", "refused", "found").select_related("actor")
    done = rows.exclude(done_at=None).annotate(
        proposed=Func(F("found__waiting"), function="jsonb_array_length", output_field=_NUMBER)
    )
    recent = list(done.order_by("-done_at", "-pk")[:RECENT])
    back = put_back_at([one.act for one in recent if one.act])
    context = {
        "form": form,
        "tables": [(kind, TABLES.get(kind), slug) for kind, slug in SLUGS.items()],
        "under_way": rows.filter(actor=request.user, done_at=None)[:RECENT],
        "recent": [
            (one, max(0, (one.done or 0) - (one.proposed or 0)), one.act and back.get(one.act))
            for one in recent
        ],
        "with_refused": set(
            rows.filter(actor=request.user).exclude(refused="").values_list("pk", flat=True)
        ),
    }
    return render(request, "backoffice/import_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def import_one(request: AgentRequest, import_id: int) -> HttpResponse:
    """What one's file would change, and what of it is refused; then how its import goes."""
    rows = SettingsImport.objects.defer("content")
    known = get_object_or_404(rows, pk=import_id, actor=request.user)
    if request.method == "POST":
        try:
            ask_import(
                actor=request.user,
                import_id=known.pk,
                seen=request.POST.get("seen", ""),
                withdraws="withdraws" in request.POST,
                administers="administers" in request.POST,
            )
        except (CatalogueError, RequestError) as refusal:
            messages.error(request, str(refusal))
        return redirect("backoffice:import", known.pk)
    found, is_done = known.found, known.state == ImportState.DONE
    days, texts = found.get("days", []), found.get("waiting", [])
    context = {
        "import": known,
        "found": found,
        "counts": [Change(one).words(number) for one, number in found.get("counts", {}).items()],
        "things": [
            {**one, "rows": shown_rows(one["rows"])} for one in said(found.get("things", ()))
        ],
        "waiting": texts_waiting(known.act, texts) if is_done and known.act else said(texts),
        "days": still_waiting(days) if is_done else days,
        "made": max(0, (known.done or 0) - len(texts)),
        "proposed": len(texts),
        "put_back_at": put_back_at([known.act]).get(known.act) if known.act else None,
        "progress": progress_of(known.pk) if known.is_running else None,
        "is_examining": known.state == ImportState.EXAMINING,
        "followed": FOLLOW in request.GET,
    }
    response = render(request, "backoffice/import_detail.html", context)
    if FOLLOW in request.GET and known.is_running:  # whoever has no JavaScript chose it
        response["Refresh"] = f"{EVERY}"
    return response


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def import_forget(request: AgentRequest, import_id: int) -> HttpResponse:
    """Give one's file up before it is in force."""
    get_object_or_404(SettingsImport.objects.defer("content"), pk=import_id, actor=request.user)
    if forget_import(actor=request.user, import_id=import_id):
        messages.success(request, _("Le fichier est abandonné : rien n’est changé."))
        return redirect("backoffice:imports")
    messages.warning(request, _("Trop tard : ce fichier est importé."))
    return redirect("backoffice:import", import_id)


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def import_errors(request: AgentRequest, import_id: int) -> HttpResponse:
    """The refused rows with why, to be mended and sent again.

    Raises:
        Http404: it is another's, or nothing of it is refused any more.
    """
    rows = SettingsImport.objects.defer("content", "found")
    known = get_object_or_404(rows, pk=import_id, actor=request.user)
    if not known.refused:
        raise Http404
    record_access(
        user=request.user,
        action=REFUSED_ROWS,
        object_type=CONFIGURATION,
        object_id=known.pk,
        detail={"kind": known.kind},
    )
    return _file("\ufeff" + known.refused, f"refus-{known.pk}.csv", "text/csv; charset=utf-8")


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def import_outline(request: AgentRequest, slug: str, extension: str) -> HttpResponse:
    """The file that an import begins from.

    Raises:
        Http404: there is none of that name.
    """
    kind = next((one for one, name in SLUGS.items() if name == slug), None)
    if kind is None or extension not in FORMATS[kind]:
        raise Http404
    wanted = SheetFormat(extension)
    return _file(outline(kind, wanted), outline_name(kind, wanted), wanted.media_type)


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def configuration_export(request: AgentRequest) -> HttpResponse:
    """The whole configuration, without any person, as one YAML file."""
    record_access(user=request.user, action=EXPORT_SETTINGS, object_type=CONFIGURATION, object_id=0)
    name = f"configuration-{timezone.localdate()}.yaml"
    return _file(exported(), name, "application/yaml; charset=utf-8")


def _file(text: str | bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
