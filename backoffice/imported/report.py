"""What a file does, as its page tells it: counts, then object by object, and the refused rows.

A worker writes it in the sender's language, for the page to read as it is; kinds, and what is kept
once it is in force, are codes: `said` puts them into the words of whoever reads.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.configured.differences import Difference, difference, differences
from backoffice.imported.deciding import waiting_days
from backoffice.imported.reading import Row
from backoffice.imported.trying import Looked
from massy_grc.common.spreadsheets import cell
from prestations.configuration import all_kinds

SHOWN = 200
MOST_FIELDS = 30  # of one object
REFUSED = "refus"
Report = dict[str, Any]


class Change(StrEnum):
    """What becomes of one object or row."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"

    def words(self, number: int) -> str:
        """Say how many."""
        told = {
            Change.ADDED: ngettext("%(n)d ajout", "%(n)d ajouts", number),
            Change.CHANGED: ngettext("%(n)d modification", "%(n)d modifications", number),
            Change.WITHDRAWN: ngettext("%(n)d retrait", "%(n)d retraits", number),
            Change.REFUSED: ngettext("%(n)d ligne refusée", "%(n)d lignes refusées", number),
        }
        return told[self] % {"n": number}


def report(looked: Looked) -> Report:
    """Return what a file does; all of it fits into JSON."""
    things = [*_objects(looked), *_streets(looked)]
    counted = Counter(one["change"] for one in things)
    good = [row for row in looked.rows if not row.faults]
    counted.update(Change.CHANGED if row.replaces else Change.ADDED for row in good)
    counted[Change.REFUSED] += len(looked.bad)
    return {
        "seen": looked.seen,
        "faults": [str(one) for one in looked.faults],
        "counts": {one.value: counted[one] for one in Change if counted[one]},
        "things": [_told(one) for one in things[:SHOWN]],
        "more": max(0, len(things) - SHOWN),
        "columns": looked.columns,
        "good": [_row(row, looked) for row in good[:SHOWN]],
        "more_good": max(0, len(good) - SHOWN),
        "bad": [[row.number, " ".join(map(str, row.faults))] for row in looked.bad[:SHOWN]],
        "more_bad": max(0, len(looked.bad) - SHOWN),
        "waiting": [
            {"kind": one.kind.code, "name": one.name, "named_by": list(one.named_by)}
            for one in looked.waiting
        ],
        "losses": looked.losses,
        "others": looked.others,
        "stops": [one.name for one in looked.steps if one.stops],
        "administrators": {str(row.number): row.administers for row in good if row.administers},
        "days": waiting_days(looked.to_decide),
        "does": not looked.faults and bool(looked.steps or looked.good),
    }


def said(things: Iterable[Report]) -> list[Report]:
    """Return things with the label of their kind; of a street it is in words already."""
    labels = {kind.code: str(kind.label) for kind in all_kinds()}
    return [
        {**one, "kind": labels.get(kind, kind)} for one in things for kind in [one.get("kind", "")]
    ]


def concluded(found: Report) -> Report:
    """Return what is kept of it once it is in force: no row of a table, which may name people."""
    return {name: found[name] for name in ("counts", "waiting", "days")}


def error_file(looked: Looked) -> str:
    """Return the refused rows as a CSV, with a last column that says why; none is a formula.

    "" where none is refused.
    """
    if not looked.bad:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    head = list(dict.fromkeys(name for row in looked.bad for name in row.cells if name != REFUSED))
    writer.writerow([*head, REFUSED])
    for row in looked.bad:
        told = " ".join(map(str, row.faults))
        writer.writerow([cell(row.cells.get(name, "")) for name in head] + [cell(told)])
    return text.getvalue()


def _row(row: Row, looked: Looked) -> list[str]:
    """One good row: its number, its cells, and what becomes of it."""
    effect = str(looked.done)
    if row.administers:
        effect = _("%(done)s, administrateur") % {"done": effect}
    if row.replaces:
        effect = _("remplacera « %(name)s »") % {"name": row.replaces}
    return [str(row.number), *(row.cells.get(name, "") for name in looked.columns), effect]


def change_of(before: object, after: object) -> Change:
    """Return what becomes of something with these two sides; None: not in use."""
    if before is None:
        return Change.ADDED
    return Change.WITHDRAWN if after is None else Change.CHANGED


def _objects(looked: Looked) -> list[Report]:
    return [
        {
            "kind": one.kind.code,
            "name": one.name,
            "change": change_of(one.before, one.after),
            "waits": one.waits,
            "sides": (one.before, one.after),
        }
        for one in looked.steps
    ]


def _streets(looked: Looked) -> list[Report]:
    return [
        {
            "kind": one.kind,
            "name": one.name,
            "change": change_of(one.before, one.after),
            "waits": False,
            "sides": (one.before, one.after),
        }
        for one in looked.streets
    ]


def _told(thing: Report) -> Report:
    """One thing with the fields that differ, in words; what goes has none to read."""
    before, after = thing.pop("sides")
    if thing["change"] == Change.WITHDRAWN:
        return thing | {"rows": [], "more": 0}
    found = [[one.label, one.before, one.after] for one in differences(before, after)]
    return thing | {"rows": found[:MOST_FIELDS], "more": max(0, len(found) - MOST_FIELDS)}


def shown_rows(said: Iterable[list[str]]) -> list[Difference]:
    """Return the differing fields of one thing as a page compares them."""
    return [difference(*row) for row in said]
