"""`{% load catalogue_text %}`: texts of the data files in the page's language."""

from django import template

from prestations.translation import catalogue_html
from prestations.translation import catalogue_text as plain_text

register = template.Library()


@register.filter(name="catalogue")
def catalogue(text: str) -> str:
    """`{{ prestation.label|catalogue }}`: translated, or the French marked `lang="fr"`."""
    return catalogue_html(text)


@register.filter(name="catalogue_plain")
def catalogue_plain(text: str) -> str:
    """`{{ label|catalogue_plain }}`: the same without markup, for attributes and titles."""
    return plain_text(text)
