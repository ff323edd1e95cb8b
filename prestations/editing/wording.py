"""A form's properties in an administrator's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.enums import Channel, FieldType
from prestations.models import Prestation
from prestations.translation import catalogue_text

PROPERTIES = {
    "label": gettext_lazy("Texte de la question"),
    "question": gettext_lazy("Texte de la question"),
    "type": gettext_lazy("Type de réponse"),
    "required": gettext_lazy("Réponse obligatoire"),
    "required_on": gettext_lazy("Obligatoire par"),
    "choices": gettext_lazy("Réponses proposées"),
    "least_answers": gettext_lazy("Réponses au moins"),
    "most_answers": gettext_lazy("Réponses au plus"),
    "help": gettext_lazy("Aide"),
    "visible_if": gettext_lazy("Posée"),
    "page": gettext_lazy("Titre de page"),
    "at_most": gettext_lazy("Maximum"),
    "leads_to": gettext_lazy("Lien vers une prestation"),
    "description": gettext_lazy("Description de l’affaire"),
    "mode": gettext_lazy("Demandée"),
    "condition": gettext_lazy("Dans quelle situation"),
    "required_if": gettext_lazy("Demandée selon une réponse"),
    "original_at_counter": gettext_lazy("Original au guichet"),
    "later": gettext_lazy("Due plus tard"),
    "source": gettext_lazy("Texte qui la permet"),
    "stops": gettext_lazy("Réponses qui arrêtent"),
    "field": gettext_lazy("Remplit la question"),
    "least_age": gettext_lazy("Âge minimal"),
    "by_organisation": gettext_lazy("Répondue d’avance par un organisme"),
}
MODES = {"obligatory": gettext_lazy("toujours"), "conditional": gettext_lazy("selon le cas")}


def shown(key: str, value: Any, definition: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of a property and its value, in words."""
    return str(PROPERTIES.get(key, key)), _value(key, value, definition)


def _value(key: str, value: Any, definition: Mapping[str, Any]) -> str:
    if value in (None, "", [], {}):
        return _("toujours") if key == "visible_if" else _("rien")
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if key == "type":
        return str(FieldType(value).label)
    if key == "mode":
        return str(MODES[value])
    if key in ("visible_if", "required_if"):
        return condition_words(value, definition)
    if key in ("at_most", "field"):
        return _label_of(value, definition)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        labels = {**dict(Channel.choices), "all": _("tous les canaux")}
        return ", ".join(str(labels.get(one, one)) for one in value)
    return _several(key, value)


def _several(key: str, value: Any) -> str:
    if key == "choices":
        return ", ".join(catalogue_text(one["label"]) for one in value)
    if key == "stops":
        return " ; ".join(
            f"{', '.join(one['values'])} : {catalogue_text(one['because'])}"
            f" {catalogue_text(one['instead'])}"
            for one in value
        )
    if key == "leads_to":
        prestation = Prestation.objects.filter(pk=value["prestation"]).first()
        return f"{catalogue_text(value['words'])} ({prestation or value['prestation']})"
    if key == "least_age":
        return _("%(years)s ans") % {"years": value["years"]}
    if isinstance(value, dict):
        return ", ".join(f"{name} : {one}" for name, one in value.items())
    return catalogue_text(str(value))


def condition_words(condition: Mapping[str, Any], definition: Mapping[str, Any]) -> str:
    """Say a condition: « si « Support » est : Mur, Façade »."""
    field = _field(condition["field"], definition)
    labels = {one["value"]: one["label"] for one in (field or {}).get("choices") or ()}
    value = condition["value"]
    values = value if isinstance(value, list) else [value]
    answers = ", ".join(_answer(one, labels) for one in values)
    told = {"question": _label_of(condition["field"], definition), "answer": answers}
    if field and FieldType(field.get("type", FieldType.TEXT)).many:
        if condition["operator"] == "not_equals":
            return _("sauf si « %(question)s » contient : %(answer)s") % told
        return _("si « %(question)s » contient : %(answer)s") % told
    match condition["operator"]:
        case "not_equals":
            return _("sauf si « %(question)s » est : %(answer)s") % told
        case "greater_than":
            return _("si « %(question)s » dépasse %(answer)s") % told
    return _("si « %(question)s » est : %(answer)s") % told


def _answer(value: Any, labels: Mapping[Any, str]) -> str:
    if isinstance(value, bool):
        return _("coché") if value else _("non coché")
    return catalogue_text(labels.get(value, str(value)))


def _field(name: str, definition: Mapping[str, Any]) -> dict[str, Any] | None:
    fields = definition.get("fields") or []
    return next((one for one in fields if one["name"] == name), None)


def _label_of(name: str, definition: Mapping[str, Any]) -> str:
    field = _field(name, definition)
    return catalogue_text(field["label"]) if field else name
