"""Put an exported configuration in force: how a second town starts from the first one's."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.imported.trying import reason_of
from massy_grc.users.models import User
from prestations.configuration.exchange import put_in_force, read_configuration
from prestations.exceptions import ChangeRefused
from requests.permissions import Right, scope_of


class Command(BaseCommand):
    help = (
        "Makes the configuration that of a YAML file exported from /agent/parametrage/imports/, all"
        " of it or nothing. On a database without a town it is the first load; elsewhere letters,"
        " articles and contracts wait for a second person, as on the page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("administrator", help="the address of the account that answers for it")

    def handle(self, *, file: Path, administrator: str, **options) -> None:
        actor = User.objects.filter(email=administrator.strip().lower()).first()
        if actor is None or not scope_of(actor).may(Right.ADMINISTER):
            raise CommandError(f"{administrator}: no administrator has this address.")
        try:
            data = read_configuration(file.read_text(encoding="utf-8"))
            steps = put_in_force(data, actor=actor, reason=reason_of(file.name))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        except ChangeRefused as refusal:
            for fault in refusal.faults:
                self.stderr.write(fault)
            raise CommandError(f"{file}: nothing was imported") from refusal
        for step in steps:
            if step.waits:
                self.stdout.write(f"waits for a second person: {step.kind.code} {step.key}")
        self.stdout.write(f"{len(steps)} changed.")
