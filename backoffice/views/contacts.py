"""Contacts that need no request: what was asked, how it ended, and whom to call back."""

import re

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.reception import ContactForm
from backoffice.posts import post_of, post_rows
from citizens.models import Citizen
from requests import actions
from requests.enums import ContactOutcome
from requests.exceptions import RequestError
from requests.models import ConcernedPerson, Contact, ServiceRequest
from requests.permissions import Right

CALL_BACKS_SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def log_contact(request: AgentRequest) -> HttpResponse:
    """Note a contact that needs no request; below, the people to call back."""
    post = post_of(request)
    initial = {"channel": post.channel if post else None, "citizen": request.GET.get("citoyen")}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        citizen = Citizen.objects.living().filter(pk=data.pop("citizen") or 0).first()
        try:
            actions.log_contact(
                actor=request.user,
                citizen=citizen,
                **post_rows(request),
                **data,
            )
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Contact noté."))
            return redirect("backoffice:log_contact")
    latest = Contact.objects.filter(agent=request.user).select_related("citizen", "prestation")[:10]
    number = form["citizen"].value()
    citizen = None
    if re.fullmatch(r"[0-9]{1,18}", str(number or "")):
        citizen = Citizen.objects.living().filter(pk=number).first()
    return render(
        request,
        "backoffice/contact_log.html",
        {
            "form": form,
            "latest": latest,
            "citizen": citizen,
            "to_call_back": _to_call_back(),
            "to_tell": _to_tell(request),
        },
    )


def _to_tell(request: AgentRequest) -> QuerySet[ConcernedPerson]:
    """People for whom somebody filed and whom only a telephone number reaches."""
    open_ones = ServiceRequest.objects.visible_to(request.user).open()
    waiting = ConcernedPerson.objects.to_be_called().filter(request__in=open_ones)
    return waiting.select_related("request__prestation").order_by("pk")[:CALL_BACKS_SHOWN]


def _to_call_back() -> QuerySet[Contact]:
    """People nobody has called back yet, whoever noted it, the longest waiting first."""
    waiting = Contact.objects.filter(
        outcome=ContactOutcome.CALL_BACK, called_back_at=None
    ).select_related("citizen", "prestation", "agent")
    return waiting.order_by("at")[:CALL_BACKS_SHOWN]


@require_POST
@agent_page(Right.LOG_REQUEST)
def called_back(request: AgentRequest, contact_id: int) -> HttpResponse:
    """Note that a person was called back."""
    contact = get_object_or_404(
        Contact.objects.filter(outcome=ContactOutcome.CALL_BACK), pk=contact_id
    )
    try:
        actions.mark_called_back(
            contact_id=contact.pk, actor=request.user, answer=request.POST.get("answer", "")[:5000]
        )
    except RequestError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Rappel noté."))
    return redirect("backoffice:log_contact")
