"""Articles that may answer a text: those that hold its rarest words, and the prestation's own."""

from collections.abc import Iterable

from django.db import connection

from prestations.enums import EntryKind
from prestations.models import KnowledgeArticle
from prestations.searching import SMALL_WORDS, without_addresses, words_of

MOST = 4
MOST_CHARACTERS = 4000  # of the text: beyond it nobody describes the matter
LEAST_WORDS = 2  # a text of several words is not answered by one of them
OWN = 4.0  # what it is worth that an article is tied to the request's prestation
_KINDS = [EntryKind.ARTICLE, EntryKind.INTERNAL]

# Each word counts once an article, where it weighs most; what every article holds says nothing.
_SCORE = """
SELECT held.key, sum(held.worth), count(*)
FROM (
    SELECT e.key, t.stem, max(t.rarity * p.weight) AS worth
    FROM prestations_searchterm AS t
    JOIN prestations_searchphrase AS p ON p.id = t.phrase_id
    JOIN prestations_searchentry AS e ON e.id = p.entry_id
    WHERE e.kind = ANY(%s)
    AND t.stem IN (SELECT (ts_lexize('french_stem', word))[1] FROM unnest(%s::text[]) AS word)
    GROUP BY e.key, t.stem
) AS held
GROUP BY held.key
"""


def articles_for(text: str, prestation: str = "", most: int = MOST) -> list[KnowledgeArticle]:
    """Return the articles in force that may answer `text`, best first; internal ones too.

    Args:
        text: a request's or a question's, in French or English.
        prestation: its code: articles tied to it come even without a word in common.
    """
    words = _asked(text)
    scores: dict[str, float] = {}
    if words:
        least = min(LEAST_WORDS, len(words))
        with connection.cursor() as cursor:
            cursor.execute(_SCORE, [_KINDS, words])
            scores = {key: score for key, score, held in cursor.fetchall() if held >= least}
    tied: set[str] = set()
    if prestation:
        own = KnowledgeArticle.objects.in_force().filter(prestations=prestation)
        tied = {str(slug) for slug in own.values_list("slug", flat=True)}
    best = max(scores.values(), default=0.0)
    ranked = {slug: scores.get(slug, 0.0) for slug in {*scores, *tied}}
    kept = sorted(
        (slug for slug, score in ranked.items() if slug in tied or score >= best / 2),
        key=lambda slug: (-ranked[slug] - (OWN if slug in tied else 0.0), slug),
    )[:most]
    in_force = KnowledgeArticle.objects.in_force().select_related("owner")
    found = in_force.in_bulk(kept, field_name="slug")
    return [found[slug] for slug in kept if slug in found]


def find_articles(text: str) -> list[KnowledgeArticle]:
    """Return the articles in force that hold words of `text`, for an agent who looks for one."""
    return articles_for(text, most=50)


def _asked(text: str) -> list[str]:
    words: Iterable[str] = words_of(without_addresses(text[:MOST_CHARACTERS].replace("\x00", "")))
    return list(dict.fromkeys(w for w in words if len(w) > 1 and w not in SMALL_WORDS))
