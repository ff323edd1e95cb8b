"""Filing for somebody: the same form as the portal's on one page.

The same page completes the form of a request that arrived unsorted, or incomplete.
"""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.reception import set_door
from backoffice.forms.reception import DoorForm, PapersForm
from backoffice.habits import likely_answers, remember
from backoffice.people import known_answers
from backoffice.posts import post_rows
from backoffice.ringing import reception_url, ringing_of
from backoffice.ways import other_ways
from citizens.models import Citizen
from massy_grc.common.posted import posted_id, posted_ids
from prestations.enums import Channel
from prestations.forms import Questionnaire
from prestations.forms.steps import REQUESTER_STEP, counter_title
from prestations.models import Prestation
from prestations.streets.lookup import active_streets
from requests import actions
from requests.actions import procedures
from requests.exceptions import RequestError
from requests.models import FilingDraft, ServiceRequest
from requests.notifications.preview import Preview, preview_asking
from requests.permissions import Right, scope_of
from requests.places import PlaceDoubt, doubt_about
from requests.subjects import first_words
from requests.uploads import UploadRefused

READ_FIRST = "relire"  # what will be asked of the requester is shown before it is recorded


@require_POST
@agent_page(Right.LOG_REQUEST)
def open_form(request: AgentRequest) -> HttpResponse:
    """Begin the form of a prestation for the person who is there."""
    code = request.POST.get("prestation", "")
    if not re.fullmatch(r"[a-z0-9-]{1,80}", code):
        raise Http404
    prestation = get_object_or_404(Prestation.objects.select_related("current_form"), pk=code)
    number = posted_id(request.POST.get("citoyen"))
    citizen = None
    if number is not None:
        citizen = get_object_or_404(Citizen.objects.in_use_at(number))
    ringing = ringing_of(request)
    channel = ringing.door(request)
    back = reception_url(number, ringing)
    if prestation.is_open and not prestation.open_on(channel):
        messages.error(request, other_ways(prestation, channel))
        return redirect(back)
    answers: dict = {}
    if prestation.current_form:
        questionnaire = Questionnaire(prestation.current_form, channel)
        answers = likely_answers(request, prestation, questionnaire, citizen)
        answers |= known_answers(citizen, questionnaire, ringing.number)
    try:
        draft = actions.start_draft(
            prestation=prestation,
            channel=channel,
            agent=request.user,
            citizen=citizen,
            answers=answers,
        )
    except RequestError as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect(reverse("backoffice:log_request", args=[draft.token]) + ringing.end)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(Right.LOG_REQUEST)
def log_request(request: AgentRequest, token: UUID) -> HttpResponse:
    """The whole form on one page; Enter files it. Posted twice, it gives one request."""
    draft = get_object_or_404(
        FilingDraft.objects.select_related(
            "prestation", "form_version", "citizen", "filed_request", "completes__prestation"
        ),
        token=token,
        agent=request.user,
    )
    if draft.filed_request:
        return _after(draft, draft.filed_request)
    if request.method == "POST":
        return _post_form(request, draft)
    questionnaire = Questionnaire(draft.form_version, draft.channel)
    form = questionnaire.single_form(answers=draft.answers, attachments=draft.attachments.all())
    papers = PapersForm(questionnaire=questionnaire, papers=draft.papers)
    return _form_page(request, draft, form, _door(draft), papers)


def _door(draft: FilingDraft, data=None) -> DoorForm:
    known = draft.completes
    subject = known.subject if known and known.subject != known.prestation.label else ""
    initial = {"channel": draft.channel, "subject": subject}
    return DoorForm(data, draft=draft, initial=initial)


def _after(draft: FilingDraft, sr: ServiceRequest) -> HttpResponse:
    """The page that follows: the numbers to give, or the request that was completed."""
    if draft.completes_id and scope_of(draft.agent).is_closed(sr.prestation_id):
        return redirect("backoffice:queue")
    if draft.completes_id:
        return redirect(sr.get_absolute_url())
    return redirect("backoffice:logged", reference=sr.reference)


def _post_form(request: AgentRequest, draft: FilingDraft) -> HttpResponse:
    door = _door(draft, request.POST)
    door_is_fine = door.is_valid()
    if door_is_fine and "channel" in door.fields:
        draft = set_door(
            token=draft.token,
            channel=door.cleaned_data["channel"],
            arrived_at=door.cleaned_data["arrived_at"],
        )
    questionnaire = Questionnaire(draft.form_version, draft.channel)
    refused = _store_files(request, draft, questionnaire)
    removed = posted_id(request.POST.get("remove"))
    if removed is not None:
        actions.remove_upload(token=draft.token, attachment_id=removed)
    form = questionnaire.single_form(
        request.POST, answers=draft.answers, attachments=draft.attachments.all(), refused=refused
    )
    papers = PapersForm(request.POST, questionnaire=questionnaire)
    incomplete = "incomplete" in request.POST and not draft.prestation.is_unsorted
    form_is_fine = form.is_valid() or (incomplete and form.only_blanks_missing())
    actions.save_answers(token=draft.token, answers=form.merged_answers(), papers=papers.codes())
    if removed or not (door_is_fine and form_is_fine):
        return _form_page(request, draft, form, door, papers)
    if (place := _doubtful_place(request, draft, questionnaire)) is not None:
        form, doubt = place
        return _form_page(request, draft, form, door, papers, doubt=doubt)
    try:
        if request.POST.get("incomplete") == READ_FIRST:
            letters = preview_asking(lambda: _finish(request, draft, door, True))
            asked = questionnaire.single_form(  # what is missing is no mistake here
                answers=form.merged_answers(), attachments=draft.attachments.all()
            )
            return _form_page(request, draft, asked, door, papers, letters=letters)
        sr = _finish(request, draft, door, incomplete)
    except actions.IncompleteDraft as missing:
        for errors in missing.errors.values():
            for error in errors:
                form.add_error(error.key if error.key in form.fields else None, error.message)
        return _form_page(request, draft, form, door, papers)
    except RequestError as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, draft, form, door, papers, status=409)
    procedures.tick_filed(sr, _ticked(request), request.user)
    remember(request, draft.prestation, questionnaire, sr.answers)
    return _after(draft, sr)


def _ticked(request: AgentRequest) -> set[int]:
    """The steps of the procedure that the agent ticked while filing."""
    return set(posted_ids(request.POST.getlist("procedure")))


def _doubtful_place(
    request: AgentRequest, draft: FilingDraft, questionnaire: Questionnaire
) -> tuple[Any, PlaceDoubt | None] | None:
    """The form again with what to check about its place; None once the agent has seen it.

    A street proposed is taken with one press, and the form is there to be sent.
    """
    answers = FilingDraft.objects.get(pk=draft.pk).answers
    if chosen := request.POST.get("rue", "")[:20]:
        street = get_object_or_404(active_streets(), pk=chosen)
        answers = questionnaire.with_street(answers, street.name)
        actions.save_answers(token=draft.token, answers=answers)
    place = questionnaire.place_answer(answers) or {}
    doubt = doubt_about(draft.prestation, place)
    seen = request.POST.get("place_seen") == str(place.get("voie") or "")
    if (doubt is None or seen) and not chosen:
        return None
    return questionnaire.single_form(answers=answers, attachments=draft.attachments.all()), doubt


def _finish(
    request: AgentRequest, draft: FilingDraft, door: DoorForm, incomplete: bool
) -> ServiceRequest:
    """File the draft, or complete the request that it is about."""
    subject = door.cleaned_data["subject"]
    urgent = door.cleaned_data.get("urgent", False)
    if draft.completes_id is None:
        return actions.file_draft(
            token=draft.token,
            actor=request.user,
            incomplete=incomplete,
            **post_rows(request),
            subject=subject,
            urgent=urgent,
        )
    version = request.POST.get("version", "")
    return actions.complete_draft(
        token=draft.token,
        actor=request.user,
        version=int(version) if version.isdecimal() and len(version) < 10 else -1,
        incomplete=incomplete,
        subject=subject or str(draft.prestation.label),
        urgent=urgent or None,
    )


def _store_files(request, draft: FilingDraft, questionnaire: Questionnaire) -> dict[str, list[str]]:
    refused: dict[str, list[str]] = {}
    for question in questionnaire.definition.everything:
        for upload in request.FILES.getlist(question.key) if question.is_upload else ():
            try:
                actions.add_upload(
                    token=draft.token, upload=upload, question=question, uploaded_by=request.user
                )
            except UploadRefused as refusal:
                refused.setdefault(question.key, []).append(str(refusal))
    return refused


def _form_page(
    request,
    draft: FilingDraft,
    form,
    door: DoorForm,
    papers: PapersForm,
    *,
    status: int = 200,
    doubt: PlaceDoubt | None = None,
    letters: Sequence[Preview] | None = None,
):
    questionnaire = Questionnaire(draft.form_version, draft.channel)
    asked, person = _blocks(questionnaire, draft, form, papers)
    person_known = draft.citizen is not None and not any(
        field.errors for _title, fields in person for field in fields
    )
    channel = draft.channel
    if "channel" in door.fields:
        channel = door["channel"].value() or channel
    context = {
        "draft": draft,
        "doubt": doubt,
        "letters": letters,
        "completes": draft.completes,
        "first_words": first_words(draft.completes) if draft.completes else "",
        "there": draft.completes.attachments.all() if draft.completes else [],
        "prestation": draft.prestation,
        "steps": procedures.steps_of(draft.prestation_id),
        "ticked": _ticked(request),
        "citizen": draft.citizen,
        "ringing": ringing_of(request),
        "form": form,
        "door": door,
        "both_forms": [form, door],
        "asked": asked,
        "person": person,
        "person_open": not person_known,
        "channel_label": Channel(channel).label if channel in Channel.values else "",
        "door_open": bool(door.errors)
        or draft.arrived_at is not None
        or channel == Channel.COURRIER,
    }
    return render(request, "backoffice/reception_form.html", context, status=status)


def _blocks(
    questionnaire: Questionnaire, draft: FilingDraft, form, papers: PapersForm
) -> tuple[list, list]:
    """The form's fields under their titles: what is asked, and who asks.

    Beside each document stands the box that says it was seen, or came on paper.
    """
    blocks = [
        (counter_title(step), [question.key for question in step.questions], step.kind)
        for step in questionnaire.steps(draft.answers)
    ]
    shown = {name for _title, names, _kind in blocks for name in names}
    others = [name for name in form.fields if name not in shown]
    if others:
        blocks.append((_("Pièces selon la situation"), others, "documents"))
    asked: list[tuple] = []
    person: list[tuple] = []
    for title, names, kind in blocks:
        fields = []
        for name in names:
            fields.append(form[name])
            if box := papers.beside(name):
                fields.append(box)
        (person if kind == REQUESTER_STEP else asked).append((title, fields))
    if originals := papers.originals():
        asked.append((_("Originaux à voir au guichet"), originals))
    return asked, person
