"""English of the catalogue: a flat overlay from the exact French text (catalogue.en.yaml)."""

import functools
from pathlib import Path

import yaml
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

OVERLAY = Path(__file__).resolve().parent / "data" / "catalogue.en.yaml"


@functools.cache
def overlay() -> dict[str, str]:
    """Return the overlay, read once for the life of the process; empty when there is none."""
    if not OVERLAY.exists():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where PyYAML was built so
    content = loader(OVERLAY.read_text(encoding="utf-8")).get_single_data()
    return {french.strip(): english for french, english in (content or {}).items()}


def english_of(text: str) -> str | None:
    """Return the English of a French text of the data files, or None when it has none."""
    return overlay().get(text.strip())


def speaks_french() -> bool:
    """Whether the page being made is in French."""
    return (get_language() or "fr").startswith("fr")


def catalogue_text(text: str) -> str:
    """Return `text` in the page's language, for attributes, choices and plain-text mails.

    A text without English comes back in French: show it with `catalogue_html` where markup is
    possible, so that screen readers pronounce it rightly.
    """
    return text if speaks_french() else english_of(text) or text


def catalogue_html(text: str) -> str | SafeString:
    """Return `text` in the page's language; untranslated French is marked `lang="fr"`."""
    if not text or speaks_french():
        return text
    return english_of(text) or format_html('<span lang="fr">{}</span>', text)
