"""Files that change settings: looked at, the refused rows given back, put in force once."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from backoffice.actions.imports import sweep_imports
from backoffice.imported.reading import read_table
from backoffice.models import SettingsImport
from massy_grc.outbox.models import Delivery
from massy_grc.users.models import User
from prestations.loading.addresses import SAMPLE
from prestations.models import Category, Closure, ConfigurationChange
from requests.exceptions import MissingInput
from tests.backoffice.conftest import client_of

pytestmark = pytest.mark.django_db
IMPORTS = "/agent/parametrage/imports/"
AGENTS = [
    ["Prénom", "Nom", "Courriel", "Rôle", "Équipe", "Service"],
    ["Ana", "Dupré", "a.dupre@ville.example", "agent-eas", "eas", ""],
    ["Max", "Roi", "pas une adresse", "agent-eas", "eas", ""],
    ["Lou", "Blin", "l.blin@ville.example", "pape", "", ""],
    ["Zoé", "=1+1", "z@ville.example", "agent-eas", "eas", ""],
    ["Ugo", "Sans", "u.sans@ville.example", "agent-expert", "", ""],
    ["Ana", "Encore", "a.dupre@ville.example", "agent-eas", "eas", ""],
]


def workbook(rows) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def sent(client, kind: str, name: str, content: bytes) -> str:
    file = SimpleUploadedFile(name, content)
    return client.post(IMPORTS, {"kind": kind, "file": file}).url


def put(client, page: str):
    """Import what the page shows."""
    return client.post(page, {"seen": client.get(page).context["looked"].seen}, follow=True)


def test_agents_of_a_workbook_are_invited_and_the_other_rows_say_why_not(administrator):
    client = client_of(administrator)
    page = sent(client, "agents", "agents.xlsx", workbook(AGENTS))
    looked = client.get(page).context["looked"]
    assert (looked.good, [row.number for row in looked.bad]) == (1, [3, 4, 5, 6, 7])
    assert not User.objects.filter(email="a.dupre@ville.example").exists()  # only looked at
    errors = client.get(f"{page}refus.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(errors), delimiter=";"))
    assert "adresse" in rows[0]["refus"]
    assert "pape" in rows[1]["refus"]
    assert ("formule" in rows[2]["refus"], rows[2]["nom"]) == (True, "'=1+1")
    put(client, page)
    assert User.objects.get(email="a.dupre@ville.example").last_name == "Dupré"
    assert Delivery.objects.filter(to="a.dupre@ville.example").count() == 1
    known = SettingsImport.objects.get()
    assert known.done == 1
    assert client.post(page, follow=True).status_code == 200
    assert Delivery.objects.filter(to="a.dupre@ville.example").count() == 1
    assert f"{page}refus.csv" in client.get(IMPORTS).content.decode()
    assert client.get(f"{page}refus.csv").content.decode("utf-8-sig") == errors  # kept for a day
    sweep_imports(known.done_at + timedelta(days=1, minutes=1))
    assert client.get(f"{page}refus.csv").status_code == 404
    assert f"{page}refus.csv" not in client.get(IMPORTS).content.decode()


def test_closures_and_the_configuration_are_imported_and_recorded(administrator, eas_agent):
    client = client_of(administrator)
    text = "début;fin;libellé\n24/12/2027;24/12/2027;Pont\n31/12/2027;30/12/2027;Inverse\n"
    page = sent(client, "closures", "jours.csv", text.encode("cp1252"))
    put(client, page)
    assert Closure.objects.get(label="Pont").start.isoformat() == "2027-12-24"
    assert ConfigurationChange.objects.get().kind == "closures"
    whole = client.get("/agent/parametrage/export/configuration.yaml")
    assert whole["Content-Disposition"].startswith("attachment")
    category = Category.objects.filter(is_active=True).first()
    before = category.label
    Category.objects.filter(pk=category.pk).update(label="Autre nom")
    page = sent(client, "configuration", "tout.yaml", whole.content)
    answer = client.get(page)
    assert [(one["rows"][0].before, one["rows"][0].after) for one in answer.context["steps"]] == [
        ("Autre nom", before)
    ]
    other = client_of(eas_agent)
    assert other.get(page).status_code == 403
    Category.objects.filter(pk=category.pk).update(label="Le nom d’un collègue")
    moved = client.post(page, {"seen": answer.context["looked"].seen}, follow=True)
    assert "a changé depuis l’aperçu" in moved.content.decode()
    assert "Le nom d’un collègue" in moved.content.decode()
    category.refresh_from_db()
    assert category.label == "Le nom d’un collègue"
    put(client, page)
    category.refresh_from_db()
    assert category.label == before
    assert ConfigurationChange.objects.latest("pk").reason == "Import de tout.yaml"


def test_hostile_and_broken_files_are_refused_plainly(administrator):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    entity = io.BytesIO()
    with zipfile.ZipFile(entity, "w") as packed:
        packed.writestr("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    for content, told in (
        (bomb.getvalue(), "trop grand une fois déplié"),
        (entity.getvalue(), "ne se lit pas"),
        (b"PK\x03\x04rien", "ne se lit pas"),
        (b"\x00\x01\x02", "ni un CSV"),
        (b"nom;age\nA;1", "manque à l’en-tête"),
        (b"nom;prenom\n" + b"a;b\n" * 5001, "5000 lignes"),
        (b"x" * (10 * 1024 * 1024 + 1), "10\xa0Mo".replace("\xa0", " ")),
    ):
        with pytest.raises(MissingInput, match=told):
            read_table(content, ("nom", "prenom"))
    client = client_of(administrator)
    huge = b"debut;fin;libelle\n24/12/2027;;" + b"x" * 200_000 + b"\n31/12/2027;;Pont\n"
    looked = client.get(sent(client, "closures", "jours.csv", huge)).context["looked"]
    assert (looked.good, [row.number for row in looked.bad]) == (1, [2])
    page = sent(client, "streets", "rues.csv", b"a;b\n1;2\n")
    assert "Cette colonne manque" in client.get(page).content.decode()
    wrong = SAMPLE.read_text().splitlines()[:2]
    wrong[1] = wrong[1].replace("91377_", "x_", 1)
    page = sent(client, "streets", "rues.csv", "\n".join(wrong).encode())
    told = client.get(page).context["looked"].faults[0]
    assert told.startswith("Ligne 2, colonne")
    assert "La clé" in told
    rows = SAMPLE.read_text().splitlines()
    put(client, sent(client, "streets", "rues.csv", "\n".join(rows[:-1]).encode()))
    change = ConfigurationChange.objects.get(kind="streets")
    assert (change.after["source"], change.reason) == ("rues.csv", "Import de rues.csv")
    assert "rues.csv" in client.get(f"/agent/parametrage/historique/{change.pk}/").content.decode()
    page = sent(client, "configuration", "x.yaml", b"\xff\xfe")
    assert "exporté d’ici" in client.get(page).content.decode()
