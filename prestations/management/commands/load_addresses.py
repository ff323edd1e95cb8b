"""Load the street register; see prestations.loading.addresses."""

from functools import partial

from prestations.loading import load_addresses
from prestations.loading.command import LoadCommand
from prestations.models import Street


class Command(LoadCommand):
    help = (
        "Load the town's streets and numbers from a BAL 1.3 file or an export of the national"
        " address base (default: the shipped sample, prestations/data/adresses-exemple.csv)."
    )

    holds = Street

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="accept that many addresses go out of use (another file than the last one)",
        )

    def handle(self, *args, replace: bool = False, **options) -> None:
        self.load = partial(load_addresses, replace=replace)
        super().handle(*args, **options)
