"""Answers to one prestation's form as columns of a table: a question a column, in all versions."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from massy_grc.common.spreadsheets import Value
from prestations.enums import FieldType
from prestations.forms.answers import flatten
from prestations.forms.conditions import BLANK, is_visible
from prestations.forms.definition import REQUESTER, Question, read_definition
from prestations.forms.eligibility import CONDITIONS, Condition, conditions_of
from prestations.forms.steps import REQUESTER_STEP, cut_steps
from prestations.forms.summary import display_answer
from prestations.forms.wording import said
from prestations.models import FormVersion, Prestation


@dataclass(frozen=True)
class _Version:
    """One version, read once for all requests.

    Attributes:
        questions: each with what it is about, in the order of the pages.
    """

    questions: list[tuple[str, Question]]
    by_key: dict[str, Question]

    @classmethod
    def of(cls, version: FormVersion) -> "_Version":
        definition = read_definition(version.definition)
        title = _("Avant le formulaire")
        asked = [(title, _question(one)) for one in conditions_of(version) if _tells(one)]
        for step in cut_steps(definition, {}):
            about = _("Demandeur") if step.kind == REQUESTER_STEP else said(step.base_title)
            asked += [(about, one) for one in step.questions if not one.is_upload]
        return cls(asked, definition.by_key)

    def answered(self, answers: Mapping[str, Any]) -> list[tuple[Question, Any]]:
        """The questions that were asked and answered."""
        given = answers.get(CONDITIONS) or {}
        flat = flatten(answers) | {f"{CONDITIONS}.{code}": one for code, one in given.items()}
        return [
            (question, answer)
            for _about, question in self.questions
            if (answer := flat.get(question.key)) not in BLANK
            and is_visible(question, flat, self.by_key)
        ]


class AnswerColumns:
    """The questions of a prestation's form, and what each of its requests answers to them.

    A question is known by its key: it keeps its column from one version to the next under the label
    of the newest, and one that is asked no more stands where it was. What came on the form of
    another prestation is told in one last column, but for what all forms ask of the requester.
    Files are left out. Words are in the language of whoever makes it.
    """

    def __init__(self, prestation: Prestation, versions: Iterable[FormVersion]) -> None:
        newest_first = sorted(versions, key=lambda one: one.number, reverse=True)
        self._versions = {one.pk: _Version.of(one) for one in newest_first}
        self._foreign = {one.pk for one in newest_first if one.prestation_id != prestation.pk}
        self._labels: dict[str, tuple[str, str]] = {}
        self._keys: list[str] = []
        self._place_key = ""
        for pk, version in self._versions.items():
            if pk not in self._foreign:
                self._add(version)

    def _add(self, version: _Version) -> None:
        at = 0
        for about, question in version.questions:
            if question.key in self._labels:
                at = self._keys.index(question.key)
            else:
                self._labels[question.key] = about, said(question.label)
                self._keys.insert(at, question.key)
                self._place_key = self._place_key or (question.key if question.is_place else "")
            at += 1

    @property
    def version_ids(self) -> Collection[int]:
        """The versions whose answers it reads."""
        return self._versions.keys()

    @property
    def tells_place(self) -> bool:
        """Whether a question asks where it is about."""
        return bool(self._place_key)

    def headings(self, taken: Collection[str] = ()) -> list[str]:
        """What stands above each column; what it is about tells a namesake from the others.

        That a question is about the requester is said each time: the form may ask of a child too.

        Args:
            taken: the headings of the columns beside them.
        """
        labels = [(key, *self._labels[key]) for key in self._keys]
        known = Counter([*taken, *(label for _key, _about, label in labels)])
        told = [
            f"{about} – {label}" if known[label] > 1 or key.startswith(f"{REQUESTER}.") else label
            for key, about, label in labels
        ]
        return [*told, _("Reçu sur un autre formulaire")] if self._foreign else told

    def values(self, version_id: int, answers: Mapping[str, Any], place: str = "") -> list[Value]:
        """What a request answers, in the order of the headings.

        Args:
            place: where it is about, if that is known otherwise than by an answer.
        """
        here, elsewhere = self._versions[version_id].answered(answers), []
        if version_id in self._foreign:
            elsewhere = [one for one in here if not self._shares(one[0])]
            here = [one for one in here if self._shares(one[0])]
        cells = {question.key: _cell(question, answer) for question, answer in here}
        if place:
            cells.setdefault(self._place_key, place)
        row = [cells.get(key) for key in self._keys]
        if not self._foreign:
            return row
        colon = _(" :")
        told = [f"{said(q.label)}{colon} {display_answer(q, answer)}" for q, answer in elsewhere]
        return [*row, "\n".join(told)]

    def _shares(self, question: Question) -> bool:
        """Whether a question of another prestation's form is one of this form too."""
        return question.scope == REQUESTER and question.key in self._labels


def _tells(condition: Condition) -> bool:
    """Whether requests differ in it, and no question of the form holds its answer."""
    return not condition.fills and len(condition.choices) - len(condition.stops) > 1


def _question(condition: Condition) -> Question:
    """What is asked before the form, as a question of it."""
    return Question(
        scope=CONDITIONS,
        name=condition.code,
        label=condition.question,
        kind=FieldType.SELECT,
        choices=condition.choices,
    )


def _cell(question: Question, answer: Any) -> Value:
    """An answer as agents read it, but for dates and numbers, with which a table computes."""
    try:
        match question.kind:
            case FieldType.DATE:
                return dt.date.fromisoformat(answer)
            case FieldType.INTEGER | FieldType.DECIMAL:
                return Decimal(str(answer))
        return display_answer(question, answer)
    except (TypeError, ValueError, ArithmeticError):  # kept before the form checked it so
        return str(answer)
