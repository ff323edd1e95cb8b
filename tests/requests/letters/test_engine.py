"""The strict template engine."""

import pytest

from requests.letters.engine import (
    FieldLeft,
    TemplateFault,
    UnresolvedField,
    fill,
    refuse_fields_left,
    render,
    variables_of,
)

VALUES = {"ville": {"nom": "Massy", "courriel": ""}, "pieces": {"liste": "- un\n- deux"}}


def test_variables_are_replaced_and_nothing_is_escaped():
    values = {"requete": {"objet": "<L'été> & {{ ville.nom }}"}}
    assert render("Objet : {{ requete.objet }}.", values) == ("Objet : <L'été> & {{ ville.nom }}.")


@pytest.mark.parametrize("source", ["{{ ville.inconnu }}", "{% if autre.nom %}x{% endif %}"])
def test_an_unknown_variable_refuses_and_is_named(source):
    with pytest.raises(UnresolvedField) as refused:
        render(source, VALUES)
    assert refused.value.field in source


def test_an_empty_variable_refuses_outside_its_condition():
    with pytest.raises(UnresolvedField, match=r"ville\.courriel"):
        render("{{ ville.courriel }}", VALUES)
    assert render("{% if ville.courriel %}{{ ville.courriel }}{% endif %}ok", VALUES) == "ok"


def test_conditions_choose_and_nest():
    source = (
        "{% if ville.nom %}{% if ville.courriel %}a{% else %}b{% endif %}{% else %}c{% endif %}"
    )
    assert render(source, VALUES) == "b"


@pytest.mark.parametrize(
    "source",
    [
        "{% if ville.nom %}x",
        "x{% endif %}",
        "{% for a in b %}x{% endfor %}",
        "{% if ville.nom == 1 %}x{% endif %}",
        "{{ ville.nom|safe }}",
        "{{ ville.__class__.x }}",
        "{{ ville }}",
        "{% load x %}",
        "{% include 'x' %}",
        "{% else %}",
    ],
)
def test_anything_outside_the_small_grammar_is_a_fault(source):
    with pytest.raises(TemplateFault):
        render(source, VALUES)


def test_a_list_begins_on_its_own_line():
    assert render("Il manque : {{ pieces.liste }}", VALUES) == "Il manque :\n- un\n- deux"


def test_a_condition_on_its_own_lines_parts_paragraphs_without_leaving_holes():
    source = "un\n{% if ville.courriel %}\ndeux\n{% endif %}\ntrois"
    assert render(source, VALUES) == "un\n\ntrois"


def test_the_variables_of_a_template_are_known():
    source = "{{ a.b }}{% if c.d %}{{ e.f }}{% else %}{{ g.h }}{% endif %}"
    assert variables_of(source) == {"a.b", "c.d", "e.f", "g.h"}


def test_a_text_to_complete_names_what_is_left_in_a_way_that_bars_the_sending():
    filled = fill("Votre {{ a.b }} : {{ a.c }}.", {"a": {"b": "rang", "c": ""}}, "{{{}, x}}".format)
    assert filled == "Votre rang : {a.c, x}."
    with pytest.raises(FieldLeft):
        refuse_fields_left(filled)
