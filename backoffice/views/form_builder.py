"""The form builder: the draft of a form's next version, written question by question."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.form_preview import Trial, trial_page
from backoffice.forms.form_parts import DocumentForm, QuestionForm
from backoffice.forms.form_questions_before import BeforeForm
from backoffice.forms.form_settings import FormSettingsForm
from backoffice.shown_forms import shown_definition
from massy_grc.common.posted import posted_id
from prestations.editing.actions import begin_draft, discard_draft, write_draft
from prestations.editing.checking import problems_of
from prestations.editing.comparing import compare_forms
from prestations.editing.items import known_blocks
from prestations.editing.operations import PARTS, move, put, remove
from prestations.exceptions import CatalogueError, StaleDraft
from prestations.models import FormDraft, Prestation
from prestations.translation import also_in_english, catalogue_text
from requests.permissions import Right

FORMS: dict[str, type[QuestionForm | DocumentForm | BeforeForm]] = {
    "questions": QuestionForm,
    "pieces": DocumentForm,
    "conditions": BeforeForm,
}
PREVIEW = "apercu"
UP, DOWN, REMOVE = "monter", "descendre", "retirer"


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def form_builder(request: AgentRequest, code: str) -> HttpResponse:
    """The draft of the next version beside its preview; without draft, the version in force."""
    prestation = editable(code)
    draft = draft_of(prestation)
    return builder_page(request, prestation, draft)


def builder_page(
    request: AgentRequest,
    prestation: Prestation,
    draft: FormDraft | None,
    settings: FormSettingsForm | None = None,
) -> HttpResponse:
    """The builder, with the form of its settings as it was typed where something is wrong."""
    version = prestation.current_form
    definition = draft.definition if draft else version.definition if version else None
    context: dict[str, Any] = {
        "prestation": prestation,
        "draft": draft,
        "version": version,
    }
    if definition:
        with also_in_english(draft.english if draft else {}):
            context |= {"shown": shown_definition(definition)}
    if draft and definition:
        blocks = known_blocks()
        current = version.definition if version else None
        context |= {
            "problems": problems_of(prestation, definition),
            "changes": compare_forms(current, definition) if current else [],
            "outdated": draft.base_id != prestation.current_form_id,
            "form": settings or FormSettingsForm(definition=definition, blocks=blocks),
        }
    return render(request, "backoffice/form_builder.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def form_part(request: AgentRequest, code: str, part: str, name: str = "") -> HttpResponse:
    """Write one question, one document or one question before the form; try it while writing."""
    prestation = editable(code)
    draft = draft_of(prestation)
    if part not in FORMS:
        raise Http404
    if draft is None and request.method == "POST":  # published or given up while this was written
        draft = _begun(prestation, request)
    if draft is None:
        return redirect("backoffice:form_builder", code)
    item = PARTS[part].find(draft.definition, name) if name else None
    if name and item is None and request.method != "POST":
        messages.info(request, _("Elle n’est plus dans le brouillon."))
        return redirect("backoffice:form_builder", code)
    with also_in_english(draft.english):
        return _part_page(request, prestation, draft, part, item)


def _begun(prestation: Prestation, request: AgentRequest) -> FormDraft:
    block = next(iter(known_blocks().values()))
    return begin_draft(prestation_id=prestation.pk, block=block, actor=request.user)


def _part_page(
    request: AgentRequest,
    prestation: Prestation,
    draft: FormDraft,
    part: str,
    item: dict[str, Any] | None,
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = FORMS[part](data, definition=draft.definition, item=item)
    list_of = PARTS[part]
    name = item[list_of.named_by] if item else None
    if data is not None and data.get("action") == PREVIEW:
        return _try(request, prestation, draft, part, form, name)
    changes = []
    if form.is_valid():
        made = form.named()
        definition = put(draft.definition, list_of, made, name)
        try:
            write_draft(
                prestation_id=prestation.pk,
                revision=posted_id(data.get("revision")) or 0 if data else 0,
                definition=definition,
                english=form.english(),
                actor=request.user,
            )
        except StaleDraft as refusal:
            form.add_error(None, _told_stale(refusal, draft))
            changes = compare_forms(draft.definition, definition)
        else:
            messages.success(request, _("C’est dans le brouillon."))
            url = reverse("backoffice:form_builder", args=[prestation.pk])
            return redirect(f"{url}#{part}-{made[list_of.named_by]}")
    context = {
        "prestation": prestation,
        "draft": draft,
        "part": part,
        "title": catalogue_text(item.get("label") or item["question"]) if item else "",
        "form": form,
        "changes": changes,
        "has_errors": form.is_bound and not form.is_valid(),
        "page": _trial(prestation, draft).page_of(name) if name else 1,
        "written": name or "",
    }
    return render(request, "backoffice/form_part.html", context)


def _try(request, prestation, draft, part, form, name) -> HttpResponse:
    """The page where the question stands as it is being written; as it was while it is wrong."""
    trial = _trial(prestation, draft)
    if form.is_valid():
        made = form.named()
        trial.definition = put(draft.definition, PARTS[part], made, name)
        trial.english = {**draft.english, **form.english()}
        name = made[PARTS[part].named_by]
    trial.written = name or ""
    trial.page = trial.page_of(trial.written)
    return trial_page(request, trial)


def _trial(prestation: Prestation, draft: FormDraft) -> Trial:
    address = reverse("backoffice:form_preview", args=[prestation.pk])
    return Trial(prestation, draft.definition, draft.english, address)


def _told_stale(refusal: StaleDraft, draft: FormDraft) -> str:
    who = draft.changed_by.get_full_name()
    again = _("Relisez ci-dessous ce que vous changez, puis enregistrez de nouveau.")
    return f"{refusal} ({who}) {again}"


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def form_part_act(
    request: AgentRequest, code: str, part: str, name: str, verb: str
) -> HttpResponse:
    """Move one up or down, or take it out of the draft."""
    prestation = editable(code)
    draft = draft_of(prestation)
    if part not in FORMS or verb not in (UP, DOWN, REMOVE):
        raise Http404
    if draft and PARTS[part].find(draft.definition, name):
        if verb == REMOVE:
            definition = remove(draft.definition, PARTS[part], name)
        else:
            definition = move(draft.definition, PARTS[part], name, -1 if verb == UP else 1)
        _write(request, prestation, definition)
    anchor = part if verb == REMOVE else f"{part}-{name}"
    return redirect(f"{reverse('backoffice:form_builder', args=[code])}#{anchor}")


def _write(request: AgentRequest, prestation: Prestation, definition: dict[str, Any]) -> None:
    try:
        write_draft(
            prestation_id=prestation.pk,
            revision=posted_id(request.POST.get("revision")) or 0,
            definition=definition,
            actor=request.user,
        )
    except StaleDraft as refusal:
        messages.error(request, f"{refusal} {_('Voici le brouillon tel qu’il est maintenant.')}")


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def form_act(request: AgentRequest, code: str, verb: str) -> HttpResponse:
    """Begin a draft, give it up, or set what holds for the whole form."""
    prestation = editable(code)
    draft = draft_of(prestation)
    if verb == "commencer":
        _begun(prestation, request)
    elif verb == "abandonner":
        try:
            discard_draft(prestation_id=code, revision=posted_id(request.POST.get("revision")) or 0)
        except CatalogueError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Le brouillon est abandonné."))
    elif verb == "reglages" and draft:
        form = FormSettingsForm(request.POST, definition=draft.definition, blocks=known_blocks())
        if not form.is_valid():
            return builder_page(request, prestation, draft, form)
        _write(request, prestation, form.definition())
    elif verb != "reglages":
        raise Http404
    return redirect("backoffice:form_builder", code)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def form_preview(request: AgentRequest, code: str) -> HttpResponse:
    """The pages of the draft as a citizen sees them; `?page=` says which, none keeps answers."""
    prestation = editable(code)
    draft, version = draft_of(prestation), prestation.current_form
    if draft is None and version is None:
        raise Http404
    address = reverse("backoffice:form_preview", args=[code])
    definition = draft.definition if draft else version.definition if version else {}
    trial = Trial(prestation, definition, draft.english if draft else {}, address)
    posted = request.method == "POST"
    data = request.POST if posted else request.GET
    trial.take_up(data)
    trial.language = data.get("langue", "")
    trial.written = request.GET.get("question", "")
    return trial_page(request, trial, posted=posted)


def editable(code: str) -> Prestation:
    """The prestation of this code that the town may change: the unsorted one is the program's."""
    rows = Prestation.objects.select_related("current_form", "category", "processing")
    prestation = get_object_or_404(rows, pk=code)
    if prestation.is_unsorted:
        raise Http404
    return prestation


def draft_of(prestation: Prestation) -> FormDraft | None:
    """The draft of its form, with who wrote it last."""
    return FormDraft.objects.filter(prestation=prestation).select_related("changed_by").first()
