"""What the requester of a filed request said, for the pages that show it again."""

from typing import Any

from prestations.forms import Questionnaire
from prestations.forms.eligibility import CONDITIONS, asked_only_before
from requests.models import ServiceRequest
from requests.subjects import words_beside


def given_answers(service_request: ServiceRequest) -> dict[str, Any]:
    """Return what `requests/given_answers.html` shows, in the reader's language."""
    form = Questionnaire(service_request.form_version, service_request.channel)
    files = service_request.attachments.filter(by_requester=True)
    before = service_request.answers.get(CONDITIONS, {})
    sections = form.summary(service_request.answers, files)
    rows = [row for section in sections for row in section.rows]
    return {
        "first_words": words_beside(service_request, rows),
        "given_before": asked_only_before(service_request.form_version, before),
        "sections": sections,
    }
