"""Fill the database with an invented town; see requests.demo."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from requests.demo.loader import load_demo
from requests.demo.privacy import make_privacy
from requests.models import ServiceRequest

DEFAULT_REQUESTS = 6000
ARCHIVE = 120  # of a year long past, for the retention


class Command(BaseCommand):
    help = "Load invented people and a year of requests, for demonstrations and measurements."

    def add_arguments(self, parser):
        parser.add_argument("--requests", type=int, default=DEFAULT_REQUESTS, metavar="N")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are requests already"
        )

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("invented people do not belong in production (MASSY_MODE)")
        if options["requests"] < 1:
            raise CommandError("--requests: at least 1")
        if options["if_empty"] and ServiceRequest.objects.exists():
            self.stdout.write("There are requests already: nothing added.")
            return
        begun = time.monotonic()
        try:
            loaded = load_demo(
                options["requests"],
                seed=options["seed"],
                now=timezone.now(),
                archive=ARCHIVE,
                say=self.stdout.write if options["verbosity"] > 1 else lambda text: None,
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        make_privacy(timezone.now())
        if not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM (ANALYZE)")
        seconds = time.monotonic() - begun
        self.stdout.write(
            f"{loaded.requests} requests ({loaded.open} open) and {loaded.people} people "
            f"in {seconds:.1f} s"
        )
