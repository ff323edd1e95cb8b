"""The one seam to WeasyPrint: a letter as an accessible PDF.

Imported lazily: where Pango is missing, `PdfUnavailable` says so and everything else works.
Nothing is fetched: the only addresses that resolve are those of our own fonts.
"""

import functools
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from requests.letters import words
from requests.letters.context import agent_of, full_name, service_of, town_or_default
from requests.letters.engine import LIST_SIGN
from requests.letters.qr import qr_code
from requests.models import PersonalLetter, ServiceRequest

FONT_SCHEME = "font:"
NBSP = "\u00a0"
PHONE = re.compile(r"\b0\d(?: \d\d){4}\b")


class PdfUnavailable(RuntimeError):
    """This server cannot make PDFs (Pango is not installed); docs/operations.md says how."""


@dataclass(frozen=True)
class Block:
    """A paragraph (its lines) or a list (its items) of the letter's text."""

    lines: tuple[str, ...]
    is_list: bool = False


def make_pdf(
    service_request: ServiceRequest,
    *,
    subject: str,
    body: str,
    now: datetime,
    recipient: Sequence[str] | None = None,
    facts: Sequence[tuple[str, str]] = (),
    signature: Sequence[str] = (),
    after: Sequence[str] = (),
    for_requester: bool = True,
) -> bytes:
    """Return a letter of the town as PDF: letterhead, address window, tagged real text.

    Its QR code leads to the page that asks for the tracking code, and does not hold it.

    Args:
        subject: its heading.
        body: plain text; blank lines part paragraphs, lines with « - » make lists.
        now: the letter's date.
        recipient: the lines of the address window; the requester's by default.
        facts: rows (label, value) shown in a table above the text.
        signature: place and day, delegation, name and quality of who signs, below the text; the
            name stands below the room for a signature by hand.
        after: paragraphs below the signature.
        for_requester: the page that tracks the request is named below, with its QR code.

    Raises:
        PdfUnavailable: Pango is missing.
    """
    _weasyprint()
    town = town_or_default()
    service = service_of(service_request, town)
    lookup = f"{settings.PUBLIC_URL}{reverse('requests:track_lookup')}"
    with translation.override("fr"):
        html = render_to_string(
            "letters/letter.html",
            {
                "town": town,
                "service_request": service_request,
                "subject": subject,
                "blocks": text_blocks(body),
                "facts": facts,
                "above_signature": signature[:-2],
                "signatory": signature[-2:],
                "after": [unbreakable(one) for one in after if one],
                "recipient": address_lines(service_request) if recipient is None else recipient,
                "date": words.plain_date(now),
                "agent": _capitalised(agent_of(service_request)),
                "service": service,
                "service_address": split_address(service["adresse"]),
                "lookup": lookup,
                "qr": for_requester and qr_code(f"{lookup}?reference={service_request.reference}"),
            },
        )
    return print_html(html)


def personal_pdf(letter: PersonalLetter) -> bytes:
    """Return a letter that belongs to no request, on the same paper.

    Raises:
        PdfUnavailable: Pango is missing.
    """
    _weasyprint()
    with translation.override("fr"):
        html = render_to_string(
            "letters/letter.html",
            {
                "town": town_or_default(),
                "subject": letter.subject,
                "blocks": text_blocks(letter.body),
                "recipient": [letter.citizen.letter_name, *split_address(letter.address)],
                "date": words.plain_date(letter.created_at),
            },
        )
    return print_html(html)


def print_html(html: str) -> bytes:
    """Return a page in the letters' style as an accessible PDF; nothing is fetched for it.

    Raises:
        PdfUnavailable: Pango is missing.
    """
    weasyprint = _weasyprint()
    fetcher = _fetcher(weasyprint)
    fonts = weasyprint.text.fonts.FontConfiguration()
    style = weasyprint.CSS(
        string=render_to_string("letters/letter.css"), font_config=fonts, url_fetcher=fetcher
    )
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")


def pdf_available() -> bool:
    """Whether this server can make PDFs."""
    try:
        _weasyprint()
    except PdfUnavailable:
        return False
    return True


def address_lines(service_request: ServiceRequest) -> list[str]:
    """The requester's name and postal address, as the window shows them."""
    return [*full_name(service_request), *split_address(service_request.requester_address)]


def split_address(address: str) -> list[str]:
    """A one-line address on two lines: the street, then postcode and town."""
    found = re.match(r"(.+?),?\s+(\d{5}\s+\S.*)", address.strip())
    return [part for part in (found.groups() if found else [address.strip()]) if part]


def text_blocks(body: str) -> list[Block]:
    """Part a plain text into paragraphs and lists."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        for line in paragraph.splitlines():
            is_list = line.startswith(LIST_SIGN)
            text = unbreakable(line.removeprefix(LIST_SIGN).strip())
            last = blocks[-1] if blocks else None
            if last and last.lines and last.is_list == is_list:
                blocks[-1] = Block((*last.lines, text), is_list)
            else:
                blocks.append(Block((text,), is_list))
        blocks.append(Block(()))
    return [block for block in blocks if block.lines]


def unbreakable(text: str) -> str:
    """Keep together what French typography keeps together: « x », n° 3, 01 60…, 9 h 05."""
    text = re.sub(r" (?=[:;!?»])|(?<=«) |(?<=n°) |(?<=\d) (?=h\b)|(?<=\bh) (?=\d)", NBSP, text)
    text = re.sub(r"(?<=\d) (?=(?:" + "|".join(words.MONTHS) + r")\b)", NBSP, text)
    return PHONE.sub(lambda found: found.group().replace(" ", NBSP), text)


def _capitalised(agent: dict[str, str]) -> dict[str, str]:
    name = agent["prenom"]
    return {**agent, "prenom": name[:1].upper() + name[1:]}


@functools.cache
def _weasyprint():
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    try:
        import weasyprint
        import weasyprint.text.fonts
    except OSError as error:  # the shared libraries of Pango
        raise PdfUnavailable(str(error)) from error
    return weasyprint


def _fetcher(weasyprint):
    """A fetcher that knows our fonts and refuses everything else."""

    fetcher: Any = weasyprint.URLFetcher  # known only where Pango is

    class FontsOnly(fetcher):
        def fetch(self, url, headers=None):
            name = url.removeprefix(FONT_SCHEME)
            path = settings.FONT_DIR / name
            if not url.startswith(FONT_SCHEME) or path.parent != settings.FONT_DIR:
                raise ValueError(f"not fetched: {url}")
            return weasyprint.urls.URLFetcherResponse(url, path.read_bytes())

    return FontsOnly()
