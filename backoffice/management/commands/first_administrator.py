"""Open the first administrator's account on a new installation."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.actions.staff import open_first_administrator
from requests.exceptions import RequestError


class Command(BaseCommand):
    help = (
        "Creates the first administrator and prints the link by which they choose their password"
        " (72 hours). Refuses once there is one: administrators then invite each other."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")

    def handle(self, *, email: str, first_name: str, last_name: str, **options) -> None:
        try:
            link = open_first_administrator(email=email, first_name=first_name, last_name=last_name)
        except RequestError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(link)
