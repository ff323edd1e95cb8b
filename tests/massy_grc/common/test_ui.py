import datetime as dt
import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import translation

from massy_grc.common import words as said
from massy_grc.common.components.arguments import ComponentError
from massy_grc.common.components.states import STATE_KINDS


def _render(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        '{% state_badge label="Reçue" %}',
        '{% state_badge label="Reçue" kind="new" colour="red" %}',
        '{% notice title="Sans genre" %}x{% endnotice %}',
        '{% step_progress current=1 total=2 titre="Faute" %}',
    ],
)
def test_a_missing_or_unknown_argument_fails_at_compilation(source):
    with pytest.raises(TemplateSyntaxError):
        _render(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% state_badge label=misspelt kind='new' %}",
        "{% state_badge label='Reçue' kind='unknown' %}",
        "{% delay_badge status='tard' %}",
        "{% notice kind='error' %}x{% endnotice %}",
        "{% card title='x' accent='rouge' %}x{% endcard %}",
        "{% step_progress current=3 total=2 title='x' %}",
        "{% timeline steps=steps label='x' %}",
        "{% definition_list rows=steps %}",
        "{% empty_state title='x' text='y' url='/z/' %}",
        "{% document_row name='x' state='missing' %}",
        "{% icon name='' %}",
    ],
)
def test_an_empty_or_unlisted_value_fails(source):
    with pytest.raises(ComponentError):
        _render(source, steps=[{"title": "x", "when": "past", "colour": "red"}])


@pytest.mark.parametrize("kind", STATE_KINDS)
def test_a_state_is_an_icon_and_a_word(kind):
    html = _render("{% state_badge label='Mot' kind=kind %}", kind=kind)
    assert "<svg" in html
    assert "Mot" in html


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% delay_badge status='late' days=1 %}", "En retard de 1 jour<"),
        ("{% delay_badge status='late' days=3 %}", "En retard de 3 jours"),
        ("{% delay_badge status='late' %}", "En retard<"),
        ("{% delay_badge status='soon' days=0 %}", "Échéance aujourd’hui"),
        ("{% delay_badge status='soon' days=1 %}", "Échéance demain"),
        ("{% delay_badge status='soon' days=2 %}", "Échéance dans 2 jours"),
        ("{% delay_badge status='paused' %}", "Suspendu"),
        ("{% delay_badge status='ok' %}", "Dans les délais"),
    ],
)
def test_a_delay_is_said_in_words(source, words):
    assert words in _render(source)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2001, 1, 12), "vendredi 12 janvier 2001"),
        (dt.date(2001, 2, 1), "jeudi 1er février 2001"),
        (None, ""),
    ],
)
def test_dates_are_written_in_full(day, words):
    assert said.date_words(day) == words


def test_a_date_near_midnight_is_that_of_paris():
    late = dt.datetime(2001, 1, 11, 23, 30, tzinfo=dt.UTC)
    assert said.date_words(late) == "vendredi 12 janvier 2001"


def test_english_dates_have_no_french_ordinal():
    with translation.override("en"):
        assert "1er" not in said.date_words(dt.date(2001, 2, 1))


def test_links_of_a_plain_text_leave_its_punctuation_alone():
    linked = said.with_links("<Ici> (https://massy.example/suivi/), ou (www.telerecours.fr).", 10)
    assert linked == (
        '&lt;Ici&gt; (<a href="https://massy.example/suivi/">https://m…</a>),'
        " ou (www.telerecours.fr)."
    )


@pytest.mark.parametrize("number", ["0160133000", "01 60 13 30 00", "+33 1 60 13 30 00"])
def test_phone_numbers_read_and_dial(number):
    assert said.phone_words(number).replace("\u00a0", " ") == "01 60 13 30 00"
    assert said.phone_href(number) == "+33160133000"


@pytest.mark.parametrize(
    ("size", "words"), [(184_320, "184 ko"), (12, "1 ko"), (2_184_320, "2,2 Mo"), (None, "")]
)
def test_sizes_are_in_common_units(size, words):
    assert said.file_size(size) == words


@pytest.mark.parametrize(
    ("name", "letters"), [("Hélène Bertin", "HB"), ("awa.ndiaye@massy.example", "AN"), ("x", "X")]
)
def test_initials(name, letters):
    assert said.initials(name) == letters


def test_an_empty_answer_is_said():
    html = _render("{% definition_list rows=rows %}", rows=[{"label": "Nom", "value": ""}])
    assert "Non renseigné" in html


def test_zero_is_an_answer():
    html = _render("{% definition_list rows=rows %}", rows=[{"label": "Enfants", "value": 0}])
    assert "Non renseigné" not in html


def test_a_change_link_names_its_answer():
    rows = [{"label": "Nom", "value": "x", "change_url": "/nom/"}]
    assert "Modifier<span" in _render("{% definition_list rows=rows %}", rows=rows)


def test_a_note_is_named_and_locked():
    html = _render(
        "{% internal_note author_name='H. B.' written_at=at %}<p>Secret</p>{% endinternal_note %}",
        at=dt.datetime(2001, 1, 11, 10, 30, tzinfo=dt.UTC),
    )
    assert "Note interne" in html
    assert "<svg" in html


def test_block_content_is_not_escaped_twice_and_variables_are():
    html = _render("{% card title='T' %}<p>{{ text }}</p>{% endcard %}", text="<script>")
    assert "<p>&lt;script&gt;</p>" in html


def test_the_error_page_needs_nothing():
    html = render_to_string("500.html")
    assert "panne" in html
    assert 'href="tel:+33160133000"' in html


def test_table_heads_have_a_scope_and_tell_the_order():
    html = _render(
        "{% data_table caption='Demandes' columns=columns %}<tr><td>x</td></tr>{% enddata_table %}",
        columns=[{"label": "Date", "sort_url": "?t", "sorted": "descending"}, {"label": "Sujet"}],
    )
    assert html.count('scope="col"') == 2
    assert 'aria-sort="descending"' in html
    assert "<caption" in html


def test_time_of_a_message_is_said_as_opening_hours_are():
    html = _render(
        "{% message_bubble author='town' author_name='Mairie' sent_at=at %}"
        "Bonjour{% endmessage_bubble %}",
        at=dt.datetime(2026, 1, 12, 10, 54, tzinfo=dt.UTC),
    )
    assert re.search(r"11\sh\s54", html)
    assert "11:54<" not in html
