"""How a form is cut into pages.

The order is: the form's own questions, the place when the form has no field for it, the documents
(which depend on the answers), then the person. Questions come first because they are what the
visitor came for, because many of these forms concern somebody else, and because a street report
must not begin by asking who you are; contact details last is also GOV.UK's advice. See
docs/adr/0010-form-steps.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prestations.forms.conditions import visible_questions
from prestations.forms.definition import Definition, Question

STEP_SIZE = 6
Title = str | Promise
QUESTIONS, PLACE, PAPERS, REQUESTER_STEP = "questions", "place", "documents", "requester"

# First part of a field's name -> title of the page that is mostly about it.
_TITLES = {
    "titulaire": _("La personne concernée"),
    "parent": _("Les parents"),
    "enfant": _("L’enfant"),
    "defunt": _("La personne décédée"),
    "epoux": _("Les époux"),
    "p": _("Les deux personnes"),
    "jeune": _("Le jeune"),
    "senior": _("La personne à inscrire"),
    "inscrit": _("La personne à inscrire"),
    "beneficiaire": _("Le bénéficiaire"),
    "electeur": _("L’électeur"),
    "accueilli": _("La personne accueillie"),
    "logement": _("Le logement"),
    "destinataire": _("Le destinataire"),
    "referent": _("Les personnes à prévenir"),
    "contact": _("Les personnes à prévenir"),
    "demandeur": _("Votre état civil"),
    "situation": _("Votre situation"),
}
_CONTACT_STARTS = ("email", "telephone", "adresse")

_IDENTITY, _ASSOCIATION = _("Votre identité"), _("Votre association")
_CONTACT = _("Vos coordonnées")
_REQUEST = _("Votre demande")
_STATUS, _SITUATION = _("Votre état civil"), _("Votre situation")
# The citizen's heading -> the agent's.
_AT_THE_COUNTER = (
    (_IDENTITY, _("Identité du demandeur")),
    (_ASSOCIATION, _("L’association")),
    (_CONTACT, _("Coordonnées du demandeur")),
    (_REQUEST, _("La demande")),
    (_STATUS, _("État civil du demandeur")),
    (_SITUATION, _("Situation du demandeur")),
)


@dataclass(frozen=True)
class Step:
    """One page. `number` starts at 1; `part` tells apart pages that share a title."""

    number: int
    kind: str
    base_title: str | Promise
    questions: tuple[Question, ...]
    part: int = 1

    @property
    def title(self) -> str:
        """« Votre demande », then « Votre demande (suite) », « Votre demande (suite 2) »…"""
        if self.part == 1:
            return str(self.base_title)
        if self.part == 2:
            return gettext("%(title)s (suite)") % {"title": self.base_title}
        return gettext("%(title)s (suite %(part)d)") % {
            "title": self.base_title,
            "part": self.part - 1,
        }


def cut_steps(definition: Definition, answers: Mapping[str, Any]) -> list[Step]:
    """The pages of a form, given the answers so far (they decide which documents are asked).

    Args:
        answers: flat, keyed like ``reponses.qualite``.
    """
    pages: list[tuple[str, Title, Sequence[Question]]] = []
    pages += [(QUESTIONS, _question_title(page), page) for page in _pack(definition.questions)]
    if definition.added_place:
        pages.append((PLACE, _("Le lieu"), [definition.added_place]))
    documents = visible_questions(definition.documents, answers, definition.by_key)
    for start in range(0, len(documents), STEP_SIZE):
        pages.append((PAPERS, _("Pièces justificatives"), documents[start : start + STEP_SIZE]))
    pages += [(REQUESTER_STEP, title, page) for title, page in _requester(definition)]
    parts: dict[str, int] = {}
    steps = []
    for number, (kind, title, questions) in enumerate(pages, start=1):
        parts[str(title)] = parts.get(str(title), 0) + 1
        steps.append(Step(number, kind, title, tuple(questions), parts[str(title)]))
    return steps


def counter_title(step: Step) -> str:
    """The heading of a step on an agent's screen, where « vous » is not the requester."""
    words = next((said for own, said in _AT_THE_COUNTER if own == step.base_title), None)
    return replace(step, base_title=words).title if words else step.title


def _requester(definition: Definition) -> list[tuple[Title, Sequence[Question]]]:
    """Who, then how to reach them; one page when it is short."""
    block = definition.requester
    if not block:
        return []
    if len(block) <= STEP_SIZE:
        return [(_CONTACT, block)]
    names = [question.name for question in block]
    start = next((names.index(name) for name in _CONTACT_STARTS if name in names), STEP_SIZE)
    who = _ASSOCIATION if names[0] == "association_nom" else _IDENTITY
    pages: list[tuple[Title, Sequence[Question]]] = [(who, page) for page in _pack(block[:start])]
    pages += [(_CONTACT, page) for page in _pack(block[start:])]
    return pages


# --- packing ---------------------------------------------------------------------------------


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


def _stem(question: Question) -> str:
    """What a field is about, from its name: parent1_nom and parent2_nom are both « parent »."""
    if question.name == "precision_lieu":
        return "lieu"
    if question.name == "date_naissance" or "_" not in question.name:
        return question.name
    return question.name.split("_")[0].rstrip("0123456789")


@lru_cache(maxsize=512)
def _pack(questions: Sequence[Question]) -> list[list[Question]]:
    """Cut into as few pages of at most six questions as possible, of even size, and keep together
    what is about the same person or thing. A family larger than a page keeps its page."""
    families = _families(questions)
    count = len(families)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * count
    for end in range(1, count + 1):
        for start in range(end):
            size = sum(len(family) for family in families[start:end])
            if size > STEP_SIZE and end - start > 1:
                continue
            split = start > 0 and _stem(families[start][0]) == _stem(families[start - 1][-1])
            cost = best[start][0] + 200 + size * size + (90 if split else 0)
            if cost < best[end][0]:
                best[end] = (cost, start)
    pages = []
    end = count
    while end:
        start = best[end][1]
        pages.append([question for family in families[start:end] for question in family])
        end = start
    return pages[::-1]


def _question_title(page: Sequence[Question]) -> Title:
    names = {question.name for question in page}
    stems = [_stem(question) for question in page]
    if any(question.is_spot for question in page):
        others = [stem for stem in stems if stem != "lieu"]
        return _("Le lieu et votre demande") if others else _("Le lieu")
    common = max(_TITLES, key=lambda stem: stems.count(stem))
    if stems.count(common) > 1 and stems.count(common) * 2 >= len(page):
        return _TITLES[common]
    if "mode_remise" in names:
        return _("Exemplaires et remise")
    return _REQUEST
