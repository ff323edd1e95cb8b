"""A place in a form: is the street right, is it reported already?

With JavaScript, the reports near are told while the place is typed (`file_nearby`); what was not
told there is asked after the page.
"""

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from citizens.access import account_email
from prestations.forms import Questionnaire, Step
from prestations.forms.address import AddressField
from prestations.streets.lookup import active_streets
from requests import actions
from requests.drafts import resume_url
from requests.models import FilingDraft
from requests.nearby import open_reports_near, other_reports_near
from requests.places import PlaceDoubt, doubt_about
from requests.routing.catalogue import is_urgent
from requests.views.filing_access import for_whom_it_waits, own_draft
from requests.views.filing_done import confirmation_url

SEEN = "signalement_vu"  # posted with a page: the reports that it showed beside its place


def place_url(
    draft: FilingDraft,
    questionnaire: Questionnaire,
    step: Step,
    query: str,
    seen: Collection[str] = (),
) -> str:
    """The page that asks about the place just given; blank when there is nothing to ask.

    A street that the register does not know is told once, then accepted.

    Args:
        seen: numbers of the reports told on the page itself.
    """
    if not any(question.is_place for question in step.questions):
        return ""
    if doubt_about(draft.prestation, questionnaire.place_answer(draft.answers), seen) is None:
        return ""
    args = [draft.prestation_id, draft.token, step.number]
    return reverse("requests:file_place", args=args) + (f"?{query}" if query else "")


def back_to_place(draft: FilingDraft) -> str:
    """The page that asks about the place of a form; where the form goes on when it asks nothing."""
    questionnaire = Questionnaire(draft.form_version, draft.channel)
    steps = questionnaire.steps(draft.answers)
    asked = (place_url(draft, questionnaire, step, "") for step in steps)
    return next((url for url in asked if url), "") or resume_url(draft)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_it_waits
def file_place(request: HttpRequest, slug: str, token: UUID, step: int) -> HttpResponse:
    """Streets of that name, and open reports near: follow one, or go on."""
    draft = own_draft(request, slug, token)
    if draft.filed_request:
        return redirect(confirmation_url(draft.filed_request))
    questionnaire = Questionnaire(draft.form_version, draft.channel)
    steps = questionnaire.steps(draft.answers)
    if not 1 <= step <= len(steps):
        raise Http404
    came_from_check = request.GET.get("retour") == "verification"
    query = "retour=verification" if came_from_check else ""
    args = [draft.prestation_id, draft.token]
    if came_from_check or step == len(steps):
        next_url = reverse("requests:file_check", args=args)
    else:
        next_url = reverse("requests:file_step", args=[*args, step + 1])
    if request.method == "POST":
        street = get_object_or_404(active_streets(), pk=request.POST.get("rue", "")[:20])
        answers = questionnaire.with_street(draft.answers, street.name)
        draft = actions.save_answers(token=token, answers=answers)
        return redirect(place_url(draft, questionnaire, steps[step - 1], query) or next_url)
    doubt = doubt_about(draft.prestation, questionnaire.place_answer(draft.answers))
    context = {
        "prestation": draft.prestation,
        "doubt": doubt or PlaceDoubt(street="", typed="", streets=[], reports=[]),
        "draft": draft,
        "email": known_address(request, draft),
        "next_url": next_url,
        "back_url": reverse("requests:file_step", args=[*args, step])
        + (f"?{query}" if query else ""),
        "urgent": is_urgent(draft.prestation, draft.answers),
    }
    return render(request, "requests/filing_place.html", context)


@require_safe
def file_nearby(request: HttpRequest, slug: str, token: UUID) -> HttpResponse:
    """The open reports near the place being typed: a part of the page that asks for it.

    204 when none is near, or the place is not known yet.
    """
    draft = own_draft(request, slug, token)
    field = AddressField(spot=True)
    try:
        place = field.clean([request.GET.get(part, "") for part in field.parts])
    except ValidationError:
        place = None
    reports = open_reports_near(draft.prestation, place)
    others = other_reports_near(draft.prestation, place)
    if not reports and not others:
        return HttpResponse(status=204)
    context = {
        "reports": reports,
        "others": others,
        "draft": draft,
        "email": known_address(request, draft),
        "seen": SEEN,
    }
    return render(request, "requests/filing_nearby.html", context)


def known_address(request: HttpRequest, draft: FilingDraft) -> str:
    """Return where news of a report followed instead would go, as far as it is known."""
    return account_email(request) or draft.answers.get("demandeur", {}).get("email", "")
