"""Count the daily figures of the dashboard again, from the first day on."""

from django.core.management.base import BaseCommand

from backoffice.actions.figures import rebuild_figures


class Command(BaseCommand):
    help = "Rebuild the daily figures of the dashboard from the requests and their events."

    def handle(self, *args, **options):
        days = rebuild_figures()
        self.stdout.write(f"{days} days counted")
