"""The questions asked before a form, one a page: is this prestation for you, and if not, what is?

They stand in the form's version (`eligibility`, see the catalogue's schema), so that a draft begun
before a change keeps its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from prestations.forms.definition import ANSWERS
from prestations.forms.wording import said
from prestations.models import FormVersion
from prestations.translation import catalogue_html, catalogue_text

CONDITIONS = "conditions"  # beside the form's own scopes, in the answers of a filed request


@dataclass(frozen=True)
class LeastAge:
    """An answer says how old somebody is at least, whose birth date the form asks for.

    Attributes:
        key: of the form's date.
        question, answer: the words of both, for whoever gave another date.
    """

    key: str
    years: int
    question: str
    answer: str


@dataclass(frozen=True)
class Stop:
    """Why the way ends here, what to do instead, and where to go: prestation or site outside."""

    because: str
    instead: str
    prestation: str = ""
    link: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Condition:
    """One question. `number` starts at 1; `fills` is the form's select that the answer fills in."""

    number: int
    code: str
    question: str
    help: str
    choices: tuple[tuple[str, str], ...]
    stops: Mapping[str, Stop]
    fills: str = ""
    least_age: Mapping[str, Any] | None = None
    by_organisation: Mapping[str, str] = field(default_factory=dict)

    def lets_go_on(self, answers: Mapping[str, str]) -> bool:
        """Whether it was answered in a way that lets go on."""
        answer = answers.get(self.code)
        return answer in dict(self.choices) and answer not in self.stops


def conditions_of(version: FormVersion) -> tuple[Condition, ...]:
    """Return the questions to ask before this form, in order; none for most reports."""
    asked = version.definition.get("eligibility", ())
    return tuple(_condition(number, item) for number, item in enumerate(asked, start=1))


def _condition(number: int, item: dict[str, Any]) -> Condition:
    given = item.get("choices")
    choices = (
        tuple((choice["value"], choice["label"]) for choice in given)
        if given
        else (("oui", _("Oui")), ("non", _("Non")))
    )
    stops = {
        value: Stop(stop["because"], stop["instead"], stop.get("prestation", ""), stop.get("link"))
        for stop in item["stops"]
        for value in stop["values"]
    }
    return Condition(
        number,
        item["code"],
        item["question"],
        item.get("help", ""),
        choices,
        stops,
        item.get("field", ""),
        item.get("least_age"),
        item.get("by_organisation", {}),
    )


def first_unmet(conditions: tuple[Condition, ...], answers: Mapping[str, str]) -> Condition | None:
    """Return the first question that is not answered, or whose answer ends the way."""
    return next((one for one in conditions if not one.lets_go_on(answers)), None)


def answered_by(version: FormVersion, kind: str) -> dict[str, str]:
    """Return the answers, by code, that filing for an organisation gives by itself.

    Args:
        kind: of the organisation, one of `citizens.enums.OrganisationKind`.
    """
    return {
        one.code: one.by_organisation[kind]
        for one in conditions_of(version)
        if kind in one.by_organisation
    }


@dataclass(frozen=True)
class Given:
    """A question before the form and its answer, in words."""

    condition: Condition
    label: str
    value: str


def given_before(version: FormVersion, answers: Mapping[str, str]) -> list[Given]:
    """Return what was answered before the form, by code, in the order of the questions."""
    return [
        Given(one, said(one.question), said(dict(one.choices)[answers[one.code]]))
        for one in conditions_of(version)
        if answers.get(one.code) in dict(one.choices)
    ]


def answers_by_question(version: FormVersion, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers to what is asked before the form, in words, by the question's own words.

    Where the answer fills in a question of the form, that one tells: it may be corrected since.

    Args:
        answers: of a filed request.
    """
    given, own = answers.get(CONDITIONS, {}), answers.get(ANSWERS, {})
    values = ((one, own.get(one.fills) or given.get(one.code)) for one in conditions_of(version))
    return {
        one.question: said(dict(one.choices)[value])
        for one, value in values
        if isinstance(value, str) and value in dict(one.choices)
    }


def asked_only_before(version: FormVersion, answers: Mapping[str, str]) -> list[Given]:
    """Return what no question of the form shows: the others stand among its own answers."""
    return [one for one in given_before(version, answers) if not one.condition.fills]


def settled(
    version: FormVersion, given: Mapping[str, str], answers: Mapping[str, Any]
) -> dict[str, Condition]:
    """Return the form's questions that were answered on a page before it, by key.

    Args:
        given: what was answered before the form, by code.
        answers: of the form, flat; one changed since is not settled.
    """
    return {
        key: one
        for one in conditions_of(version)
        if one.fills
        and (key := f"{ANSWERS}.{one.fills}") in answers
        and answers[key] == given.get(one.code, "")
    }


def least_ages(version: FormVersion, answers: Mapping[str, str]) -> list[LeastAge]:
    """Return what the answers before the form say of somebody's age."""
    return [
        LeastAge(f"{ANSWERS}.{rule['field']}", rule["years"], given.label, given.value)
        for given in given_before(version, answers)
        if (rule := given.condition.least_age) and answers[given.condition.code] in rule["values"]
    ]


def filled_in(condition: Condition, answers: Mapping[str, Any], value: str) -> dict[str, Any]:
    """Return the form's answers with the one that this question settles, so as not to ask it twice.

    Args:
        answers: ``{"demandeur": {…}, "reponses": {…}}``.
        value: the answer just given; one that ends the way fills in nothing.
    """
    if not condition.fills or value in condition.stops:
        return dict(answers)
    return {**answers, ANSWERS: {**answers.get(ANSWERS, {}), condition.fills: value}}


class ConditionForm(forms.Form):
    """One question with its choices, as radio buttons."""

    use_required_attribute = False

    def __init__(
        self, condition: Condition, data: Mapping | None = None, initial: str = ""
    ) -> None:
        super().__init__(data, initial={"reponse": initial})
        self.fields["reponse"] = forms.ChoiceField(
            label=catalogue_html(condition.question),
            help_text=catalogue_html(condition.help),
            choices=[(value, catalogue_text(label)) for value, label in condition.choices],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choisissez une réponse.")},
        )
