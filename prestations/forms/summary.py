"""Answers in words: the check page, the agents' page, tracking and PDFs read the same."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python as read_phone

from massy_grc.common.words import day_words
from prestations.enums import FieldType
from prestations.forms.address import address_text
from prestations.forms.answers import listed
from prestations.forms.conditions import BLANK, is_visible
from prestations.forms.definition import Definition, Question
from prestations.forms.steps import Step
from prestations.forms.wording import said


@dataclass(frozen=True)
class Row:
    """One answer: `value` is ready to show, blank when nothing was given.

    `files` holds the attachments of an upload; `note` what is said beside the answer.
    """

    label: str
    value: str
    key: str
    question: Question
    files: list[Any] = field(default_factory=list)
    note: str = ""

    @property
    def shown(self) -> str:
        """`value`, or « Non renseigné »."""
        return self.value or _("Non renseigné")


@dataclass(frozen=True)
class Section:
    """The answers of one step."""

    step: Step
    title: str
    rows: list[Row]


def sections(
    steps: Sequence[Step],
    definition: Definition,
    answers: Mapping[str, Any],
    attachments: Sequence[Any],
) -> list[Section]:
    """One section a step, one row a visible question; see `Questionnaire.summary`."""
    return [
        Section(
            step,
            step.title,
            [
                _row(question, answers, attachments)
                for question in step.questions
                if is_visible(question, answers, definition.by_key)
            ],
        )
        for step in steps
    ]


def _row(question: Question, answers: Mapping[str, Any], attachments: Sequence[Any]) -> Row:
    label = said(question.label)
    if question.is_upload:
        files = [one for one in attachments if one.document_code == question.attachment_code]
        return Row(label, "\n".join(one.name for one in files), question.key, question, files)
    value = display_answer(question, answers.get(question.key))
    return Row(label, value, question.key, question)


def display_answer(question: Question, value: Any) -> str:
    """An answer in words; blank when there is none.

    A box is « Oui » or « Non », a date is written in full, a phone as it is read aloud; several
    answers stand one after the other, with a semicolon: their own words may hold commas.
    """
    if value in BLANK:
        return ""
    if question.kind == FieldType.CHECKBOX:
        return _("Oui") if value is True else _("Non")
    if question.has_choices:
        labels = dict(question.choices)
        return _(" ; ").join(said(labels.get(one, str(one))) for one in listed(value))
    match question.kind:
        case FieldType.DATE:
            return day_words(dt.date.fromisoformat(value))
        case FieldType.DECIMAL:
            return str(localize(Decimal(str(value)), use_l10n=True))
        case FieldType.PHONE:
            return _phone(str(value))
        case FieldType.ADDRESS:
            return address_text(value)
    return str(value)


def _phone(value: str) -> str:
    number = read_phone(value, region="FR")
    if not number or not number.is_valid():
        return value
    return number.as_national if number.country_code == 33 else number.as_international
