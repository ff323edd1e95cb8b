"""The quick log: type while somebody speaks, qualify each question afterwards."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.forms.calls import AnsweredForm, CallForm
from backoffice.people import find_people
from backoffice.posts import post_of, post_rows
from citizens.models import Citizen
from massy_grc.common.posted import posted_id
from prestations.enums import Channel
from requests import actions
from requests.enums import ContactOutcome
from requests.exceptions import RequestError
from requests.models import Contact
from requests.permissions import Right

SEARCH = "search"  # the step that looks the caller up, keeping what was typed


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def call_log(request: AgentRequest) -> HttpResponse:
    """Type while somebody speaks; who they are may be looked up meanwhile, or never."""
    post = post_of(request)
    given = request.POST or request.GET
    number = posted_id(given.get("citizen") or given.get("citoyen"))
    citizen = Citizen.objects.in_use_at(number).first() if number is not None else None
    initial = {"channel": post.channel if post else Channel.TELEPHONE}
    if request.method == "POST" and request.POST.get("step") == SEARCH:
        form = CallForm(initial=initial | request.POST.dict())
        found = find_people(request.POST.get("caller", "")[:150], request.user)
        return _page(request, form, citizen, found, searched=True)
    form = CallForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            conversation = actions.note_call(
                actor=request.user,
                channel=data["channel"],
                text=data["notes"],
                citizen=citizen,
                caller=data["caller"],
                caller_phone=data["caller_phone"],
                key=data["key"],
                **post_rows(request),
            )
        except RequestError as refusal:
            form.add_error("notes", str(refusal))
        else:
            return redirect("backoffice:call_questions", conversation)
    return _page(request, form, citizen)


def _page(
    request: AgentRequest, form: CallForm, citizen: Citizen | None, found=(), *, searched=False
) -> HttpResponse:
    waiting = Contact.objects.filter(agent=request.user, outcome=ContactOutcome.OPEN)
    context = {
        "form": form,
        "citizen": citizen,
        "found": found,
        "searched": searched,
        "waiting": waiting.select_related("citizen").order_by("-at", "id")[:20],
    }
    return render(request, "backoffice/call_log.html", context)


@require_safe
@agent_page(Right.LOG_REQUEST)
def call_questions(request: AgentRequest, conversation: UUID) -> HttpResponse:
    """The questions of one contact, each to be qualified, or what became of it."""
    return _questions(request, conversation)


@require_POST
@agent_page(Right.LOG_REQUEST)
def call_question(request: AgentRequest, conversation: UUID, contact_id: int) -> HttpResponse:
    """What becomes of one question: a request, an information given, a call to make."""
    contact = get_object_or_404(_mine(request, conversation), pk=contact_id)
    outcome = request.POST.get("outcome")
    common = {"contact_id": contact.pk, "actor": request.user}
    form = AnsweredForm(request.POST, prefix=str(contact.pk))
    try:
        if outcome == ContactOutcome.REQUEST:
            sr = actions.open_request_of(**common)
            messages.success(request, _("Demande %(n)s ouverte.") % {"n": sr.reference})
        elif outcome == ContactOutcome.CALL_BACK:
            actions.promise_answer(**common, phone=request.POST.get("phone", "")[:30])
            messages.success(request, _("Rappel noté."))
        elif outcome == ContactOutcome.ANSWERED and form.is_valid():
            actions.answer_question(**common, **form.cleaned_data)
            messages.success(request, _("Information notée."))
        elif outcome != ContactOutcome.ANSWERED:
            raise Http404
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("backoffice:call_questions", conversation)


def _mine(request: AgentRequest, conversation: UUID):
    rows = Contact.objects.filter(agent=request.user, conversation=conversation)
    return rows.select_related("citizen", "prestation", "call_back", "request").order_by("id")


def _questions(request: AgentRequest, conversation: UUID) -> HttpResponse:
    rows = list(_mine(request, conversation))
    if not rows:
        raise Http404
    forms = {
        one.pk: AnsweredForm(prefix=str(one.pk), initial={"answer": ""})
        for one in rows
        if one.outcome == ContactOutcome.OPEN
    }
    context = {
        "questions": [{"contact": one, "form": forms.get(one.pk)} for one in rows],
        "first": rows[0],
        "left": len(forms),
    }
    return render(request, "backoffice/call_questions.html", context)
