"""The search box: everyday words, accents, plurals, beginnings of words and misspellings.

A word that nothing holds is replaced by the nearest known ones (pg_trgm). What holds the rarest of
the words asked for, in the shortest phrases, comes first. The tables are those of
`prestations.models.search`: a few thousand rows whatever the number of requests.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection

from massy_grc.common.text import fold
from prestations.enums import EntryKind
from prestations.models import KnowledgeArticle, Prestation

MOST_CHARACTERS = 100
MOST_WORDS = 10
MOST_RESULTS = 20
NEAR = 0.4  # trigram similarity from which a misspelt word is taken for another
LETTERS_A_SLIP = 4  # one wrong letter in so many: « construire » is no « conduire »
BEGUN = 0.8  # what the beginning of a word is worth, beside the whole word
SHORTEST_BEGINNING = 3
ARTICLE_KINDS = (EntryKind.ARTICLE, EntryKind.INTERNAL)
PUBLIC_KINDS = tuple(kind for kind in EntryKind.values if kind != EntryKind.INTERNAL)
LEAST_SHARE = 0.25  # of the best score: what is further behind is noise
# English ones; and French ones that every question holds and that say nothing of its matter.
_SAYING_NOTHING = (
    "the of for my in an to and is how do get at with can where what"
    " comment faire veux voudrais besoin faut dois peux peut puis avoir etre fait quel quelle"
    " quels quelles quand pourquoi combien ou est ce que svp bonjour merci demande demander"
    " aller vais mettre"
)
_ADDRESS = re.compile(r"\S*@\S*|\bhttps?:\S+|\bwww\.\S+", re.IGNORECASE)
SMALL_WORDS = frozenset(_SAYING_NOTHING.split())

# For each word asked: its stem when something holds it, else the known words that begin with it
# or look like it, with their likeness. `%%` uses the trigram index (its threshold is 0.3).
_EXAMINE = """
SELECT asked.place, asked.word, known.word, known.stem, known.likeness
FROM unnest(%(words)s::text[]) WITH ORDINALITY AS asked (word, place)
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (found.stem) found.word, found.stem, found.likeness
    FROM (
        SELECT t.phrase_id, t.word, t.stem, 1.0 AS likeness FROM prestations_searchterm AS t
        WHERE t.stem = (ts_lexize('french_stem', asked.word))[1]
        UNION ALL
        SELECT t.phrase_id, t.word, t.stem, %(begun)s FROM prestations_searchterm AS t
        WHERE length(asked.word) >= %(shortest)s AND t.word LIKE asked.word || '%%'
        UNION ALL
        SELECT t.phrase_id, t.word, t.stem, similarity(t.word, asked.word) * %(begun)s
        FROM prestations_searchterm AS t
        WHERE t.word %% asked.word AND similarity(t.word, asked.word) >= %(near)s
        AND levenshtein(t.word, asked.word) <= greatest(1, length(asked.word) / %(letters)s)
        AND NOT asked.word ~ '[0-9]'
        AND NOT EXISTS (
            SELECT FROM prestations_searchterm AS same
            WHERE same.stem = (ts_lexize('french_stem', asked.word))[1]
        )
    ) AS found
    JOIN prestations_searchphrase AS p ON p.id = found.phrase_id
    JOIN prestations_searchentry AS e ON e.id = p.entry_id AND e.kind = ANY(%(kinds)s)
    ORDER BY found.stem, found.likeness DESC, found.word
) AS known ON true
WHERE ts_lexize('french_stem', asked.word) <> '{}'
ORDER BY asked.place, known.likeness DESC, known.word
"""
_MATCH = """
SELECT e.id, e.kind, e.key, e.title, e.text, e."order", p.id, p.text, p.weight, p.everyday,
    (SELECT sum(one.rarity) FROM prestations_searchterm AS one WHERE one.phrase_id = p.id),
    asked.place, t.word, t.rarity * asked.likeness
FROM unnest(%s::int[], %s::text[], %s::float[]) AS asked (place, stem, likeness)
JOIN prestations_searchterm AS t ON t.stem = asked.stem
JOIN prestations_searchphrase AS p ON p.id = t.phrase_id
JOIN prestations_searchentry AS e ON e.id = p.entry_id
WHERE e.kind = ANY(%s)
"""


@dataclass
class Hit:
    """One thing found: what it is, the words it was found by, and the reason if it is not seen."""

    kind: str
    key: str
    title: str
    text: str
    words: frozenset[str]
    reason: str
    score: float
    order: int


@dataclass
class SearchResult:
    """What a search found; `corrected` is the query as understood when it was misspelt.

    `partial`: nothing holds all the words, these hold some.
    """

    hits: list[Hit] = field(default_factory=list)
    corrected: str = ""
    partial: bool = False


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded.

    >>> words_of("Demande d’acte (copie intégrale)")
    ['demande', 'd', 'acte', 'copie', 'integrale']
    """
    return re.findall(r"[a-z0-9]+", fold(text))


def without_addresses(text: str) -> str:
    """Return `text` without the mail and web addresses in it: they name people, not things."""
    return _ADDRESS.sub(" ", text)


def asked_words(query: str) -> list[str]:
    """Return the words of a query that carry meaning, at most ten; all of them if none does."""
    words = words_of(without_addresses(query[:MOST_CHARACTERS].replace("\x00", "")))
    words = [word for word in words if len(word) > 1]
    meaning = [word for word in words if word not in SMALL_WORDS]
    return list(dict.fromkeys(meaning or words))[:MOST_WORDS]


def search(
    query: str, kinds: Collection[str] = PUBLIC_KINDS, most: int = MOST_RESULTS
) -> SearchResult:
    """Return what answers `query`, best first: two queries, whatever is found.

    Args:
        query: what the person typed, in French or English; cut at 100 characters.
        kinds: codes of `EntryKind` to look among; without them, what the public may find.
        most: how many at most.
    """
    understood, corrected = _understand(asked_words(query), kinds)
    if not understood:
        return SearchResult()
    hits, partial = _rank(_matching(understood, kinds), {word.place for word in understood})
    return SearchResult(hits[:most], corrected if hits else "", partial)


def search_prestations(query: str) -> list[Prestation]:
    """Return the prestations in use that answer `query`, best first (at most 20)."""
    codes = [hit.key for hit in search(query, [EntryKind.PRESTATION]).hits]
    known = Prestation.objects.listed().select_related("category", "team").in_bulk(codes)
    return [known[code] for code in codes if code in known]


def search_articles(
    query: str, kinds: Collection[str] = ARTICLE_KINDS, most: int = MOST_RESULTS
) -> tuple[list[KnowledgeArticle], str]:
    """Return the articles in force that answer `query`, and the query as understood if misspelt.

    Args:
        kinds: codes of `EntryKind`; without them, internal articles too.
    """
    result = search(query, kinds, most)
    slugs = [hit.key for hit in result.hits]
    in_force = KnowledgeArticle.objects.in_force().select_related("owner")
    known = in_force.in_bulk(slugs, field_name="slug")
    return [known[slug] for slug in slugs if slug in known], result.corrected


@dataclass(frozen=True)
class _Understood:
    """A word asked for, as the index knows it."""

    place: int
    stem: str
    likeness: float


def _understand(words: list[str], kinds: Collection[str]) -> tuple[list[_Understood], str]:
    """Return the known stems of each word, and the query as understood if one was misspelt.

    A word that is known counts as it is, and so do the words it begins; one that is not is taken
    for the nearest words, unless it begins one.
    """
    if not words:
        return [], ""
    with connection.cursor() as cursor:
        cursor.execute(
            _EXAMINE,
            {
                "words": words,
                "kinds": list(kinds),
                "begun": BEGUN,
                "shortest": SHORTEST_BEGINNING,
                "near": NEAR,
                "letters": LETTERS_A_SLIP,
            },
        )
        rows = cursor.fetchall()
    by_place: dict[int, list[tuple[str, str, str, float]]] = defaultdict(list)
    for place, word, known, stem, likeness in rows:
        by_place[place].append((word, known, stem, float(likeness or 0)))
    understood, said, misspelt = [], [], False
    for place, found in by_place.items():
        word, best, _stem, top = found[0]
        if best is None:  # nothing is like it: it still counts as a word that nothing holds
            understood.append(_Understood(place, "", 0.0))
            continue
        begins = best.startswith(word)
        wanted = [one for one in found if one[3] >= BEGUN] or [
            one for one in found if one[3] >= top * 0.9
        ]
        worth = max(1.0, BEGUN / top)  # the best guess weighs what a beginning does, and no less
        understood += [
            _Understood(place, stem, likeness * worth) for _w, _k, stem, likeness in wanted
        ]
        misspelt = misspelt or (top < BEGUN and not begins)
        said.append(word if top >= BEGUN or begins else best)
    if all(one.likeness == 0 for one in understood):
        return [], ""
    return understood, " ".join(said) if misspelt else ""


def _matching(understood: list[_Understood], kinds: Collection[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            _MATCH,
            [
                [one.place for one in understood],
                [one.stem for one in understood],
                [one.likeness for one in understood],
                list(kinds),
            ],
        )
        return cursor.fetchall()


class _Candidate:
    """An entry with the phrases that hold some of the words asked for."""

    def __init__(self, row: tuple) -> None:
        self.kind, self.key, self.title, self.text, self.order = row[1:6]
        self.phrases: dict[int, _Phrase] = {}

    def add(self, row: tuple) -> None:
        phrase_id, said, weight, everyday, mass, place, word, value = row[6:]
        phrase = self.phrases.setdefault(phrase_id, _Phrase(said, weight, everyday, mass))
        phrase.found[place] = max(phrase.found.get(place, 0.0), value)
        phrase.words.add(word)

    def best_by_place(self) -> dict[int, float]:
        """For each word asked for, what its best phrase makes of it."""
        best: dict[int, float] = {}
        for phrase in self.phrases.values():
            for place, value in phrase.found.items():
                best[place] = max(best.get(place, 0.0), value * phrase.worth)
        return best

    def hit(self, score: float) -> Hit:
        words = frozenset(word for phrase in self.phrases.values() for word in phrase.words)
        best = max(self.phrases.values(), key=lambda phrase: phrase.worth * len(phrase.found))
        shown = set(words_of(f"{self.title} {self.text}"))
        reason = best.text if best.everyday and not best.words <= shown else ""
        return Hit(self.kind, self.key, self.title, self.text, words, reason, score, self.order)


class _Phrase:
    """A phrase and what of it was asked for."""

    def __init__(self, text: str, weight: float, everyday: bool, mass: float) -> None:
        self.text, self.weight, self.everyday, self.mass = text, weight, everyday, mass
        self.found: dict[int, float] = {}
        self.words: set[str] = set()

    @property
    def worth(self) -> float:
        """Its weight, more when more of it was asked for: "mariage" before "salle, mariage"."""
        share = min(1.0, sum(self.found.values()) / self.mass) if self.mass else 0.0
        return self.weight * (0.4 + 0.6 * share)


def _rank(rows: list[tuple], places: set[int]) -> tuple[list[Hit], bool]:
    """Return the entries best first, and whether none holds every word."""
    candidates: dict[int, _Candidate] = {}
    rarity: dict[int, float] = defaultdict(float)
    for row in rows:
        candidates.setdefault(row[0], _Candidate(row)).add(row)
        place, value = row[11], row[13]
        rarity[place] = max(rarity[place], value)
    total = sum(rarity.values())
    hits, whole = [], False
    for candidate in candidates.values():
        best = candidate.best_by_place()
        whole = whole or len(best) == len(places)
        held = sum(rarity[place] for place in best) / total
        hits.append(candidate.hit(sum(best.values()) * held * held))
    hits.sort(key=lambda hit: (-hit.score, hit.order))
    least = hits[0].score * LEAST_SHARE if hits else 0
    return [hit for hit in hits if hit.score >= least], not whole
