"""A form that was checked on the server: what a filing or a completion keeps of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from prestations.calendars import PARIS
from prestations.forms import FieldError, Questionnaire
from prestations.forms.answers import flatten, nest
from prestations.forms.definition import REQUESTER
from prestations.models import FormVersion
from requests.models import Attachment, PieceRequest, ServiceRequest

COMPLETION_DAYS = 30  # how long the requester has to complete the file (CRPA L114-5)


@dataclass(frozen=True)
class FilledForm:
    """The answers to one version of a form, and what is still owed.

    Attributes:
        answers: ``{"demandeur": {…}, "reponses": {…}}``.
        place: where it is about, in words.
        papers: codes of the documents seen, or received on paper.
        missing_documents: codes of the mandatory documents that are not there.
        missing_answers: keys of the mandatory questions without an answer.
    """

    version: FormVersion
    answers: dict
    place: str = ""
    papers: Sequence[str] = ()
    missing_documents: Sequence[str] = ()
    missing_answers: Sequence[str] = ()
    attachments: Sequence[Attachment] = field(default=())

    @property
    def missing(self) -> list[str]:
        """What the requester owes, answers first."""
        return [*self.missing_answers, *self.missing_documents]


def filled_with(service_request: ServiceRequest, given: Mapping[str, Any]) -> FilledForm:
    """The whole form with what is `given`, by key; what was answered before stands as it is.

    Args:
        given: checked by the form that asked for it; None takes an answer away.
    """
    form = Questionnaire(service_request.form_version, service_request.channel)
    flat = {**flatten(service_request.answers), **given}
    answers = nest({key: value for key, value in flat.items() if value is not None})
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


def owed_answers(found: Iterable[FieldError], *, person_known: bool) -> list[str]:
    """Return the keys of the mandatory questions that the requester is asked to answer.

    Args:
        found: what is missing in the form.
        person_known: who asks has a record: nobody is asked again who they are (CRPA L114-8).
    """
    keys = dict.fromkeys(error.key for error in found)
    return [key for key in keys if not (person_known and key.startswith(f"{REQUESTER}."))]


def ask_missing(
    service_request: ServiceRequest, codes: Iterable[str], asked_at: datetime, now: datetime
) -> None:
    """List the mandatory answers and documents that are not there (CRPA L114-5).

    Both sides see them, and the letter that follows names them.
    """
    definition = Questionnaire(service_request.form_version, service_request.channel).definition
    labels = {question.key: question.label for question in definition.everything}
    labels |= {document.name: document.label for document in definition.documents}
    PieceRequest.objects.bulk_create(
        PieceRequest(
            request=service_request,
            document_code=code,
            label=labels.get(code, code)[:250],
            asked_at=asked_at,
            due_on=now.astimezone(PARIS).date() + timedelta(days=COMPLETION_DAYS),
        )
        for code in codes
    )
