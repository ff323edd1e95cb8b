"""Contacts that need no request: what was asked, and how it ended."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.complaints import slot_of
from backoffice.forms.reception import ContactForm
from backoffice.posts import post_rows
from backoffice.ringing import ringing_of
from citizens.enums import NewsChannel
from citizens.models import Citizen
from massy_grc.common.posted import posted_id
from massy_grc.common.words import phone_words
from requests import actions
from requests.exceptions import RequestError
from requests.models import CallBack, ConcernedPerson, Contact, ServiceRequest, SpokenNews
from requests.permissions import Right

CALLS_SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def log_contact(request: AgentRequest) -> HttpResponse:
    """Note a contact that needs no request; below, the people to tell something."""
    ringing = ringing_of(request)
    initial = {
        "channel": ringing.door(request),
        "call_back_to": phone_words(ringing.number),
        "citizen": request.GET.get("citoyen"),
    }
    number = posted_id(request.POST.get("citizen") or request.GET.get("citoyen"))
    citizen = None
    if number is not None:
        citizen = Citizen.objects.in_use_at(number).first()
    known = citizen is not None and bool(citizen.phone)
    form = ContactForm(request.POST or None, initial=initial, number_known=known)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        del data["citizen"]
        try:
            actions.log_contact(
                actor=request.user,
                citizen=citizen,
                call_back_slot=slot_of(data.pop("day"), data.pop("hour")),
                call_back_owner=data.pop("owner"),
                **post_rows(request),
                **data,
            )
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Contact noté."))
            return redirect("backoffice:log_contact")
    noted = Contact.objects.filter(agent=request.user)
    latest = noted.select_related("citizen", "prestation", "call_back")[:10]
    return render(
        request,
        "backoffice/contact_log.html",
        {
            "form": form,
            "ringing": ringing,
            "latest": latest,
            "citizen": citizen,
            "to_call_back": CallBack.objects.visible_to(request.user).waiting().count(),
            "to_tell": _to_tell(request),
            "news": news_waiting(request).filter(way=NewsChannel.TELEPHONE)[:CALLS_SHOWN],
        },
    )


def _to_tell(request: AgentRequest) -> QuerySet[ConcernedPerson]:
    """People for whom somebody filed and whom only a telephone number reaches."""
    open_ones = ServiceRequest.objects.visible_to(request.user).open()
    waiting = ConcernedPerson.objects.to_be_called().filter(request__in=open_ones)
    return waiting.select_related("request__prestation").order_by("pk")[:CALLS_SHOWN]


def news_waiting(request: AgentRequest) -> QuerySet[SpokenNews]:
    """What requesters want to be told of, in the order in which they are told."""
    seen = ServiceRequest.objects.visible_to(request.user)
    waiting = SpokenNews.objects.waiting().filter(request__in=seen)
    return waiting.order_by("tried_at", "request", "created_at")


@require_POST
@agent_page(Right.LOG_REQUEST)
def news_told(request: AgentRequest, reference: str, answer: str) -> HttpResponse:
    """The requester was told what is new, or did not answer the call."""
    seen = ServiceRequest.objects.visible_to(request.user)
    found = get_object_or_404(seen, reference=reference)
    if answer == "dit":
        if actions.note_news_told(request_id=found.pk, actor=request.user):
            messages.success(request, _("C’est noté : la personne est prévenue."))
        else:
            messages.info(request, _("Un collègue l’a déjà fait."))
    elif answer == "absent":
        actions.note_news_missed(request_id=found.pk, actor=request.user)
        messages.info(request, _("C’est noté : la nouvelle reste à dire."))
    else:
        raise Http404
    back = posted_id(request.POST.get("citoyen"))
    if back is not None:
        return redirect("backoffice:citizen", back)
    return redirect("backoffice:log_contact")
