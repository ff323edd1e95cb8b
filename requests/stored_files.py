"""Whether each stored file still is what was kept: its digest says."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

from requests.models import StoredFile


@dataclass(frozen=True)
class Fault:
    """A stored file that is not what was kept: its table and row, and what is wrong."""

    table: str
    row: int
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.what}"


def tables() -> list[type[StoredFile]]:
    """Every table of stored files."""
    return [model for model in apps.get_models() if issubclass(model, StoredFile)]


def faults() -> Iterator[Fault]:
    """Read every stored file again; yield those that are gone or altered."""
    for model in tables():
        for stored in model._default_manager.exclude(file="").order_by("pk").iterator():
            what = _wrong(stored)
            # deleted or replaced while we read: not a fault
            if what and model._default_manager.filter(pk=stored.pk, file=stored.file.name).exists():
                yield Fault(model._meta.label, stored.pk, what)


def _wrong(stored: StoredFile) -> str:
    try:
        with stored.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "the file is gone"
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    return "" if digest == stored.sha256 else f"its digest is {digest}, kept was {stored.sha256}"
