"""The form builder: the draft of a form's next version, written question by question."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.draft_changes import changes_of
from backoffice.form_preview import Trial, trial_page
from backoffice.forms.form_settings import FormSettingsForm
from backoffice.shown_forms import shown_definition
from massy_grc.common.posted import posted_id
from massy_grc.common.words import day_and_time
from massy_grc.users.models import User
from prestations.editing.actions import begin_draft, discard_draft, write_draft
from prestations.editing.items import known_blocks
from prestations.exceptions import CatalogueError, StaleDraft
from prestations.forms.steps import PLACE, REQUESTER_STEP
from prestations.models import FormDraft, Prestation
from prestations.translation import also_in_english
from requests.permissions import Right

PREVIEW = "apercu"
VERSION = "version"


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
    if draft:
        context |= changes_of(prestation, draft) | {
            "outdated": draft.base_id != prestation.current_form_id,
            "form": settings
            or FormSettingsForm(definition=draft.definition, blocks=known_blocks()),
        }
    return render(request, "backoffice/form_builder.html", context)


@require_POST
@agent_page(Right.ADMINISTER, needs_post=False)
def form_act(request: AgentRequest, code: str, verb: str) -> HttpResponse:
    """Begin a draft, or set what holds for the whole form."""
    prestation = editable(code)
    draft = draft_of(prestation)
    if verb == "commencer":
        begun(prestation, request)
    elif verb == "reglages" and draft:
        form = FormSettingsForm(request.POST, definition=draft.definition, blocks=known_blocks())
        if not form.is_valid():
            return builder_page(request, prestation, draft, form)
        if request.POST.get("action") == PREVIEW:
            return _try(request, prestation, draft, form.definition())
        keep_draft(request, prestation, form.definition())
    elif verb != "reglages":
        raise Http404
    return redirect("backoffice:form_builder", code)


def _try(
    request: AgentRequest, prestation: Prestation, draft: FormDraft, definition: dict[str, Any]
) -> HttpResponse:
    """The page that a setting changes: the place, else who asks."""
    trial = trial_of(prestation, draft)
    trial.definition = definition
    moved = definition["location"] != draft.definition["location"]
    trial.show_kind(*([PLACE] if moved else []), REQUESTER_STEP)
    return trial_page(request, trial)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def form_discard(request: AgentRequest, code: str) -> HttpResponse:
    """What would be lost with the draft; the button that gives it up."""
    prestation = editable(code)
    draft = draft_of(prestation)
    if request.method == "POST":
        try:
            discard_draft(prestation_id=code, revision=posted_id(request.POST.get("revision")) or 0)
        except CatalogueError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Le brouillon est abandonné."))
        return redirect("backoffice:form_builder", code)
    if draft is None:
        return redirect("backoffice:form_builder", code)
    context = {"prestation": prestation, "draft": draft, **changes_of(prestation, draft)}
    return render(request, "backoffice/form_discard.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def form_preview(request: AgentRequest, code: str) -> HttpResponse:
    """The pages of the draft as a citizen sees them; `?page=` says which, none keeps answers.

    ``?version=<number>`` gives those of a version that was published.
    """
    prestation = editable(code)
    address = reverse("backoffice:form_preview", args=[code])
    if VERSION in request.GET:
        number = posted_id(request.GET[VERSION]) or 0
        read = get_object_or_404(prestation.form_versions, number=number)
        trial = Trial(prestation, read.definition, {}, f"{address}?{VERSION}={number}")
        return _tried(request, trial)
    draft, version = draft_of(prestation), prestation.current_form
    if draft is None and version is None:
        raise Http404
    definition = draft.definition if draft else version.definition if version else {}
    return _tried(request, Trial(prestation, definition, draft.english if draft else {}, address))


def _tried(request: AgentRequest, trial: Trial) -> HttpResponse:
    posted = request.method == "POST"
    data = request.POST if posted else request.GET
    trial.take_up(data)
    trial.language = data.get("langue", "")
    if not posted and (written := request.GET.get("question", "")):
        trial.show(written)
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


def trial_of(prestation: Prestation, draft: FormDraft) -> Trial:
    """The draft of its form, tried."""
    address = reverse("backoffice:form_preview", args=[prestation.pk])
    return Trial(prestation, draft.definition, draft.english, address)


def begun(prestation: Prestation, request: AgentRequest) -> FormDraft:
    """Begin the draft of its form, or go on with the one begun."""
    block = next(iter(known_blocks().values()))
    return begin_draft(prestation_id=prestation.pk, block=block, actor=request.user)


def keep_draft(request: AgentRequest, prestation: Prestation, definition: dict[str, Any]) -> bool:
    """Write the draft that a page showed; tell when somebody else has written it since."""
    try:
        write_draft(
            prestation_id=prestation.pk,
            revision=posted_id(request.POST.get("revision")) or 0,
            definition=definition,
            actor=request.user,
        )
    except StaleDraft:
        now_shown = _("Voici le brouillon tel qu’il est maintenant.")
        told = stale_words(draft_of(prestation), request.user)
        messages.error(request, f"{told} {now_shown}")
        return False
    return True


def stale_words(draft: FormDraft | None, reader: User) -> str:
    """Who has written the draft since it was read, as its reader is told."""
    if draft is None:
        return str(StaleDraft.message)
    when = day_and_time(draft.changed_at)
    if draft.changed_by == reader:
        return _("Vous l’avez modifié dans une autre fenêtre (%(when)s).") % {"when": when}
    return f"{StaleDraft.message} ({draft.changed_by.get_full_name()}, {when})"
