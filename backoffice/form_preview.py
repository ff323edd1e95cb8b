"""A form tried before it is used: its pages as a citizen sees them, whose answers are not kept.

What was answered travels from page to page in the page itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override

from prestations.editing.operations import DOCUMENTS, QUESTIONS, without_lost_conditions
from prestations.enums import Channel, FieldType
from prestations.forms import Questionnaire, Step
from prestations.forms.definition import ANSWERS, REQUESTER
from prestations.forms.eligibility import Condition, ConditionForm, conditions_of, filled_in
from prestations.models import FormVersion, Prestation
from prestations.translation import also_in_english
from requests.step_page import shown_step

LANGUAGE = "langue:"
INCOMPLETE = "X-Incomplete"  # the page does not show yet what is being written


@dataclass
class Trial:
    """Where somebody who tries a form stands.

    Attributes:
        definition: of the form; it need not be kept anywhere.
        english: translations that come with it.
        page: from 1: the questions before the form, its pages, then the end.
        address: where its pages are posted.
        written: the question that somebody writes beside the trial, which its page marks.
    """

    prestation: Prestation
    definition: dict[str, Any]
    english: Mapping[str, str]
    address: str
    page: int = 1
    language: str = ""
    written: str = ""
    before: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> FormVersion:
        definition = without_lost_conditions(self.definition)
        return FormVersion(prestation=self.prestation, definition=definition)

    @property
    def questionnaire(self) -> Questionnaire:
        return Questionnaire(self.version, Channel.WEB, self.before)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return conditions_of(self.version)

    def steps(self) -> list[Step]:
        return self.questionnaire.steps(self.answers)

    def page_of(self, name: str) -> int:
        """The page where a question, a document or a question before the form stands; else 1."""
        conditions = self.conditions
        for condition in conditions:
            if condition.code == name:
                return condition.number
        for step in self.steps():
            if any(question.name == name for question in step.questions):
                return len(conditions) + step.number
        return 1

    def show(self, name: str) -> None:
        """Go to the page of a question or a document, answered so that it is asked there."""
        self.written = name
        self._answer_for(name)
        self.page = self.page_of(name)

    def show_kind(self, *kinds: str) -> None:
        """Go to the first page of one of these kinds (`prestations.forms.steps`), if there is."""
        numbers = (step.number for step in self.steps() if step.kind in kinds)
        self.page = len(self.conditions) + next(numbers, 1)

    def _answer_for(self, name: str) -> None:
        fields = {one["name"]: one for one in QUESTIONS.items(self.definition)}
        document = DOCUMENTS.find(self.definition, name)
        asked = document["required_if"] if document else fields.get(name, {}).get("visible_if")
        answers: dict[str, Any] = {}
        while asked and asked["field"] in fields and asked["field"] not in answers:
            parent = fields[asked["field"]]
            suiting = _suiting(asked, parent)
            answers[asked["field"]] = [suiting] if FieldType(parent["type"]).many else suiting
            asked = parent.get("visible_if")
        self.answers = {**self.answers, ANSWERS: {**self.answers.get(ANSWERS, {}), **answers}}

    def take_up(self, data: Mapping[str, Any]) -> None:
        """Read where a page that is posted stood, and what was answered before."""
        page = data.get("page", "")
        self.page = int(page) if page.isdecimal() and len(page) < 4 else 1
        kept = _read(data.get("donnees"))
        given = _read(kept.get("avant"))
        self.before = {str(code): str(answer) for code, answer in given.items()}
        answers = {scope: _read(kept.get(scope)) for scope in (REQUESTER, ANSWERS)}
        self.answers, _errors = self.questionnaire.clean_all(answers)

    def kept(self) -> str:
        """What was answered, as a page carries it."""
        return json.dumps({**self.answers, "avant": self.before}, ensure_ascii=False)


def _suiting(condition: dict[str, Any], question: dict[str, Any]) -> Any:
    """An answer to a question by which a condition holds."""
    value = condition["value"]
    match condition["operator"]:
        case "in":
            return value[0]
        case "greater_than":
            return value + 1
        case "not_equals" if isinstance(value, bool):
            return not value
        case "not_equals":
            others = [one["value"] for one in question.get("choices") or ()]
            return next((one for one in others if one != value), None)
    return value


def _read(value: Any) -> dict[str, Any]:
    """A mapping, whatever was posted."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def trial_page(request: HttpRequest, trial: Trial, *, posted: bool = False) -> HttpResponse:
    """The page where a trial stands, or the one to which what is posted leads.

    Args:
        posted: the page itself was posted, not the form of whoever writes the question.
    """
    action = request.POST.get("action", "") if posted else ""
    if action.startswith(LANGUAGE):
        trial.language = action.removeprefix(LANGUAGE)
    if trial.language not in dict(settings.LANGUAGES):
        trial.language = get_language() or settings.LANGUAGE_CODE
    answered = posted and not action.startswith(LANGUAGE)
    with override(trial.language), also_in_english(trial.english):
        if action == "back":
            trial.page, answered = max(1, trial.page - 1), False
        page = _page(request, trial, request.POST if answered else None)
    page["X-Frame-Options"] = "SAMEORIGIN"  # the editor, a page of ours, holds it in a frame
    held = csp_replace({"frame-ancestors": [SELF]})(lambda _request: page)
    return cast("HttpResponse", held(request))


def _page(request: HttpRequest, trial: Trial, data: Mapping | None) -> HttpResponse:
    conditions, steps = trial.conditions, trial.steps()
    if trial.page <= len(conditions):
        return _condition_page(request, trial, conditions[trial.page - 1], data)
    number = trial.page - len(conditions)
    if number <= len(steps):
        return _step_page(request, trial, steps[number - 1], data)
    sections = trial.questionnaire.summary(trial.answers)
    return _render(request, trial, "backoffice/preview_end.html", {"sections": sections})


def _condition_page(
    request: HttpRequest, trial: Trial, condition: Condition, data: Mapping | None
) -> HttpResponse:
    form = ConditionForm(condition, data, initial=trial.before.get(condition.code, ""))
    if data is not None and form.is_valid():
        answer = form.cleaned_data["reponse"]
        trial.before[condition.code] = answer
        trial.answers = filled_in(condition, trial.answers, answer)
        if answer in condition.stops:
            stop = condition.stops[answer]
            other = Prestation.objects.listed().filter(pk=stop.prestation).first()
            context = {"condition": condition, "stop": stop, "other": other}
            return _render(request, trial, "backoffice/preview_stopped.html", context)
        trial.page += 1
        return _page(request, trial, None)
    context = {"condition": condition, "form": form, "total": len(trial.conditions)}
    return _render(request, trial, "backoffice/preview_condition.html", context)


def _step_page(
    request: HttpRequest, trial: Trial, step: Step, data: Mapping | None
) -> HttpResponse:
    questionnaire = trial.questionnaire
    form = questionnaire.form(step, data, answers=trial.answers)
    if data is not None:
        form.is_valid()
        files = {question.key for question in step.questions if question.is_upload}
        if form.errors.keys() <= files:  # nobody joins a file to a form that is only tried
            trial.answers = form.merged_answers()
            trial.page += 1
            return _page(request, trial, None)
    context = shown_step(trial.prestation, questionnaire, step, form, trial.answers)
    context["written"] = [one.key for one in step.questions if one.name == trial.written]
    return _render(request, trial, "backoffice/preview_step.html", context)


def _render(
    request: HttpRequest, trial: Trial, template: str, context: dict[str, Any]
) -> HttpResponse:
    common = {"prestation": trial.prestation, "trial": trial}
    return render(request, template, common | context)
