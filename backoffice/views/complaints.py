"""What Proximité notes about a complaint; nobody else reads it (S33, S34)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import record_opening
from backoffice.forms.complaints import ComplaintForm
from backoffice.neighbours import list_behind, with_list
from backoffice.views.requests import find_request
from massy_grc.common.posted import posted_id
from requests import actions
from requests.exceptions import MissingInput, RequestError, StaleRequest
from requests.models import Complaint
from requests.permissions import Right

NOTED = ("severity", "cause", "action", "action_on", "action_done", "abusive")


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.HANDLE_COMPLAINTS)
def complaint(request: AgentRequest, reference: str) -> HttpResponse:
    """Say how grave it is, why it happened, what puts it right, and whether it is abusive."""
    sr = find_request(request, reference)
    record_opening(request.user, sr)
    known = Complaint.objects.filter(request=sr).first()
    version = known.version if known else 0
    initial = {name: getattr(known, name) for name in NOTED} if known else {}
    form = ComplaintForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_valid():
        seen = posted_id(request.POST.get("version"))
        try:
            actions.note_complaint(
                request_id=sr.pk,
                version=-1 if seen is None else seen,
                actor=request.user,
                **form.cleaned_data,
            )
        except StaleRequest:
            form.add_error(
                None, _("Un collègue vient de noter autre chose : vérifiez, puis enregistrez.")
            )
            status = 409
        except MissingInput as refusal:
            form.add_error("action_on", str(refusal))
        except RequestError as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, _("La réclamation est à jour."))
            return redirect(with_list(sr.get_absolute_url(), request.GET))
    context = {"sr": sr, "form": form, "known": known, "version": version}
    context |= list_behind(request.GET)
    return render(request, "backoffice/complaint_form.html", context, status=status)
