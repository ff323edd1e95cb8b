"""How like two words must be for a look-up to take one for the other (pg_trgm)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction


@contextmanager
def like_enough(share: float, using: str, *, whole: bool = False) -> Iterator[None]:
    """Let `trigram_word_similar` find a word when this share of its trigrams agree.

    PostgreSQL's own threshold, 0.6, forgives no slip in a short word. The index answers at the
    threshold that holds when the query runs.

    Args:
        whole: for `trigram_similar`, which compares whole texts.
    """
    threshold = f"pg_trgm.{'' if whole else 'word_'}similarity_threshold"
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [threshold, str(share)])
        yield
