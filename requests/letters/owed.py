"""What a requester still owes, in words that mean something away from the form."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext

from prestations.forms import Question, Questionnaire
from prestations.forms.definition import ANSWERS
from prestations.forms.several import several_words
from prestations.translation import catalogue_text
from requests.models import PieceRequest, ServiceRequest

MOST_CHOICES = 12  # more would bury the question


def owed_words(service_request: ServiceRequest) -> list[str]:
    """Return what is still missing, answers and documents, each as a letter asks for it."""
    return in_words(service_request, service_request.pieces.filter(received_at=None))


def in_words(service_request: ServiceRequest, owed: Iterable[PieceRequest]) -> list[str]:
    """Return what is owed, in the reader's language.

    A form's label is short because its page, its help and its choices stand beside it: what is
    read elsewhere brings them along.
    """
    asked = {question.key: _whole(question, page) for question, page in _paged(service_request)}
    return [
        (asked.get(piece.document_code) if piece.is_answer else None) or catalogue_text(piece.label)
        for piece in owed
    ]


def owed_labels(service_request: ServiceRequest) -> dict[str, str]:
    """The label of each question away from its page, by key."""
    return {question.key: _label(question, page) for question, page in _paged(service_request)}


def _paged(service_request: ServiceRequest) -> Iterator[tuple[Question, str]]:
    """Each question of the form with the title of its page."""
    page = ""
    form = Questionnaire(service_request.form_version, service_request.channel)
    for question in form.definition.everything:
        page = question.page or (page if question.scope == ANSWERS else "")
        yield question, page


def _label(question: Question, page: str) -> str:
    label = catalogue_text(question.label)
    if page and page.casefold() != question.label.casefold():
        label = gettext("%(page)s : %(label)s") % {
            "page": catalogue_text(page),
            "label": f"{label[:1].lower()}{label[1:]}",
        }
    return label


def _whole(question: Question, page: str) -> str:
    label = _label(question, page)
    if 0 < len(question.choices) <= MOST_CHOICES:
        *first, last = [catalogue_text(choice) for _value, choice in question.choices]
        either = gettext("%(choices)s ou %(last)s") % {"choices": ", ".join(first), "last": last}
        if question.many:
            several = several_words(question.least_answers, question.most_answers).rstrip(".")
            either = gettext(" ; ").join((either, f"{several[:1].lower()}{several[1:]}"))
        return f"{label} ({either})" if first else label
    return f"{label} ({catalogue_text(question.help).rstrip('.')})" if question.help else label
