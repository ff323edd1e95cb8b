"""The export of a list through its pages: asked for, written, read back."""

import csv
import io

import pytest
from openpyxl import load_workbook

from backoffice.models import ListExport
from massy_grc.outbox.models import OutboxEvent
from tests.helpers import drain_outbox

LIST, EXPORTS = "/agent/demandes/", "/agent/demandes/exports/"
NEW = f"{EXPORTS}nouveau/"
VOIRIE = "voirie-assainissement"
PEOPLE = {"Référence", "Chargé de dossier", "Type de demandeur", "Nom", "Lieu", "Sujet"}


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def ask(client, query="vue=toutes", kind="csv", **more: str) -> ListExport:
    """Ask at the door for all columns; the answer leads to the export's page."""
    answer = client.post(f"{NEW}?{query}", {"columns": "toutes", "format": kind} | more)
    assert answer.status_code == 302, answer.content.decode()
    return ListExport.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def work() -> None:
    """What workers do after an export or an erasure; the letters of all requests take long."""
    OutboxEvent.objects.exclude(topic__in=("list.export", "request.anonymise")).delete()
    drain_outbox()


def exported(client, query="vue=toutes", kind="csv", **more) -> ListExport:
    export = ask(client, query, kind, **more)
    work()
    export.refresh_from_db()
    return export


def address(export: ListExport, act: str = "") -> str:
    return f"{EXPORTS}{export.pk}/{act}"


def content(client, export: ListExport) -> bytes:
    return b"".join(client.get(address(export, "fichier/")).streaming_content)


def lines(client, export: ListExport) -> list[dict[str, str]]:
    text = content(client, export).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def cells(client, export: ListExport) -> list[dict]:
    head, *rows = load_workbook(io.BytesIO(content(client, export))).active.iter_rows()
    return [dict(zip([one.value for one in head], row, strict=True)) for row in rows]
