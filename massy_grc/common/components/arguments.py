"""Arguments of components: given, and among those known."""

from collections.abc import Iterable, Mapping
from typing import Any


class ComponentError(ValueError):
    """A component was given an argument it cannot show."""


def required(component: str, **arguments: object) -> None:
    for name, value in arguments.items():
        if value is None or str(value) == "":
            raise ComponentError(f"{component}: the argument {name!r} is empty")


def one_of(component: str, name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        known = ", ".join(repr(item) for item in allowed)
        raise ComponentError(f"{component}: {name}={value!r} is not one of {known}")


def keys(component: str, item: Mapping[str, Any], *, required: set[str], known: set[str]) -> None:
    missing, unknown = required - item.keys(), item.keys() - known - required
    if missing or unknown:
        raise ComponentError(
            f"{component}: missing {sorted(missing)}, unknown {sorted(unknown)} in {item!r}"
        )
