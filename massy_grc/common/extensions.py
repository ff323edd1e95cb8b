"""PostgreSQL's extensions in migrations: a plain message when the server has not got one."""

from django.contrib.postgres.operations import CreateExtension
from django.db.utils import Error


class Extension(CreateExtension):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        except Error as error:
            raise RuntimeError(
                f"PostgreSQL's extension {self.name!r} is missing: install the contrib modules "
                "(Debian: the package postgresql, with its contrib) and let the owner role "
                "create extensions."
            ) from error
