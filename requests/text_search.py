"""The words of requests: those that a text begins, and the newest rows that hold them, fast.

A request's `search_vector` holds its reference, subject, requester, place and telephone number
(`requests.actions.core.refresh_search`).
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F

from massy_grc.common.text import fold, is_phone, phone_digits

if TYPE_CHECKING:
    from requests.querysets import ServiceRequestQuerySet

WORDS_AT_MOST = 10
TELLING = 3  # letters
LATELY = 2000  # so many of the newest rows are read for a common word

# Two plans, and the second is begun only when the first has not found enough. Left alone,
# PostgreSQL takes one by what it guesses of the words, and reads a million rows when it is wrong.
# A limit keeps the inner query apart: what stands outside is not pushed into it.
_NEWEST = """(
WITH lately AS MATERIALIZED (
    SELECT id FROM ({lately}) AS newest (id, words) WHERE words @@ to_tsquery('simple', %s) LIMIT %s
)
SELECT id FROM lately WHERE (SELECT count(*) FROM lately) >= %s
UNION ALL
SELECT id FROM ({ever}) AS found (id, moment) WHERE (SELECT count(*) FROM lately) < %s
)"""


def prefix_query(text: str) -> SearchQuery | None:
    """Return the full-text query for words beginning as those of `text`; None without a word.

    What may be a telephone number, however it is written, is also looked for as one.
    """
    beginnings = _beginnings(text)
    if not beginnings:
        return None
    return SearchQuery(beginnings, config="simple", search_type="raw")


def _beginnings(text: str) -> str:
    """The words in PostgreSQL's syntax. One or two letters would begin half of all words."""
    words = re.findall(r"[^\W_]+", fold(text))[:WORDS_AT_MOST]
    telling = [word for word in words if len(word) >= TELLING]
    wanted = [f"{word}:*" for word in telling or words]
    if telling:
        wanted += [word for word in words if len(word) < TELLING and word.isdigit()]
    all_of_them = " & ".join(wanted)
    if not is_phone(text):
        return all_of_them
    number = f"{phone_digits(text)}:*"
    return f"({all_of_them}) | {number}" if telling else number  # its pairs begin too many words


def newest_matching(parts: "Iterable[ServiceRequestQuerySet]", text: str, most: int) -> list[int]:
    """Return the ids of the newest `most` of each of `parts` that hold the words of `text`.

    A common word is among the newest rows, which are read by date; a rare one is looked up in the
    text index. One query.

    Args:
        parts: each narrowed by what the index of its dates begins with, or by nothing.
    """
    query = prefix_query(text)
    if query is None:
        return []
    statements, values = [], []
    for rows in parts:
        by_date = rows.order_by("-arrived_at", "-pk").values_list("pk", "search_vector")[:LATELY]
        moment = F("arrived_at") + timedelta(0)  # not the column: the date index is no way to these
        found = rows.filter(search_vector=query).annotate(moment=moment)
        ever = found.order_by("-moment", "-pk").values_list("pk", "moment")[:most]
        lately_sql, lately_values = by_date.query.sql_with_params()
        ever_sql, ever_values = ever.query.sql_with_params()
        statements.append(_NEWEST.format(lately=lately_sql, ever=ever_sql))
        values += [*lately_values, _beginnings(text), most, most, *ever_values, most]
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        return [pk for (pk,) in cursor.fetchall()]
