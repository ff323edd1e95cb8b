"""Filling in any form of the catalogue by its labels, as a person would."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext
from phonenumber_field.phonenumber import to_python as read_phone

from prestations.enums import FieldType
from prestations.forms import Question
from prestations.forms.answers import flatten
from prestations.forms.eligibility import conditions_of
from prestations.forms.wording import said
from prestations.models import Prestation
from tests.browser.visitor import Visitor
from tests.factories.answers import SentFile, going_on


def fill_in(
    visitor: Visitor,
    questions: Iterable[Question],
    answers: Mapping[str, Mapping[str, Any]],
    files: Mapping[str, SentFile],
) -> None:
    """Answer the questions of one page, in their order, with what `answers` and `files` hold.

    What was answered on a page before the form is not asked again: it is hidden there.
    """
    flat = flatten(answers)
    for question in questions:
        if question.key in files:
            sent = files[question.key]
            file = {"name": sent.name, "mimeType": "application/pdf", "buffer": sent.content}
            visitor.attaches(str(said(question.label)), file)
        elif visitor.page.locator(f'input[type=hidden][name="{question.key}"]').count():
            continue
        elif question.key in flat:
            _answer(visitor, question, flat[question.key])


def pass_conditions(visitor: Visitor, code: str, **wanted: str) -> None:
    """Answer what is asked before the form of a prestation so as to go on, page by page.

    Args:
        wanted: answers by the question's code, in the place of the first that lets go on.
    """
    version = Prestation.objects.select_related("current_form").get(pk=code).current_form
    for condition in conditions_of(version):
        question = str(said(condition.question))
        visitor.sees(question)
        answer = dict(condition.choices)[{**going_on(version), **wanted}[condition.code]]
        visitor.chooses(question, str(said(answer)))
        visitor.presses_button(gettext("Continuer"))


def _answer(visitor: Visitor, question: Question, value: Any) -> None:
    label = str(said(question.label))
    match question.kind:
        case FieldType.CHECKBOX:
            visitor.control(label).set_checked(value)
        case FieldType.SELECT:
            visitor.chooses(label, str(said(dict(question.choices)[value])))
        case FieldType.SELECTBOXES:
            for one, words in question.choices:
                visitor.control(str(said(words)), visitor.group(label)).set_checked(one in value)
        case FieldType.ADDRESS:
            _address(visitor, question, value)
        case FieldType.PHONE:
            visitor.fills(label, str(read_phone(value).as_national))
        case _:
            visitor.fills(label, str(value))


def _address(visitor: Visitor, question: Question, value: Mapping[str, str | None]) -> None:
    group = visitor.group(str(said(question.label)))
    number, street = value["numero"] or "", value["voie"] or ""
    if question.is_spot:
        visitor.fills(gettext("Rue ou lieu"), street, group)
        visitor.fills(gettext("Numéro"), number, group)
    else:
        visitor.fills(gettext("Numéro et rue"), f"{number} {street}".strip(), group)
        visitor.fills(gettext("Code postal"), value["code_postal"] or "", group)
        visitor.fills(gettext("Commune, et pays hors de France"), value["commune"] or "", group)
