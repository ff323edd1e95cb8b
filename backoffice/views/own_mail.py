"""The mails an agent receives from the application."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.staff import choose_arrival_mail
from backoffice.forms.own_mail import ArrivalMailForm
from prestations.models import Membership
from requests.permissions import Right


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.EXPERT_WORK, needs_post=False)
def own_mail(request: AgentRequest) -> HttpResponse:
    """Choose, for each of one's departments, when its new requests are told by mail."""
    memberships = list(
        Membership.objects.filter(user=request.user, department__isnull=False)
        .select_related("department")
        .order_by("department__order", "department__label", "pk")
    )
    form = ArrivalMailForm(request.POST or None, memberships=memberships)
    if request.method == "POST" and form.is_valid():
        choose_arrival_mail(user=request.user, chosen=form.chosen())
        messages.success(request, _("Votre choix est enregistré."))
        return redirect("backoffice:own_mail")
    return render(request, "backoffice/own_mail.html", {"form": form})
