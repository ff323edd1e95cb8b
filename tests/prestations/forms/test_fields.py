"""Every field type: what it accepts, what it keeps, what it refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.prestations.forms.support import (
    check,
    codes,
    field,
    questionnaire,
    select,
    small,
)

pytestmark = pytest.mark.django_db  # addresses are matched with the street register


def one(kind, name="valeur", **more):
    return small(field(name, kind, **more))


def kept_value(kind, value, name="valeur", **more):
    kept, errors = check(one(kind, name, **more), **{name: value})
    assert errors == {}
    return kept[name]


def refusal(kind, value, name="valeur", **more):
    kept, errors = check(one(kind, name, **more), **{name: value})
    assert name not in kept
    return errors[f"reponses.{name}"]


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "  Durand  ", "Durand"),
        ("text", "O’Brien-Müller 李", "O’Brien-Müller 李"),
        ("textarea", "a\r\nb", "a\nb"),
        ("date", "1980-12-31", "1980-12-31"),
        ("date", "31/12/1980", "1980-12-31"),
        ("time", "14:30", "14:30"),
        ("time", "9h", "09:00"),
        ("email", "a.b@exemple.fr", "a.b@exemple.fr"),
        ("phone", "06 12 34 56 78", "+33612345678"),
        ("phone", "+44 20 7946 0958", "+442079460958"),
        ("integer", "1 200", 1200),
        ("decimal", "1 234,50", "1234.50"),
        ("checkbox", True, True),
    ],
)
def test_accepts_and_normalises(kind, given, kept):
    assert kept_value(kind, given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", "a\x00b"),
        ("text", "Sujet\nBcc: tous@exemple.fr"),
        ("text", "\x1b[31m"),
        ("text", "x" * 251),
        ("textarea", "a\x00b"),
        ("textarea", "x" * 5001),
        ("date", "31/02/2020"),
        ("date", "0205-01-01"),
        ("date", "demain"),
        ("time", "Essai"),
        ("time", "25:00"),
        ("email", "camille@exemple"),
        ("email", "a@b.fr\nBcc: c@d.fr"),
        ("phone", "12"),
        ("integer", "1,5"),
        ("integer", "-1"),
        ("decimal", "-1"),
        ("decimal", "beaucoup"),
        ("decimal", "NaN"),
        ("checkbox", False),
        ("address", {"voie": ""}),
        ("address", {"voie": "3 rue Jean Mermoz"}),
        ("address", {"voie": "3 rue Mermoz", "code_postal": "Lucie", "commune": "Massy"}),
        ("text", {"un": "objet"}),
        ("text", ["une", "liste"]),
    ],
)
def test_refuses_with_a_message(kind, given):
    assert refusal(kind, given)


def test_birth_date_cannot_be_in_the_future():
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "futur" in refusal("date", tomorrow, name="enfant_date_naissance")
    assert kept_value("date", tomorrow, name="date_entree")


def test_expected_birth_may_be_in_the_future():
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    label = "Date de naissance ou date prévue"
    assert kept_value("date", tomorrow, name="date_naissance", label=label)


def test_number_range_stated_in_the_help_is_enforced():
    asked = {"name": "nombre_exemplaires", "help": "De 1 à 5 exemplaires."}
    assert kept_value("integer", "5", **asked) == 5
    assert refusal("integer", "6", **asked)
    assert refusal("integer", "0", **asked)


def test_period_cannot_end_before_it_begins():
    form = small(field("date_debut", "date"), field("date_fin", "date"))
    _kept, errors = check(form, date_debut="2026-05-02", date_fin="2026-05-01")
    assert set(errors) == {"reponses.date_fin"}


def test_value_outside_the_choices_is_refused():
    form = small(select("motif", "a", "b"))
    assert check(form, motif="c")[1]
    assert check(form, motif="a")[0] == {"motif": "a"}


@pytest.mark.parametrize(
    "number", ["73282932000074", "732 829 320 00074", "35600000000048", "35600000009075"]
)
def test_siret_with_luhn_and_la_poste(number):
    assert kept_value("text", number, name="siret") == number.replace(" ", "")


@pytest.mark.parametrize("number", ["73282932000075", "1234", "35600000009076", "abc"])
def test_wrong_siret_is_refused(number):
    assert "14 chiffres" in refusal("text", number, name="siret")


def test_rna():
    assert kept_value("text", "w 912 345 678", name="rna") == "W912345678"
    assert refusal("text", "W12345678", name="rna")


def test_name_longer_than_its_column_is_refused():
    form = small(requester=[field("nom_famille")])
    _kept, errors = form.clean_all({"demandeur": {"nom_famille": "x" * 121}})
    assert "trop long" in errors[1][0].message


# --- addresses and places ----------------------------------------------------------------------


def spot(**parts):
    form = small(field("lieu", "address"), location="street")
    kept, errors = check(form, lieu=parts)
    assert errors == {}
    return kept["lieu"], form


def test_street_alone_is_a_place():
    place, form = spot(voie="rue Jean Mermoz")
    assert (place["numero"], place["voie"]) == (None, "rue Jean Mermoz")
    assert form.place({"reponses": {"lieu": place}}) == "rue Jean Mermoz"


@pytest.mark.parametrize("number", ["0", "00", "", " "])
def test_number_zero_becomes_none(number):
    assert spot(voie="rue Jean Mermoz", numero=number)[0]["numero"] is None


def test_number_typed_before_the_street_is_read():
    assert spot(voie="12 bis rue Jean Mermoz")[0]["numero"] == "12 bis"
    assert spot(voie="0 rue Jean Mermoz")[0]["numero"] is None


def test_street_named_after_a_date_keeps_its_number():
    assert spot(voie="rue du 8 mai 1945")[0]["numero"] is None


def test_own_address_field_is_the_place_and_nothing_is_asked_twice():
    form = small(field("adresse_zone", "address"), location="address")
    assert form.definition.added_place is None
    assert form.definition.place_key == "reponses.adresse_zone"


@pytest.mark.parametrize(("location", "asked"), [("street", True), ("map", True), ("none", False)])
def test_form_without_place_gets_one_question(location, asked):
    form = small(field("motif"), location=location)
    titles = [step.title for step in form.steps()]
    assert ("Le lieu" in titles) is asked


def test_postal_address_keeps_its_parts():
    given = {"numero": "3", "voie": "rue X", "code_postal": "91300", "commune": "Massy"}
    assert kept_value("address", given)["numero"] == "3"


def test_equal_names_of_requester_and_form_do_not_clash():
    form = small(field("email", "email"), requester=[field("email", "email")])
    kept, errors = form.clean_all(
        {"reponses": {"email": "un@exemple.fr"}, "demandeur": {"email": "deux@exemple.fr"}}
    )
    assert errors == {}
    assert kept["reponses"]["email"] != kept["demandeur"]["email"]


# --- what the browser is told ------------------------------------------------------------------


def test_own_identity_is_filled_by_the_browser_but_not_on_an_agents_screen():
    block = [field("nom_famille"), field("email", "email"), field("telephone", "phone")]
    own = small(requester=block).single_form()
    assert own.fields["demandeur.email"].widget.attrs["autocomplete"] == "email"
    assert own.fields["demandeur.telephone"].widget.input_type == "tel"
    agents = small(requester=block, channel="guichet").single_form()
    assert agents.fields["demandeur.email"].widget.attrs["autocomplete"] == "off"


def test_somebody_elses_identity_is_never_filled_by_the_browser():
    form = small(field("inscrit_nom"), field("email", "email")).single_form()
    assert "autocomplete" not in form.fields["reponses.email"].widget.attrs


# --- numbers that contradict one another -------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wrong"),
    [("60", True), ("50", False), ("1", False), ("", False)],
)
def test_a_part_is_at_most_its_whole(given, wrong):
    form = small(
        field("adherents", "integer"),
        field("habitants", "integer", required=False, at_most="adherents"),
    )
    answers = {"adherents": 50, "habitants": given}
    _kept, errors = check(form, **answers)
    assert ("reponses.habitants" in errors) is wrong
    if wrong:
        assert errors["reponses.habitants"].endswith("(50). Corrigez l’un des deux nombres.")


def test_a_part_is_compared_with_a_whole_on_an_earlier_page():
    names = [f"n{rank}" for rank in range(7)]
    form = small(
        field("budget", "decimal"),
        *(field(one) for one in names),
        field("montant", "decimal", at_most="budget"),
    )
    first, last = form.steps()[0], form.steps()[-1]
    assert first is not last
    page = form.form(
        last, {"reponses.montant": "1 000,50"}, answers={"reponses": {"budget": "1000"}}
    )
    assert "reponses.montant" in page.errors


def test_the_catalogue_compares_what_it_asks_twice():
    pairs = {
        f"{code} {question.name} {question.at_most.removeprefix('reponses.')}"
        for code in codes()
        for question in questionnaire(code).definition.questions
        if question.at_most
    }
    assert pairs == {
        "aides-sociales-subvention-fin-annee nombre_enfants_charge nombre_personnes_foyer",
        "association-subvention adherents_commune nombre_adherents",
        "association-subvention montant_demande budget_total",
        "logement-demande enfants_charge nombre_personnes",
        "qf-calcul enfants_handicap enfants_charge",
    }
