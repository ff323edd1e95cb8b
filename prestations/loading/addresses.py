"""Loading of the street register from an address file (L17): all of it, or nothing."""

from collections import defaultdict
from pathlib import Path
from statistics import fmean

from django.db import transaction

from prestations.loading.address_file import AddressLine, read_addresses
from prestations.loading.problems import AddressFault, DataFileError, Problem
from prestations.loading.rows import Summary, lock_loading, sync
from prestations.models import Address, Street, Town
from prestations.streets.distances import Point
from prestations.streets.names import canonical

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "adresses-exemple.csv"
OTHERS = "lines of other communes"  # among the totals
LARGEST_LOSS = 0.2  # of the addresses in use: more is a truncated file rather than demolitions
CORNER = 4  # addresses that make one corner of a street's course on the plan


def load_addresses(file: Path = SAMPLE, *, replace: bool = False) -> Summary:
    """Make the register that of `file`; a second load changes nothing.

    Streets and addresses that are no longer in the file are taken out of use, never deleted:
    requests refer to them. What somebody of the town wrote of a street stays; one made here goes
    once the file has it. The sample never takes the place of a real file.

    Args:
        replace: accept that many addresses go out of use.

    Raises:
        DataFileError: with every mistake, by line; then nothing is written.
    """
    town = Town.objects.first()
    if town is None:
        problem = Problem("", "no town yet: run load_reference first", AddressFault.NO_TOWN)
        raise DataFileError(file, [problem])
    active = Street.objects.filter(is_active=True)
    loaded = active.exclude(source="")
    if file == SAMPLE and loaded.exclude(source=SAMPLE.name).exists():
        return Summary(totals={"street": active.count()})
    lines, others = read_addresses(file, insee=town.insee_code, postcode=town.postcode)
    summary = _write(file, lines, replace=replace)
    if others:
        summary.totals[OTHERS] = others
    return summary


@transaction.atomic
def _write(file: Path, lines: list[AddressLine], *, replace: bool) -> Summary:
    lock_loading()
    _refuse_loss(file, {line.key for line in lines}, replace=replace)
    summary = Summary()
    streets: dict[str, list[AddressLine]] = defaultdict(list)
    for line in lines:
        streets[line.street_key].append(line)
    own = set(Street.objects.exclude(taken_up_at=None).values_list("key", flat=True))
    rows = {key: _street(file, lines) for key, lines in streets.items()}
    sync(Street, rows, summary, kept=own)
    summary.retired += _retire_made_here(rows)
    addresses = {
        line.key: {
            "street_id": line.street_key,
            "number": line.number,
            "suffix": line.suffix,
            "latitude": line.point.latitude if line.point else None,
            "longitude": line.point.longitude if line.point else None,
        }
        for line in lines
        if line.number
    }
    sync(Address, addresses, summary)
    return summary


def _retire_made_here(rows: dict[str, dict]) -> int:
    """Take out of use the streets made here that the file now has, under its own key."""
    named = {(one["folded"], one["postcode"]) for one in rows.values()}
    made = Street.objects.filter(is_active=True, source="").exclude(taken_up_at=None)
    made = made.exclude(pk__in=rows)
    gone = [one.pk for one in made if (one.folded, one.postcode) in named]
    return Street.objects.filter(pk__in=gone).update(is_active=False)


def _refuse_loss(file: Path, keys: set[str], *, replace: bool) -> None:
    known = set(Address.objects.filter(is_active=True).values_list("key", flat=True))
    gone = len(known - keys)
    if gone > len(known) * LARGEST_LOSS and not replace:
        words = f"would take {gone} of {len(known)} addresses out of use: is the file whole?"
        told = f"{words} Say --replace if it is meant."
        raise DataFileError(file, [Problem("", told, AddressFault.LOSS)])


def _street(file: Path, rows: list[AddressLine]) -> dict:
    """Columns of a street, from its own line when the file has one and from its addresses."""
    own = [row.point for row in rows if row.number is None and row.point]
    numbered = sorted(
        (row for row in rows if row.number and row.point),
        key=lambda row: (row.number or 0, row.suffix),
    )
    points = [row.point for row in numbered if row.point]
    course = [_middle(points[at : at + CORNER]) for at in range(0, len(points), CORNER)]
    middle = own[0] if own else course[len(course) // 2] if course else None
    return {
        "name": rows[0].street,
        "folded": canonical(rows[0].street),
        "postcode": rows[0].postcode,
        "latitude": middle.latitude if middle else None,
        "longitude": middle.longitude if middle else None,
        "line": [[round(one.longitude, 5), round(one.latitude, 5)] for one in course],
        "source": file.name[:100],
    }


def _middle(points: list[Point]) -> Point:
    return Point(
        round(fmean(one.latitude for one in points), 7),
        round(fmean(one.longitude for one in points), 7),
    )
