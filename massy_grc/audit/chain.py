"""A hash chain over an append-only table, kept by PostgreSQL.

Each row carries in `digest` the SHA-256 of the digest before it and of its own columns. Who edits,
removes, inserts or reorders rows behind the triggers' back leaves a row that no longer follows.

Columns that are null do not count, so that a column may be added later without touching what is
chained: it must be null for the rows that are there. A column is never renamed or removed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db import connection
from django.db.models import DateTimeField, Field, Model
from pgtrigger import compiler


def sha256_of(text: str) -> str:
    """Return SQL: the SHA-256 of `text`, an SQL expression, in hexadecimal."""
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


def digest_of(model: type[Model], row: str, earlier: str = "NULL") -> str:
    """Return SQL: the digest of the columns of `row`, an alias, after the digest `earlier`.

    It is the same whatever the session's time zone, and no two rows have the same text: each name
    and value has its line, and JSON writes a line break within a value as two other characters.
    """
    columns = filter(None, (_column_text(field, row) for field in model._meta.concrete_fields))
    # sorted: a migration knows the same columns in another order
    return sha256_of(f"concat_ws(E'\\n', {', '.join([earlier, *sorted(columns)])})")


def _column_text(field: Field, row: str) -> str:
    if field.column == "digest":
        return ""
    value = f'{row}."{field.column}"'
    if isinstance(field, DateTimeField):
        value = f"extract(epoch FROM {value})"
    return f"'{field.column}=' || to_json({value})::text"


@dataclass(frozen=True)
class BrokenLink:
    """A row that does not follow from the one before it.

    Attributes:
        within: whose chain it stands in (the request of an event), None for a single chain.
        number: its place there.
        what: what is wrong, in words.
    """

    within: int | None
    number: int
    what: str


class ChainSql(compiler.UpsertTriggerSql):
    """A trigger without pgtrigger's way to ignore it, which no chain wants.

    That way catches an error at each row, and after each error PostgreSQL goes through all foreign
    keys still to be checked: a bulk load would take time with the square of its rows. So it would
    if it read the whole table for the row before, as it does while it believes the table empty.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER AS $$
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET enable_seqscan = off;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid}
                {when} {operation} ON {table}
                FOR EACH ROW EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Chain(pgtrigger.Trigger):
    """Fills `digest` of each new row, also of rows that come by COPY or many in one INSERT.

    Attributes:
        order: the column that counts a chain's rows, from 1.
        within: the column that tells chains apart; without it the table is one chain.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def __init__(self, *, name: str, order: str, within: str = "") -> None:
        super().__init__(name=name)
        self.order = order
        self.within = within

    @classmethod
    def of(cls, model: type[Model]) -> "Chain":
        """Return the chain of `model`."""
        triggers = getattr(model._meta, "triggers", ())
        return next(trigger for trigger in triggers if isinstance(trigger, cls))

    # What pgtrigger types as `Model` is the model's class; `Any` is both.
    def get_func(self, model: Any) -> str:
        """Return the trigger's body: a gap does not stop work, `broken_links` tells it."""
        same = f"earlier.{self.within} = NEW.{self.within} AND " if self.within else ""
        earlier = f"""(
            SELECT earlier.digest FROM {model._meta.db_table} earlier
            WHERE {same}earlier.{self.order} < NEW.{self.order}
            ORDER BY earlier.{self.order} DESC LIMIT 1
        )"""  # noqa: S608 - our own tables and columns
        return self.format_sql(f"NEW.digest = {digest_of(model, 'NEW', earlier)}; RETURN NEW;")

    def compile(self, model: Any) -> compiler.Trigger:
        """Return the trigger as migrations keep it."""
        sql = ChainSql(
            pgid=self.get_pgid(model),
            func=self.render_func(model),
            table=model._meta.db_table,
            when=self.when,
            operation=self.operation,
        )
        return compiler.Trigger(name=self.name, sql=sql)

    def broken_links(self, model: type[Model]) -> Iterator[BrokenLink]:
        """Compute every digest of the table again; yield the rows that do not follow.

        PostgreSQL does it in one pass; only what is broken comes out.
        """
        whose = self._whose("logged")
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"""
                SELECT whose, number, after FROM (
                    SELECT {whose} AS whose, {self.order} AS number,
                        coalesce(lag({self.order}) OVER earlier, 0) AS after,
                        digest = {digest_of(model, "logged", "lag(digest) OVER earlier")} AS follows
                    FROM {model._meta.db_table} logged
                    WINDOW earlier AS (PARTITION BY {whose} ORDER BY {self.order})
                ) AS links
                WHERE NOT follows OR number <> after + 1
                ORDER BY whose, number
            """)  # noqa: S608 - our own tables and columns
            for within, number, after in cursor:
                yield BrokenLink(within, number, _what(number, after))

    def _whose(self, row: str) -> str:
        return f"{row}.{self.within}" if self.within else "NULL::bigint"


def _what(number: int, after: int) -> str:
    if number != after + 1:
        return f"it follows number {after}: the rows between them are gone"
    return "its digest is wrong: it was changed or moved, or the one before it was"
