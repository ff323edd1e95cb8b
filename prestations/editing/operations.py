"""Changes of a form's definition; each returns a new one and leaves the old as it was."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from massy_grc.common.text import fold

Definition = dict[str, Any]
LONGEST_NAME = 60


@dataclass(frozen=True)
class Part:
    """One list of a definition: under which key it stands, and what names its items there."""

    key: str
    named_by: str
    in_file: str  # its key in catalogue.yaml, where the checks' paths speak of it

    def items(self, definition: Definition) -> list[dict[str, Any]]:
        """Its items, in their order."""
        return definition.get(self.key) or []

    def index(self, definition: Definition, name: str) -> int | None:
        """Where the item `name` stands; None when it is not there."""
        names = [item[self.named_by] for item in self.items(definition)]
        return names.index(name) if name in names else None

    def find(self, definition: Definition, name: str) -> dict[str, Any] | None:
        """The item `name`, or None."""
        index = self.index(definition, name)
        return None if index is None else self.items(definition)[index]


QUESTIONS = Part("fields", "name", "form_fields")
DOCUMENTS = Part("documents", "code", "documents")
CONDITIONS = Part("eligibility", "code", "eligibility_questions")
PARTS = {"questions": QUESTIONS, "pieces": DOCUMENTS, "conditions": CONDITIONS}


def new_name(label: str, taken: Collection[str]) -> str:
    """Return a name for what is called `label`: « Date de naissance » is `date_de_naissance`."""
    words = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:LONGEST_NAME].strip("_")
    if not words[:1].isalpha():
        words = f"q_{words}".rstrip("_")
    name, number = words, 2
    while name in taken:
        name, number = f"{words}_{number}", number + 1
    return name


def put(definition: Definition, part: Part, item: dict[str, Any], name: str | None) -> Definition:
    """Return the definition with `item` in the place of the item `name`; at the end without."""
    items = list(part.items(definition))
    index = None if name is None else part.index(definition, name)
    if index is None:
        items.append(item)
    else:
        items[index] = item
    return with_items(definition, part, items)


def remove(definition: Definition, part: Part, name: str) -> Definition:
    """Return the definition without the item `name`."""
    items = [item for item in part.items(definition) if item[part.named_by] != name]
    return with_items(definition, part, items)


def move(definition: Definition, part: Part, name: str, places: int) -> Definition:
    """Return the definition with the item `name` so many places further; up when negative."""
    items = list(part.items(definition))
    index = part.index(definition, name)
    if index is None:
        return definition
    item = items.pop(index)
    items.insert(min(max(index + places, 0), len(items)), item)
    return with_items(definition, part, items)


def without_lost_conditions(definition: Definition) -> Definition:
    """Return the definition with no document that depends on a question which is not there.

    Such a form cannot be published, but whoever mends it wants to see it.
    """
    fields = [*QUESTIONS.items(definition), *definition["requester_block"]["fields"]]
    names = {one["name"] for one in fields}
    documents = [
        {**one, "required_if": None}
        if one["required_if"] and one["required_if"]["field"] not in names
        else one
        for one in DOCUMENTS.items(definition)
    ]
    return {**definition, DOCUMENTS.key: documents}


def with_items(definition: Definition, part: Part, items: list[dict[str, Any]]) -> Definition:
    """Return the definition with other items; no empty list of questions before the form."""
    changed = {**definition, part.key: items}
    if part is CONDITIONS and not items:
        del changed[part.key]
    return changed
