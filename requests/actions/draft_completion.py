"""Verbs of the form by which an agent completes a request that is there already."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from prestations.forms import Questionnaire
from prestations.models import FormVersion, Prestation
from prestations.streets.naming import place_named
from requests.actions.completion import complete_request
from requests.actions.core import open_request
from requests.actions.drafts import checked_form, locked_drafts, mark_filed
from requests.actions.qualifying import qualify_request
from requests.enums import Verb
from requests.exceptions import (
    PrestationClosed,
    StaleRequest,
)
from requests.models import FilingDraft, ServiceRequest
from requests.subjects import first_words


@transaction.atomic
def start_completion(
    *, request_id: int, actor, prestation: Prestation | None = None
) -> FilingDraft:
    """Begin to fill in the form of a request that arrived unsorted, incomplete, or as another.

    Args:
        prestation: what an unsorted one turns out to be; None: the form of what it is about is
            completed, with what the form it came with already says.

    Raises:
        NotAllowed, IllegalTransition, PrestationClosed: as their messages say.
    """
    verb = Verb.QUALIFY if prestation else Verb.COMPLETE
    request = open_request(request_id=request_id, verb=verb, actor=actor)
    other = prestation or (request.prestation if request.has_other_form else None)
    version = other.current_form if other else request.form_version
    if version is None or (prestation and not prestation.is_open):
        raise PrestationClosed
    return FilingDraft.objects.create(
        prestation=prestation or request.prestation,
        form_version=version,
        channel=request.channel,
        language=request.language,
        agent=actor,
        citizen=request.citizen,
        answers=_known_so_far(request, version) if other else request.answers,
        papers=request.papers,
        arrived_at=request.arrived_at,
        completes=request,
    )


@transaction.atomic
def complete_draft(
    *,
    token: UUID,
    actor,
    version: int | None,
    incomplete: bool = False,
    now: datetime | None = None,
    **qualification,
) -> ServiceRequest:
    """Give a filled-in form to the request it completes, once.

    An unsorted request becomes one of the form's prestation (`qualify_request`); another keeps
    its own and gets the answers that were missing (`complete_request`).

    Args:
        incomplete: what is still missing stays owed, or becomes so.
        qualification: subject and urgent, for an unsorted request.

    Raises:
        IncompleteDraft: something is wrong, or missing when it must not be.
        StaleRequest: a colleague was quicker.
    """
    draft = locked_drafts().get(token=token)
    if draft.filed_request:
        return draft.filed_request
    request = ServiceRequest.objects.visible_to(actor).get(pk=draft.completes_id)
    common = {
        "request_id": request.pk,
        "version": version,
        "actor": actor,
        "form": checked_form(draft, incomplete, request.attachments.all()),
        "now": now,
    }
    if draft.prestation_id == request.prestation_id:
        return mark_filed(draft, complete_request(**common))
    if not request.prestation.is_unsorted:
        raise StaleRequest
    return mark_filed(
        draft, qualify_request(**common, prestation=draft.prestation, **qualification)
    )


def _known_so_far(request: ServiceRequest, version: FormVersion) -> dict:
    """What a request already says, in another form's words: who asks, where, and the text."""
    definition = Questionnaire(version, request.channel).definition
    known = request.answers.get("demandeur", {})
    names = {question.name for question in definition.requester}
    answers: dict[str, dict] = {
        "demandeur": {name: value for name, value in known.items() if name in names},
        "reponses": {},
    }
    before = Questionnaire(request.form_version, request.channel).definition
    given = request.answers.get("reponses", {})
    words = first_words(request)
    if not words and before.description:
        words = given.get(before.description.name, "")
    if definition.description and words:
        answers["reponses"][definition.description.name] = words
    asked = next((one for one in definition.everything if one.is_spot), None)
    spots = (given[one.name] for one in before.everything if one.is_spot and one.name in given)
    if asked and (place := next(spots, None) or place_named(words)):
        answers["reponses"][asked.name] = place
    return answers
