"""What the requester of a filed request said, for the pages that show it again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from massy_grc.common.words import date_words
from prestations.forms import Questionnaire, Row
from prestations.forms.eligibility import CONDITIONS, asked_only_before
from prestations.forms.wording import said
from requests.models import ServiceRequest
from requests.subjects import words_beside


def given_answers(
    service_request: ServiceRequest, corrected: Mapping[str, datetime] | None = None
) -> dict[str, Any]:
    """Return what `requests/given_answers.html` shows, in the reader's language.

    Args:
        corrected: when an agent corrected an answer, by its key.
    """
    corrected = corrected or {}
    form = Questionnaire(service_request.form_version, service_request.channel)
    files = service_request.attachments.filter(by_requester=True)
    before = service_request.answers.get(CONDITIONS, {})
    sections = [
        replace(section, rows=[_noted(row, corrected.get(row.key)) for row in section.rows])
        for section in form.summary(service_request.answers, files)
    ]
    rows = [row for section in sections for row in section.rows]
    return {
        "first_words": words_beside(service_request, rows),
        "given_before": asked_only_before(service_request.form_version, before),
        "sections": sections,
    }


def question_labels(service_request: ServiceRequest) -> dict[str, str]:
    """The questions of the form that the request has now, by key, in the reader's language."""
    definition = Questionnaire(service_request.form_version, service_request.channel).definition
    return {key: said(question.label) for key, question in definition.by_key.items()}


def _noted(row: Row, corrected_at: datetime | None) -> Row:
    if corrected_at is None:
        return row
    told = {"day": date_words(corrected_at)}
    return replace(row, note=_("Corrigée par un agent de la mairie le %(day)s") % told)
