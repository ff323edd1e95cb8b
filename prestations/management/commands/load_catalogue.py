"""Load catalogue.yaml; see prestations.loading."""

from prestations.loading import load_catalogue
from prestations.loading.checks_links import broken_links
from prestations.loading.command import LoadCommand
from prestations.models import Prestation


class Command(LoadCommand):
    help = "Load the prestations and their forms (default: prestations/data/catalogue.yaml)."
    load = staticmethod(load_catalogue)
    holds = Prestation

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--links",
            action="store_true",
            help="then ask every address outside for its page, and tell which do not answer",
        )

    def handle(self, *args, links: bool = False, **options) -> None:
        super().handle(*args, **options)
        if links:
            self.warn(broken_links())
