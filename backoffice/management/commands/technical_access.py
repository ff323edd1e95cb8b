"""Give an agent the right to Django's own administration, or withdraw it."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from massy_grc.users.models import User


class Command(BaseCommand):
    help = (
        "Opens /technique/ to an agent, who needs a second factor there; --withdraw closes it."
        " Nobody gives this right on a page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--withdraw", action="store_true")

    def handle(self, *, email: str, withdraw: bool, **options) -> None:
        found = User.objects.agents().filter(email=email.strip().lower(), is_active=True)
        if not found.update(is_staff=not withdraw, is_superuser=not withdraw):
            raise CommandError(f"No agent with an open access has the address {email}.")
        self.stdout.write("withdrawn" if withdraw else "given")
