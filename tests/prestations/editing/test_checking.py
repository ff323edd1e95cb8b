"""The loader's checks, made of what is in use and told in an administrator's words."""

import pytest

from prestations.editing.checking import problems_of
from prestations.editing.operations import DOCUMENTS, QUESTIONS, move, put, remove
from prestations.loading.problems import Fault
from prestations.loading.words import WORDS
from prestations.models import Prestation

pytestmark = pytest.mark.django_db


def test_every_kind_of_fault_has_words():
    assert set(WORDS) == set(Fault)


def test_the_catalogue_as_it_is_loaded_has_no_problem(catalogue):
    rows = Prestation.objects.listed().select_related("current_form").prefetch_related("sites")
    found = {row.pk: problems_of(row, row.current_form.definition) for row in rows}
    assert {code: told for code, told in found.items() if told} == {}


def test_a_wrong_form_is_told_with_the_question_to_mend(catalogue):
    prestation = catalogue["voirie-graffitis"]
    form = prestation.current_form.definition
    asked = QUESTIONS.items(form)
    dependent = next(one for one in asked if one["visible_if"])
    parent = dependent["visible_if"]["field"]
    gone = problems_of(prestation, remove(form, QUESTIONS, parent))
    assert ("questions", dependent["name"]) in {(one.part, one.name) for one in gone}
    assert "La condition porte sur une question qui n’est plus dans le formulaire." in {
        one.words for one in gone
    }
    later = problems_of(prestation, move(form, QUESTIONS, parent, len(asked)))
    assert WORDS[Fault.DEPENDS_ON_LATER] in {one.words for one in later}
    proof = DOCUMENTS.items(form)[0] if DOCUMENTS.items(form) else None
    document = {
        **(proof or {}),
        "code": "domicile",
        "label": "Justificatif de domicile",
        "mode": "obligatory",
        "condition": None,
        "required_if": None,
        "original_at_counter": False,
    }
    document.pop("source", None)
    told = problems_of(prestation, put(form, DOCUMENTS, document, None))
    assert [(one.part, one.name, one.words) for one in told] == [
        ("pieces", "domicile", WORDS[Fault.PROOF_WITHOUT_TEXT])
    ]
