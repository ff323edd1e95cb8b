"""What the builder says: summaries, titles, conditions, in both languages."""

import pytest
from django.utils.translation import override

from massy_grc.common.fields import describe_field
from tests.prestations.forms.support import codes, field, questionnaire, select, small, when

pytestmark = pytest.mark.django_db  # addresses are matched with the street register


def rows(form, answers, language="fr"):
    return {
        row.key: row.value
        for section in form.summary({"reponses": answers}, language=language)
        for row in section.rows
    }


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("date", "1980-05-01", "1er mai 1980"),
        ("date", "1980-05-12", "12 mai 1980"),
        ("decimal", "1234.5", "1234,5"),
        ("integer", 3, "3"),
        ("checkbox", True, "Oui"),
        ("checkbox", False, "Non"),
        ("phone", "+33612345678", "06 12 34 56 78"),
        ("phone", "+442079460958", "+44 20 7946 0958"),
        ("text", None, ""),
        (
            "address",
            {"numero": "3", "voie": "rue X", "code_postal": "91300", "commune": "Massy"},
            "3 rue X, 91300 Massy",
        ),
    ],
)
def test_answers_in_words(kind, value, words):
    said = rows(small(field("valeur", kind)), {"valeur": value})["reponses.valeur"]
    assert said.replace("\u202f", "") == words


def test_blank_reads_non_renseigne():
    section = small(field("motif")).summary({})[0]
    assert section.rows[0].shown == "Non renseigné"


def test_choice_shows_its_label_in_the_language_asked_for():
    form = questionnaire("voirie-graffitis")
    answers = {"support": "mur_prive"}
    assert rows(form, answers)["reponses.support"] == "Mur ou façade privée"
    assert rows(form, answers, "en")["reponses.support"] != "Mur ou façade privée"


def test_hidden_question_is_not_in_the_summary():
    form = small(select("motif", "a", "b"), field("x", visible_if=when("motif", "equals", "b")))
    assert "reponses.x" not in rows(form, {"motif": "a", "x": "reste"})


def test_value_no_longer_among_the_choices_is_still_shown():
    assert rows(small(select("motif", "a")), {"motif": "ancien"})["reponses.motif"] == "ancien"


def test_condition_is_said_for_pages_without_javascript():
    form = small(select("motif", "a", "b"), field("x", visible_if=when("motif", "equals", "b")))
    help_text = str(form.single_form().fields["reponses.x"].help_text)
    assert "<noscript>" in help_text
    assert "Seulement si « Motif » : B" in help_text


def test_whoever_was_hurt_finds_the_complaint_beside_the_question():
    field_ = questionnaire("voirie-intervention-rapide").single_form().fields["reponses.dommage"]
    link = '<a href="/prestations/reclamation-service-municipal/">Faire une réclamation</a>'
    assert str(field_.help_text).endswith(link)


def test_label_and_help_of_the_data_are_escaped():
    form = small(field("x", help="<b>gras</b>", label="<i>x</i>"))
    assert "<b>" not in str(form.single_form().fields["reponses.x"].help_text)


def test_language_does_not_change_what_is_kept():
    form = small(select("motif", "a"), field("quand", "date"), field("prix", "decimal"))
    given = {"reponses": {"motif": "a", "quand": "2026-05-01", "prix": "1234.5"}}
    with override("en"):
        english = form.clean_all(given)
    assert english == form.clean_all(given)


def test_counter_speaks_of_the_requester_not_to_them():
    form = questionnaire("acte-naissance-filiation", "guichet")
    titles = [block.legend for block in form.single_form().helper.layout.fields]
    assert "Coordonnées du demandeur" in titles
    assert not [title for title in titles if title.startswith(("Vos ", "Votre "))]


@pytest.mark.parametrize("code", codes())
def test_optional_radio_buttons_have_a_neutral_one(code):
    described = [describe_field(field) for field in questionnaire(code).single_form()]
    for group in [one for one in described if one.choices and one.optional]:
        assert any('value=""' in choice.control for choice in group.choices), group.target_id
