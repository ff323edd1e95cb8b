"""The mails an agent receives from the application."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.staff import choose_alert_mail, choose_arrival_mail
from backoffice.forms.own_mail import OwnMailForm
from prestations.enums import AlertMail
from prestations.models import AlertMailChoice, Membership
from requests.permissions import Right


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.BE_ALERTED, needs_post=False)
def own_mail(request: AgentRequest) -> HttpResponse:
    """Choose when alerts are told by mail and, by department, its new requests."""
    memberships = list(
        Membership.objects.filter(user=request.user, department__isnull=False)
        .select_related("department")
        .order_by("department__order", "department__label", "pk")
    )
    choice = AlertMailChoice.objects.filter(user=request.user).first()
    form = OwnMailForm(
        request.POST or None,
        memberships=memberships,
        alerts=choice.choice if choice else AlertMail.DAILY,
    )
    if request.method == "POST" and form.is_valid():
        choose_alert_mail(user=request.user, choice=form.cleaned_data["alerts"])
        choose_arrival_mail(user=request.user, chosen=form.chosen())
        messages.success(request, _("Votre choix est enregistré."))
        return redirect("backoffice:own_mail")
    return render(request, "backoffice/own_mail.html", {"form": form})
