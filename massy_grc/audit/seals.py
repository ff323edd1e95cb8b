"""Seals over the append-only tables: what removes their last rows shows too.

A chain of digests cannot tell that its end was cut off, and most logs have none. So every few
minutes a seal is added that says how many rows came since the one before, and a digest of them
all. Seals are chained themselves: whoever knows one seal's digest, from the program's own log or
from a printed `verify_log`, can prove that nothing before it was rewritten, not even by somebody
who computed everything again.

A seal covers the rows whose ids lie above those of the table's last seal, up to the newest that is
settled: below it no transaction can still write (`massy_grc.common.append_only.newest_settled`).
"""

from collections.abc import Iterator

import structlog
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from massy_grc.audit.chain import Chain, digest_of, sha256_of
from massy_grc.audit.models import Seal
from massy_grc.common.append_only import PATIENCE, append_only_models, newest_settled

logger = structlog.get_logger(__name__)

MOST = 100_000  # rows a seal covers
_LOCK = 0x5EA1  # one sealing at a time
_BROKEN = """
    SELECT number, count, found, follows FROM (
        SELECT seal.number, seal.count, covered.count AS found,
            seal.content = covered.content AS same,
            seal.after = coalesce(lag(seal.up_to) OVER (ORDER BY seal.number), 0) AS follows
        FROM audit_seal seal CROSS JOIN LATERAL ({content}) covered
        WHERE seal.log = %s
    ) AS checked
    WHERE NOT (coalesce(same, false) AND follows)
    ORDER BY number
"""
_COVERED = """
    SELECT covered.count, covered.content
    FROM (VALUES (%s, %s)) seal(after, up_to) CROSS JOIN LATERAL ({content}) covered
"""


def sealed_models() -> list[type[Model]]:
    """Return the models under seal: all that are append-only. Seals are chained instead."""
    return [model for model in append_only_models() if model is not Seal]


def seal_logs(patience: float = PATIENCE) -> int:
    """Seal what was added to each log since its last seal; return how many seals were made.

    Safe to run at any time, twice, or after a long break. A log to which somebody writes for
    longer than `patience` seconds waits for the next run.
    """
    made = 0
    for model in sealed_models():
        newest = newest_settled(model, patience)
        while newest is not None and _seal(model, newest):
            made += 1
    return made


def count_unsealed() -> int:
    """Count the rows that no seal covers yet."""
    return sum(
        model._base_manager.filter(pk__gt=_sealed_up_to(model)).count() for model in sealed_models()
    )


def broken_seals() -> Iterator[tuple[int, str]]:
    """Yield the number of each seal that does not hold, and what is wrong with it."""
    for link in Chain.of(Seal).broken_links(Seal):
        yield link.number, link.what
    for model in sealed_models():
        with connection.chunked_cursor() as cursor:
            cursor.execute(_BROKEN.format(content=_content(model)), [model._meta.label])
            for number, count, found, follows in cursor:
                yield number, _what(model, count, found, follows)


@transaction.atomic
def _seal(model: type[Model], newest: int) -> bool:
    """Seal the next rows up to the id `newest`; return whether there were any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        after = _sealed_up_to(model)
        rows = model._base_manager.filter(pk__gt=after, pk__lte=newest).order_by("pk")
        up_to = rows[:MOST].aggregate(last=Max("pk"))["last"]
        if up_to is None:
            return False
        cursor.execute(_COVERED.format(content=_content(model)), [after, up_to])
        count, content = cursor.fetchone()
    seal = Seal.objects.create(
        number=(Seal.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        log=model._meta.label,
        after=after,
        up_to=up_to,
        count=count,
        content=content,
        at=timezone.now(),
    )
    seal.refresh_from_db(fields=["digest"])
    logger.info("log_sealed", seal=seal.number, log=seal.log, rows=count, digest=seal.digest)
    return True


def _content(model: type[Model]) -> str:
    """Return SQL: how many rows `seal.after` and `seal.up_to` enclose, and a digest of them all."""
    all_digests = f"string_agg({digest_of(model, 'logged')}, '' ORDER BY logged.id)"
    return f"""
        SELECT count(*) AS count, {sha256_of(all_digests)} AS content
        FROM {model._meta.db_table} logged
        WHERE logged.id > seal.after AND logged.id <= seal.up_to
    """  # noqa: S608 - our own tables and columns


def _what(model: type[Model], count: int, found: int, follows: bool) -> str:
    log = model._meta.label
    if not follows:
        return f"it does not begin where the seal of {log} before it ends"
    if found != count:
        return f"{count} rows of {log} were sealed, {found} are there"
    return f"one of its {count} rows of {log} was changed"


def _sealed_up_to(model: type[Model]) -> int:
    seals = Seal.objects.filter(log=model._meta.label).order_by("-number")
    return seals.values_list("up_to", flat=True).first() or 0
