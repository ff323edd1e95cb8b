"""Texts of the data files in the page's language."""

import pytest
from django.template import Context, Template
from django.utils import translation

from prestations import translation as overlay_module
from prestations.translation import catalogue_html, catalogue_text


@pytest.fixture(autouse=True)
def _overlay(monkeypatch):
    monkeypatch.setattr(overlay_module, "overlay", lambda: {"Acte": "Record"})


def test_french_is_shown_as_it_is():
    assert catalogue_text("Acte") == catalogue_html("Acte") == "Acte"


def test_english_comes_from_the_overlay():
    with translation.override("en"):
        assert catalogue_text("Acte") == catalogue_html("Acte") == "Record"


def test_untranslated_french_is_marked_and_escaped():
    with translation.override("en"):
        assert catalogue_html("Bac & tri") == '<span lang="fr">Bac &amp; tri</span>'
        assert catalogue_text("Bac & tri") == "Bac & tri"


def test_filters_of_templates():
    template = Template("{% load catalogue_text %}{{ a|catalogue }} {{ b|catalogue_plain }}")
    with translation.override("en"):
        html = template.render(Context({"a": "Tri <b>", "b": "Acte"}))
    assert html == '<span lang="fr">Tri &lt;b&gt;</span> Record'


def test_nothing_stays_nothing():
    with translation.override("en"):
        assert catalogue_html("") == ""
