"""How well the search box answers what residents type: two labelled sets, measured."""

from pathlib import Path

import pytest
import yaml

from prestations.enums import EntryKind
from prestations.searching import search

FILE = Path(__file__).parent / "queries.yaml"
SETS: dict[str, dict[str, list[str]]] = yaml.load(
    FILE.read_text(encoding="utf-8"), yaml.CSafeLoader
)

pytestmark = pytest.mark.usefixtures("catalogue")


def codes(query: str) -> list[str]:
    return [
        hit.key if hit.kind == EntryKind.PRESTATION else f"{hit.kind}:{hit.key}"
        for hit in search(query).hits
    ]


def rates(queries: dict[str, list[str]]) -> tuple[float, float, list[str]]:
    """Share answered first, share answered among the first three, and the queries that are not."""
    first, three, failed = 0, 0, []
    for query, expected in queries.items():
        found = codes(query)
        first += found[:1] != [] and found[0] in expected
        if set(found[:3]) & set(expected):
            three += 1
        else:
            failed.append(f"{query} -> {found[:3]}")
    return first / len(queries), three / len(queries), failed


@pytest.mark.parametrize(
    ("name", "least_first", "least_three"), [("tuned", 0.92, 0.97), ("unseen", 0.80, 0.92)]
)
def test_everyday_words_are_answered(name, least_first, least_three):
    first, three, failed = rates(SETS[name])
    told = f"{name}: top-1 {first:.0%}, top-3 {three:.0%}\n" + "\n".join(failed)
    assert first >= least_first, told
    assert three >= least_three, told


def test_the_sets_are_large_and_apart():
    assert len(SETS["tuned"]) >= 150
    assert len(SETS["unseen"]) >= 60
    assert not SETS["tuned"].keys() & SETS["unseen"].keys()
