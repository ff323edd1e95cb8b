"""The versions of a form: published, compared, put in force again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.draft_changes import changes_of
from backoffice.forms.form_settings import NoteForm
from backoffice.offer_way import placed
from backoffice.views.form_builder import draft_of, editable
from massy_grc.common.posted import posted_id
from prestations.editing.actions import publish_again, publish_draft
from prestations.editing.checking import Told
from prestations.editing.comparing import compare_forms
from prestations.editing.english import new_english
from prestations.enums import PrestationStatus
from prestations.exceptions import CatalogueError, StillWrong
from prestations.models import FormVersion, Prestation
from prestations.translation import also_in_english
from requests.permissions import Right

SHOWN = 50


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def form_versions(request: AgentRequest, code: str) -> HttpResponse:
    """Every version with its note; any two of them compared in words."""
    prestation = editable(code)
    versions = list(
        prestation.form_versions.select_related("publication__by").order_by("-number")[:SHOWN]
    )
    newer = _asked(versions, request.GET.get("a")) or (versions[0] if versions else None)
    older = _asked(versions, request.GET.get("de")) or (versions[1] if versions[1:] else newer)
    context = {
        "prestation": prestation,
        "versions": versions,
        "older": older,
        "newer": newer,
        "changes": compare_forms(older.definition, newer.definition) if older and newer else [],
    }
    return render(request, "backoffice/form_versions.html", context)


def _asked(versions: list[FormVersion], number: str | None) -> FormVersion | None:
    return next((one for one in versions if one.number == posted_id(number)), None)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def form_publish(request: AgentRequest, code: str) -> HttpResponse:
    """What the draft changes, what is wrong with it; the button that puts it in force."""
    prestation = editable(code)
    draft = draft_of(prestation)
    if draft is None:
        return redirect("backoffice:form_builder", code)
    refused = False
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            version = publish_draft(
                prestation_id=code,
                revision=posted_id(request.POST.get("revision")) or 0,
                note=form.cleaned_data["note"],
                actor=request.user,
            )
        except StillWrong:
            refused = True  # the page tells all that is wrong
        except CatalogueError as refusal:
            form.add_error(None, str(refusal))
        else:
            if version is None:
                told = _("C’est en vigueur. Les questions n’ont pas changé : le formulaire reste.")
                messages.success(request, told)
                return redirect("backoffice:offer_rules", code)
            return _published(request, version)
    english = new_english(draft.english)
    with also_in_english(draft.english):
        context = {
            "prestation": prestation,
            "draft": draft,
            "form": form,
            "refused": refused,
            "first": prestation.current_form is None,
            "english": english,
            **changes_of(prestation, draft),
        }
        return render(request, "backoffice/form_publish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def form_again(request: AgentRequest, code: str, number: int) -> HttpResponse:
    """What an older version changes of the one in force; the button that publishes it anew."""
    prestation = editable(code)
    older = get_object_or_404(prestation.form_versions, number=number)
    if older == prestation.current_form:
        told = _("La version %(number)d est déjà en vigueur.") % {"number": number}
        messages.info(request, told)
        return redirect("backoffice:form_versions", code)
    problems: list[Told] = []
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            version = publish_again(
                prestation_id=code,
                number=number,
                note=form.cleaned_data["note"],
                actor=request.user,
            )
        except StillWrong as refusal:
            problems = refusal.problems
        except CatalogueError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _published(request, version)
    context = {
        "prestation": prestation,
        "older": older,
        "next": prestation.form_versions.latest("number").number + 1,
        "form": form,
        "problems": placed(prestation, problems),
        "refused": True,
        "changes": _against(prestation, older),
    }
    return render(request, "backoffice/form_publish.html", context)


def _against(prestation: Prestation, older: FormVersion) -> list:
    current = prestation.current_form
    return compare_forms(current.definition, older.definition) if current else []


def _published(request: AgentRequest, version: FormVersion) -> HttpResponse:
    if version.prestation.status == PrestationStatus.DRAFT:
        told = _("Le formulaire est publié. Voici ce qui reste avant la mise en service.")
        messages.success(request, told)
        return redirect("backoffice:offer", version.prestation_id)
    messages.success(
        request,
        _("La version %(number)d est en vigueur. Les demandes déjà commencées gardent la leur.")
        % {"number": version.number},
    )
    return redirect("backoffice:form_versions", version.prestation_id)
