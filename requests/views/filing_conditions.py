"""Before the form: the questions that tell whether the prestation is for this visitor."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from prestations.forms.eligibility import Condition, ConditionForm, conditions_of
from prestations.models import Prestation
from requests import actions
from requests.drafts import lacks_person, resume_url, unmet_condition
from requests.models import FilingDraft
from requests.typed import typed_before
from requests.views.filing_access import for_whom_it_waits, own_draft
from requests.views.filing_done import confirmation_url


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_it_waits
def file_condition(request: HttpRequest, slug: str, token: UUID, number: int) -> HttpResponse:
    """One question a page. A later one is not shown before the earlier ones let go on."""
    draft = own_draft(request, slug, token)
    if draft.filed_request:
        return redirect(confirmation_url(draft.filed_request))
    if lacks_person(draft):
        return redirect(resume_url(draft))
    condition, total = _asked(draft, number)
    unmet = unmet_condition(draft)
    if unmet and unmet.number < number:
        return redirect("requests:file_condition", slug=slug, token=token, number=unmet.number)
    form = ConditionForm(
        condition,
        request.POST or typed_before(request),
        initial=draft.eligibility.get(condition.code, ""),
    )
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["reponse"]
        draft = actions.answer_condition(token=token, code=condition.code, answer=answer)
        if answer in condition.stops:
            return redirect("requests:file_stopped", slug=slug, token=token, number=number)
        if number < total:
            return redirect("requests:file_condition", slug=slug, token=token, number=number + 1)
        return redirect(resume_url(draft))
    context = {
        "prestation": draft.prestation,
        "condition": condition,
        "total": total,
        "form": form,
        "previous": number - 1,
        "token": token,
    }
    return render(request, "requests/filing_condition.html", context)


@require_safe
@for_whom_it_waits
def file_stopped(request: HttpRequest, slug: str, token: UUID, number: int) -> HttpResponse:
    """Why the way ends here, what to do instead, whom to ask; the answer can be changed."""
    draft = own_draft(request, slug, token)
    condition, _total = _asked(draft, number)
    stop = condition.stops.get(draft.eligibility.get(condition.code, ""))
    if stop is None or draft.filed_request:
        return redirect("requests:file_condition", slug=slug, token=token, number=number)
    other = Prestation.objects.listed().filter(pk=stop.prestation).first()
    context = {
        "prestation": draft.prestation,
        "condition": condition,
        "stop": stop,
        "other": other,
        "token": token,
    }
    return render(request, "requests/filing_stopped.html", context)


def _asked(draft: FilingDraft, number: int) -> tuple[Condition, int]:
    """The question of this number, and how many there are.

    Raises:
        Http404: the form has no such question.
    """
    conditions = conditions_of(draft.form_version)
    if not 1 <= number <= len(conditions):
        raise Http404
    return conditions[number - 1], len(conditions)
