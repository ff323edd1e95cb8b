"""Conditional questions, judged on the server."""

from types import SimpleNamespace

import pytest

from prestations.forms import Questionnaire
from prestations.models import FormVersion
from tests.prestations.forms.support import check, field, select, small, when

pytestmark = pytest.mark.django_db  # addresses are matched with the street register


@pytest.mark.parametrize(
    ("operator", "value", "answer", "shown"),
    [
        ("equals", "a", "a", True),
        ("equals", "a", "b", False),
        ("not_equals", "a", "b", True),
        ("not_equals", "a", "a", False),
        ("in", ["a", "b"], "b", True),
        ("in", ["a", "b"], "c", False),
    ],
)
def test_operators_on_a_choice(operator, value, answer, shown):
    form = small(
        select("motif", "a", "b", "c"),
        field("detail", required=True, visible_if=when("motif", operator, value)),
    )
    _kept, errors = check(form, motif=answer)
    assert ("reponses.detail" in errors) is shown


@pytest.mark.parametrize(("answer", "shown"), [("3", True), ("2", False), ("0", False)])
def test_greater_than(answer, shown):
    form = small(
        field("nombre", "integer"), field("detail", visible_if=when("nombre", "greater_than", 2))
    )
    assert ("reponses.detail" in check(form, nombre=answer)[1]) is shown


@pytest.mark.parametrize(("ticked", "value"), [(True, True), (False, False)])
def test_checkbox_compares_with_booleans(ticked, value):
    form = small(
        field("accord", "checkbox", required=False),
        field("detail", visible_if=when("accord", "equals", value)),
    )
    assert "reponses.detail" in check(form, accord=ticked)[1]
    assert "reponses.detail" not in check(form, accord=not ticked)[1]


def test_unanswered_question_shows_nothing_that_depends_on_it():
    form = small(
        select("motif", "a", "b", required=False),
        field("detail", visible_if=when("motif", "not_equals", "a")),
    )
    assert check(form)[1] == {}


def test_hidden_answer_is_dropped_even_if_wrong():
    form = small(
        select("motif", "a", "b"),
        field("quand", "date", visible_if=when("motif", "equals", "b")),
    )
    kept, errors = check(form, motif="a", quand="pas une date")
    assert (kept, errors) == ({"motif": "a"}, {})


def test_forged_hidden_field_of_a_post_is_dropped():
    form = small(
        select("motif", "a", "b"), field("detail", visible_if=when("motif", "equals", "b"))
    )
    page = form.form(form.steps()[0], {"reponses.motif": "a", "reponses.detail": "forgé"})
    assert page.is_valid()
    assert page.answers()["reponses"] == {"motif": "a"}


def test_chained_conditions_hide_to_the_end():
    form = small(
        select("un", "a", "b"),
        select("deux", "x", "y", visible_if=when("un", "equals", "b")),
        field("trois", visible_if=when("deux", "not_equals", "x")),
    )
    kept, errors = check(form, un="a", deux="y", trois="z")
    assert (kept, errors) == ({"un": "a"}, {})
    assert "reponses.trois" in check(form, un="b", deux="y")[1]


def test_extra_post_fields_are_ignored():
    form = small(field("motif"))
    posted = {"reponses.motif": "x", "reponses.autre": "y", "state": "close", "demandeur.nom": "z"}
    page = form.form(form.steps()[0], posted)
    assert page.is_valid()
    assert page.merged_answers() == {"demandeur": {}, "reponses": {"motif": "x"}}


@pytest.mark.parametrize(
    ("channel", "mandatory"), [("web", True), ("email", True), ("telephone", False)]
)
def test_required_on_the_channel(channel, mandatory):
    block = [field("email", "email", required=False, required_on=["web", "email"])]
    _kept, errors = small(requester=block, channel=channel).clean_all({})
    assert bool(errors) is mandatory


def test_required_on_all_is_required_everywhere():
    block = [field("nom", required=False, required_on=["all"])]
    assert small(requester=block, channel="guichet").clean_all({})[1]


def test_what_an_earlier_page_excludes_is_not_on_a_later_one():
    form = small(
        select("qualite", "moi", "pro"),
        requester=[field("nom")],
        documents=[CONDITIONAL],
    )
    assert [one.kind for one in form.steps({"reponses": {"qualite": "moi"}})] == [
        "questions",
        "requester",
    ]


def test_what_was_answered_before_the_form_excludes_on_its_page_and_for_good():
    version = FormVersion(
        definition={
            "eligibility": [
                {
                    "code": "qui",
                    "question": "Qui êtes-vous ?",
                    "field": "qualite",
                    "choices": [{"value": one, "label": one} for one in ("moi", "pro")],
                    "stops": [],
                }
            ],
            "fields": [
                select("qualite", "moi", "pro"),
                field("profession", visible_if=when("qualite", "equals", "pro")),
                field("ordre", visible_if=when("profession", "not_equals", "aucune")),
                field("motif"),
            ],
        }
    )
    shown = {}
    for said in ("moi", "pro"):
        answers = {"reponses": {"qualite": said, "profession": "notaire", "motif": "x"}}
        form = Questionnaire(version, "web", {"qui": said})
        page = form.form(form.steps(answers)[0], answers=answers)
        shown[said] = [key.removeprefix("reponses.") for key in page.fields]
        kept, errors = form.clean_all(answers)
        assert ("profession" in kept["reponses"]) is (said == "pro")
        assert bool(errors) is (said == "pro")  # « ordre » is asked of professionals alone
    assert shown == {
        "moi": ["qualite", "motif"],
        "pro": ["qualite", "profession", "ordre", "motif"],
    }


# --- documents ---------------------------------------------------------------------------------


def document(code, mode="obligatory", required_if=None, original=False):
    return {
        "code": code,
        "label": code.capitalize(),
        "mode": mode,
        "condition": None,
        "required_if": required_if,
        "original_at_counter": original,
    }


def joined(code):
    return SimpleNamespace(
        document_code=code, name=f"{code}.pdf", size=1, pk=1, is_quarantined=False
    )


CONDITIONAL = document("mandat", "conditional", when("qualite", "equals", "pro"))


def test_document_becomes_mandatory_with_the_answer():
    form = small(select("qualite", "moi", "pro"), documents=[CONDITIONAL])
    assert check(form, qualite="moi")[1] == {}
    assert set(check(form, qualite="pro")[1]) == {"documents.mandat"}
    assert check(form, [joined("mandat")], qualite="pro")[1] == {}


def test_documents_are_never_mandatory_at_the_counter():
    form = small(field("motif"), documents=[document("identite")], channel="guichet")
    assert check(form, motif="x")[1] == {}
    assert form.missing_documents({}, []) == ["identite"]


def test_original_to_bring_is_listed_and_never_asked():
    form = small(field("motif"), documents=[document("photo", original=True)])
    assert check(form, motif="x")[1] == {}
    assert [one.code for one in form.documents_to_bring({})] == ["photo"]


def test_document_due_later_is_told_and_neither_asked_nor_sent():
    agreement = document("convention", "conditional") | {
        "condition": "Après l'accord",
        "later": True,
    }
    form = small(field("motif"), documents=[agreement])
    assert check(form, motif="x")[1] == {}
    assert form.missing_documents({}, []) == []
    assert form.kept_attachments({"reponses": {"motif": "x"}}, [joined("convention")]) == []
    (told,) = form.documents_due_later()
    assert (told.label, told.when) == ("Convention", "Après l'accord")
    (asked,) = form.documents_asked({})  # an agent may check it when it comes
    assert (asked.code, asked.required) == ("convention", False)


def test_document_no_longer_asked_is_not_sent():
    form = small(select("qualite", "moi", "pro"), documents=[CONDITIONAL])
    files = [joined("mandat"), joined("inconnu")]
    assert form.kept_attachments({"reponses": {"qualite": "moi"}}, files) == []
    assert len(form.kept_attachments({"reponses": {"qualite": "pro"}}, files)) == 1


def test_file_field_and_document_of_the_same_name_do_not_clash():
    form = small(field("photo", "file"), documents=[document("photo")])
    assert set(check(form, [joined("photo")])[1]) == {"reponses.photo"}
    assert set(check(form, [joined("reponses.photo")])[1]) == {"documents.photo"}


def test_reply_by_phone_needs_a_phone():
    block = [
        field("telephone", "phone", required=False),
        select("canal_reponse", "sms", required=False),
    ]
    form = small(requester=block)
    _kept, errors = form.clean_all({"demandeur": {"canal_reponse": "sms"}})
    assert errors[1][0].key == "demandeur.telephone"
