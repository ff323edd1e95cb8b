"""What a requester still owes, in words that mean something on paper, away from the form."""

from prestations.forms import Question, Questionnaire
from prestations.forms.definition import ANSWERS
from requests.models import ServiceRequest

MOST_CHOICES = 12  # more would bury the question


def owed_words(service_request: ServiceRequest) -> list[str]:
    """Return what is still missing, answers and documents, each as a letter asks for it.

    A form's label is short because its page, its help and its choices stand beside it: the
    letter brings them along.
    """
    definition = Questionnaire(service_request.form_version, service_request.channel).definition
    asked: dict[str, str] = {}
    page = ""
    for question in definition.everything:
        page = question.page or (page if question.scope == ANSWERS else "")
        asked[question.key] = _whole(question, page)
    owed = service_request.pieces.filter(received_at=None)
    return [
        asked.get(piece.document_code, piece.label) if piece.is_answer else piece.label
        for piece in owed
    ]


def _whole(question: Question, page: str) -> str:
    label = question.label
    if page and page.casefold() != label.casefold():
        label = f"{page} : {label[:1].lower()}{label[1:]}"
    if 0 < len(question.choices) <= MOST_CHOICES:
        *first, last = [choice for _value, choice in question.choices]
        return f"{label} ({', '.join(first)} ou {last})" if first else label
    return f"{label} ({question.help.rstrip('.')})" if question.help else label
