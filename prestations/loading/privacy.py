"""Loading of privacy.yaml: the register of processing, and which prestation belongs to which."""

import re
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q

from prestations.enums import Holds
from prestations.loading.files import check_schema, read_yaml
from prestations.loading.problems import DataFileError, Fault, Problems
from prestations.loading.rows import Summary, lock_loading, sync
from prestations.loading.schema_privacy import PRIVACY
from prestations.models import Prestation, Processing
from prestations.models.catalogue import UNSORTED

COPIES_MONTHS = 3
GENERAL_TEXT = re.compile(r"4 juillet 2013|DPACI")
DEFAULT_FILE = Path(__file__).resolve().parent.parent / "data" / "privacy.yaml"


def load_privacy(file: Path = DEFAULT_FILE) -> Summary:
    """Load the register of `file`, in one transaction; a second load changes nothing.

    Returns what changed. Raises `DataFileError` with every mistake; then nothing is written.
    """
    return write_privacy(read_privacy(file))


def read_privacy(file: Path = DEFAULT_FILE) -> dict[str, Any]:
    """Return the checked content of `file`, or raise `DataFileError`."""
    data = read_yaml(file)
    problems = check_schema(data, PRIVACY)
    offered = Prestation.objects.filter(Q(is_active=True) | Q(code=UNSORTED))
    codes = set(offered.values_list("code", flat=True))
    if not codes:
        problems.add("", "no catalogue yet: run load_catalogue first")
        raise DataFileError(file, problems)
    with problems.attempt():
        check_register(data["processings"], codes, problems)
    if problems:
        raise DataFileError(file, problems)
    return data


def check_register(processings: list[dict], codes: set[str], problems: Problems) -> None:
    """Each prestation stands in exactly one processing, and the terms fit what is held."""
    problems.duplicates("processings", processings, "code")
    told: dict[str, str] = {}
    for index, item in enumerate(processings):
        path = f"processings[{index}]"
        for position, code in enumerate(item["prestations"]):
            place = f"{path}.prestations[{position}]"
            problems.unknown(place, code, codes, "prestation")
            if code in told:
                problems.add(place, f"{code!r} is in {told[code]!r} already", Fault.SAME_NAME, code)
            told[code] = item["code"]
        if (item["kept"] is None) != (item["holds"] == Holds.NONE):
            problems.add(
                f"{path}.kept", "goes with something to erase, and only then", Fault.TERM_OF_NOTHING
            )
        if (item["kept_note"] is None) != (item["kept"] is not None):
            problems.add(
                f"{path}.kept_note",
                "goes with no term of months, and only then",
                Fault.NOTE_OR_TERM,
            )
        if item["holds"] != Holds.REQUESTS and (item["files"] or item["prestations"]):
            problems.add(
                f"{path}.holds", "only requests have prestations and files", Fault.ONLY_REQUESTS
            )
        if item["files"] and item["kept"] and item["files"]["months"] > item["kept"]["months"]:
            problems.add(
                f"{path}.files", "documents go before the rest, not after it", Fault.FILES_FIRST
            )
        if item["files"]:
            _check_copies(f"{path}.files", item["files"], problems)
    for code in sorted(codes - set(told)):
        problems.add("processings", f"the prestation {code!r} is in no processing")


def _check_copies(path: str, term: dict, problems: Problems) -> None:
    """Copies sent through the portal stay three months, or as long as a text of their own asks.

    Order of 4 July 2013 on local online services (formerly RU-030). The instruction on archives
    says what may be destroyed, not that copies are needed.
    """
    if term["months"] > COPIES_MONTHS and GENERAL_TEXT.search(term["source"]):
        problems.add(
            f"{path}.source", f"beyond {COPIES_MONTHS} months needs a text of its own", Fault.COPIES
        )


@transaction.atomic
def write_privacy(data: dict[str, Any]) -> Summary:
    """Write the checked content of a register."""
    lock_loading()
    summary = Summary()
    rows = {
        item["code"]: processing_columns(item) | {"order": 10 * (index + 1)}
        for index, item in enumerate(data["processings"])
    }
    sync(Processing, rows, summary)
    wanted = {code: item["code"] for item in data["processings"] for code in item["prestations"]}
    changed = []
    for prestation in Prestation.objects.only("code", "processing"):
        if prestation.processing_id != wanted.get(prestation.pk):
            prestation.processing_id = wanted.get(prestation.pk)
            changed.append(prestation)
    summary.changed += Prestation.objects.bulk_update(changed, ["processing"])
    return summary


def processing_columns(item: dict) -> dict[str, Any]:
    same = ("label", "holds", "purpose", "basis", "basis_source", "data", "recipients", "confirmed")
    return (
        {key: item[key] for key in same}
        | {key: item[key] or "" for key in ("sensitive", "kept_note")}
        | _term("files", item["files"])
        | _term("kept", item["kept"])
    )


def _term(name: str, term: dict | None) -> dict[str, Any]:
    term = term or {}
    return {
        f"{name}_months": term.get("months"),
        f"{name}_why": term.get("why", ""),
        f"{name}_source": term.get("source", ""),
    }
