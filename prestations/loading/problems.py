"""Mistakes of a data file, gathered with their place."""

from collections.abc import Container
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: where (`prestations[12].form_fields[3].type`) and what."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class DataFileError(Exception):
    """A data file cannot be loaded; `problems` holds every mistake found."""

    def __init__(self, file: Path, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Problems(list[Problem]):
    """The list that the checks fill.

    Where the schema found faults the later checks still run, part by part (`attempt`), so that
    one wrong value does not hide the others.
    """

    def __init__(self) -> None:
        super().__init__()
        self.malformed = False

    def add(self, path: str, message: str) -> None:
        """Note one mistake, once."""
        problem = Problem(path, message)
        if problem not in self:
            self.append(problem)

    def attempt(self) -> AbstractContextManager[None]:
        """Let a part of the checks give up where the schema already found a wrong shape."""
        if self.malformed:
            return suppress(AttributeError, IndexError, KeyError, TypeError, ValueError)
        return nullcontext()

    def duplicates(self, path: str, items: list[dict], key: str) -> None:
        """Report each value of `key` that occurs a second time in `items`."""
        seen: dict[object, int] = {}
        for index, item in enumerate(items):
            with self.attempt():
                value = item[key]
                if value in seen:
                    first = f"{path}[{seen[value]}]"
                    self.add(f"{path}[{index}].{key}", f"{value!r} is already at {first}")
                else:
                    seen[value] = index

    def unknown(self, path: str, value: object, known: Container, kind: str) -> None:
        """Report `value` unless it is in `known`."""
        if value not in known:
            self.add(path, f"unknown {kind} {value!r}")
