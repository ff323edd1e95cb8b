"""What the two loading commands share."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model

from prestations.configuration import recorded_all
from prestations.loading.problems import DataFileError
from prestations.loading.rows import Summary


class LoadCommand(BaseCommand):
    """Runs a loader; tells every mistake of the file and ends with code 1 when there is one.

    What it changes in a configuration that is there already is kept in its history.

    Attributes:
        holds: a model that has rows once the loader has run.
    """

    load: Callable[..., Summary]
    holds: type[Model]

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="data file")
        parser.add_argument(
            "--first",
            action="store_true",
            help="only where nothing was loaded yet: what the town changed since is left alone",
        )

    def handle(self, *args, file: Path | None, verbosity: int, first: bool, **options) -> None:
        is_loaded = self.holds._default_manager.exists()
        if first and is_loaded:
            if verbosity:
                self.stdout.write("Loaded already: what the town changed since is left alone.")
            return
        reason = " ".join([type(self).__module__.rpartition(".")[2], file.name if file else ""])
        keeping = recorded_all(actor=None, reason=reason) if is_loaded else nullcontext()
        try:
            with keeping:
                summary = self.load(file) if file else self.load()
        except DataFileError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            count = len(error.problems)
            raise CommandError(
                f"{error.file}: {count} mistake{'s' if count > 1 else ''}, nothing was loaded"
            ) from error
        self.warn(summary.warnings)
        if verbosity:
            self.stdout.write(_words(summary))

    def warn(self, warnings: list[str]) -> None:
        """Tell what was loaded all the same and should be looked at."""
        for warning in warnings:
            self.stderr.write(f"warning: {warning}")


def _words(summary: Summary) -> str:
    totals = ", ".join(f"{count} {name}" for name, count in summary.totals.items())
    if summary.nothing_changed:
        return f"Nothing to change ({totals})."
    return (
        f"{summary.created} created, {summary.changed} changed,"
        f" {summary.retired} taken out of use ({totals})."
    )
