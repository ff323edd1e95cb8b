"""The quick log: type while somebody speaks, qualify each question afterwards."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import looked_for, record_look
from backoffice.call_page import forms_of, requests_of, said_of, who_spoke
from backoffice.enums import LookReason
from backoffice.finding import typed
from backoffice.forms.calls import AnsweredForm, CallForm, PromisedForm, SeparateForm
from backoffice.people import caller_number, find_people, is_internal, new_number
from backoffice.posts import post_rows
from backoffice.record_page import pinned_for
from backoffice.ringing import Ringing, reception_url, ringing_of
from citizens.models import Citizen
from massy_grc.common.posted import posted_id
from massy_grc.common.text import is_phone
from massy_grc.common.words import phone_words
from prestations.enums import Channel
from requests import actions
from requests.enums import ContactOutcome
from requests.exceptions import MissingInput, RequestError
from requests.models import Contact
from requests.permissions import Right
from requests.references import looks_like_reference
from requests.related_querysets import ContactQuerySet

SHOWN = 20
ADDED = "added"  # to a request that is there already
SEPARATED = "separated"  # into several questions
SEARCH = "search"  # the step that looks the caller up, keeping what was typed


@require_safe
@agent_page(Right.LOG_REQUEST)
def incoming_call(request: AgentRequest) -> HttpResponse:
    """What the telephone on an agent's desk opens when it rings (S35): who has that number.

    ``?numero=`` as telephones give it: 0612345678, +33612345678, sip:+33612345678@example.org.
    """
    number = caller_number(request.GET.get("numero", ""))
    if not number:
        messages.info(request, _("L’appel ne donne pas son numéro. Demandez qui est là."))
    elif is_internal(number):  # nobody's in the records
        messages.info(request, _("Appel interne : %(number)s.") % {"number": number})
        number = ""
    return redirect(reception_url(ringing=Ringing(str(Channel.TELEPHONE), number)))


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def call_log(request: AgentRequest) -> HttpResponse:
    """Type while somebody speaks; who they are may be looked up meanwhile, or never."""
    ringing = ringing_of(request)
    given = request.POST or request.GET
    number = posted_id(given.get("citizen") or given.get("citoyen"))
    citizen = Citizen.objects.in_use_at(number).first() if number is not None else None
    initial = {
        "channel": ringing.door(request, Channel.TELEPHONE),
        "caller_phone": phone_words(ringing.number),
    }
    words = typed(request.GET.get("q", ""))  # who was looked for and not found
    if words and not looks_like_reference(words):
        initial["caller_phone" if is_phone(words) else "caller"] = words
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
            messages.success(request, _("Notes enregistrées."))  # so that the tab drops its draft
            return redirect("backoffice:call_questions", conversation)
    return _page(request, form, citizen)


def _page(
    request: AgentRequest, form: CallForm, citizen: Citizen | None, found=(), *, searched=False
) -> HttpResponse:
    waiting = Contact.objects.of_calls(request.user).to_qualify()
    waiting = waiting.select_related("citizen", "agent", "taken_by").order_by("-at", "place", "id")
    own = waiting.kept_by(request.user)
    context = {
        "form": form,
        "ringing": ringing_of(request),
        "citizen": citizen,
        "found": found,
        "searched": searched,
        "waiting": own[:SHOWN],
        "of_colleagues": waiting.exclude(pk__in=own.order_by().values("pk"))[:SHOWN],
    }
    return render(request, "backoffice/call_log.html", context)


@require_safe
@agent_page(Right.LOG_REQUEST)
def call_questions(request: AgentRequest, conversation: UUID) -> HttpResponse:
    """The questions of one contact, each to be qualified, or what became of it.

    A colleague of the same place reads them too; a person they did not speak with is looked at.
    """
    rows = list(_rows(request, conversation))
    if not rows:
        raise Http404
    return _questions_page(request, rows)


def _questions_page(
    request: AgentRequest, rows: list[Contact], refused: Form | None = None
) -> HttpResponse:
    """The page of the questions of one contact.

    Args:
        refused: what one of them could not become, as it was typed.
    """
    first = rows[0]
    if first.citizen and request.user not in (first.agent, first.taken_by):
        record_look(request.user, first.citizen.pk, looked_for(LookReason.CALL_NOTES))
    own = {one.pk for one in rows if one.waits_for(request.user)}
    context = {
        "questions": [
            {
                "contact": one,
                **said_of(one, request.user),
                **(forms_of(one, len(rows), refused) if one.pk in own else {}),
            }
            for one in rows
        ],
        "form": refused,
        "first": first,
        "left": sum(one.outcome == ContactOutcome.OPEN for one in rows),
        "own": own,
        "requests": requests_of(first.citizen, request.user),
        "pinned_notes": pinned_for(first.citizen, request.user) if first.citizen else [],
        "new_number": new_number(first.citizen, first.caller_phone) if first.citizen else "",
        **who_spoke(request, first),
    }
    return render(request, "backoffice/call_questions.html", context)


@require_POST
@agent_page(Right.LOG_REQUEST)
def call_caller(request: AgentRequest, conversation: UUID) -> HttpResponse:
    """Whoever spoke is this person: their record is chosen, before or after qualifying."""
    number = posted_id(request.POST.get("citizen"))
    if number is None or not _rows(request, conversation).exists():
        raise Http404
    citizen = get_object_or_404(Citizen.objects.in_use_at(number))
    if actions.tie_caller(conversation=conversation, actor=request.user, citizen=citizen):
        words = _("Notes rattachées à la fiche de %(name)s.") % {"name": citizen.list_name}
        messages.success(request, words)
    else:
        messages.info(request, _("Ces notes ont déjà une fiche, ou un collègue les a reprises."))
    return redirect("backoffice:call_questions", conversation)


@require_POST
@agent_page(Right.LOG_REQUEST)
def call_take_over(request: AgentRequest, conversation: UUID) -> HttpResponse:
    """Qualify in a colleague's place: they are not there, or asked for it."""
    if not _rows(request, conversation).exists():
        raise Http404
    if actions.take_over_call(conversation=conversation, actor=request.user):
        messages.success(request, _("Ces questions sont à vous."))
    else:
        messages.info(request, _("Tout est déjà qualifié."))
    return redirect("backoffice:call_questions", conversation)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def call_question(request: AgentRequest, conversation: UUID, contact_id: int) -> HttpResponse:
    """What becomes of one question: a request, a note on one, an information, a call to make; or
    it is several, or what it became is taken back.
    """
    contact = get_object_or_404(_rows(request, conversation), pk=contact_id)
    if request.method != "POST":  # a page that refused something stands at this address
        return redirect("backoffice:call_questions", conversation)
    outcome = request.POST.get("outcome")
    common: dict[str, Any] = {"contact_id": contact.pk, "actor": request.user}
    form = AnsweredForm(request.POST, prefix=str(contact.pk))
    try:
        if outcome == ContactOutcome.REQUEST:
            sr = actions.open_request_of(**common)
            messages.success(request, _("Demande %(n)s ouverte.") % {"n": sr.reference})
        elif outcome == ADDED:
            sr = actions.add_to_request(
                **common, reference=request.POST.get("reference", "").replace("\x00", "")[:30]
            )
            messages.success(request, _("Noté dans la demande %(n)s.") % {"n": sr.reference})
        elif outcome == ContactOutcome.CALL_BACK:
            promised = PromisedForm(request.POST, prefix=str(contact.pk))
            if not promised.is_valid():
                return _questions_page(request, list(_rows(request, conversation)), promised)
            actions.promise_answer(**common, **promised.cleaned_data)
            messages.success(request, _("Rappel noté."))
        elif outcome == ContactOutcome.ANSWERED and form.is_valid():
            actions.answer_question(**common, **form.cleaned_data)
            messages.success(request, _("Information notée."))
        elif outcome == ContactOutcome.OPEN:
            messages.success(request, _taken_back(actions.take_back_question(**common)))
        elif outcome == SEPARATED:
            return _separate(request, conversation, contact)
        elif outcome != ContactOutcome.ANSWERED:
            raise Http404
    except Contact.DoesNotExist:
        messages.error(request, _("Un collègue a repris cette question."))
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect("backoffice:call_questions", conversation)


def _taken_back(told: str) -> str:
    """A question waits again; the answer noted is shown once more, to be noted elsewhere."""
    if told:
        return _("La question est de nouveau à qualifier. Vous aviez noté : « %(told)s »") % {
            "told": told
        }
    return _("La question est de nouveau à qualifier.")


def _separate(request: AgentRequest, conversation: UUID, contact: Contact) -> HttpResponse:
    """Part the notes of a question into several; what cannot be parted comes back as typed."""
    form = SeparateForm(request.POST, prefix=str(contact.pk))
    if form.is_valid():
        data = form.cleaned_data
        try:
            number = actions.separate_questions(
                contact_id=contact.pk, actor=request.user, text=data["notes"], known=data["known"]
            )
        except MissingInput as refusal:
            form.add_error("notes", str(refusal))
        else:
            words = _("%(n)d questions séparées : chacune est à qualifier.")
            messages.success(request, words % {"n": number})
            return redirect("backoffice:call_questions", conversation)
    return _questions_page(request, list(_rows(request, conversation)), form)


def _rows(request: AgentRequest, conversation: UUID) -> ContactQuerySet:
    rows = Contact.objects.of_calls(request.user).filter(conversation=conversation)
    return rows.select_related(
        "citizen", "prestation", "call_back", "request", "agent", "taken_by"
    ).in_turn()
