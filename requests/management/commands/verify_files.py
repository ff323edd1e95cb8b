"""Prove that every stored file is the one that was kept, or tell which is not."""

from django.core.management.base import BaseCommand, CommandError

from requests.stored_files import faults, tables


class Command(BaseCommand):
    help = (
        "Compute the SHA-256 of every stored file again; names each that is gone or altered by its "
        "table and row, and ends with code 1 when there is one."
    )

    def handle(self, **options) -> None:
        found = 0
        for one in faults():
            found += 1
            self.stderr.write(str(one))
        count = sum(model._default_manager.exclude(file="").count() for model in tables())
        self.stdout.write(f"{count} files read")
        if found:
            raise CommandError(f"{found} fault{'s' if found > 1 else ''}")
        self.stdout.write("Each is what was kept.")
