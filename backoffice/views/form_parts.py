"""The questions, the documents and the questions before a form: written, tried, moved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.form_preview import INCOMPLETE, trial_page
from backoffice.forms.form_choices import begin_as_typed
from backoffice.forms.form_parts import DocumentForm, QuestionForm
from backoffice.forms.form_questions_before import BeforeForm
from backoffice.views.form_builder import (
    PREVIEW,
    begun,
    draft_of,
    editable,
    keep_draft,
    stale_words,
    trial_of,
)
from massy_grc.common.posted import posted_id
from prestations.editing.actions import write_draft
from prestations.editing.checking import same_words
from prestations.editing.comparing import compare_forms
from prestations.editing.operations import PARTS, Part, move, put, remove
from prestations.exceptions import StaleDraft
from prestations.models import FormDraft, Prestation
from prestations.translation import also_in_english, catalogue_text, english_of
from requests.permissions import Right

FORMS: dict[str, type[QuestionForm | DocumentForm | BeforeForm]] = {
    "questions": QuestionForm,
    "pieces": DocumentForm,
    "conditions": BeforeForm,
}
MORE = "plus"
UP, DOWN, REMOVE = "monter", "descendre", "retirer"


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def form_part(request: AgentRequest, code: str, part: str, name: str = "") -> HttpResponse:
    """Write one question, one document or one question before the form; try it while writing."""
    prestation = editable(code)
    draft = draft_of(prestation)
    if part not in FORMS:
        raise Http404
    gone = draft is None and request.method == "POST"  # while this was written
    if gone:
        draft = begun(prestation, request)
    if draft is None:
        return redirect("backoffice:form_builder", code)
    item = PARTS[part].find(draft.definition, name) if name else None
    if name and item is None and request.method != "POST":
        messages.info(request, _("Elle n’est plus dans le brouillon."))
        return redirect("backoffice:form_builder", code)
    with also_in_english(draft.english):
        return _part_page(request, prestation, draft, part, item, gone=gone)


def _part_page(
    request: AgentRequest,
    prestation: Prestation,
    draft: FormDraft,
    part: str,
    item: dict[str, Any] | None,
    *,
    gone: bool,
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    action = data.get("action") if data is not None else None
    form = FORMS[part](data, definition=draft.definition, item=item)
    list_of = PARTS[part]
    name = item[list_of.named_by] if item else None
    if action == PREVIEW:
        return _try(request, prestation, draft, part, form, name)
    if action == MORE and isinstance(form, (QuestionForm, BeforeForm)):  # without a script
        form = FORMS[part](None, definition=draft.definition, item=item)
        begin_as_typed(form, request.POST)
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
        except StaleDraft:
            told = _("Le brouillon a été publié ou abandonné entre-temps.")
            told = told if gone else stale_words(draft, request.user)
            again = _("Relisez ci-dessous ce que vous changez, puis enregistrez de nouveau.")
            form.add_error(None, f"{told} {again}")
            changes = compare_forms(draft.definition, definition)
        else:
            messages.success(request, _("C’est dans le brouillon."))
            _warn_of_same_words(request, made, definition)
            _warn_of_english(request, form.behind())
            url = reverse("backoffice:form_builder", args=[prestation.pk])
            return redirect(f"{url}#{part}-{made[list_of.named_by]}")
    context = {
        "prestation": prestation,
        "draft": draft,
        "part": part,
        "title": catalogue_text(item.get("label") or item["question"]) if item else "",
        "form": form,
        "changes": changes,
        "judged": [form, *getattr(form, "choices", ())],
        "has_errors": form.is_bound and not form.is_valid(),
        "written": name or "",
    }
    return render(request, "backoffice/form_part.html", context)


def _try(request, prestation, draft, part, form, name) -> HttpResponse:
    """The page where the question stands as it is being written; as it was while it is wrong."""
    trial = trial_of(prestation, draft)
    if form.is_valid():
        made = form.named()
        trial.definition = put(draft.definition, PARTS[part], made, name)
        trial.english = {**draft.english, **form.english()}
        name = made[PARTS[part].named_by]
    trial.show(name or "")
    page = trial_page(request, trial)
    if not form.is_valid():
        page[INCOMPLETE] = "1"
    return page


def _warn_of_same_words(
    request: AgentRequest, made: dict[str, Any], definition: dict[str, Any]
) -> None:
    label = catalogue_text(made.get("label", ""))
    if label in same_words(definition):
        told = _("Une autre question a le même texte : « %(label)s ».")
        messages.warning(request, told % {"label": label})


def _warn_of_english(request: AgentRequest, behind: dict[str, str]) -> None:
    told = _("« %(french)s » n’a plus d’anglais : « %(english)s » traduisait le texte d’avant.")
    for french, english in behind.items():
        if not english_of(french):
            messages.warning(request, told % {"french": french, "english": english})


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
        if keep_draft(request, prestation, definition) and verb != REMOVE:
            _tell_place(request, PARTS[part], definition, name)
    anchor = part if verb == REMOVE else f"{part}-{name}"
    return redirect(f"{reverse('backoffice:form_builder', args=[code])}#{anchor}")


def _tell_place(request: AgentRequest, part: Part, definition: dict[str, Any], name: str) -> None:
    items, index = part.items(definition), part.index(definition, name) or 0
    label = catalogue_text(items[index].get("label") or items[index]["question"])
    told = _("« %(label)s » : place %(place)d sur %(count)d.")
    messages.success(request, told % {"label": label, "place": index + 1, "count": len(items)})
