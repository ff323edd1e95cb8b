"""Before the form: the person for whom somebody else fills it in."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from citizens.forms import posted
from prestations.forms import parse_address
from requests import actions
from requests.drafts import resume_url
from requests.forms.behalf import PersonForm
from requests.typed import typed_before
from requests.views.filing_access import for_whom_it_waits, own_draft
from requests.views.filing_done import confirmation_url


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_it_waits
def file_person(request: HttpRequest, slug: str, token: UUID) -> HttpResponse:
    """Who they are and how the town tells them; a form for oneself has no such page."""
    draft = own_draft(request, slug, token)
    if draft.filed_request:
        return redirect(confirmation_url(draft.filed_request))
    if draft.person is None:
        raise Http404
    known = {**draft.person, "address": parse_address(draft.person.get("address", ""))}
    form = PersonForm(posted(request) or typed_before(request), initial=known)
    if request.method == "POST" and form.is_valid():
        draft = actions.name_person(token=token, person=form.person())
        return redirect(resume_url(draft))
    context = {"prestation": draft.prestation, "form": form}
    return render(request, "requests/filing_person.html", context)
