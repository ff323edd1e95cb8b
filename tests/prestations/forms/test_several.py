"""A question that takes several answers."""

import pytest

from prestations.editing.wording import condition_words
from prestations.forms.answers import flatten, to_data
from prestations.forms.questions_form import condition_words as asked_when
from prestations.loading.checks_form import check_fields
from prestations.loading.problems import Fault, Problems
from tests.prestations.forms.support import check, field, select, small, when

pytestmark = pytest.mark.django_db  # the labels' English is the town's


def several(*values: str, **more) -> dict:
    return select("jours", *values, **{"type": "selectboxes", **more})


def test_several_answers_are_counted_kept_in_order_said_and_depended_on():
    form = small(
        several("a", "b", "c", "d", least_answers=2, most_answers=3),
        field("avec_a", visible_if=when("jours", "equals", "a")),
        field("sans_a", visible_if=when("jours", "not_equals", "a")),
        field("un_des_deux", visible_if=when("jours", "in", ["a", "d"])),
    )
    texts = {"avec_a": "x", "sans_a": "x", "un_des_deux": "x"}
    wrong = {
        (): "au moins 2 réponses",
        ("a",): "au moins 2 réponses",
        ("a", "b", "c", "d"): "au plus 3 réponses",
        ("a", "lune"): "une des réponses proposées",
    }
    for given, words in wrong.items():
        assert words in check(form, jours=list(given), **texts)[1]["reponses.jours"], given
    kept, errors = check(form, jours=["d", "a", "d"], **texts)
    assert (errors, kept) == ({}, {"jours": ["a", "d"], "avec_a": "x", "un_des_deux": "x"})
    kept, errors = check(form, jours=["c", "b"], **texts)
    assert (errors, kept) == ({}, {"jours": ["b", "c"], "sans_a": "x"})
    (section,) = form.summary({"reponses": kept})
    assert section.rows[0].value == "B\u00a0; C"

    page = form.single_form(answers={"reponses": kept})
    assert page["reponses.jours"].as_widget().count("checked") == 2
    question, dependent, other, _third = form.definition.questions
    assert to_data([question], flatten({"reponses": {"jours": "b"}})) == {"reponses.jours": ["b"]}
    assert "contient" in asked_when(dependent.condition, question)
    assert "ne contient pas" in asked_when(other.condition, question)
    written = form.form_version.definition
    assert "contient" in condition_words(written["fields"][1]["visible_if"], written)

    free = small(several("a", "b", required=False, least_answers=2))
    assert check(free) == ({}, {})
    assert "reponses.jours" in check(free, jours=["a"])[1]

    problems = Problems()
    bounds = (
        {"most_answers": 1},
        {"least_answers": 3},
        {"most_answers": 3},
        {"least_answers": 2, "most_answers": 1},
    )
    fields = [{**several("a", "b", **one), "name": f"n{at}"} for at, one in enumerate(bounds)]
    check_fields("f", [*fields, field("x", most_answers=1)], problems)
    assert [(one.path, one.fault) for one in problems] == [
        ("f[1].least_answers", Fault.ANSWERS_NUMBER),
        ("f[2].most_answers", Fault.ANSWERS_NUMBER),
        ("f[3].least_answers", Fault.ANSWERS_NUMBER),
        ("f[4].most_answers", Fault.ANSWERS_COUNTED),
    ]
