"""When a question is asked: `visible_if` and `required_if`, judged on the server."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from prestations.forms.answers import listed
from prestations.forms.definition import Condition, Question

BLANK: tuple[Any, ...] = (None, "", [], {})


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Whether `condition` is true of `answers`, keyed as `condition.key` is.

    An unanswered question satisfies no condition, except that an unticked box is ``False``.
    A checkbox is compared with true or false; where several answers were given, one that suits is
    enough, and ``not_equals`` asks that none is the one named. Routing rules use this too.

    Raises:
        ValueError: for an unknown operator (the loader lets none through).
    """
    answer, wanted = answers.get(condition.key), condition.value
    if isinstance(wanted, bool) or isinstance(answer, bool):
        same = bool(answer) is wanted
        return same if condition.operator == "equals" else not same
    if answer in BLANK:
        return False
    given = {str(one) for one in listed(answer)}
    match condition.operator:
        case "equals":
            return str(wanted) in given
        case "not_equals":
            return str(wanted) not in given
        case "in":
            return not given.isdisjoint(str(one) for one in wanted)
        case "greater_than":
            return _number(answer) > _number(wanted)
    raise ValueError(f"unknown operator {condition.operator!r}")


def _number(value: Any) -> Decimal:
    """A number however it is kept; what is none is greater than nothing."""
    try:
        return Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        return Decimal("-Infinity")


def visible_questions(
    questions: Iterable[Question], answers: Mapping[str, Any], known: Mapping[str, Question]
) -> list[Question]:
    """Those of `questions` to ask, given `answers`.

    A question that depends on a hidden one is hidden too, however long the chain.

    Args:
        known: every question of the form by key, to follow chains outside `questions`.
    """
    return [question for question in questions if is_visible(question, answers, known)]


def is_visible(
    question: Question, answers: Mapping[str, Any], known: Mapping[str, Question]
) -> bool:
    """Whether `question` is to be asked."""
    seen = set()
    current: Question | None = question
    while current is not None and current.condition is not None:
        if current.key in seen or not holds(current.condition, answers):
            return False
        seen.add(current.key)
        current = known.get(current.condition.key)
    return True


def is_excluded(
    question: Question,
    answers: Mapping[str, Any],
    known: Mapping[str, Question],
    open_here: Collection[str],
) -> bool:
    """Whether earlier pages have answered so that `question` is not asked, whatever this page says.

    Args:
        open_here: keys of what this page asks itself.
    """
    seen = set()
    current: Question | None = question
    while current is not None and current.condition is not None and current.key not in seen:
        condition = current.condition
        if condition.key not in open_here and not holds(condition, answers):
            return True
        seen.add(current.key)
        current = known.get(condition.key)
    return False
