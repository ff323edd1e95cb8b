"""The whole configuration as a file; and files that change settings, looked at before they do."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import record_access
from backoffice.actions.imports import keep_import, look, put_import, refused_rows
from backoffice.configured.differences import differences
from backoffice.forms.configuration import ImportForm
from backoffice.imported.tables import TABLES
from backoffice.models import SettingsImport
from prestations.configuration.exchange import exported
from prestations.exceptions import CatalogueError
from requests.exceptions import RequestError
from requests.permissions import Right

SHOWN = 200
RECENT = 20


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
            )
        except RequestError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("backoffice:import", kept.pk)
    done = SettingsImport.objects.exclude(done_at=None).defer("content").select_related("actor")
    context = {
        "form": form,
        "tables": [(kind.label, one.columns, one.optional) for kind, one in TABLES.items()],
        "recent": done[:RECENT],
        "with_refused": set(
            done.filter(actor=request.user).exclude(content=b"").values_list("pk", flat=True)
        ),
    }
    return render(request, "backoffice/import_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def import_one(request: AgentRequest, import_id: int) -> HttpResponse:
    """What one's file would change, and what of it is refused; then it is put in force."""
    known = get_object_or_404(SettingsImport, pk=import_id, actor=request.user)
    if request.method == "POST":
        try:
            seen = request.POST.get("seen", "")
            looked = put_import(actor=request.user, import_id=known.pk, seen=seen)
        except (CatalogueError, RequestError) as refusal:
            messages.error(request, str(refusal))
            return redirect("backoffice:import", known.pk)
        else:
            known.refresh_from_db()
            done = known.done or 0
            text = ngettext("%(n)d changement est fait.", "%(n)d changements sont faits.", done)
            messages.success(request, text % {"n": done})
            if waiting := looked.waiting:
                names = ", ".join(f"{one.kind.label} {one.name}" for one in waiting[:RECENT])
                told = _(
                    "Proposé, pas encore en vigueur : une deuxième personne doit"
                    " l’approuver (%(names)s)."
                )
                messages.warning(request, told % {"names": names})
                for one in [one for one in waiting if one.named_by][:RECENT]:
                    told = _(
                        "En attendant « %(letter)s », une lettre générale part pour :"
                        " %(prestations)s."
                    )
                    given = {"letter": one.name, "prestations": ", ".join(one.named_by)}
                    messages.warning(request, told % given)
        return redirect("backoffice:imports")
    if known.done_at is not None:
        return redirect("backoffice:imports")
    looked = look(known, actor=request.user)
    context = {
        "import": known,
        "looked": looked,
        "steps": [
            {"step": one, "rows": differences(one.before, one.after)}
            for one in looked.steps[:SHOWN]
        ],
        "more": max(0, len(looked.steps) - SHOWN),
        "bad": looked.bad[:SHOWN],
        "may_put": not looked.faults and bool(looked.steps or looked.good),
    }
    return render(request, "backoffice/import_detail.html", context)


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def import_errors(request: AgentRequest, import_id: int) -> HttpResponse:
    """The refused rows with why, to be mended and sent again.

    Raises:
        Http404: it is another's, or nothing of it is refused any more.
    """
    known = get_object_or_404(SettingsImport, pk=import_id, actor=request.user)
    text = refused_rows(known, actor=request.user)
    if not text:
        raise Http404
    return _file("\ufeff" + text, f"refus-{known.pk}.csv", "text/csv; charset=utf-8")


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def configuration_export(request: AgentRequest) -> HttpResponse:
    """The whole configuration, without any person, as one YAML file."""
    record_access(
        user=request.user, action="configuration:export", object_type="configuration", object_id=0
    )
    name = f"configuration-{timezone.localdate()}.yaml"
    return _file(exported(), name, "application/yaml; charset=utf-8")


def _file(text: str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
