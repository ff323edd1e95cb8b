"""Mistakes of a data file, gathered with their place."""

from collections.abc import Container
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Fault(StrEnum):
    """What kind of mistake it is, for whoever tells it in other words than the file's."""

    OTHER = ""
    SAME_NAME = "same-name"
    UNKNOWN = "unknown"
    PAGE_OF_DEPENDENT = "page-of-dependent"
    DESCRIPTION_KIND = "description-kind"
    DESCRIPTION_TWICE = "description-twice"
    DEPENDS_ON_LATER = "depends-on-later"
    LIMIT_GONE = "limit-gone"
    LIMIT_NUMBERS = "limit-numbers"
    NO_CHOICES = "no-choices"
    NEEDLESS_CHOICES = "needless-choices"
    ANSWERS_COUNTED = "answers-counted"
    ANSWERS_NUMBER = "answers-number"
    CONDITION_GONE = "condition-gone"
    CONDITION_VALUE = "condition-value"
    CONDITION_NUMBER = "condition-number"
    ALWAYS_ASKED = "always-asked"
    DUE_WITH_REQUEST = "due-with-request"
    NO_SITUATION = "no-situation"
    PROOF_WITHOUT_TEXT = "proof-without-text"
    STOPS_TWICE = "stops-twice"
    NO_WAY_ON = "no-way-on"
    NOT_A_CHOICE = "not-a-choice"
    NOT_A_DATE = "not-a-date"
    NOT_ONLINE = "not-online"
    AUDIENCE_UNFIT = "audience-unfit"
    NOT_ANONYMOUS = "not-anonymous"
    NEEDS_DEPARTMENT = "needs-department"
    NEEDLESS_DEPARTMENT = "needless-department"
    NOT_ROUTED = "not-routed"
    OTHER_TEAM = "other-team"
    SILENCE_DELAY = "silence-delay"
    APPEAL_DELAY = "appeal-delay"
    APPOINTMENT_INFO = "appointment-info"
    REPLACED_BY = "replaced-by"
    ONLINE_TWICE = "online-twice"
    FEE = "fee"
    FEE_PAYEE = "fee-payee"
    FEE_METHOD = "fee-method"
    CERFA = "cerfa"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    MISSING = "missing"
    NOT_A_KEY = "not-a-key"
    KEY_TWICE = "key-twice"
    NOT_YAML = "not-yaml"
    ALIASES = "aliases"
    TYPE = "type"
    FORM = "form"
    LISTED_TWICE = "listed-twice"
    TOO_SMALL = "too-small"
    CLOSED_ON_WEB = "closed-on-web"
    GROUP_OF_TEAM = "group-of-team"
    NO_FEE = "no-fee"
    NOBODY_SIGNS = "nobody-signs"
    NO_HEAD = "no-head"
    NO_PUBLIC_PLACE = "no-public-place"
    TERM_OF_NOTHING = "term-of-nothing"
    NOTE_OR_TERM = "note-or-term"
    ONLY_REQUESTS = "only-requests"
    FILES_FIRST = "files-first"
    COPIES = "copies"


class AddressFault(StrEnum):
    """What kind of mistake of an address file it is; the place says the line and the column."""

    UNREADABLE = "unreadable"
    NOT_CSV = "not-csv"
    NO_COLUMN = "no-column"
    OTHER_LENGTH = "other-length"
    NO_ADDRESS = "no-address"
    KEY = "key"
    OTHER_COMMUNE = "other-commune"
    EMPTY = "empty-cell"
    TOO_LONG = "too-long-cell"
    NUMBER = "number"
    NUMBER_OF_KEY = "number-of-key"
    SUFFIX = "suffix"
    POSTCODE = "postcode"
    DEGREES = "degrees"
    FAR = "far"
    TWO_NAMES = "two-names"
    LOSS = "loss"
    NO_TOWN = "no-town"


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: where (`prestations[12].form_fields[3].type`), what, and the value there."""

    path: str
    message: str
    fault: Fault | AddressFault = field(default=Fault.OTHER, compare=False)
    value: str = field(default="", compare=False)

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

    def add(
        self, path: str, message: str, fault: Fault | AddressFault = Fault.OTHER, value: object = ""
    ) -> None:
        """Note one mistake, once."""
        problem = Problem(path, message, fault, str(value))
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
                    place = f"{path}[{index}].{key}"
                    self.add(place, f"{value!r} is already at {first}", Fault.SAME_NAME, value)
                else:
                    seen[value] = index

    def unknown(self, path: str, value: object, known: Container, kind: str) -> None:
        """Report `value` unless it is in `known`."""
        if value not in known:
            self.add(path, f"unknown {kind} {value!r}", Fault.UNKNOWN, value)
