"""Load privacy.yaml; see prestations.loading."""

from prestations.loading import load_privacy
from prestations.loading.command import LoadCommand
from prestations.models import Processing


class Command(LoadCommand):
    help = "Load the register of processing (default: prestations/data/privacy.yaml)."
    load = staticmethod(load_privacy)
    holds = Processing
