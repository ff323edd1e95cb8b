"""How a form is cut into pages: one subject a page.

The data say where a page begins (`page`, its title). The order is: the form's own questions, the
place when the form has no field for it, the documents (which depend on the answers), then the
person. Questions come first because they are what the visitor came for, because many of these
forms concern somebody else, and because a street report must not begin by asking who you are;
contact details last is also GOV.UK's advice. See docs/adr/0010-form-steps.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prestations.forms.conditions import visible_questions
from prestations.forms.definition import Definition, Question
from prestations.forms.wording import PAPERS_TITLE, PLACE_TITLE, REQUEST_TITLE, said

STEP_SIZE = 6
QUESTIONS, PLACE, PAPERS, REQUESTER_STEP = "questions", "place", "documents", "requester"

# The citizen's heading in the data -> the agent's.
_AT_THE_COUNTER = {
    "Votre identité": _("Identité du demandeur"),
    "Votre association": _("L’association"),
    "Votre administration": _("L’administration"),
    "Vos coordonnées": _("Coordonnées du demandeur"),
    REQUEST_TITLE: _("La demande"),
}


@dataclass(frozen=True)
class Step:
    """One page. `number` starts at 1; `part` tells apart pages that share a title."""

    number: int
    kind: str
    base_title: str
    questions: tuple[Question, ...]
    part: int = 1

    @property
    def title(self) -> str:
        """« Votre demande », then « Votre demande (suite) », « Votre demande (suite 2) »…"""
        return _numbered(said(self.base_title), self.part)


def cut_steps(definition: Definition, answers: Mapping[str, Any]) -> list[Step]:
    """The pages of a form, given the answers so far (they decide which documents are asked).

    Args:
        answers: flat, keyed like ``reponses.qualite``.
    """
    pages = [(QUESTIONS, *page) for page in _pages(definition.questions)]
    if definition.added_place:
        pages.append((PLACE, PLACE_TITLE, [definition.added_place]))
    documents = visible_questions(definition.documents, answers, definition.by_key)
    pages += [
        (PAPERS, PAPERS_TITLE, documents[start : start + STEP_SIZE])
        for start in range(0, len(documents), STEP_SIZE)
    ]
    pages += [(REQUESTER_STEP, *page) for page in _pages(definition.requester)]
    parts: dict[str, int] = {}
    steps = []
    for number, (kind, title, questions) in enumerate(pages, start=1):
        parts[title] = parts.get(title, 0) + 1
        steps.append(Step(number, kind, title, tuple(questions), parts[title]))
    return steps


def counter_title(step: Step) -> str:
    """The heading of a step on an agent's screen, where « vous » is not the requester."""
    words = _AT_THE_COUNTER.get(step.base_title)
    return _numbered(str(words), step.part) if words else step.title


def _numbered(title: str, part: int) -> str:
    if part == 1:
        return title
    if part == 2:
        return gettext("%(title)s (suite)") % {"title": title}
    return gettext("%(title)s (suite %(part)d)") % {"title": title, "part": part - 1}


def _pages(questions: Sequence[Question]) -> Iterator[tuple[str, list[Question]]]:
    """Title and questions of each page: a new one where the data say so, or when six are full.

    A family larger than a page keeps its page.
    """
    title, page = REQUEST_TITLE, list[Question]()
    for family in _families(questions):
        begins = family[0].page
        if page and (begins or len(page) + len(family) > STEP_SIZE):
            yield title, page
            page = []
        title = begins or title
        page += family
    if page:
        yield title, page


def _families(questions: Sequence[Question]) -> list[list[Question]]:
    """A question with all that depends on it, which follows it whatever its place in the data."""
    families: dict[str, list[Question]] = {}
    head_of: dict[str, str] = {}
    for question in questions:
        parent = question.condition.key if question.condition else None
        head = head_of.get(parent, question.key) if parent else question.key
        head_of[question.key] = head
        families.setdefault(head, []).append(question)
    return list(families.values())
