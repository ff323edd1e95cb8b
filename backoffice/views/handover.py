"""The page that hands over the files of an agent who leaves or moves."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from backoffice import handover
from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import record_access
from backoffice.forms.staff import HandoverForm
from massy_grc.users.models import User
from requests.permissions import Right


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.ADMINISTER, needs_post=False)
def hand_over_files(request: AgentRequest, user_id: int) -> HttpResponse:
    """Give this person's open files to a colleague or back to the team; tell what became of each.

    Sent twice, the second press finds nothing left to hand over.
    """
    person = get_object_or_404(User.objects.agents(), pk=user_id)
    form = HandoverForm(request.POST or None, person=person)
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = handover.hand_over(
            actor=request.user,
            person=person,
            successor=form.cleaned_data["successor"],
            references=request.POST.getlist("files"),
        )
        record_access(
            user=request.user, action="hand_over", object_type="user", object_id=person.pk
        )
        form = HandoverForm(person=person)
    files = handover.files_of(person)
    context = {
        "person": person,
        "form": form,
        "outcome": outcome,
        # an administrator is told which files wait, not what they are about
        "files": files.select_related("department", "team").only(
            "reference",
            "due_at",
            "assignee_id",
            "front_agent_id",
            "department_since",
            "department__label",
            "team__label",
        )[: handover.BATCH],
        "total": files.count(),
        "promises": handover.promises_of(person),
    }
    return render(request, "backoffice/staff_handover.html", context)
