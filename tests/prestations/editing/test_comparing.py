"""What a version of a form changes, in words."""

import pytest

from prestations.editing.comparing import Kind, compare_forms
from prestations.editing.operations import QUESTIONS, move, put, remove

pytestmark = pytest.mark.django_db


def question(name: str, **more) -> dict:
    plain = {
        "name": name,
        "label": name.capitalize(),
        "type": "text",
        "required": False,
        "choices": None,
        "help": None,
        "visible_if": None,
    }
    return plain | more


def test_added_removed_moved_and_changed_are_told_apart():
    kinds = [{"value": "mur", "label": "Mur"}, {"value": "sol", "label": "Sol"}]
    old = {
        "requester_block": {"code": "a", "label": "A", "fields": [question("nom")]},
        "fields": [
            question("support", type="select", choices=kinds),
            question("taille"),
            question("couleur"),
            question("date"),
            question("ville"),
        ],
        "documents": [],
        "location": "none",
    }
    new = move(remove(old, QUESTIONS, "taille"), QUESTIONS, "date", -2)
    asked = {"field": "support", "operator": "in", "value": ["mur", "sol"]}
    new = put(new, QUESTIONS, question("couleur", required=True, visible_if=asked), "couleur")
    new = put(new, QUESTIONS, question("ville", label="Commune"), "ville")
    answers = [{"value": "sol", "label": "Par terre"}, kinds[0], {"value": "toit", "label": "Toit"}]
    new = put(new, QUESTIONS, question("support", type="select", choices=answers), "support")
    new = put(new, QUESTIONS, question("texte"), None)
    changes = compare_forms(old, new)
    assert [(one.kind, one.label) for one in changes] == [
        (Kind.REMOVED, "Taille"),
        (Kind.MOVED, "Date"),
        (Kind.CHANGED, "Support"),
        (Kind.CHANGED, "Couleur"),
        (Kind.RENAMED, "Commune"),
        (Kind.ADDED, "Texte"),
    ]
    assert [(one.what, one.before, one.after) for one in changes[2].details] == [
        ("Réponse renommée", "Sol", "Par terre"),
        ("Réponse ajoutée", "", "Toit"),
        ("Ordre des réponses", "Mur, Sol", "Par terre, Mur, Toit"),
    ]
    assert [(one.what, one.before, one.after) for one in changes[3].details] == [
        ("Réponse obligatoire", "non", "oui"),
        ("Posée", "toujours", "si «\u00a0Support\u00a0» est\u00a0: Mur, Par terre"),
    ]
    assert compare_forms(old, old) == []
