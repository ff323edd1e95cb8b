"""The readable copy of one's data, as PDF: every heading and value of the JSON, in French words."""

from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from citizens.models import Citizen
from requests.letters import words
from requests.letters.context import town_or_default
from requests.letters.pdf import print_html

TITLES = {
    "fiche": "Votre fiche",
    "comptes": "Votre compte citoyen",
    "demandes": "Vos demandes",
    "brouillons": "Vos brouillons",
    "contacts": "Vos questions au guichet et au téléphone",
    "accords": "Vos accords",
    "messages_envoyes": "Messages que nous vous avons envoyés",
    "consultations_par_les_agents": "Consultations par les agents",
}


def copy_pdf(citizen: Citizen, data: dict[str, Any], now: datetime) -> bytes:
    """Return the copy as PDF.

    Args:
        data: as `requests.copies.gather` gives it.

    Raises:
        PdfUnavailable: Pango is missing.
    """
    sections = []
    for key, title in TITLES.items():
        items = data[key] if isinstance(data[key], list) else [data[key]]
        sections.append({"title": title, "items": [_rows(item) for item in items]})
    with translation.override("fr"):
        context = {
            "town": town_or_default(),
            "name": citizen.letter_name,
            "date": words.plain_date(now),
            "sections": sections,
        }
        return print_html(render_to_string("letters/data_copy.html", context))


def _rows(item: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Flatten one item into rows (label, value); what is empty is left out."""
    rows: list[tuple[str, str]] = []
    for key, value in item.items():
        label = f"{prefix}{key.replace('_', ' ').capitalize()}"
        if isinstance(value, dict):
            rows += _rows(value, f"{label} · ")
        elif isinstance(value, list):
            for number, one in enumerate(value, start=1):
                mark = f"{label} {number}"
                inner = _rows(one, f"{mark} · ") if isinstance(one, dict) else [(mark, _say(one))]
                rows += inner
        elif value not in (None, ""):
            rows.append((label, _say(value)))
    return rows


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{words.plain_date(value)}, {words.clock(value)}"
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)
