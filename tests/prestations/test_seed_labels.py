"""The town's own 51 labels, one by one: each is found as the seeds write it (S25)."""

from pathlib import Path

import pytest
import yaml

import prestations
from prestations.searching import search_prestations

FILE = Path(prestations.__file__).parent / "data" / "catalogue.yaml"
ROWS = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)["prestations"]
SEEDS = {row["code"]: row["seed_label"] for row in ROWS if row["origin"] != "derived"}


def test_there_are_51_of_them():
    assert len(SEEDS) == 51


@pytest.mark.django_db
@pytest.mark.parametrize("code", SEEDS)
def test_seed_label_is_found(catalogue, code):
    found = [prestation.pk for prestation in search_prestations(SEEDS[code])]
    assert code in found
