"""A question of a form and a document it asks for, as an administrator writes them."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms.form_choices import LABEL, ChoiceRows, whole_number
from backoffice.forms.form_conditions import WhenForm
from backoffice.forms.two_languages import Texts, TwoLanguages, both, shown_before
from massy_grc.common.choices import offer, offer_rows, show_when
from massy_grc.common.typed import TextField
from prestations.editing.operations import DOCUMENTS, QUESTIONS, new_name
from prestations.enums import FieldType
from prestations.loading.checks_form import NUMBERS
from prestations.loading.schema_catalogue import NUMBER_OF_ANSWERS
from prestations.models import Prestation
from prestations.translation import catalogue_text, english_of

HELP = 1000
WITH_REQUEST, AT_COUNTER, LATER = "demande", "guichet", "plus-tard"


class PartForm(TwoLanguages, WhenForm):
    """What forms of a question and of a document share."""

    def __init__(self, data: Any, *, definition: dict, item: dict | None, **kwargs: Any):
        self.definition = definition
        self.item: dict[str, Any] = item or {}
        super().__init__(data, **kwargs)


class QuestionForm(PartForm):
    """A question: its words, what kind of answer, when it is asked."""

    label = TextField(label=_("Texte de la question"), max_length=LABEL)
    label_en = TextField(label=_("Texte en anglais"), max_length=LABEL, required=False)
    type = forms.ChoiceField(label=_("Type de réponse"), choices=FieldType.choices)
    required = forms.BooleanField(
        label=_("Réponse obligatoire"),
        required=False,
        help_text=_("Une case à cocher obligatoire doit être cochée pour continuer."),
    )
    help = TextField(label=_("Aide"), max_length=HELP, required=False)
    help_en = TextField(label=_("Aide en anglais"), max_length=HELP, required=False)
    page = TextField(
        label=_("Commence une page intitulée"),
        max_length=80,
        required=False,
        help_text=_("Laissez vide pour rester sur la page de la question précédente."),
    )
    page_en = TextField(label=_("Titre en anglais"), max_length=80, required=False)
    least_answers = whole_number(_("Réponses au moins"))
    most_answers = whole_number(_("Réponses au plus"))
    at_most = forms.ChoiceField(label=_("Ne dépasse pas"), required=False)
    description = forms.BooleanField(
        label=_("C’est la description de l’affaire"),
        required=False,
        help_text=_("Le texte d’un courriel ou d’un appel y est repris."),
    )
    leads_to = forms.ModelChoiceField(
        label=_("Lien vers une autre prestation"),
        queryset=Prestation.objects.none(),
        required=False,
    )
    leads_words = TextField(label=_("Texte du lien"), max_length=80, required=False)

    def __init__(self, data: Any = None, *, definition: dict, item: dict | None = None):
        known = item or {}
        fields = QUESTIONS.items(definition)
        index = fields.index(item) if item else len(fields)
        link = known.get("leads_to") or {}
        initial = both(known, "label", "help", "page") | {
            "type": known.get("type", FieldType.TEXT),
            "required": known.get("required", False),
            "at_most": known.get("at_most", ""),
            **{name: known.get(name) for name in NUMBER_OF_ANSWERS},
            "description": known.get("description", False),
            "leads_to": link.get("prestation"),
            "leads_words": link.get("words", ""),
        }
        super().__init__(
            data,
            definition=definition,
            item=item,
            others=fields[:index],
            known=known.get("visible_if"),
            initial=initial,
        )
        offer_rows(self, "leads_to", Prestation.objects.listed().order_by("order"))
        numbers = [one for one in fields if one["type"] in NUMBERS and one is not item]
        labels = [(one["name"], catalogue_text(one["label"])) for one in numbers]
        offer(self, "at_most", [("", _("Pas de maximum")), *labels])
        show_when(self.fields["at_most"], "type", "in", sorted(NUMBERS))
        several = [one.value for one in FieldType if one.many]
        for name in NUMBER_OF_ANSWERS:
            show_when(self.fields[name], "type", "in", several)
        show_when(self.fields["description"], "type", "equals", FieldType.TEXTAREA.value)
        rows = [
            {"value": one["value"], "label": one["label"], "label_en": english_of(one["label"])}
            for one in known.get("choices") or ()
        ]
        self.choices = ChoiceRows(data, prefix="choices", initial=rows)

    @property
    def choices_when(self) -> str:
        """When the browser shows the lines for the choices."""
        lists = [one.value for one in FieldType if one.has_choices]
        return json.dumps({"field": "type", "operator": "in", "value": lists})

    def is_valid(self) -> bool:
        return super().is_valid() and (not self._kind().has_choices or self.choices.is_valid())

    def _kind(self) -> FieldType:
        return FieldType(self.cleaned_data["type"])

    def clean(self):
        values = super().clean() or {}
        if values.get("leads_to") and not values.get("leads_words"):
            self.add_error("leads_words", _("Écrivez le texte du lien."))
        return values

    def named(self) -> dict[str, Any]:
        """The question as a definition keeps it."""
        values, kind = self.cleaned_data, self._kind()
        taken = [one["name"] for one in QUESTIONS.items(self.definition)]
        made = {
            "name": self.item.get("name") or new_name(values["label"], taken),
            "label": values["label"],
            "type": kind.value,
            "required": values["required"],
            "choices": self._choices() or None if kind.has_choices else None,
            "help": values["help"] or None,
            "visible_if": self.condition(),
        }
        if kind.many:
            made |= {name: values[name] for name in NUMBER_OF_ANSWERS if values[name]}
        if kind in NUMBERS and values["at_most"]:
            made["at_most"] = values["at_most"]
        if values["leads_to"]:
            link = {"prestation": values["leads_to"].pk, "words": values["leads_words"]}
            made["leads_to"] = link
        if values["page"]:
            made["page"] = values["page"]
        if kind == FieldType.TEXTAREA and values["description"]:
            made["description"] = True
        return made

    def _choices(self) -> list[dict[str, str]]:
        rows = [one.cleaned_data for one in self.choices.ordered_forms]
        rows = [one for one in rows if one.get("label")]
        kept = {one["value"] for one in self.item.get("choices") or ()}
        taken = {one["value"] for one in rows if one["value"] in kept}
        made = []
        for row in rows:
            value = row["value"] if row["value"] in kept else new_name(row["label"], taken)
            taken.add(value)
            made.append({"value": value, "label": row["label"]})
        return made

    def texts(self) -> Iterator[Texts]:
        yield self.cleaned_data, ("label", "help", "page"), self.initial
        for row in self.choices.cleaned_data if self._kind().has_choices else ():
            yield row, ("label",), shown_before(self.choices, row)


class DocumentForm(PartForm):
    """A supporting document: always or in a situation, with the request, before or after."""

    label = TextField(label=_("Pièce demandée"), max_length=LABEL)
    label_en = TextField(label=_("En anglais"), max_length=LABEL, required=False)
    mode = forms.ChoiceField(
        label=_("Pour qui"),
        choices=(
            ("obligatory", _("Pour tout le monde")),
            ("conditional", _("Dans une situation")),
        ),
        widget=forms.RadioSelect,
        initial="obligatory",
    )
    condition_words = TextField(
        label=_("Quelle situation"),
        max_length=LABEL,
        required=False,
        help_text=_("Telle que la personne la lit : « Si vous êtes hébergé »."),
    )
    condition_words_en = TextField(
        label=_("Situation en anglais"), max_length=LABEL, required=False
    )
    moment = forms.ChoiceField(
        label=_("Comment la donner"),
        choices=(
            (WITH_REQUEST, _("Une copie avec la demande")),
            (AT_COUNTER, _("L’original, au guichet")),
            (LATER, _("Plus tard, quand on la demandera")),
        ),
        widget=forms.RadioSelect,
        initial=WITH_REQUEST,
    )
    source = TextField(
        label=_("Texte qui permet de la demander"),
        max_length=LABEL,
        required=False,
        help_text=_("Obligatoire pour un justificatif de domicile (CRPA R113-8)."),
    )

    def __init__(self, data: Any = None, *, definition: dict, item: dict | None = None):
        known = item or {}
        situation = {"condition_words": known.get("condition") or ""}
        initial = both(known, "label") | both(situation, "condition_words")
        if known:
            moment = AT_COUNTER if known["original_at_counter"] else WITH_REQUEST
            initial |= {
                "mode": known["mode"],
                "moment": LATER if known.get("later") else moment,
                "source": known.get("source", ""),
            }
        super().__init__(
            data,
            definition=definition,
            item=item,
            others=QUESTIONS.items(definition),
            known=known.get("required_if"),
            initial=initial,
        )
        self.fields["when"].required = False  # hidden, it is not sent
        self.fields["when"].label = _("Exigée d’après une réponse")
        self.fields["when"].help_text = _(
            "Sans réponse choisie, la pièce est proposée et un agent juge."
        )
        for name in ("condition_words", "condition_words_en", "when"):
            show_when(self.fields[name], "mode", "equals", "conditional")

    def clean(self):
        values = super().clean() or {}
        if values.get("mode") == "conditional" and not values.get("condition_words"):
            self.add_error("condition_words", _("Dites dans quelle situation."))
        return values

    def named(self) -> dict[str, Any]:
        """The document as a definition keeps it."""
        values = self.cleaned_data
        taken = [one["code"] for one in DOCUMENTS.items(self.definition)]
        depends = values["mode"] == "conditional"
        code = new_name(values["label"], [one.replace("-", "_") for one in taken])
        made = {
            "code": self.item.get("code") or code.replace("_", "-"),
            "label": values["label"],
            "mode": values["mode"],
            "condition": values["condition_words"] if depends else None,
            "required_if": self.condition() if depends else None,
            "original_at_counter": values["moment"] == AT_COUNTER,
        }
        if values["moment"] == LATER:
            made["later"] = True
        if values["source"]:
            made["source"] = values["source"]
        return made

    def texts(self) -> Iterator[Texts]:
        yield self.cleaned_data, ("label", "condition_words"), self.initial
