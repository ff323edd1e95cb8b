"""Answers given already, asked again to be corrected: what nobody touches is not judged anew."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from prestations.enums import FieldType
from prestations.forms.address import PARTS, PIN, AddressField
from prestations.forms.answers import to_data
from prestations.forms.definition import Question
from prestations.forms.questions_form import QuestionsForm
from prestations.forms.register import registered, town_of

TOWN = ("code_postal", "commune")


class CorrectionForm(QuestionsForm):
    """The questions of a filed form with their answers; `corrected` says what differs.

    An answer that today's rules would refuse, or that was never given, hinders nothing as long as
    it stays as it is: a day that has passed since, a question left to the requester.
    """

    def __init__(self, questions: Collection[Question], *, data: Mapping | None = None, **form):
        self._as_given: QuestionsForm | None = None
        if data is not None:
            answers = form["answers"]
            given = to_data(questions, answers)
            self._as_given = QuestionsForm(questions, data=given, **form)
            data = _without_old_pins(questions, data, given)
        super().__init__(questions, data=data, **form)

    def clean(self):
        cleaned = super().clean()
        for key in set(self.errors) & set(self._before.errors):
            if self._untouched(key):
                del self.errors[key]
        return cleaned

    def _untouched(self, key: str) -> bool:
        typed, field = self[key].data, self.fields[key]
        if isinstance(field, forms.DateField):  # posted as its control writes it
            return typed in (
                self._before[key].data,
                field.widget.format_value(self.initial.get(key)),
            )
        return typed == self._before[key].data

    def corrected(self) -> dict[str, Any]:
        """The answers that differ from those given, by key; None for one that is taken away."""
        before, now = self._before.flat_answers(), self.flat_answers()
        return {
            key: self._whole(key, now.get(key), before.get(key))
            for key in self.fields
            if now.get(key) != before.get(key)
        }

    def _whole(self, key: str, now: Any, before: Any) -> Any:
        """The postcode and the town that a spot is not asked for stay as long as it stays in its
        street; another one has what the register says.
        """
        field, known = self.fields[key], self.known_answers.get(key)
        if not (isinstance(field, AddressField) and isinstance(known, dict) and now and before):
            return now
        town = known if now["voie"] == before["voie"] else town_of(now)
        return now | {part: town.get(part) for part in TOWN if part not in field.parts}

    @property
    def _before(self) -> QuestionsForm:
        assert self._as_given is not None, "nothing was posted"
        self._as_given.is_valid()
        return self._as_given


def _without_old_pins(
    questions: Collection[Question], data: Mapping, given: Mapping[str, Any]
) -> Mapping:
    """What was posted, without a pin that stayed where it was while the register knows the words
    that were corrected beside it: it would be believed rather than they.
    """
    places = [one.key for one in questions if one.kind == FieldType.ADDRESS]
    stale = [f"{key}_{PIN}" for key in places if _left_behind(key, data, given)]
    if not stale:
        return data
    kept = data.copy() if isinstance(data, QueryDict) else dict(data)
    for name in stale:
        del kept[name]
    return kept


def _left_behind(key: str, data: Mapping, given: Mapping[str, Any]) -> bool:
    typed = {part: data.get(f"{key}_{part}") or None for part in PARTS}
    before = {part: given.get(f"{key}_{part}") or None for part in PARTS}
    pin = given.get(f"{key}_{PIN}")
    if not pin or data.get(f"{key}_{PIN}") != pin:
        return False
    moved = any(typed[part] != before[part] for part in ("voie", "numero"))
    return moved and "latitude" in registered(typed)
