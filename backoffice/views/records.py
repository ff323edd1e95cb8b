"""The citizen record (« fiche citoyen »): read, noted on, tied to a household, made one (S69)."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.accesses import VIEW_RESERVED, record_look, why_looked
from backoffice.chronology import chronology, reserved_prestations
from backoffice.enums import Dealing
from backoffice.forms.records import HouseholdForm, RecordNoteForm
from backoffice.household import members_of, proposed_for
from backoffice.neighbours import from_record
from backoffice.pairs import reason_words, waiting_for
from backoffice.people import find_people, known_by
from backoffice.record_page import (
    circles_of,
    consents_of,
    memberships_of,
    notes_for,
    organisations_filed_for,
    records_open_to,
    reserved_notes,
    residence_words,
)
from backoffice.ringing import reception_url
from backoffice.views.contacts import news_waiting
from citizens.actions import end_household, look_alikes, tie_household
from citizens.actions.consents import Subject, set_consent
from citizens.enums import ConsentKind, ConsentSource
from citizens.exceptions import HouseholdRefused
from citizens.likeness import Likeness, compare, in_common
from citizens.models import Citizen, HouseholdTie
from massy_grc.common.empties import know_empties, may_hold
from massy_grc.common.posted import posted_id
from requests import actions
from requests.exceptions import RequestError
from requests.models import RecordNote, SpokenNews
from requests.permissions import Right, scope_of

READERS = (Right.LOG_REQUEST, Right.EXPERT_WORK)
FOUND_AT_MOST = 12
# what a person's requests, contacts and accounts hold, beside what the record itself does
FURTHER = (
    *(
        "requests__messages",
        "requests__call_backs",
        "requests__hand_overs",
        "requests__spoken_news",
    ),
    *("contacts__call_back", "accounts__memberships"),
)
NOTED_BY_AGENTS = (ConsentKind.SATISFACTION, ConsentKind.FOLLOW)  # a list asks for a mailed link


@require_safe
@agent_page(*READERS)
def detail(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """One record; each look is recorded, and each look at what only named agents read."""
    citizen = get_object_or_404(records_open_to(request.user), pk=citizen_id)
    if citizen.merged_into_id:
        messages.info(request, _("La fiche que vous demandez a été réunie avec celle-ci."))
        return redirect("backoffice:citizen", citizen.merged_into_id)
    return _page(request, citizen, RecordNoteForm(circles=circles_of(request.user)))


def _page(request: AgentRequest, citizen: Citizen, form: RecordNoteForm) -> HttpResponse:
    know_empties(citizen, *FURTHER)
    kind = request.GET.get("voir", "")
    chosen = Dealing(kind) if kind in Dealing.values else None
    page = chronology(citizen, request.user, request.GET, chosen)
    notes = notes_for(citizen, request.user)
    reserved = {*reserved_notes(notes), *reserved_prestations(page)}
    _record_look(request, citizen, sorted(reserved))
    context = {
        "citizen": citizen,
        "in_use": not citizen.merged_into_id and not citizen.anonymised_at,
        "page": page,
        "list_end": from_record(citizen.pk, request.GET),
        "kinds": [(one.value, one.plural) for one in Dealing],
        "chosen": chosen,
        "residence": residence_words(citizen),
        "notes": notes,
        "note_form": form,
        "has_errors": bool(form.errors),
        "organisations": organisations_filed_for(citizen, request.user),
    }
    if scope_of(request.user).may(Right.LOG_REQUEST):
        context |= _kept_by_front(request, citizen)
    return render(request, "backoffice/citizen_detail.html", context)


def _kept_by_front(request: AgentRequest, citizen: Citizen) -> dict:
    """What only those see who keep the records; a department works on requests."""
    members, former = members_of(citizen)
    return {
        "keeps_records": True,
        "news": _news_of(request, citizen),
        "pairs": waiting_for(citizen),
        "merges": citizen.merges.select_related("gone", "merged_by"),
        "members": members,
        "former": former,
        "proposed": proposed_for(citizen, members),
        "memberships": memberships_of(citizen),
        "consents": consents_of(citizen),
        "noted_by_agents": NOTED_BY_AGENTS,
        "reception_url": reception_url(citizen.pk),
    }


def _news_of(request: AgentRequest, citizen: Citizen) -> QuerySet[SpokenNews]:
    waiting = news_waiting(request).filter(request__citizen=citizen)
    return waiting if may_hold(citizen, "requests__spoken_news") else waiting.none()


def _record_look(request: AgentRequest, citizen: Citizen, reserved: list[str]) -> None:
    why = why_looked(request.user, citizen)
    record_look(request.user, citizen.pk, why)
    if reserved:
        why = {**why, "prestations": reserved}
        record_look(request.user, citizen.pk, why, action=VIEW_RESERVED)


# --- notes -------------------------------------------------------------------------------------
@require_POST
@agent_page(*READERS)
def note_write(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """Note something on a record; what cannot be noted comes back as it was typed."""
    citizen = get_object_or_404(records_open_to(request.user).living(), pk=citizen_id)
    form = RecordNoteForm(request.POST, circles=circles_of(request.user))
    if form.is_valid():
        try:
            actions.write_record_note(
                citizen_id=citizen.pk,
                actor=request.user,
                body=form.cleaned_data["body"],
                now=timezone.now(),
                **form.level_and_circle,
            )
        except RequestError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Note ajoutée."))
            return redirect(_notes(citizen_id))
    return _page(request, citizen, form)


@require_POST
@agent_page(*READERS)
def note_act(request: AgentRequest, citizen_id: int, note_id: int, act: str) -> HttpResponse:
    """Pin a note, unpin it, or withdraw one's own."""
    get_object_or_404(records_open_to(request.user), pk=citizen_id)
    note = get_object_or_404(
        RecordNote.objects.visible_to(request.user), pk=note_id, citizen=citizen_id
    )
    now = timezone.now()
    try:
        if act == "retirer":
            actions.withdraw_record_note(note_id=note.pk, actor=request.user, now=now)
            messages.success(request, _("Note retirée : son texte est effacé."))
        elif act in ("epingler", "detacher"):
            pinned = act == "epingler"
            actions.pin_record_note(note_id=note.pk, actor=request.user, pinned=pinned, now=now)
        else:
            raise Http404
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect(_notes(citizen_id))


def _notes(citizen_id: int) -> str:
    return f"{reverse('backoffice:citizen', args=[citizen_id])}#notes"


# --- household ---------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def household(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """Find who belongs to the household, then say what they are to each other."""
    citizen = get_object_or_404(Citizen.objects.living(), pk=citizen_id)
    other = _other(request, citizen)
    form = HouseholdForm(request.POST or None)
    if request.method == "POST" and other and form.is_valid():
        try:
            tie_household(
                citizen_id=citizen.pk,
                other_id=other.pk,
                actor=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except HouseholdRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le foyer est à jour."))
            return redirect("backoffice:citizen", citizen.pk)
    if other:
        found = {"known": known_by(other)}
    else:
        found = _search(request, citizen, citizen.family_name, _household_first)
    context = {"citizen": citizen, "other": other, "form": form, **found}
    return render(request, "backoffice/record_household_add.html", context)


@require_POST
@agent_page(Right.LOG_REQUEST)
def household_end(request: AgentRequest, citizen_id: int, tie_id: int) -> HttpResponse:
    """Note that somebody is no longer of the household."""
    tie = get_object_or_404(HouseholdTie.objects.of(citizen_id), pk=tie_id)
    end_household(tie_id=tie.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("Le foyer est à jour."))
    return redirect("backoffice:citizen", citizen_id)


# --- consents, another record ------------------------------------------------------------------
@require_POST
@agent_page(Right.LOG_REQUEST)
def consent(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """Note what a person says of a consent at the counter or on the telephone."""
    citizen = get_object_or_404(Citizen.objects.living(), pk=citizen_id)
    kind, given = request.POST.get("kind", ""), request.POST.get("given") == "oui"
    if kind not in (NOTED_BY_AGENTS if given else ConsentKind.values):
        raise Http404
    set_consent(
        subject=Subject(citizen.pk),
        kind=kind,
        given=given,
        source=ConsentSource.COUNTER,
        actor=request.user,
    )
    messages.success(request, _("Accord noté.") if given else _("Retrait noté."))
    return redirect(f"{reverse('backoffice:citizen', args=[citizen_id])}#accords")


@require_safe
@agent_page(Right.LOG_REQUEST)
def merge_with(request: AgentRequest, citizen_id: int) -> HttpResponse:
    """Find the other record of the same person, that no rule has found, to compare both."""
    citizen = get_object_or_404(Citizen.objects.living(), pk=citizen_id)
    context = {"citizen": citizen, **_search(request, citizen, citizen.search_name, _alike_first)}
    return render(request, "backoffice/record_merge_with.html", context)


def _other(request: AgentRequest, citizen: Citizen) -> Citizen | None:
    """The other person that the address or the form names; None without one."""
    number = posted_id(request.POST.get("autre") or request.GET.get("autre"))
    if number is None:
        return None
    return get_object_or_404(Citizen.objects.living().exclude(pk=citizen.pk), pk=number)


def _search(
    request: AgentRequest,
    citizen: Citizen,
    likely: str,
    order: Callable[[Likeness], bool],
) -> dict:
    """Who is found by the words typed; where nothing is typed yet, who shares something with them,
    and who is found by `likely`. Each with what both have in common, who shares most first.

    Args:
        order: of two people, whom to put after the others whatever they share.
    """
    q = request.GET.get("q", likely)[:200]
    near = [] if "q" in request.GET else [one for one, _likeness in look_alikes(citizen)]
    found = [one.citizen for one in find_people(q, request.user, limit=FOUND_AT_MOST + 1)]
    more = len(found) > FOUND_AT_MOST  # themselves among them
    rows = [
        (compare(citizen, one), in_common(citizen, one), one)
        for one in dict.fromkeys([*near, *found])
        if one.pk != citizen.pk
    ]
    rows.sort(key=lambda row: (order(row[0]), -row[1][0]))
    return {
        "q": q,
        "found": [
            (one, known_by(one), ", ".join(reason_words(likeness.reasons or shared)))
            for likeness, (_points, shared), one in rows[:FOUND_AT_MOST]
        ],
        "more": more,
    }


def _alike_first(likeness: Likeness) -> bool:
    return not likeness.is_possible


def _household_first(likeness: Likeness) -> bool:
    return not likeness.household
