"""A Django form over some questions of a definition."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from dateutil.relativedelta import relativedelta
from django import forms
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.translation import gettext as _

from massy_grc.common.choices import show_when
from massy_grc.common.fields import worded_errors
from prestations.forms.address import AddressField
from prestations.forms.answers import nest, to_json
from prestations.forms.conditions import BLANK, is_excluded, is_visible
from prestations.forms.definition import REQUESTER, Condition, Definition, Question
from prestations.forms.eligibility import LeastAge
from prestations.forms.fields import make_field
from prestations.forms.wording import said

# A period must not end before it begins.
_PERIODS = (("date_debut", "date_fin"), ("date_arrivee", "date_depart"))


class QuestionsForm(forms.Form):
    """Fields named like ``reponses.motif``; whatever else is posted is ignored.

    A hidden question is not mandatory and its answer is dropped, judged here and not in the
    browser. `answers` gives what belongs in ``FilingDraft.answers``.
    """

    use_required_attribute = False
    helper: FormHelper

    def __init__(
        self,
        questions: Iterable[Question],
        *,
        definition: Definition,
        channel: str,
        data: Mapping | None = None,
        answers: Mapping[str, Any],
        attachments: Sequence[Any] = (),
        refused: Mapping[str, Sequence[str]],
        least_ages: Sequence[LeastAge] = (),
        settled: Collection[str] = (),
    ):
        """A form over `questions`, without those that earlier pages exclude.

        Args:
            answers: given so far, flat.
            settled: keys of what an earlier page answered, although it stands on this one.
        """
        asked = tuple(questions)
        open_here = {question.key for question in asked} - set(settled)
        self.questions = tuple(
            question
            for question in asked
            if not is_excluded(question, answers, definition.by_key, open_here)
        )
        self.definition = definition
        self.least_ages = least_ages
        self.known_answers = dict(answers)
        self.hidden_keys: set[str] = set()
        keys = {question.key for question in self.questions}
        initial = {key: value for key, value in answers.items() if key in keys}
        super().__init__(data=data, initial=initial)
        for question in self.questions:
            stored = [one for one in attachments if one.document_code == question.attachment_code]
            field = make_field(
                question, channel, stored=stored, refused=refused.get(question.key, ())
            )
            if isinstance(field, forms.DateField) and question.key in self.initial:
                # shown in its control's own format
                self.initial[question.key] = _read_day(self.initial[question.key])
            if question.condition and question.condition.key in keys:
                _mark_dependent(field, question.condition, definition)
            self.fields[question.key] = field

    def clean(self):
        """Drop what is hidden with its errors, then check what binds several answers."""
        known = {key: value for key, value in self.known_answers.items() if key not in self.fields}
        for question in self.questions:
            known[question.key] = to_json(self.cleaned_data.get(question.key))
        for question in self.questions:
            if not is_visible(question, known, self.definition.by_key):
                self.hidden_keys.add(question.key)
                known.pop(question.key, None)
                self.cleaned_data.pop(question.key, None)
                self.errors.pop(question.key, None)
        self._check_periods()
        self._check_at_most(known)
        self._check_ages()
        self._check_reply_channel(known)
        return self.cleaned_data

    def _check_periods(self) -> None:
        for start_name, end_name in _PERIODS:
            start = self.cleaned_data.get(f"reponses.{start_name}")
            end = self.cleaned_data.get(f"reponses.{end_name}")
            if start and end and end < start:
                self.add_error(f"reponses.{end_name}", _("La fin ne peut pas précéder le début."))

    def _check_at_most(self, known: Mapping[str, Any]) -> None:
        """Two numbers must not contradict one another, on whichever page each stands."""
        for question in self.questions:
            number, limit = known.get(question.key), known.get(question.at_most)
            if number is None or limit is None or Decimal(number) <= Decimal(limit):
                continue
            told = {
                "label": said(question.label),
                "other": said(self.definition.by_key[question.at_most].label),
                "limit": localize(Decimal(limit)),
            }
            self.add_error(
                question.key,
                _(
                    "« %(label)s » dépasse « %(other)s » (%(limit)s). Corrigez l’un des deux "
                    "nombres."
                )
                % told,
            )

    def _check_ages(self) -> None:
        """A birth date must not belie what was answered before the form."""
        for rule in self.least_ages:
            born = self.cleaned_data.get(rule.key)
            if born and born > timezone.localdate() - relativedelta(years=rule.years):
                said_before = {
                    "years": rule.years,
                    "question": rule.question,
                    "answer": rule.answer,
                }
                self.add_error(
                    rule.key,
                    _(
                        "Cette date de naissance donne moins de %(years)d ans. À la question "
                        "« %(question)s », vous avez répondu « %(answer)s ». Corrigez la date, "
                        "ou cette réponse."
                    )
                    % said_before,
                )

    def _check_reply_channel(self, known: Mapping[str, Any]) -> None:
        """An answer by e-mail, post or phone needs the address or the number."""
        needs = {
            "email": ("email", _("Indiquez l’adresse électronique où vous répondre.")),
            "courrier": ("adresse", _("Indiquez l’adresse postale où vous répondre.")),
            "sms": ("telephone", _("Indiquez le numéro où vous joindre.")),
            "telephone": ("telephone", _("Indiquez le numéro où vous joindre.")),
        }
        wanted = self.cleaned_data.get(f"{REQUESTER}.canal_reponse")
        if wanted not in needs:
            return
        name, message = needs[wanted]
        key = f"{REQUESTER}.{name}"
        if key in self.fields and key not in self.errors and known.get(key) in BLANK:
            self.add_error(key, forms.ValidationError(message, code="required"))

    def flat_answers(self) -> dict[str, Any]:
        """The valid, visible answers of this form by key; blanks are left out."""
        return {
            question.key: to_json(value)
            for question in self.questions
            if not question.is_upload
            and (value := self.cleaned_data.get(question.key)) not in BLANK
        }

    def answers(self) -> dict[str, dict[str, Any]]:
        """`flat_answers` as ``{"demandeur": {…}, "reponses": {…}}``."""
        return nest(self.flat_answers())

    def merged_answers(self) -> dict[str, dict[str, Any]]:
        """All the answers known before, with this form's in the place of its own old ones."""
        others = {key: value for key, value in self.known_answers.items() if key not in self.fields}
        return nest({**others, **self._begun_addresses(), **self.flat_answers()})

    def _begun_addresses(self) -> dict[str, dict[str, str | None]]:
        """Addresses of which a part is missing still; the whole form refuses them at the end."""
        return {
            key: field.begun(self[key].data)
            for key in self.blank_keys()
            if isinstance(field := self.fields[key], AddressField)
            and self.errors.as_data()[key][0].code == "incomplete"
        }

    def worded_errors(self) -> dict[str, list[str]]:
        """Errors by key, in the words shown beside the field."""
        return {field.name: worded_errors(field) for field in self if field.errors}

    def blank_keys(self) -> set[str]:
        """Keys whose only fault is that a mandatory answer is not given yet."""
        return {
            key
            for key, errors in self.errors.as_data().items()
            if all(error.code in ("required", "incomplete") for error in errors)
        }

    def only_blanks_missing(self) -> bool:
        """Whether nothing typed is wrong: all that is amiss is not answered yet."""
        return self.blank_keys() == set(self.errors)


def _read_day(stored: Any) -> Any:
    """A day kept as « 2026-01-31 », as a day; what is none stays as it was typed."""
    try:
        return dt.date.fromisoformat(stored)
    except (TypeError, ValueError):
        return stored


def _mark_dependent(field: forms.Field, condition: Condition, definition: Definition) -> None:
    """Let the browser hide the field, and say the condition where it cannot."""
    show_when(field, condition.key, condition.operator, condition.value)
    parent = definition.by_key[condition.key]
    field.help_text = format_html(
        "{}<noscript><p>{}</p></noscript>", field.help_text, condition_words(condition, parent)
    )


def condition_words(condition: Condition, parent: Question) -> str:
    """« Seulement si « Support » : Mur ou façade privée », for pages without JavaScript."""
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    labels = dict(parent.choices)
    words = ", ".join(said(labels.get(value, _said_value(value))) for value in values)
    told = {"question": said(parent.label), "answer": words}
    is_not = condition.operator == "not_equals"
    if parent.many and is_not:
        return _("Seulement si « %(question)s » ne contient pas : %(answer)s") % told
    if parent.many:
        return _("Seulement si « %(question)s » contient : %(answer)s") % told
    if is_not:
        return _("Seulement si « %(question)s » est autre que : %(answer)s") % told
    if condition.operator == "greater_than":
        return _("Seulement si « %(question)s » dépasse %(answer)s") % told
    return _("Seulement si « %(question)s » : %(answer)s") % told


def _said_value(value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return value if isinstance(value, str) else json.dumps(value)
