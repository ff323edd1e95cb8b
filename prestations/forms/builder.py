"""Django forms built from a stored, versioned definition: the one builder of every door.

`Questionnaire` is what the portal and the counter use; see `prestations.forms`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from prestations.forms.address import PARTS, address_text
from prestations.forms.answers import flatten, nest, to_data
from prestations.forms.conditions import holds, is_visible
from prestations.forms.correction import CorrectionForm
from prestations.forms.definition import (
    BroughtDocument,
    Definition,
    LaterDocument,
    Question,
    read_definition,
)
from prestations.forms.eligibility import least_ages, settled
from prestations.forms.questions_form import QuestionsForm
from prestations.forms.register import registered
from prestations.forms.steps import Step, counter_title, cut_steps
from prestations.forms.summary import Section, sections
from prestations.models import FormVersion


class FieldError(NamedTuple):
    """What is wrong with one answer: its key, its label, and the words shown beside the field.

    `blank` tells a mandatory answer not given from one that is wrong.
    """

    key: str
    label: str
    message: str
    blank: bool = False


class AskedDocument(NamedTuple):
    """A supporting document that the form asks for, given its answers.

    `original` says that it is only seen at the counter. One due later is never required.
    """

    code: str
    label: str
    required: bool
    original: bool


class Questionnaire:
    """The form of a prestation, in one of its versions, for one channel.

    Answers are ``{"demandeur": {…}, "reponses": {…}}`` holding plain JSON values: texts, true or
    false, whole numbers, decimals and dates as text (``"12.5"``, ``"2026-01-31"``), phones in
    E.164, addresses as in `prestations.forms.address`.
    """

    def __init__(
        self,
        form_version: FormVersion,
        channel: str,
        conditions: Mapping[str, str] | None = None,
        *,
        optional: Collection[str] = (),
    ):
        """Read the form of a version.

        Args:
            conditions: what was answered before the form, which its answers must not belie.
            optional: keys of questions that this requester may leave blank.
        """
        self.optional = optional
        self.form_version = form_version
        self.channel = channel
        self.conditions = conditions or {}

    @cached_property
    def definition(self) -> Definition:
        return read_definition(self.form_version.definition)

    # --- pages -----------------------------------------------------------------------------

    def steps(self, answers: Mapping | None = None) -> list[Step]:
        """The pages to show; the answers so far decide which documents are asked."""
        return cut_steps(self.definition, flatten(answers))

    def form(
        self,
        step: Step,
        data: Mapping | None = None,
        *,
        answers: Mapping | None = None,
        attachments: Iterable[Any] = (),
        refused: Mapping[str, Sequence[str]] | None = None,
    ) -> QuestionsForm:
        """The Django form of one page, filled with the answers already given.

        Args:
            data: ``request.POST`` when it was posted.
            attachments: files already stored (objects with document_code, name, size, pk).
            refused: why files just sent were refused, by question key.
        """
        form = self._form(step.questions, data, answers, attachments, refused)
        form.helper = _helper(Layout(*form.fields))
        form.helper.include_media = False  # the page's head has css/filing.css
        return form

    def single_form(
        self,
        data: Mapping | None = None,
        *,
        answers: Mapping | None = None,
        attachments: Iterable[Any] = (),
        refused: Mapping[str, Sequence[str]] | None = None,
    ) -> QuestionsForm:
        """All the questions on one page, for the counter: a fieldset for each step.

        Documents whose condition is not met yet are there too, shown when it is.
        """
        definition = self.definition
        form = self._form(definition.everything, data, answers, attachments, refused)
        titled = [(counter_title(step), step.questions) for step in self.steps(answers)]
        shown = {question.key for _title, questions in titled for question in questions}
        hidden = [question for question in definition.documents if question.key not in shown]
        if hidden:
            titled.append((_("Pièces selon la situation"), tuple(hidden)))
        blocks = [Fieldset(title, *(q.key for q in questions)) for title, questions in titled]
        form.helper = _helper(Layout(*blocks))
        return form

    def owed_form(
        self, keys: Collection[str], data: Mapping | None = None, *, answers: Mapping
    ) -> QuestionsForm:
        """The questions of `keys`, and those that their answers may call for."""
        asked = set(keys)
        for question in self.definition.everything:
            if question.condition and question.condition.key in asked and not question.is_upload:
                asked.add(question.key)
        questions = [one for one in self.definition.everything if one.key in asked]
        return self._form(questions, data, answers, (), None)

    def correction_form(
        self, data: Mapping | None = None, *, answers: Mapping, apart: Collection[str] = ()
    ) -> CorrectionForm:
        """Every question with its answer, to be corrected; files are joined elsewhere.

        Args:
            apart: keys of questions that are corrected elsewhere too.
        """
        questions = [
            one for one in self.definition.everything if not one.is_upload and one.key not in apart
        ]
        return CorrectionForm(**self._about(questions, data, answers, (), None))

    def _form(self, questions, data, answers, attachments, refused) -> QuestionsForm:
        return QuestionsForm(**self._about(questions, data, answers, attachments, refused))

    def _about(self, questions, data, answers, attachments, refused) -> dict[str, Any]:
        flat = flatten(answers)
        asked = [
            replace(question, required=False, required_on=())
            if question.key in self.optional
            else question
            for question in questions
        ]
        return {
            "questions": asked,
            "definition": self.definition,
            "channel": self.channel,
            "data": data,
            "answers": flat,
            "settled": settled(self.form_version, self.conditions, flat).keys(),
            "attachments": list(attachments),
            "refused": refused or {},
            "least_ages": least_ages(self.form_version, self.conditions),
        }

    # --- the whole -------------------------------------------------------------------------

    def clean_all(
        self, answers: Mapping, attachments: Iterable[Any] = ()
    ) -> tuple[dict, dict[int, list[FieldError]]]:
        """Check every answer at once, as on the check page and at filing.

        Returns:
            The answers kept (what is hidden, unknown or wrong is dropped), and what is wrong by
            step number; an empty dict means that the request may be filed.
        """
        attachments = list(attachments)
        kept: dict[str, Any] = {}
        errors: dict[int, list[FieldError]] = {}
        flat = flatten(answers)
        for step in self.steps(answers):
            form = self._form(
                step.questions, to_data(step.questions, flat), answers, attachments, None
            )
            form.is_valid()
            kept.update(form.flat_answers())
            blank = form.blank_keys()
            wrong = [
                FieldError(key, str(form.fields[key].label), message, key in blank)
                for key, messages in form.worded_errors().items()
                for message in messages
            ]
            if wrong:
                errors[step.number] = wrong
        return nest(kept), errors

    def kept_attachments(self, answers: Mapping, attachments: Iterable[Any]) -> list[Any]:
        """Those that answer a question still asked; the others are not part of the request."""
        codes = {
            question.attachment_code
            for step in self.steps(answers)
            for question in self._visible(step.questions, answers)
            if question.is_upload
        }
        return [file for file in attachments if file.document_code in codes]

    def missing_documents(
        self, answers: Mapping, attachments: Iterable[Any], papers: Iterable[str] = ()
    ) -> list[str]:
        """Codes of the mandatory documents not joined (whatever the channel requires).

        Args:
            papers: codes of those seen, or received on paper.
        """
        there = {file.document_code for file in attachments} | set(papers)
        return [
            question.name
            for question in self._visible(self.definition.documents, answers)
            if question.required and question.name not in there
        ]

    def kept_papers(self, answers: Mapping, papers: Iterable[str]) -> list[str]:
        """Those of `papers` (document codes) that are still asked for, in the form's order."""
        asked = [question.name for question in self._visible(self.definition.documents, answers)]
        asked += [document.code for document in self.documents_to_bring(answers)]
        given = set(papers)
        return [code for code in asked if code in given]

    def documents_asked(self, answers: Mapping) -> list[AskedDocument]:
        """Every document asked for: joined to the form, brought to the counter, or due later."""
        joined = self._visible(self.definition.documents, answers)
        return [
            *(AskedDocument(one.name, one.label, one.required, False) for one in joined),
            *(
                AskedDocument(one.code, one.label, one.required, True)
                for one in self.documents_to_bring(answers)
            ),
            *(AskedDocument(one.code, one.label, False, False) for one in self.definition.later),
        ]

    def documents_to_bring(self, answers: Mapping | None = None) -> list[BroughtDocument]:
        """Documents whose original comes to the counter; without answers, all that may be."""
        flat = flatten(answers)
        return [
            document
            for document in self.definition.to_bring
            if answers is None or document.condition is None or holds(document.condition, flat)
        ]

    def document_questions(self) -> tuple[Question, ...]:
        """Every document that may be asked, for the start page."""
        return self.definition.documents

    def documents_due_later(self) -> tuple[LaterDocument, ...]:
        """Documents that are not sent with the request; each says when it is due."""
        return self.definition.later

    def without_unticked(self, answers: Mapping, said: Mapping) -> dict:
        """Return the answers without the boxes left unticked in a form that is not finished.

        Nobody has answered them yet: « Non » is what a whole form says.

        Args:
            said: answers given before, whose « Non » stand.
        """
        before = flatten(said)
        return nest(
            {
                key: value
                for key, value in flatten(answers).items()
                if value is not False or before.get(key) is False
            }
        )

    def place(self, answers: Mapping) -> str:
        """Where the request is about, on one line; blank when nothing says."""
        return address_text(self.place_answer(answers))

    def place_answer(self, answers: Mapping) -> Mapping | None:
        """The address that says where, as `prestations.forms.address` keeps it; None without."""
        key = self.definition.place_key
        answer = flatten(answers).get(key) if key else None
        return answer if isinstance(answer, Mapping) else None

    def with_street(self, answers: Mapping, street: str) -> dict:
        """Return the answers with another street as their place, normalised by the register."""
        flat, place = flatten(answers), self.place_answer(answers)
        if place is not None and self.definition.place_key:
            typed = {part: place.get(part) for part in PARTS} | {"voie": street}
            flat[self.definition.place_key] = registered(typed)
        return nest(flat)

    def summary(
        self, answers: Mapping, attachments: Iterable[Any] = (), language: str | None = None
    ) -> list[Section]:
        """The answers in words, by step, for the check page, agents, tracking and PDFs.

        Args:
            language: of the labels; the active one by default.
        """
        with override(language or get_language()):
            return sections(
                self.steps(answers), self.definition, flatten(answers), list(attachments)
            )

    def _visible(self, questions: Iterable[Question], answers: Mapping) -> list[Question]:
        flat = flatten(answers)
        known = self.definition.by_key
        return [question for question in questions if is_visible(question, flat, known)]


def _helper(layout: Layout) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = layout
    return helper
