"""The one registry of what each table holds about people, and what becomes of it.

Each app declares its tables in its module ``holdings``: a list `HOLDINGS`. A test walks the
models: a table from which a person can be reached, and that is not declared, fails it (R25). The
erasure reads the same declarations, so that what is written here is what happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Model


class Fate(StrEnum):
    """What becomes of a person's rows when they are erased."""

    EMPTIED = "emptied"  # the row stays for the figures, its texts go
    DELETED = "deleted"
    KEPT = "kept"  # holds nothing that names anybody once the rest is erased


class Follow(StrEnum):
    """Whether a row goes over to the record that is kept when two are found to be one person's."""

    AT_ONCE = "at once"  # agents find it there; an undoing gives it back
    LATER = "later"  # once the merge can no longer be undone: its person sees it
    NEVER = "never"  # it says what was then


@dataclass(frozen=True)
class Holding:
    """One table.

    Attributes:
        model: ``app_label.Model``.
        emptied: the columns that lose their content, with the value they take.
        stays: the columns of text that stay because they hold codes, not people.
        exported: whether the copy of a person's data contains its rows.
        why: why it is kept, or why it is not in the copy.
        follows: each column that points to a person's record, and what becomes of it when that
            record is given up for another of the same person.
    """

    model: str
    fate: Fate
    emptied: Mapping[str, Any] = field(default_factory=dict)
    stays: tuple[str, ...] = ()
    exported: bool = False
    why: str = ""
    follows: Mapping[str, Follow] = field(default_factory=dict)


def holdings() -> dict[str, Holding]:
    """Return every declaration by model, from the ``holdings`` module of each app.

    Raises:
        ValueError: a table declared twice.
    """
    found: dict[str, Holding] = {}
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.holdings") is None:
            continue
        for holding in import_module(f"{config.name}.holdings").HOLDINGS:
            if holding.model in found:
                raise ValueError(f"{holding.model} is declared twice")
            found[holding.model] = holding
    return found


def following(follow: Follow) -> list[tuple[str, str]]:
    """Return each (model, column) that points to a person's record and follows it so."""
    return [
        (label, column)
        for label, holding in holdings().items()
        for column, its_follow in holding.follows.items()
        if its_follow == follow
    ]


def blanks(model: type[Model]) -> dict[str, Any]:
    """Return the columns of `model` that an erasure empties, with the value each takes."""
    return dict(holdings()[model._meta.label].emptied)
