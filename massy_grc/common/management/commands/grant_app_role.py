"""Give the application's database role what it needs, and nothing on append-only tables."""

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from psycopg import sql

from massy_grc.common.append_only import append_only_models


class Command(BaseCommand):
    help = (
        "Run as the owner role after migrate: grants reading and writing to ROLE; "
        "UPDATE, DELETE and TRUNCATE of append-only tables stay refused (R24)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the database role the application logs in with")

    @transaction.atomic
    def handle(self, *, role: str, **options) -> None:
        append_only = [model._meta.db_table for model in append_only_models()]
        name = sql.Identifier(role)
        statements = [
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
            sql.SQL(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}"
            ).format(name),
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
        ] + [
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                sql.Identifier(table), name
            )
            for table in append_only
        ]
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.stdout.write(f"{role}: granted; append-only: {', '.join(sorted(append_only))}")
