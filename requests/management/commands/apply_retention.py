"""Apply the retention rules now, or tell what they would reach."""

from django.core.management.base import BaseCommand

from requests import actions


class Command(BaseCommand):
    help = "Erase what has outlived its approved term; --dry-run only counts."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args, dry_run: bool, **options) -> None:
        run = actions.apply_retention(dry_run=dry_run)
        for line in run.lines:
            told = ", ".join(f"{line[name]} {name}" for name in ("due", "held", "done", "failed"))
            state = "approved" if line["approved"] else "NOT APPROVED"
            self.stdout.write(f"{line['rule']} ({line['what']}): {told}; {state}")
        if not run.lines:
            self.stdout.write("Nothing has outlived its term.")
