"""When a question or a document is asked: the part that both their forms have."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from massy_grc.common.choices import offer, show_when
from prestations.enums import FieldType
from prestations.loading.checks_form import NUMBERS
from prestations.translation import catalogue_text

ALWAYS, ANY, NOT, MORE = "toujours", "reponses", "sauf", "nombre"
MODES = (
    (ALWAYS, _("Dans tous les cas")),
    (ANY, _("Seulement si la réponse à une autre question est l’une de celles-ci")),
    (NOT, _("Sauf si la réponse à une autre question est celle-ci")),
    (MORE, _("Seulement si un nombre dépasse une limite")),
)


class WhenForm(forms.Form):
    """`visible_if` or `required_if`, chosen among the answers that the other questions propose."""

    keep_selects = True

    when = forms.ChoiceField(
        label=_("Quand la poser"), choices=MODES, initial=ALWAYS, widget=forms.RadioSelect
    )
    when_answers = forms.MultipleChoiceField(
        label=_("Réponses d’une même question"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    when_number = forms.ChoiceField(label=_("Question à nombre"), required=False)
    when_than = forms.DecimalField(
        label=_("Dépasse"), required=False, localize=True, min_value=0, max_digits=12
    )

    def __init__(self, data: Any, *, others: Iterable[dict], known: dict | None, **kwargs: Any):
        """A form over the condition `known`, among the answers to the questions `others`."""
        super().__init__(data, initial={**kwargs.pop("initial", {}), **_initial(known)}, **kwargs)
        self.others = list(others)
        answers = [one for other in self.others for one in answers_of(other)]
        values = {value for value, _label in answers}
        answers += [(one, one) for one in self.initial.get("when_answers", ()) if one not in values]
        offer(self, "when_answers", answers)
        numbers = [one for one in self.others if one["type"] in NUMBERS]
        offer(self, "when_number", [(one["name"], catalogue_text(one["label"])) for one in numbers])
        modes = [(ALWAYS, True), (ANY, answers), (NOT, answers), (MORE, numbers)]
        kept = {mode for mode, needs in modes if needs}
        offer(self, "when", [mode for mode in MODES if mode[0] in kept])
        if kept == {ALWAYS}:  # nothing before it to depend on: no choice to show
            self.fields["when"].widget = forms.HiddenInput()
        show_when(self.fields["when_answers"], "when", "in", [ANY, NOT])
        show_when(self.fields["when_number"], "when", "equals", MORE)
        show_when(self.fields["when_than"], "when", "equals", MORE)

    def clean(self):
        values = super().clean() or {}
        mode, answers = values.get("when"), values.get("when_answers") or []
        if mode in (ANY, NOT):
            asked = {one.split("=", 1)[0] for one in answers}
            if not answers:
                self.add_error("when_answers", _("Cochez au moins une réponse."))
            elif len(asked) > 1:
                self.add_error("when_answers", _("Cochez des réponses d’une seule question."))
            elif mode == NOT and len(answers) > 1:
                self.add_error("when_answers", _("Cochez une seule réponse à exclure."))
        if mode == MORE and values.get("when_than") is None and "when_than" not in self.errors:
            self.add_error("when_than", _("Donnez la limite."))
        return values

    def condition(self) -> dict[str, Any] | None:
        """The condition as a definition keeps it; None for always."""
        values = self.cleaned_data
        mode = values["when"]
        if mode in ("", ALWAYS):
            return None
        if mode == MORE:
            limit = values["when_than"]
            number = int(limit) if limit == int(limit) else float(limit)
            return {"field": values["when_number"], "operator": "greater_than", "value": number}
        pairs = [one.split("=", 1) for one in values["when_answers"]]
        wanted = [json.loads(value) for _name, value in pairs]
        if mode == NOT:
            return {"field": pairs[0][0], "operator": "not_equals", "value": wanted[0]}
        if len(wanted) == 1:
            return {"field": pairs[0][0], "operator": "equals", "value": wanted[0]}
        return {"field": pairs[0][0], "operator": "in", "value": wanted}


def answers_of(other: dict) -> list[tuple[str, str]]:
    """The answers that a question proposes, each with its question."""
    label = catalogue_text(other["label"])
    choices: list[tuple[Any, Any]]
    if other["type"] == FieldType.CHECKBOX:
        choices = [(True, _("coché")), (False, _("non coché"))]
    else:
        choices = [
            (one["value"], catalogue_text(one["label"])) for one in other.get("choices") or ()
        ]
    colon = _(" :")
    return [(pair(other["name"], value), f"{label}{colon} {words}") for value, words in choices]


def pair(name: str, value: Any) -> str:
    """Name one answer to one question."""
    return f"{name}={json.dumps(value, ensure_ascii=False)}"


def _initial(known: dict | None) -> dict[str, Any]:
    if known is None:
        return {"when": ALWAYS}
    if known["operator"] == "greater_than":
        return {"when": MORE, "when_number": known["field"], "when_than": known["value"]}
    value = known["value"]
    values = value if isinstance(value, list) else [value]
    answers = [pair(known["field"], one) for one in values]
    return {"when": NOT if known["operator"] == "not_equals" else ANY, "when_answers": answers}
