"""Reading of an address file: the commune's BAL 1.3, or the national base's export (L17).

Both are CSV with one line an address; the header tells which. Every mistake is told with its
line. Lines of other communes (an export covers a whole department) are left out.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from prestations.loading.problems import AddressFault, DataFileError, Problem, Problems
from prestations.streets.distances import Point, metres_between
from prestations.streets.names import canonical

NO_NUMBER = "99999"  # a street or a locality without numbers
FARTHEST = 20_000  # metres from the middle of the town: beyond, coordinates are swapped or wrong
ENTRANCE = "entrée"
_KEY = re.compile(r"[0-9][0-9ab][0-9]{3}_[0-9a-z]{4,9}(_[0-9]{5}(_[0-9a-z]+)*)?")
_SUFFIX = re.compile(r"[0-9a-z]{0,20}")


@dataclass(frozen=True)
class Columns:
    """Names of the columns of one format; `postcode` and `kind` may be absent from a file."""

    key: str
    insee: str
    street: str
    number: str
    suffix: str
    longitude: str
    latitude: str
    postcode: str
    kind: str

    @property
    def needed(self) -> tuple[str, ...]:
        return (
            *(self.key, self.insee, self.street, self.number),
            *(self.suffix, self.longitude, self.latitude),
        )


BAL = Columns(
    *("cle_interop", "commune_insee", "voie_nom", "numero", "suffixe", "long", "lat"),
    postcode="code_postal",
    kind="position",
)
BAN = Columns(
    *("id", "code_insee", "nom_voie", "numero", "rep", "lon", "lat"),
    postcode="code_postal",
    kind="type_position",
)


@dataclass(frozen=True)
class AddressLine:
    """One line of the file, checked. `number` is None for the street itself."""

    line: int
    key: str
    street_key: str
    street: str
    number: int | None
    suffix: str
    postcode: str
    point: Point | None
    at_entrance: bool


def read_addresses(file: Path, *, insee: str, postcode: str) -> tuple[list[AddressLine], int]:
    """Return the lines of `file` in the commune `insee`, an address once; how many are others'.

    Args:
        postcode: of a file that names none (BAL has no such column).

    Raises:
        DataFileError: with every mistake, by line.
    """
    problems = Problems()
    rows, others = [], 0
    for number, record, columns in _records(file, problems):
        if record[columns.insee] not in (insee, ""):
            others += 1
        elif row := _read_line(number, record, columns, insee, postcode, problems):
            rows.append(row)
    if not problems and not rows:
        problems.add("", f"holds no address of the commune {insee}", AddressFault.NO_ADDRESS)
    _check_distances(rows, problems)
    kept = _once(rows, problems)
    if problems:
        raise DataFileError(file, problems)
    return kept, others


def _records(file: Path, problems: Problems) -> Iterator[tuple[int, dict[str, str], Columns]]:
    """Yield each line with its number; lines of another length are mistakes."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem("", f"cannot be read: {error}", AddressFault.UNREADABLE)
        raise DataFileError(file, [problem]) from error
    header, _, _ = text.partition("\n")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",", strict=True
    )
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        columns = BAL if BAL.key in names else BAN
        missing = [name for name in columns.needed if name not in names]
        if missing:
            expected = "BAL 1.3 (cle_interop, voie_nom…) or an export of the BAN (id, nom_voie…)"
            words = f"is missing from the header; this is not a {expected}"
            raise DataFileError(
                file,
                [Problem(f"line 1, {name}", words, AddressFault.NO_COLUMN) for name in missing],
            )
        for fields in reader:
            if not any(fields):
                continue
            if len(fields) != len(names):
                told = f"has {len(fields)} values, the header {len(names)}"
                problems.add(f"line {reader.line_num}", told, AddressFault.OTHER_LENGTH)
                continue
            record = {name: value.strip() for name, value in zip(names, fields, strict=True)}
            yield reader.line_num, record, columns
    except csv.Error as error:
        problems.add(f"line {reader.line_num}", f"not valid CSV: {error}", AddressFault.NOT_CSV)


def _read_line(
    number: int,
    record: dict[str, str],
    columns: Columns,
    insee: str,
    postcode: str,
    problems: Problems,
) -> AddressLine | None:
    """Return one checked line; None when it is wrong (then it is told)."""
    found = len(problems)

    def wrong(column: str, message: str, fault: AddressFault) -> None:
        problems.add(f"line {number}, {column}", message, fault)

    key = record[columns.key].lower()
    if not _KEY.fullmatch(key):
        wrong(columns.key, f"{key!r} does not have the form 91377_0123_00012_bis", AddressFault.KEY)
    elif not key.startswith(f"{insee}_"):
        wrong(columns.key, f"{key!r} is not of the commune {insee}", AddressFault.OTHER_COMMUNE)
    street = " ".join(record[columns.street].split())
    if not canonical(street):
        wrong(columns.street, "is empty", AddressFault.EMPTY)
    elif len(street) > 200:
        wrong(columns.street, f"has {len(street)} characters, more than 200", AddressFault.TOO_LONG)
    typed = record[columns.number]
    house = None
    if re.fullmatch(r"[0-9]{1,4}", typed):
        house = int(typed) or None
    elif typed not in ("", NO_NUMBER):
        wrong(columns.number, f"{typed!r} is not a number from 0 to 9999", AddressFault.NUMBER)
    if house and "_" in key and key.split("_")[2:3] != [f"{house:05d}"]:
        wrong(columns.number, f"{house} disagrees with the key {key!r}", AddressFault.NUMBER_OF_KEY)
    suffix = record[columns.suffix].lower()
    if not _SUFFIX.fullmatch(suffix):
        wrong(columns.suffix, f"{suffix!r} is not letters and digits", AddressFault.SUFFIX)
    code = record.get(columns.postcode) or postcode
    if not re.fullmatch(r"[0-9]{5}", code):
        wrong(columns.postcode, f"{code!r} is not five digits", AddressFault.POSTCODE)
    point = _point(record, columns, wrong)
    if len(problems) > found:
        return None
    return AddressLine(
        line=number,
        key=key,
        street_key="_".join(key.split("_")[:2]),
        street=street,
        number=house,
        suffix=suffix,
        postcode=code,
        point=point,
        at_entrance=record.get(columns.kind, "").lower() == ENTRANCE,
    )


def _point(record: dict[str, str], columns: Columns, wrong) -> Point | None:
    degrees = []
    for column, most in ((columns.latitude, 90.0), (columns.longitude, 180.0)):
        text = record[column].replace(",", ".")
        if not text:
            continue
        if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]+)?", text) or abs(float(text)) > most:
            wrong(column, f"{record[column]!r} is not degrees", AddressFault.DEGREES)
        else:
            degrees.append(float(text))
    return Point(*degrees) if len(degrees) == 2 else None


def _check_distances(rows: list[AddressLine], problems: Problems) -> None:
    """Coordinates far from all the others are swapped, or another town's."""
    points = [row.point for row in rows if row.point]
    if not points:
        return
    middle = Point(median(one.latitude for one in points), median(one.longitude for one in points))
    for row in rows:
        if row.point and (metres := metres_between(middle, row.point)) > FARTHEST:
            told = f"lies {metres / 1000:.0f} km from the other places"
            problems.add(f"line {row.line}", told, AddressFault.FAR)


def _once(rows: list[AddressLine], problems: Problems) -> list[AddressLine]:
    """An address may have several positions: its entrance is kept, else the first."""
    kept: dict[str, AddressLine] = {}
    streets: dict[str, AddressLine] = {}
    for row in rows:
        street = streets.setdefault(row.street_key, row)
        if canonical(street.street) != canonical(row.street):
            problems.add(
                f"line {row.line}",
                f"the street {row.street_key} is {row.street!r} here, "
                f"{street.street!r} on line {street.line}",
                AddressFault.TWO_NAMES,
                street.line,
            )
        known = kept.get(row.key)
        if known is None or (row.at_entrance and not known.at_entrance):
            kept[row.key] = row
    return list(kept.values())
