"""Forms of the catalogue without a database, and small ones written for a test."""

from functools import cache

import yaml
from django.conf import settings

from prestations.forms import Questionnaire
from prestations.loading.catalogue import form_definition
from prestations.models import FormVersion

DATA = settings.BASE_DIR / "prestations" / "data" / "catalogue.yaml"


@cache
def catalogue() -> dict[str, dict]:
    """Every prestation's definition by code, as the loader stores it."""
    content = yaml.load(DATA.read_text(encoding="utf-8"), yaml.CSafeLoader)
    blocks = {block["code"]: block for block in content["requester_blocks"]}
    return {
        item["code"]: form_definition(item, blocks[item["requester_block"]])
        for item in content["prestations"]
    }


def codes() -> list[str]:
    """Codes of the prestations that ask anything."""
    return [code for code, definition in catalogue().items() if definition["fields"]]


def questionnaire(code: str, channel: str = "web") -> Questionnaire:
    return Questionnaire(FormVersion(definition=catalogue()[code]), channel)


def field(name: str, kind: str = "text", **more) -> dict:
    base = {
        "name": name,
        "label": name.capitalize(),
        "type": kind,
        "required": True,
        "choices": None,
        "help": None,
        "visible_if": None,
    }
    return {**base, **more}


def select(name: str, *values: str, **more) -> dict:
    choices = [{"value": value, "label": value.upper()} for value in values]
    return field(name, "select", choices=choices, **more)


def when(parent: str, operator: str, value) -> dict:
    return {"field": parent, "operator": operator, "value": value}


def small(*fields: dict, channel: str = "web", documents=(), requester=(), location="none"):
    """A questionnaire of these fields only."""
    definition = {
        "requester_block": {"code": "x", "label": "X", "fields": list(requester)},
        "fields": list(fields),
        "documents": list(documents),
        "location": location,
    }
    return Questionnaire(FormVersion(definition=definition), channel)


def check(form: Questionnaire, attachments=(), **answers):
    """Errors by key of these answers under ``reponses``, and the answers kept."""
    kept, errors = form.clean_all({"reponses": answers}, attachments)
    return kept["reponses"], {
        error.key: error.message for wrong in errors.values() for error in wrong
    }
