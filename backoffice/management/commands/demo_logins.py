"""One log-in per role of the demonstration, and its citizens’ accounts, for whoever starts it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from massy_grc.users.models import User
from prestations.enums import Role
from requests.demo.accounts import CITIZEN_LOGINS
from requests.demo.people import demo_login, demo_password


class Command(BaseCommand):
    """Print the demo accounts that exist, with the password they share."""

    help = "Print one demo log-in per role, and the citizens’ (demo mode only)."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Demo log-ins exist in demo mode only.")
        labels = {demo_login(role): str(role.label) for role in Role} | CITIZEN_LOGINS
        known = set(
            User.objects.filter(email__in=labels, is_active=True).values_list("email", flat=True)
        )
        if not known:
            raise CommandError("There are no demo accounts: run manage.py demo_data first.")
        width = max(len(email) for email in labels)
        self.stdout.write(f"Demo log-ins (password: {demo_password()})")
        for email, label in labels.items():
            if email in known:
                self.stdout.write(f"  {email:<{width}}  {label}")
