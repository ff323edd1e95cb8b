"""« Mes préférences »: how one's pages look, one's last words, and which mails one gets."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.preferences import (
    choose_alert_mail,
    choose_arrival_mail,
    choose_closing,
    choose_pages,
)
from backoffice.forms.preferences import PreferencesForm
from prestations.enums import AlertMail
from prestations.models import AlertMailChoice, Membership
from requests import actions
from requests.enums import NoticeKind
from requests.permissions import Right, scope_of


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(needs_post=False)
def preferences(request: AgentRequest) -> HttpResponse:
    """Choose for oneself; what is no part of one's work is not asked."""
    user, scope = request.user, scope_of(request.user)
    choice = AlertMailChoice.objects.filter(user=user).first()
    departments = Membership.objects.filter(user=user, department__isnull=False)
    form = PreferencesForm(
        request.POST or None,
        user=user,
        writes=scope.may(Right.FRONT_OFFICE),
        alerted=scope.may(Right.BE_ALERTED),
        alerts=choice.choice if choice else AlertMail.DAILY,
        mailed=actions.mail_choices(user),
        memberships=list(
            departments.select_related("department").order_by(
                "department__order", "department__label", "pk"
            )
        ),
    )
    if request.method == "POST" and form.is_valid():
        _keep(request, form)
        messages.success(request, _("Votre choix est enregistré."))
        return redirect("backoffice:preferences")
    return render(request, "backoffice/preferences.html", {"form": form})


@transaction.atomic
def _keep(request: AgentRequest, form: PreferencesForm) -> None:
    user, data = request.user, form.cleaned_data
    choose_pages(user=user, theme=data["theme"], letter_keys=data["letter_keys"])
    if "closing" in data:
        choose_closing(user=user, closing=data["closing"])
    if "alerts" in data:
        mailed = {kind: kind in data["mailed"] for kind in NoticeKind}
        actions.choose_notice_mail(user=user, chosen=mailed)
        choose_alert_mail(user=user, choice=data["alerts"])
        choose_arrival_mail(user=user, chosen=form.chosen())
