"""English of the catalogue: what the town wrote, then a flat overlay from the exact French text
(catalogue.en.yaml).

What the town wrote is read once for each page or task, where it is asked for; a command that makes
no page knows the overlay alone.
"""

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import yaml
from django.apps import apps
from django.db.models import Max
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
    return _town_words().get(text.strip()) or overlay().get(text.strip())


_UNREAD: Mapping[str, str] = {}
_words: ContextVar[Mapping[str, str] | None] = ContextVar("town_words", default=None)
_last_read: tuple[int, Mapping[str, str]] = (0, {})  # the newest row, and what all of them say


def begin_page(**_signal: object) -> None:
    """A page or a task begins: what the town wrote may have changed."""
    _words.set(_UNREAD)


def end_page(**_signal: object) -> None:
    """It is over: nothing is read any more."""
    _words.set(None)


@contextmanager
def also_in_english(words: Mapping[str, str]) -> Iterator[None]:
    """Let `words` ({French: English}) hold before all others, for a page that shows a draft."""
    before = _words.get()
    _words.set({**_town_words(), **words})
    try:
        yield
    finally:
        _words.set(before)


def _town_words() -> Mapping[str, str]:
    words = _words.get()
    if words is not _UNREAD:
        return words or {}
    words = town_words()
    _words.set(words or dict(_UNREAD))
    return words


def town_words() -> Mapping[str, str]:
    """Return what the town wrote, {French: English}, as of now; "" takes one back."""
    global _last_read
    rows = apps.get_model("prestations", "TownTranslation").objects
    newest = rows.aggregate(newest=Max("pk"))["newest"] or 0
    if newest != _last_read[0]:
        _last_read = newest, dict(rows.order_by("pk").values_list("french", "english"))
    return _last_read[1]


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
