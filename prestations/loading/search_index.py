"""Fills what the search box looks into: prestations, articles, places, the portal's own pages,
and what is done elsewhere than at the town hall.

The words a resident uses ("trou dans la rue") are in prestations/data/synonyms.yaml.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.utils.translation import override

from prestations.elsewhere import done_elsewhere
from prestations.enums import EntryKind
from prestations.loading.files import check_schema, read_yaml
from prestations.loading.problems import DataFileError
from prestations.loading.rows import lock_loading
from prestations.loading.shapes import array, text
from prestations.models import (
    Facility,
    KnowledgeArticle,
    Prestation,
    SearchEntry,
    SearchPhrase,
    Site,
)
from prestations.pages import PUBLIC_PAGES
from prestations.searching import words_of
from prestations.translation import english_of

SYNONYMS = Path(__file__).resolve().parent.parent / "data" / "synonyms.yaml"
SCHEMA = {"type": "object", "additionalProperties": array(text(100), least=1, unique=True)}
NAME, EVERYDAY, GROUP, BODY = 4.0, 3.0, 1.0, 0.8  # what the place of a word is worth
LONGEST_WORD = 80

# The stems of every phrase, then how rare each stem is among the entries (inverse document
# frequency). Words that mean nothing by themselves ("de", "la") have no stem and are left out.
_FILL = """
INSERT INTO prestations_searchterm (phrase_id, word, stem, rarity)
WITH said AS (
    SELECT DISTINCT t.phrase_id, t.word, (ts_lexize('french_stem', t.word))[1] AS stem
    FROM unnest(%s::bigint[], %s::text[]) AS t (phrase_id, word)
    WHERE ts_lexize('french_stem', t.word) <> '{}'
), spread AS (
    SELECT said.stem, count(DISTINCT p.entry_id) AS entries
    FROM said JOIN prestations_searchphrase AS p ON p.id = said.phrase_id
    GROUP BY said.stem
)
SELECT said.phrase_id, said.word, said.stem, ln(1 + %s::float / spread.entries)
FROM said JOIN spread USING (stem)
"""


@dataclass
class _Thing:
    """Something to find, with its phrases by worth."""

    kind: str
    key: str
    title: str
    text: str
    names: list[str] = field(default_factory=list)
    everyday: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Its key in synonyms.yaml: `article:…`, `place:…`, `page:…`, or a prestation's code."""
        return self.key if self.kind == EntryKind.PRESTATION else f"{self.kind}:{self.key}"

    def phrases(self, everyday: Iterable[str]) -> Iterator[tuple[str, float, bool]]:
        """Its phrases in both languages: text, weight, whether it is an everyday one."""
        worth = (
            ([self.title, *self.names], NAME, False),
            ([*self.everyday, *everyday], EVERYDAY, True),
            (self.groups, GROUP, False),
            ([self.text, *self.body], BODY, False),
        )
        for texts, weight, is_everyday in worth:
            for one in filter(None, texts):
                yield one, weight, is_everyday
                if english := english_of(one):
                    yield english, weight, is_everyday


def read_synonyms() -> dict[str, list[str]]:
    """Return the everyday words by code, or raise `DataFileError`.

    Codes that the loaded data does not hold are harmless: a town may load its own.
    """
    data: dict[str, list[str]] = read_yaml(SYNONYMS)
    problems = check_schema(data, SCHEMA)
    if problems:
        raise DataFileError(SYNONYMS, problems)
    return data


def index_search() -> int:
    """Make the search box's tables say what is loaded; return the number of entries.

    Nothing retired and no article that is not in force goes in. Internal articles are of a kind of
    their own, which the public search box leaves out.
    Nothing is written when they say it already. Runs inside a transaction.
    """
    lock_loading()
    synonyms = read_synonyms()
    things = [*_prestations(), *_articles(), *_places(), *_pages(), *_elsewhere()]
    wanted = [
        (one.kind, one.key, one.title, one.text, *one.phrases(synonyms.get(one.code, ())))
        for one in things
    ]
    if wanted == _indexed():
        return len(things)
    SearchEntry.objects.all().delete()
    entries = SearchEntry.objects.bulk_create(
        SearchEntry(kind=one.kind, key=one.key, title=one.title, text=one.text, order=order)
        for order, one in enumerate(things)
    )
    phrases = SearchPhrase.objects.bulk_create(
        SearchPhrase(entry=entry, text=said, weight=weight, everyday=everyday)
        for entry, thing in zip(entries, things, strict=True)
        for said, weight, everyday in thing.phrases(synonyms.get(thing.code, ()))
    )
    rows = [(phrase.pk, word) for phrase in phrases for word in _words(phrase.text)]
    with connection.cursor() as cursor:
        cursor.execute(
            _FILL, [[pk for pk, _word in rows], [word for _pk, word in rows], len(entries)]
        )
    return len(entries)


def _indexed() -> list[tuple]:
    """What the tables say: each entry with its phrases, in order."""
    phrases: dict[int, list[tuple]] = defaultdict(list)
    rows = SearchPhrase.objects.order_by("pk").values_list("entry", "text", "weight", "everyday")
    for entry, *phrase in rows:
        phrases[entry].append(tuple(phrase))
    entries = SearchEntry.objects.order_by("order").values_list(
        "pk", "kind", "key", "title", "text"
    )
    return [(*entry, *phrases[pk]) for pk, *entry in entries]


def _words(said: str) -> list[str]:
    return [word for word in words_of(said) if len(word) > 1 and len(word) <= LONGEST_WORD]


def _prestations() -> Iterator[_Thing]:
    rows = Prestation.objects.listed().select_related("category")
    for prestation in rows.prefetch_related("portal_entries").order_by("order"):
        portal = [entry.portal_label for entry in prestation.portal_entries.all()]
        yield _Thing(
            EntryKind.PRESTATION,
            prestation.code,
            prestation.label,
            prestation.summary,
            names=[*portal, *prestation.keywords],
            groups=[prestation.category.label],
        )


def _articles() -> Iterator[_Thing]:
    for article in KnowledgeArticle.objects.in_force():
        yield _Thing(
            EntryKind.ARTICLE if article.public else EntryKind.INTERNAL,
            str(article.slug),
            article.label,
            article.text,
            names=[article.label_en],
            everyday=article.synonyms,
            body=[article.text_en],
        )


def _places() -> Iterator[_Thing]:
    """The two town halls, then the other public places."""
    for site in Site.objects.filter(is_active=True):
        yield _Thing(EntryKind.PLACE, site.code, site.label, site.address)
    for facility in Facility.objects.outside_sites():
        yield _Thing(EntryKind.PLACE, facility.code, facility.label, facility.address)


def _pages() -> Iterator[_Thing]:
    with override("fr"):
        french = [(str(page.title), str(page.text)) for page in PUBLIC_PAGES]
    with override("en"):
        english = [(str(page.title), str(page.text)) for page in PUBLIC_PAGES]
    for page, (title, said), (title_en, said_en) in zip(PUBLIC_PAGES, french, english, strict=True):
        yield _Thing(EntryKind.PAGE, page.code, title, said, names=[title_en], body=[said_en])


def _elsewhere() -> Iterator[_Thing]:
    for one in done_elsewhere().values():
        yield _Thing(
            EntryKind.ELSEWHERE,
            one.code,
            one.label,
            one.text,
            names=[one.label_en],
            everyday=list(one.words),
            body=[one.text_en, one.service],
        )
