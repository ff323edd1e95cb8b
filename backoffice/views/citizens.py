"""The citizen record: find, create, change; read in `backoffice.views.records`."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.citizens import CitizenForm
from backoffice.pairs import alike_rows, household_words, newly_alike, unsaved
from backoffice.people import dialled, people_page, record_from
from backoffice.record_page import recognised_residence
from backoffice.ringing import reception_url, ringing_of
from citizens.actions import create_citizen, look_alikes, update_citizen
from citizens.models import Citizen
from massy_grc.common.posted import safe_next
from requests import actions
from requests.permissions import Right


@require_safe
@agent_page(Right.LOG_REQUEST)
def search(request: AgentRequest) -> HttpResponse:
    """Find a person by name, number or e-mail."""
    q = request.GET.get("q", "")[:200]
    page = people_page(q, request.user, request.GET)
    template = "citizen_results" if request.htmx else "citizen_list"
    return render(request, f"backoffice/{template}.html", {"q": q, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def create(request: AgentRequest) -> HttpResponse:
    """Create a record; from reception, go back there with the person chosen, and the call that is
    carried; from the notes of one (``?appel=``), to these, which become theirs.

    Look-alikes are shown first: the same person must not get a second record by mistake.
    """
    ringing = ringing_of(request)
    words = record_from(request.GET.get("q", "")[:200])
    calls_from = {"phone": ringing.number} if ringing.number else {}
    form = CitizenForm(request.POST or None, initial=words | calls_from)
    back = "accueil" in (request.POST.get("retour"), request.GET.get("retour"))
    call = _call(request.GET.get("appel", ""))
    alike: list[dict] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data | recognised_residence(form)
        found = look_alikes(unsaved(data))
        if not request.POST.get("nouvelle"):
            alike = alike_rows(found)
        if not alike:
            citizen = create_citizen(**data)
            messages.success(request, " ".join([_("Fiche créée."), *household_words(found)]))
            if call:
                actions.tie_caller(conversation=call, actor=request.user, citizen=citizen)
                return redirect("backoffice:call_questions", call)
            if back:
                return redirect(reception_url(citizen.pk, ringing))
            return redirect("backoffice:citizen", citizen_id=citizen.pk)
    return render(
        request,
        "backoffice/citizen_form.html",
        {"form": form, "back": back, "call": call, "alike": alike, "ringing": ringing},
    )


@require_POST
@agent_page(Right.LOG_REQUEST)
def take_number(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """The number from which this person called is theirs: it goes on their record."""
    citizen = get_object_or_404(Citizen.objects.living(), pk=citizen_id)
    number = dialled(request.POST.get("phone", "")[:30])
    if number is None:
        raise Http404
    if str(citizen.phone or "") == request.POST.get("known", ""):
        update_citizen(citizen_id=citizen_id, phone=number)
        messages.success(request, _("Numéro noté sur la fiche."))
    else:  # a colleague was quicker
        messages.info(request, _("Le numéro de la fiche vient de changer : vérifiez-le."))
    return redirect(safe_next(request, reverse("backoffice:citizen", args=[citizen_id])))


def _call(text: str) -> UUID | None:
    """The call whose notes wait for this record."""
    try:
        return UUID(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def edit(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """Change a record; whoever it then resembles is shown once before."""
    citizen = get_object_or_404(Citizen.objects.living(), pk=citizen_id)
    form = CitizenForm(request.POST or None, instance=citizen)
    alike: list[dict] = []
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        changed |= recognised_residence(form)
        if changed and not request.POST.get("nouvelle"):
            alike = alike_rows(newly_alike(form.instance))
        if not alike:
            if changed:
                update_citizen(citizen_id=citizen_id, **changed)
                messages.success(request, _("Fiche modifiée."))
            return redirect("backoffice:citizen", citizen_id=citizen_id)
    return render(
        request,
        "backoffice/citizen_form.html",
        {"form": form, "citizen": citizen, "alike": alike},
    )
