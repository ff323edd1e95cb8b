"""Load reference.yaml; see prestations.loading."""

from prestations.loading import load_reference
from prestations.loading.command import LoadCommand
from prestations.models import Town


class Command(LoadCommand):
    help = "Load the town, its places, texts (default: prestations/data/reference.yaml)."
    load = staticmethod(load_reference)
    holds = Town
