"""Many letters as one PDF to print on both sides: a cover sheet, each letter on a fresh sheet."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import translation

from requests.letters import words
from requests.letters.context import town_or_default
from requests.letters.pdf import print_html
from requests.models import Document, PrintBatch

if TYPE_CHECKING:
    from pypdf import PageObject  # a slow import: few processes print


@dataclass(frozen=True)
class Printed:
    """A letter with what of it goes to the printer."""

    document: Document
    pages: "Sequence[PageObject]"


def letter_to_print(document: Document, content: bytes) -> Printed:
    """Return a letter read for printing."""
    from pypdf import PdfReader

    return Printed(document, PdfReader(io.BytesIO(content)).pages)


def batch_pdf(batch: PrintBatch, letters: Sequence[Printed]) -> tuple[bytes, int]:
    """Return the file of a batch, and its number of pages.

    Raises:
        PdfUnavailable: Pango is missing.
    """
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for pages in (PdfReader(io.BytesIO(_cover(batch, letters))).pages, *(x.pages for x in letters)):
        for page in pages:
            writer.add_page(page)
        if len(pages) % 2:  # the next one begins on a recto
            writer.add_blank_page()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue(), len(writer.pages)


def _cover(batch: PrintBatch, letters: Sequence[Printed]) -> bytes:
    with translation.override("fr"):
        html = render_to_string(
            "letters/batch.html",
            {
                "batch": batch,
                "town": town_or_default(),
                "made_at": f"{words.plain_date(batch.made_at)} à {words.clock(batch.made_at)}",
                "letters": letters,
                "pages": sum(len(one.pages) for one in letters),
            },
        )
    return print_html(html)
