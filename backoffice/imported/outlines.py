"""The files that imports begin from: a table's headings with an example, the register as it is."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.enums import ImportKind, SheetFormat
from backoffice.imported.tables import TABLES
from massy_grc.common.spreadsheets import CsvSheet, Sheet, XlsxSheet
from prestations.loading.address_file import BAL, NO_NUMBER
from prestations.models import Address, Street, Town

# In the names of files and in addresses; a table is read as a workbook too.
SLUGS = {
    ImportKind.AGENTS: "agents",
    ImportKind.CLOSURES: "fermetures",
    ImportKind.STREETS: "rues",
}
FORMATS = {
    ImportKind.AGENTS: tuple(SheetFormat),
    ImportKind.CLOSURES: tuple(SheetFormat),
    ImportKind.STREETS: (SheetFormat.CSV,),
}
_REGISTER = (*BAL.needed, BAL.postcode)


def outline_name(kind: ImportKind, wanted: SheetFormat) -> str:
    """Return the name of a file to begin from; the register is one of a day."""
    name = SLUGS[kind]
    if kind == ImportKind.STREETS:
        return f"{name}-{timezone.localdate()}.{wanted}"
    return f"modele-{name}.{wanted}"


def outline(kind: ImportKind, wanted: SheetFormat) -> bytes:
    """Return a file to begin from; imported as it is, the register changes nothing."""
    file = BytesIO()
    if kind == ImportKind.STREETS:
        head: Sequence[str] = _REGISTER
        rows = _register()
    else:
        table = TABLES[kind]
        head, rows = (*table.columns, *table.optional), iter([table.example])
    sheet: Sheet = (
        CsvSheet(file, head)
        if wanted == SheetFormat.CSV
        else XlsxSheet(file, head, name=_("Lignes à importer"))
    )
    for row in rows:
        sheet.append(row)
    sheet.close()
    return file.getvalue()


def _register() -> Iterator[tuple[str, ...]]:
    """Yield each street in use, then its numbers, in the order of `_REGISTER`."""
    insee = Town.objects.values_list("insee_code", flat=True).first() or ""
    streets = Street.objects.filter(is_active=True)
    for one in streets:
        place = _degrees(one.longitude), _degrees(one.latitude)
        yield (f"{one.pk}_{NO_NUMBER}", insee, one.name, NO_NUMBER, "", *place, one.postcode)
    houses = Address.objects.filter(is_active=True, street__in=streets).select_related("street")
    for house in houses.order_by("street__folded", "street", "number", "suffix").iterator():
        place = _degrees(house.longitude), _degrees(house.latitude)
        own = str(house.number), house.suffix
        yield (house.pk, insee, house.street.name, *own, *place, house.street.postcode)


def _degrees(value: float | None) -> str:
    return "" if value is None else str(value)
