"""The verb by which the requester answers what their form was recorded without."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from prestations.forms import Questionnaire
from prestations.forms.answers import flatten, nest
from requests.actions.completion import fill_in
from requests.actions.core import open_request, record, refresh_search, working_state
from requests.actions.filled import FilledForm, owed_answers
from requests.enums import State, Verb
from requests.exceptions import IllegalTransition
from requests.models import ServiceRequest


@transaction.atomic
def answer_owed(
    *, request_id: int, given: Mapping[str, Any], now: datetime | None = None
) -> ServiceRequest:
    """Put the requester's answers into their form, as an agent's `complete_request` does.

    The clock starts again once nothing is missing any more. What an answer calls for in turn is
    asked.

    Args:
        given: the answers by key, checked by the form that asked for them.

    Raises:
        IllegalTransition: no answer is owed any more.
    """
    now = now or timezone.now()
    service_request = open_request(request_id=request_id, verb=Verb.SUPPLY, by_requester=True)
    owed = service_request.pieces.filter(received_at=None)
    if not any(piece.is_answer for piece in owed):
        raise IllegalTransition
    data = fill_in(service_request, _filled(service_request, given), None, now)
    missing = service_request.pieces.filter(received_at=None).count()
    resumes = service_request.state == State.ATTENTE_PIECES and not missing
    record(
        service_request,
        Verb.SUPPLY,
        by_requester=True,
        to=working_state(service_request) if resumes else None,
        now=now,
        data={**data, "still_missing": missing},
    )
    refresh_search(service_request)
    return service_request


def _filled(service_request: ServiceRequest, given: Mapping[str, Any]) -> FilledForm:
    """The whole form with what is `given`; what was answered before stands as it is."""
    form = Questionnaire(service_request.form_version, service_request.channel)
    answers = nest({**flatten(service_request.answers), **given})
    files = list(service_request.attachments.all())
    _kept, errors = form.clean_all(answers, files)
    uploads = {question.key for question in form.definition.documents}
    blank = [
        error
        for step in errors.values()
        for error in step
        if error.blank and error.key not in uploads
    ]
    return FilledForm(
        version=service_request.form_version,
        answers=answers,
        place=form.place(answers),
        papers=service_request.papers,
        missing_documents=form.missing_documents(answers, files, service_request.papers),
        missing_answers=owed_answers(blank, person_known=service_request.citizen_id is not None),
    )
