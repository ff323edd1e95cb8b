"""Give an agent the right to Django's own administration, or withdraw it."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.actions.technical import OPENED, RENEWED, WITHDRAWN, set_technical_access
from massy_grc.users.models import User

TOLD = {
    OPENED: "given",
    RENEWED: "given already: noted again",
    WITHDRAWN: "withdrawn",
    "": "there was nothing to withdraw",
}


class Command(BaseCommand):
    help = (
        "Opens /technique/ to an agent, who needs a second factor there; --withdraw closes it."
        " Nobody gives this right on a page; the access log tells of it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--withdraw", action="store_true")

    def handle(self, *, email: str, withdraw: bool, **options) -> None:
        try:
            done = set_technical_access(email=email, opens=not withdraw)
        except User.DoesNotExist as missing:
            words = f"No agent with an open access has the address {email}."
            raise CommandError(words) from missing
        self.stdout.write(TOLD[done])
