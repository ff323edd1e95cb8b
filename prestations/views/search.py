"""The portal's one search box: prestations, articles, places, pages, what is done elsewhere."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from massy_grc.common.text import fold
from massy_grc.common.throttle import Limit, client_address, spend
from prestations import actions
from prestations.elsewhere import Elsewhere, done_elsewhere
from prestations.enums import EntryKind
from prestations.models import Category, KnowledgeArticle, Prestation
from prestations.pages import PAGE_BY_CODE
from prestations.presentation import Presented, present
from prestations.searching import MOST_CHARACTERS, Hit, SearchResult
from prestations.searching import search as find
from prestations.translation import catalogue_text, english_of, speaks_french
from prestations.views.information import COMPLAINT, QUESTION

SUGGESTIONS = 6
LEAST_TYPED = 2
# Beyond it a visitor still searches, but fruitless words are no longer noted.
FRUITLESS_LIMIT = Limit("fruitless-search", attempts=30, window=timedelta(minutes=10))
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Row:
    """A result as the page shows it."""

    kind: str
    kind_label: str
    url: str
    title: SafeString
    text: SafeString
    reason: str
    page: Presented | None = None
    elsewhere: Elsewhere | None = None


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer a plain GET form; without words it is the empty search page.

    Words that find nothing are noted for the knowledge manager, without who searched.
    """
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MOST_CHARACTERS]
    result = find(query)
    context = {"query": query, "result": result, "rows": _rows(result)}
    if query and not result.hits:
        _note_fruitless(request, query)
        context |= _ways_on()
    return render(request, "prestations/search.html", context)


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """The first results for what is typed so far: ``{"suggestions": [{title, kind, url}]}``."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MOST_CHARACTERS]
    hits = find(query, most=SUGGESTIONS).hits if len(query) >= LEAST_TYPED else []
    english = _english_articles(hits)
    found = [
        {"title": _title(hit, english), "kind": str(EntryKind(hit.kind).label), "url": _url(hit)}
        for hit in hits
    ]
    return JsonResponse({"suggestions": found})


def _note_fruitless(request: HttpRequest, query: str) -> None:
    if request.method == "GET" and not spend(
        FRUITLESS_LIMIT, client_address(request), timezone.now()
    ):
        actions.note_missing(text=query)


def _ways_on() -> dict:
    """Where somebody who found nothing may go: a question, a complaint, the categories."""
    online = Prestation.objects.open_on("web").in_bulk([QUESTION, COMPLAINT])
    return {
        "question": online.get(QUESTION),
        "complaint": online.get(COMPLAINT),
        "categories": Category.objects.filter(
            is_active=True, prestations__is_active=True
        ).distinct(),
    }


def _rows(result: SearchResult) -> list[Row]:
    """The hits with their words marked, and how to ask for those that are prestations."""
    codes = [hit.key for hit in result.hits if hit.kind == EntryKind.PRESTATION]
    known = Prestation.objects.in_bulk(codes) if codes else {}
    english = _english_articles(result.hits)
    return [
        Row(
            kind=hit.kind,
            kind_label=str(EntryKind(hit.kind).label),
            url=_url(hit),
            title=marked(_title(hit, english), hit.words),
            text=_text(hit, english),
            reason=hit.reason,
            page=present(known[hit.key]) if hit.key in known else None,
            elsewhere=_elsewhere(hit),
        )
        for hit in result.hits
    ]


def _elsewhere(hit: Hit) -> Elsewhere | None:
    return done_elsewhere().get(hit.key) if hit.kind == EntryKind.ELSEWHERE else None


def _url(hit: Hit) -> str:
    names = {
        EntryKind.PRESTATION: "prestations:detail",
        EntryKind.ARTICLE: "prestations:article",
        EntryKind.PLACE: "prestations:place",
    }
    if hit.kind == EntryKind.PAGE:
        return reverse(PAGE_BY_CODE[hit.key].url_name)
    if elsewhere := _elsewhere(hit):
        return elsewhere.url
    return reverse(names[EntryKind(hit.kind)], args=[hit.key])


def _english_articles(hits: list[Hit]) -> dict[str, KnowledgeArticle]:
    """The articles whose English the town has written; none on a French page."""
    slugs = [hit.key for hit in hits if hit.kind == EntryKind.ARTICLE]
    if speaks_french() or not slugs:
        return {}
    return KnowledgeArticle.objects.exclude(text_en="").in_bulk(slugs, field_name="slug")


def _title(hit: Hit, english: dict[str, KnowledgeArticle]) -> str:
    if hit.key in english and hit.kind == EntryKind.ARTICLE:
        return str(english[hit.key])
    if hit.kind == EntryKind.PAGE:
        return str(PAGE_BY_CODE[hit.key].title)
    if elsewhere := _elsewhere(hit):
        return elsewhere.title
    return catalogue_text(hit.title)


def _text(hit: Hit, english: dict[str, KnowledgeArticle]) -> SafeString:
    if hit.key in english and hit.kind == EntryKind.ARTICLE:
        return marked(_shortened(english[hit.key].text_en), hit.words)
    if hit.kind == EntryKind.PAGE:
        return marked(str(PAGE_BY_CODE[hit.key].text), hit.words)
    if elsewhere := _elsewhere(hit):
        return marked(elsewhere.said, hit.words)
    shown = marked(_shortened(catalogue_text(hit.text)), hit.words)
    if speaks_french() or hit.kind == EntryKind.PLACE or english_of(hit.text):
        return shown
    return format_html('<span lang="fr">{}</span>', shown)


def _shortened(text: str) -> str:
    """The first paragraph, or what of it fits three lines."""
    first = text.partition("\n")[0]
    if len(first) <= 220:
        return first
    return first[:220].rpartition(" ")[0] + "…"


def marked(text: str, words: frozenset[str]) -> SafeString:
    """Return `text` escaped, with the words found in it between ``<mark>`` and ``</mark>``.

    Args:
        text: as people read it.
        words: folded, without accents or capitals.
    """
    parts, end = [], 0
    for match in _WORD.finditer(text):
        if fold(match[0]) in words:
            parts.append(text[end : match.start()])
            parts.append(format_html("<mark>{}</mark>", match[0]))
            end = match.end()
    parts.append(text[end:])
    return format_html_join("", "{}", ((part,) for part in parts))
