"""What answers of the form change: the delay, the department, for whom it is."""

import json
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.form_choices import as_typed
from backoffice.forms.form_conditions import answers_of, pair
from massy_grc.common.choices import offer, offer_rows
from massy_grc.common.typed import TextField
from prestations.behalf import PERSON
from prestations.editing.rules import with_rules
from prestations.editing.wording import condition_words
from prestations.enums import DelayUnit, FieldType, Handling
from prestations.models import Department, FormDraft, Prestation
from prestations.translation import catalogue_text

MOST_RULES = 50
_LINE = re.compile(r"rule_([0-9]{1,2})_when")
NOW, LATER = "maintenant", "publication"
MOMENTS = (
    (NOW, _("Tout de suite")),
    (LATER, _("À la publication du brouillon de son formulaire")),
)
OF_PERSON = dict(
    zip(
        PERSON,
        [_("Son nom"), _("Son prénom"), _("Son courriel"), _("Son téléphone"), _("Son adresse")],
        strict=True,
    )
)


class OfferRulesForm(forms.Form):
    """The rules of one prestation; what its form does not propose any more stays shown."""

    keep_selects = True

    urgent_value = forms.IntegerField(
        label=_("Délai d’urgence"),
        min_value=1,
        max_value=999,
        required=False,
        widget=forms.TextInput,
        help_text=_("Vide : aucune demande n’est urgente."),
    )
    urgent_unit = forms.ChoiceField(label=_("Unité"), choices=DelayUnit.choices)
    urgent_condition = TextField(
        label=_("Ce qui est urgent"),
        max_length=250,
        required=False,
        help_text=_("En quelques mots, pour les habitants : « danger signalé »."),
    )
    urgent_if = forms.MultipleChoiceField(
        label=_("Urgente si la réponse est l’une de celles-ci"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ask = forms.BooleanField(
        label=_("Demander d’abord pour qui : soi-même ou un proche"), required=False
    )
    instead = forms.ModelChoiceField(
        label=_("Pour un proche, une autre prestation"),
        queryset=Prestation.objects.none(),
        required=False,
    )

    moment = forms.ChoiceField(label=_("Quand"), choices=MOMENTS, widget=forms.RadioSelect)

    def __init__(
        self, data: Any, *, prestation: Prestation, draft: FormDraft | None, typed: Any = None
    ):
        """A form over the rules that wait for the draft, else over those in force.

        Args:
            typed: what was written when one more line was asked for; nobody judges it yet.
        """
        self.prestation = prestation
        form = prestation.current_form
        published: dict[str, Any] = form.definition if form else {}
        self.definition: dict[str, Any] = draft.definition if draft else published
        if draft:
            prestation = with_rules(prestation, draft.rules)
        self.behalf: dict[str, Any] = dict(prestation.on_behalf or {})
        self.known = self._by_key(published)
        super().__init__(data, initial=self._initial())
        if draft is None or not prestation.is_active:
            del self.fields["moment"]
        elif draft.rules:
            self.initial["moment"] = LATER
        answers = self._answers(prestation.urgent_if)
        self.has_answers = bool(answers)
        offer(self, "urgent_if", answers)
        others = Prestation.objects.listed().exclude(pk=prestation.pk).order_by("order")
        offer_rows(self, "instead", others, empty_label=_("Aucune"))
        routed = [rule["when"] for rule in prestation.routing_rules]
        lines = _lines(typed) + 1 if typed else _lines(data or ())
        self.rules = self._rule_rows(self._answers(routed), min(lines, MOST_RULES))
        self.parts = self._part_rows()
        if typed:
            self.initial.update(as_typed(self, typed))

    def _initial(self) -> dict[str, Any]:
        row = self.prestation
        return {
            "urgent_value": row.urgent_value,
            "urgent_unit": row.urgent_unit or DelayUnit.WORKING_DAYS,
            "urgent_condition": row.urgent_condition,
            "urgent_if": [_key(one) for one in row.urgent_if],
            "ask": bool(self.behalf.get("ask")),
            "instead": self.behalf.get("instead", ""),
            "moment": NOW,
        }

    def _by_key(self, definition: dict[str, Any]) -> dict[str, str]:
        fields = definition.get("fields") or []
        return dict(one for field in fields for one in answers_of(field))

    def _answers(self, known: list[dict]) -> list[tuple[str, str]]:
        """The answers of the draft and of the form in force, and conditions of several answers."""
        drafted = self._by_key(self.definition)
        found = {key: self._marked(key, words, drafted) for key, words in drafted.items()}
        for key, words in self.known.items():
            found.setdefault(key, self._marked(key, words, drafted))
        for condition in known:
            found.setdefault(_key(condition), condition_words(condition, self.definition))
        return list(found.items())

    def _marked(self, key: str, words: str, drafted: dict[str, str]) -> str:
        """Say which answers are not in both forms; in a prestation not in use, there is one."""
        if not self.prestation.is_active or (key in self.known and key in drafted):
            return words
        mark = _("nouvelle dans le brouillon") if key in drafted else _("enlevée par le brouillon")
        return f"{words} ({mark})"

    def _rule_rows(self, known: list[tuple[str, str]], lines: int) -> list[tuple[Any, Any]]:
        """Add a row for each rule and a spare one, as many as the page had at least; nothing where
        no department treats.
        """
        if self.prestation.handling != Handling.COMPLEXE:
            return []
        rules = self.prestation.routing_rules
        departments = Department.objects.filter(is_active=True)
        rows = []
        for number in range(max(len(rules) + 1, lines)):
            rule = rules[number] if number < len(rules) else None
            when, to = f"rule_{number}_when", f"rule_{number}_to"
            given = {"number": number + 1}
            self.fields[when] = forms.ChoiceField(
                label=_("Règle %(number)d : si la réponse est") % given,
                choices=[("", _("Aucune règle")), *known],
                required=False,
                initial=_key(rule["when"]) if rule else "",
            )
            self.fields[to] = forms.ModelChoiceField(
                label=_("Règle %(number)d : le service est") % given,
                queryset=departments,
                empty_label=_("Aucun"),
                required=False,
                initial=rule["expert_department"] if rule else None,
            )
            rows.append((self[when], self[to]))
        return rows

    def _part_rows(self) -> list[Any]:
        """Add, for each thing known of a person, the question that asks it of somebody else."""
        plain = (FieldType.TEXT, FieldType.EMAIL, FieldType.PHONE, FieldType.ADDRESS)
        asked = [
            (one["name"], catalogue_text(one["label"]))
            for one in self.definition.get("fields") or ()
            if one["type"] in plain
        ]
        named = self.behalf.get("person", {})
        for part, label in OF_PERSON.items():
            self.fields[f"person_{part}"] = forms.ChoiceField(
                label=label,
                choices=[("", _("Le formulaire ne le demande pas")), *asked],
                required=False,
                initial=named.get(part, ""),
            )
        return [self[f"person_{part}"] for part in OF_PERSON]

    def clean(self):
        values = super().clean() or {}
        if values.get("urgent_value") and not values.get("urgent_condition"):
            self.add_error("urgent_condition", _("Dites ce qui est urgent."))
        for when, to in self.rules:
            if bool(values.get(when.name)) != bool(values.get(to.name)):
                self.add_error(to.name, _("Une règle a une réponse et un service."))
        if values.get("ask") and values.get("instead"):
            self.add_error("instead", _("Choisissez l’un ou l’autre."))
        if values.get("moment") == NOW and self._chosen(values) & self._only_drafted():
            self.add_error(
                "moment",
                _(
                    "Le formulaire en vigueur n’a pas toutes ces réponses : gardez les règles pour"
                    " la publication du brouillon."
                ),
            )
        return values

    @property
    def waits(self) -> bool:
        """Whether the rules come in force with the draft of the form."""
        return self.cleaned_data.get("moment") == LATER

    def _chosen(self, values: dict[str, Any]) -> set[str]:
        """The answers that rules of urgency and of routing name."""
        return {*values.get("urgent_if", ()), *(values.get(one.name) for one, _to in self.rules)}

    def _only_drafted(self) -> set[str]:
        return self._by_key(self.definition).keys() - self.known.keys()

    def columns(self) -> dict[str, Any]:
        """What was written, as columns of a prestation."""
        values = self.cleaned_data
        urgent = values["urgent_value"]
        rules = [
            {
                "when": _condition(values[when.name]),
                "expert_department": values[to.name].pk,
            }
            for when, to in self.rules
            if values[when.name]
        ]
        return {
            "urgent_value": urgent,
            "urgent_unit": values["urgent_unit"] if urgent else "",
            "urgent_condition": values["urgent_condition"] if urgent else "",
            "urgent_if": [_condition(one) for one in values["urgent_if"]] if urgent else [],
            "routing_rules": rules if self.rules else self.prestation.routing_rules,
            "on_behalf": self._behalf(),
        }

    def _behalf(self) -> dict[str, Any]:
        """The rule for others; what this page does not show of it stays."""
        values = self.cleaned_data
        kept = {one: rule for one, rule in self.behalf.items() if one in ("when", "own")}
        person = {part: values[f"person_{part}"] for part in OF_PERSON}
        named = {part: name for part, name in person.items() if name}
        return (
            ({"ask": True} if values["ask"] else {})
            | ({"person": named} if named else {})
            | kept
            | ({"instead": values["instead"].pk} if values["instead"] else {})
        )


def _lines(sent: Any) -> int:
    """How many lines for rules a page had."""
    found = (_LINE.fullmatch(name) for name in sent)
    return max((int(one[1]) + 1 for one in found if one), default=0)


def _key(condition: dict[str, Any]) -> str:
    if condition["operator"] == "equals":
        return pair(condition["field"], condition["value"])
    return json.dumps(condition, ensure_ascii=False, sort_keys=True)


def _condition(key: str) -> dict[str, Any]:
    if key.startswith("{"):
        found: dict[str, Any] = json.loads(key)
        return found
    name, value = key.split("=", 1)
    return {"field": name, "operator": "equals", "value": json.loads(value)}
