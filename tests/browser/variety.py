"""Which forms of the catalogue differ most from each other."""

from collections.abc import Iterator

from prestations.loading.catalogue import DEFAULT_FILE
from prestations.loading.files import read_yaml


def most_different(count: int) -> list[str]:
    """Codes of `count` prestations open online, chosen so that they show the most features.

    The one that adds most kinds of fields, conditions, documents, places and requester blocks to
    those already chosen comes next; the longer form on a tie.
    """
    features = {
        row["code"]: set(_features(row))
        for row in read_yaml(DEFAULT_FILE)["prestations"]
        if row["status"] == "active" and "web" in row["channels"]
    }
    chosen: list[str] = []
    seen: set[str] = set()
    while len(chosen) < count:
        best = max(
            sorted(set(features) - set(chosen)),
            key=lambda code: (len(features[code] - seen), len(features[code])),
        )
        chosen.append(best)
        seen |= features[best]
    return chosen


def _features(row: dict) -> Iterator[str]:
    yield f"requester {row['requester_block']}"
    yield f"place {row['location']}"
    yield f"appointment {row['appointment']}"
    yield f"team {row['team']}"
    yield f"handling {row['handling']}"
    for field in row["form_fields"]:
        yield f"{'mandatory' if field['required'] else 'optional'} {field['type']}"
        if field["visible_if"]:
            yield f"{field['type']} shown when {field['visible_if']['operator']}"
        if field["type"] == "select":
            yield "long list" if len(field["choices"]) > 5 else "radio buttons"
    for document in row["documents"]:
        brought = "brought" if document["original_at_counter"] else "joined"
        yield f"{document['mode']} document {brought}"
        if document["required_if"]:
            yield f"document when {document['required_if']['operator']}"
