"""procedures.yaml: every prestation offered has its procedure, and it agrees with the catalogue."""

import re

import pytest

from prestations.enums import StepKind
from prestations.loading.procedures import read_procedures
from prestations.models import Department, Prestation, ProcedureStep
from prestations.translation import english_of

pytestmark = pytest.mark.usefixtures("catalogue")

# Documents that a step may name: what their labels in the catalogue have in common.
DOCUMENTS = [
    "pièce d'identité",
    "avis d'imposition",
    "livret de famille",
    "relevé d'identité bancaire",
    "acte de naissance",
    "certificat médical",
    "procuration",
    "assurance",
    "timbre",
]


def offered() -> list[Prestation]:
    return list(Prestation.objects.offered().select_related("current_form"))


def steps_of(prestation: Prestation) -> list[ProcedureStep]:
    return list(ProcedureStep.objects.filter(procedure=prestation.pk, is_active=True))


@pytest.fixture
def own_texts() -> dict[str, str]:
    """What the file itself says of each prestation, without what comes from the form."""
    return {
        code: " ".join([*item["check"], *item["ask"]]) for code, item in read_procedures().items()
    }


def test_every_offered_prestation_has_its_procedure():
    assert len(offered()) >= 64
    for prestation in offered():
        steps = steps_of(prestation)
        kinds = {step.kind for step in steps}
        assert {StepKind.ASK, StepKind.CHECK} <= kinds, prestation.pk
        assert 5 <= len(steps) <= 12, prestation.pk
        assert all(step.text.strip() for step in steps), prestation.pk


def test_every_step_is_said_in_english_too():
    texts = ProcedureStep.objects.filter(is_active=True).values_list("text", flat=True)
    assert [text for text in texts if not english_of(text)] == []


def test_the_documents_and_questions_of_the_form_are_steps():
    for prestation in offered():
        form = prestation.current_form.definition
        checked = {s.text: s.condition for s in steps_of(prestation) if s.kind == StepKind.CHECK}
        asked = {s.text for s in steps_of(prestation) if s.kind == StepKind.ASK}
        for one in form["documents"]:
            assert checked[one["label"]] == (one["condition"] or ""), prestation.pk
        assert {one["question"] for one in form.get("eligibility", ())} <= asked, prestation.pk


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_step_names_a_document_that_the_catalogue_does_not_ask(document, own_texts):
    naming = [one for one in offered() if document in own_texts[one.pk].lower()]
    assert naming, "named nowhere: take it out of the list"
    for prestation in naming:
        form = prestation.current_form.definition
        labels = " ".join(one["label"] for one in form["documents"]).lower()
        assert document in labels, prestation.pk


def test_a_step_names_only_departments_that_the_request_goes_to(own_texts):
    names = dict(Department.objects.values_list("label", "pk"))
    named = 0
    for prestation in offered():
        goes_to = {prestation.expert_department_id}
        goes_to |= {rule["expert_department"] for rule in prestation.routing_rules}
        for name, code in names.items():
            if re.search(rf"\b{name}\b", own_texts[prestation.pk]):
                assert code in goes_to, (prestation.pk, name)
                named += 1
    assert named >= 8
