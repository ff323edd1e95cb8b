"""Articles that may answer a text: those that hold its rare words, and the prestation's own."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from prestations.models import KnowledgeArticle
from prestations.querysets import ArticleQuerySet
from prestations.searching import ARTICLE_KINDS, SMALL_WORDS, without_addresses, words_of

MOST = 4
MOST_CHARACTERS = 4000  # of the text: beyond it nobody describes the matter
LEAST_WORDS = 2  # a text of several words is not answered by one of them
COMMON = 4  # a word that more articles hold says nothing of any of them
COMMON_SHARE = 0.2  # of the articles: the same, where there are many
# The score from which an article is suggested: about one rare word of its title. A long text
# holds words of anything by chance, so that each of its words asks for more. Of the messages that
# nobody wrote for this (tests/requests/qualification/unseen.yaml) and that no article is about,
# one in six gets one.
LEAST_SCORE, LEAST_SCORE_PER_WORD = 8.0, 0.35
LEAST_SHARE = 0.5  # of the best score
OWN = 4.0  # what it is worth that an article is tied to the request's prestation
# What everybody writes to, which is in the title of some article.
_ADDRESSEE = {"mairie", "mairies", "ville", "town", "hall", "city"}

# Each word counts once an article, where it weighs most, unless many hold it there or higher.
_SCORE = """
WITH held AS (
    SELECT e.key, t.stem, max(t.rarity * p.weight) AS worth,
        count(*) OVER (PARTITION BY t.stem ORDER BY max(t.rarity * p.weight) DESC) AS articles
    FROM prestations_searchterm AS t
    JOIN prestations_searchphrase AS p ON p.id = t.phrase_id
    JOIN prestations_searchentry AS e ON e.id = p.entry_id
    WHERE e.kind = ANY(%(kinds)s) AND t.stem IN (
        SELECT (ts_lexize('french_stem', word))[1] FROM unnest(%(words)s::text[]) AS word
    )
    GROUP BY e.key, t.stem
)
SELECT key, sum(worth) FROM held
WHERE articles <= greatest(%(common)s, %(share)s * (
    SELECT count(*) FROM prestations_searchentry WHERE kind = ANY(%(kinds)s)
))
GROUP BY key HAVING count(*) >= %(least)s
"""


def articles_for(text: str, prestation: str = "") -> list[KnowledgeArticle]:
    """Return the articles in force that may answer `text`, best first; internal ones too.

    Args:
        text: a request's or a question's, in French or English.
        prestation: its code: articles tied to it come even without a word in common, and none
            that is tied to others only.
    """
    words = _asked(text)
    least = LEAST_SCORE + LEAST_SCORE_PER_WORD * len(words)
    scores = {slug: score for slug, score in _scores(words).items() if score >= least}
    found = {str(one.slug): one for one in _candidates(scores, prestation)}
    own = {slug: scores.get(slug, 0.0) + OWN for slug, one in found.items() if one.is_own}
    if own:
        found = {slug: one for slug, one in found.items() if slug in own or not one.is_tied}
    worth = {**_near({slug: scores[slug] for slug in found if slug in scores}), **own}
    best = sorted(worth, key=lambda slug: (-worth[slug], slug))[:MOST]
    return [found[slug] for slug in best]


def _scores(words: list[str]) -> dict[str, float]:
    """What the articles' shares of `words` are worth, but for those that too many hold."""
    asked: dict[str, Any] = {
        "kinds": list(ARTICLE_KINDS),
        "words": words,
        "common": COMMON,
        "share": COMMON_SHARE,
        "least": min(LEAST_WORDS, len(words)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SCORE, asked)
        return dict(cursor.fetchall())


def _near(scores: dict[str, float]) -> dict[str, float]:
    """Those that are not far behind the best."""
    best = max(scores.values(), default=0.0)
    return {slug: score for slug, score in scores.items() if score >= best * LEAST_SHARE}


def _candidates(slugs: Iterable[str], prestation: str) -> ArticleQuerySet:
    """Those in force among `slugs` or tied to `prestation`; `is_tied`: to some prestation."""
    ties = KnowledgeArticle.prestations.through._default_manager.filter(
        knowledgearticle=OuterRef("pk")
    )
    own = Exists(ties.filter(prestation=prestation))
    articles = KnowledgeArticle.objects.in_force().annotate(is_own=own, is_tied=Exists(ties))
    return articles.filter(Q(slug__in=list(slugs)) | Q(is_own=True)).select_related("owner")


def _asked(text: str) -> list[str]:
    words: Iterable[str] = words_of(without_addresses(text[:MOST_CHARACTERS].replace("\x00", "")))
    small = SMALL_WORDS | _ADDRESSEE
    return list(dict.fromkeys(w for w in words if len(w) > 1 and w not in small))
