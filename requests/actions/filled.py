"""A form that was checked on the server: what a filing or a completion keeps of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prestations.calendars import PARIS
from prestations.forms import FieldError, Questionnaire
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
