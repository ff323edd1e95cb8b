"""A form's definition as the builder lists it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from prestations.editing.operations import CONDITIONS, DOCUMENTS, PARTS, QUESTIONS, Part
from prestations.editing.wording import condition_words
from prestations.enums import FieldType
from prestations.forms.several import several_words
from prestations.loading.schema_catalogue import NUMBER_OF_ANSWERS
from prestations.translation import catalogue_text


@dataclass(frozen=True)
class ShownItem:
    """A question or a document with what is particular to it; `page` begins with it."""

    name: str
    label: str
    facts: list[str]
    page: str = ""


@dataclass(frozen=True)
class ShownPart:
    """One list of the form, with what to call one more of them."""

    code: str
    title: str
    empty: str
    more: str
    items: list[ShownItem]


def shown_definition(definition: dict[str, Any]) -> list[ShownPart]:
    """Return the lists of a form, in the order in which they are asked."""
    words = {
        CONDITIONS: (
            _("Avant le formulaire"),
            _("Aucune question : la demande commence tout de suite."),
            _("Ajouter une question préalable"),
        ),
        QUESTIONS: (
            _("Questions"),
            _("Aucune question pour l’instant."),
            _("Ajouter une question"),
        ),
        DOCUMENTS: (_("Pièces"), _("Aucune pièce n’est demandée."), _("Ajouter une pièce")),
    }
    codes = {part: code for code, part in PARTS.items()}
    return [
        ShownPart(
            codes[part], *said, [_shown(part, one, definition) for one in part.items(definition)]
        )
        for part, said in words.items()
    ]


def _shown(part: Part, item: dict[str, Any], definition: dict[str, Any]) -> ShownItem:
    facts = {
        CONDITIONS: _condition_facts,
        QUESTIONS: _question_facts,
        DOCUMENTS: _document_facts,
    }[part](item, definition)
    label = item.get("label") or item["question"]
    page = catalogue_text(item.get("page", ""))
    return ShownItem(item[part.named_by], catalogue_text(label), facts, page)


def _question_facts(item: dict[str, Any], definition: dict[str, Any]) -> list[str]:
    facts = [
        str(FieldType(item["type"]).label),
        _("obligatoire") if item["required"] else _("facultative"),
    ]
    if item["choices"]:
        facts.append(", ".join(catalogue_text(one["label"]) for one in item["choices"]))
    bounds = [item.get(name, 0) for name in NUMBER_OF_ANSWERS]
    if any(bounds):
        facts.append(several_words(*bounds).rstrip("."))
    if item["visible_if"]:
        facts.append(condition_words(item["visible_if"], definition))
    return facts


def _document_facts(item: dict[str, Any], definition: dict[str, Any]) -> list[str]:
    facts = [
        _("toujours") if item["mode"] == "obligatory" else catalogue_text(item["condition"] or "")
    ]
    if item["original_at_counter"]:
        facts.append(_("original au guichet"))
    if item.get("later"):
        facts.append(_("plus tard"))
    if item["required_if"]:
        facts.append(condition_words(item["required_if"], definition))
    return facts


def _condition_facts(item: dict[str, Any], definition: dict[str, Any]) -> list[str]:
    labels = {one["value"]: one["label"] for one in item.get("choices", ())}
    labels = labels or {"oui": _("Oui"), "non": _("Non")}
    stopping = [
        catalogue_text(labels.get(value, value))
        for stop in item["stops"]
        for value in stop["values"]
    ]
    return [_("arrête si : %(answers)s") % {"answers": ", ".join(stopping)}] if stopping else []
