"""Files that change settings: looked at, the refused rows given back, put in force once."""

import csv
import io
import zipfile
from copy import deepcopy
from datetime import timedelta

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from backoffice.actions.imports import CARRY_OUT, EXAMINE, sweep_imports
from backoffice.imported.reading import read_table
from backoffice.imported.tables import TABLES
from backoffice.models import SettingsImport
from massy_grc.outbox import relay
from massy_grc.outbox.models import Delivery, HandlerReceipt, OutboxEvent
from massy_grc.users.models import User
from prestations.configuration import recorded
from prestations.configuration.putting import put_state
from prestations.loading.addresses import SAMPLE
from prestations.models import Category, Closure, ConfigurationChange, Department, Prestation
from requests.actions import decide_closure
from requests.actions.routing import write_rule
from requests.exceptions import MissingInput
from requests.models import RoutingRule
from requests.routing.sense import rules_in_use
from tests.backoffice.conftest import client_of
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
IMPORTS = "/agent/parametrage/imports/"
PLACE = {"latitude": 48.72, "longitude": 2.27}
AGENTS = [
    ["Prénom", "Nom", "Courriel", "Rôle", "Équipe", "Service"],
    ["Ana", "Dupré", "a.dupre@ville.example", "agent-eas", "eas", ""],
    ["Max", "", "pas une adresse", "agent-eas", "nulle-part", ""],
    ["Lou", "Blin", "l.blin@ville.example", "pape", "", ""],
    ["Zoé", "=1+1", "z@ville.example", "agent-eas", "eas", ""],
    ["Ugo", "Sans", "u.sans@ville.example", "agent-expert", "", ""],
    ["Ana", "Encore", "a.dupre@ville.example", "agent-eas", "eas", ""],
    ["Eva", "Chef", "e.chef@ville.example", "administrateur", "", ""],
]


def workbook(rows) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def work() -> None:
    """What workers do with files; nobody waits for the letters of invitations."""
    OutboxEvent.objects.exclude(topic__in=(EXAMINE, CARRY_OUT)).delete()
    relay.relay_events()
    relay.hand_over(relay.run_receipts)
    assert not HandlerReceipt.objects.exclude(last_error="").exists()


def sent(client, kind: str, name: str, content: bytes) -> str:
    """Send a file, and let a worker examine it; its page."""
    page = client.post(IMPORTS, {"kind": kind, "file": SimpleUploadedFile(name, content)}).url
    work()
    return page


def found(client, page: str) -> dict:
    return client.get(page).context["found"]


def put(client, page: str) -> str:
    """Import what the page shows; the page then."""
    client.post(page, {"seen": found(client, page)["seen"]})
    work()
    return client.get(page).content.decode()


def test_agents_of_a_workbook_are_invited_and_the_other_rows_say_why_not(administrator):
    client = client_of(administrator)
    page = sent(client, "agents", "agents.xlsx", workbook(AGENTS))
    looked = found(client, page)
    assert [row[0] for row in looked["bad"]] == [3, 4, 5, 6, 7]
    assert looked["counts"] == {"added": 2, "refused": 5}
    ana = ["2", "Ana", "Dupré", "a.dupre@ville.example", "agent-eas", "eas", "", "sera invité"]
    assert looked["good"][0] == ana
    assert looked["good"][1][-1] == "sera invité, administrateur"
    assert looked["bad"][-1][1] == "Même courriel que la ligne 2."
    assert not User.objects.filter(email="a.dupre@ville.example").exists()  # only looked at
    errors = client.get(f"{page}refus.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(errors), delimiter=";"))
    assert all(one in rows[0]["refus"] for one in ("adresse", "le nom", "nulle-part"))
    assert all(one in rows[1]["refus"] for one in ("pape", "agent-eas"))  # which there are
    assert ("formule" in rows[2]["refus"], rows[2]["nom"]) == (True, "'=1+1")
    assert "nomme des administrateurs" in put(client, page)
    client.post(page, {"seen": looked["seen"], "administers": "oui"})
    work()
    assert User.objects.get(email="a.dupre@ville.example").last_name == "Dupré"
    assert Delivery.objects.filter(to="a.dupre@ville.example").count() == 1
    known = SettingsImport.objects.get()
    assert known.done == 2
    client.post(page, {"seen": looked["seen"]})  # sent twice: imported once
    work()
    assert Delivery.objects.filter(to="a.dupre@ville.example").count() == 1
    assert f"{page}refus.csv" in client.get(IMPORTS).content.decode()
    assert client.get(f"{page}refus.csv").content.decode("utf-8-sig") == errors  # kept for a day
    sweep_imports(known.done_at + timedelta(days=1, minutes=1))
    assert client.get(f"{page}refus.csv").status_code == 404
    assert f"{page}refus.csv" not in client.get(IMPORTS).content.decode()


def test_closures_and_the_configuration_are_imported_and_recorded(administrator, eas_agent):
    client = client_of(administrator)
    text = "début;fin;libellé\n24/12/2027;24/12/2027;Pont\n31/12/2027;30/12/2027;Inverse\n"
    text += "24/12/2026;24/12/2030;Loin\n"
    page = sent(client, "closures", "jours.csv", text.encode("cp1252"))
    assert found(client, page)["good"][0][-1].startswith("remplacera «\u00a0Veille de Noël")
    assert "62 jours au plus" in found(client, page)["bad"][1][1]
    assert "1 changement est fait" in put(client, page)
    assert Closure.objects.announced().get(start="2027-12-24").label == "Pont"
    change = ConfigurationChange.objects.get()
    assert (change.kind, change.act) == ("closures", SettingsImport.objects.get().act)
    assert change.reason == "Import de jours.csv"
    whole = client.get("/agent/parametrage/export/configuration.yaml")
    assert whole["Content-Disposition"].startswith("attachment")
    category = Category.objects.filter(is_active=True).first()
    before = category.label
    Category.objects.filter(pk=category.pk).update(label="Autre nom")
    page = sent(client, "configuration", "tout.yaml", whole.content)
    answer = client.get(page)
    (thing,) = answer.context["things"]
    assert (thing["change"], thing["rows"][0].before, thing["rows"][0].after) == (
        *("changed", "Autre nom", before),
    )
    client.cookies["django_language"] = "en"
    (english,) = client.get(page).context["things"]
    assert (thing["kind"], english["kind"]) == ("Catégorie", "Category")
    del client.cookies["django_language"]
    other = client_of(eas_agent)
    assert other.get(page).status_code == 403
    Category.objects.filter(pk=category.pk).update(label="Le nom d’un collègue")
    moved = put(client, page)
    assert "a changé depuis l’aperçu" in moved
    assert "Le nom d’un collègue" in moved
    category.refresh_from_db()
    assert category.label == "Le nom d’un collègue"
    put(client, page)
    category.refresh_from_db()
    assert category.label == before
    last = ConfigurationChange.objects.latest("pk")
    assert last.reason == "Import de tout.yaml"
    # the import is put back as a whole, unless something of it moved since
    together = f"/agent/parametrage/historique/ensemble/{last.act}/"
    seen = client.get(together).context["undoing"].seen
    with recorded("categories", category.pk, actor=administrator):
        Category.objects.filter(pk=category.pk).update(label="Encore un nom")
    refused = client.post(together, {"seen": seen})
    assert "Changé de nouveau depuis" in refused.content.decode()
    (moved,) = refused.context["moved"]  # what changed since, and by whom
    assert moved.change == ConfigurationChange.objects.latest("pk")
    Category.objects.filter(pk=category.pk).update(label=before)
    assert client.post(together, {"seen": seen, "reason": "Erreur"}).status_code == 302
    category.refresh_from_db()
    assert category.label == "Le nom d’un collègue"
    back = ConfigurationChange.objects.latest("pk")
    assert (back.reverts, back.reason) == (last, "Erreur")
    assert not client.get(together).context["undoing"].steps
    assert "Remis comme avant le" in client.get(page).content.decode()
    assert "remis comme avant le" in client.get(IMPORTS).content.decode()
    # a rule that a file adds alone takes nothing out; one that it renames goes, and is put back
    write_rule(
        actor=administrator,
        label="Vers l’accueil",
        conditions={"channels": ["telephone"]},
        department=Department.objects.filter(is_active=True).first(),
    )
    whole = client.get("/agent/parametrage/export/configuration.yaml").content.decode()
    RoutingRule.objects.all().delete()
    page = sent(client, "configuration", "une.yaml", whole.encode())
    assert found(client, page)["losses"] == []
    put(client, page)
    RoutingRule.objects.update(enabled=True, switched_off_why="")
    renamed = whole.replace("Vers l’accueil", "Vers un service")
    page = sent(client, "configuration", "autre.yaml", renamed.encode())
    assert found(client, page)["losses"] == ["Règle d’orientation\xa0: 1 sur 1"]
    assert found(client, page)["stops"] == ["Vers l’accueil"]
    client.post(page, {"seen": found(client, page)["seen"], "withdraws": "oui"})
    work()
    gone = ConfigurationChange.objects.get(kind="routing_rules", after__isnull=True)
    assert client.get(f"/agent/parametrage/historique/{gone.pk}/").context["is_after"]
    together = f"/agent/parametrage/historique/ensemble/{gone.act}/"
    undoing = client.get(together).context["undoing"]
    assert (undoing.moved, len(undoing.steps)) == ([], 2)
    replay = f"/orientation/{gone.key}/rejeu/"
    assert replay in client.get(together).content.decode()  # it was in force, and comes back off
    done = client.post(together, {"seen": undoing.seen}, follow=True)
    told = done.content.decode()
    assert "une règle d’orientation attend son rejeu" in told
    assert "Remise\xa0: Import de autre.yaml" in told
    assert replay in told
    assert [rule.label for rule in rules_in_use()] == ["Vers l’accueil"]
    assert not client.get(together).context["undoing"].does
    again, _code = done.redirect_chain[-1]
    client.post(again, {"seen": done.context["undoing"].seen, "reason": "Refait"})
    assert [rule.label for rule in rules_in_use()] == ["Vers un service"]
    after = client.get(together)  # what is done again since is another's: it offers nothing
    assert "Remis comme avant le" in after.content.decode()
    assert not after.context["undoing"].does
    # a closure of the whole town waits for a decision, and both pages say so
    Prestation.objects.filter(pk="acte-naissance-filiation").update(
        target_value=10, target_unit="working_days"
    )
    filed = file_request("acte-naissance-filiation", now=timezone.now())
    due = f"{timezone.localdate(filed.due_at)}"
    page = sent(client, "closures", "pont.csv", f"debut;fin;libelle\n{due};;Pont local\n".encode())
    (day,) = found(client, page)["days"]
    assert (day["label"], day["dates"]) == ("Pont local", 1)
    told = put(client, page)
    closing = Closure.objects.get(label="Pont local")
    assert "ne suivent pas encore" in told
    assert f"/calendrier/{closing.pk}/" in told
    decide_closure(actor=administrator, closure_id=closing.pk)
    assert "ne suivent pas encore" not in client.get(page).content.decode()


def test_texts_that_a_file_proposes_are_counted_apart_and_wait_until_it_is_put_back(
    administrator, supervisor
):
    client = client_of(administrator)
    data = yaml.safe_load(client.get("/agent/parametrage/export/configuration.yaml").content)
    refusal = next(one for one in data["templates"] if one["code"] == "decision-refus")
    refusal["body"] += " Merci."
    data["articles"].append(deepcopy(data["articles"][0]) | {"code": "neuf", "slug": "neuf"})
    data["categories"][0]["label"] = "Autre nom"
    page = sent(client, "configuration", "textes.yaml", yaml.safe_dump(data).encode())
    told = put(client, page)
    assert "1 changement est fait." in told
    assert "2 textes sont proposés à une deuxième personne." in told
    assert "1 changement, 2 textes proposés" in client.get(IMPORTS).content.decode()
    assert {one["name"] for one in client.get(page).context["waiting"]} >= {refusal["label"]}
    reader, article = client_of(supervisor), "/agent/connaissance/articles/neuf/"
    assert reader.get(article).status_code == 200
    together = f"/agent/parametrage/historique/ensemble/{SettingsImport.objects.get().act}/"
    client.post(together, {"seen": client.get(together).context["undoing"].seen})
    after = client.get(page)
    assert after.context["waiting"] == []
    assert "Remis comme avant le" in after.content.decode()
    for path in (article, f"{article}modifier/"):
        assert reader.get(path).status_code == 404
    notices = reader.get("/agent/notifications/").content.decode()
    assert "retire le texte proposé" in notices
    assert article not in notices


def test_each_import_begins_from_a_file_that_it_reads(administrator):
    client = client_of(administrator)
    state = {"key": "91377_v00001", "name": "rue Neuve", "postcode": "91300"}
    put_state("street", state["key"], state | PLACE, actor=administrator)
    names = ("agents.xlsx", "fermetures.csv", "rues.csv")
    kinds = {"agents": "agents", "fermetures": "closures", "rues": "streets"}
    for name in names:
        file = client.get(f"{IMPORTS}modeles/{name}")
        kind = kinds[name.partition(".")[0]]
        looked = found(client, sent(client, kind, name, file.content))
        example = TABLES[kind].example if kind in TABLES else ()
        assert not looked["faults"], name
        if kind == "streets":  # the register of today: what is the same, and nothing that goes
            assert looked["counts"] == {}
            assert b"_v00001_99999;91377;rue Neuve;99999;;2.27;48.72;91300" in file.content
        else:
            ((line, why),) = looked["bad"]  # the example alone, which is nobody's
            assert (line, "exemple" in why, looked["good"]) == (2, True, [])
            mended = client.get(f"{IMPORTS}modeles/{name.partition('.')[0]}.csv").content.decode()
            row = [one.replace("Pont", "Fête").replace("n.petit", "a.blin") for one in example]
            mended = mended.replace(";".join(example), ";".join(row))
            looked = found(client, sent(client, kind, f"{kind}.csv", mended.encode()))
            assert [one[1:-1] for one in looked["good"]] == [row]
            assert not looked["bad"]
            assert f'"modele-{name}"' in file["Content-Disposition"]
    assert client.get(f"{IMPORTS}modeles/rues.xlsx").status_code == 404


def test_hostile_and_broken_files_are_refused_plainly(administrator, monkeypatch):
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
    looked = found(client, sent(client, "closures", "jours.csv", huge))
    assert (len(looked["good"]), [row[0] for row in looked["bad"]]) == (1, [2])
    page = sent(client, "closures", "jours.csv", b"debut;fin;libelle\n30/12/2027;;Pont\n")
    client.post(page, {"seen": found(client, page)["seen"]})
    client.post(f"{page}abandonner/")  # asked for, and given up before a worker comes
    work()
    assert not Closure.objects.filter(start="2027-12-30").exists()
    assert client.get(page).status_code == 404
    page = sent(client, "streets", "rues.csv", b"a;b\n1;2\n")
    assert "Cette colonne manque" in client.get(page).content.decode()
    wrong = SAMPLE.read_text().splitlines()[:2]
    wrong[1] = wrong[1].replace("91377_", "x_", 1)
    page = sent(client, "streets", "rues.csv", "\n".join(wrong).encode())
    told = found(client, page)["faults"][0]
    assert told.startswith("Ligne 2, colonne")
    assert "La clé" in told
    rows = SAMPLE.read_text().splitlines()
    put(client, sent(client, "streets", "rues.csv", "\n".join(rows[:-1]).encode()))
    fewer = rows[: round(len(rows) * 0.85)]
    page = sent(client, "streets", "moins.csv", "\n".join(fewer).encode())
    assert any(one.startswith("Adresse") for one in found(client, page)["losses"])
    assert "cochez la case" in put(client, page)
    change = ConfigurationChange.objects.get(kind="streets")
    assert (change.after["source"], change.reason) == ("rues.csv", "Import de rues.csv")
    assert "rues.csv" in client.get(f"/agent/parametrage/historique/{change.pk}/").content.decode()
    known = SettingsImport.objects.exclude(done_at=None).get()
    assert known.done == sum(known.found["counts"].values())  # as many as were announced
    moved = [rows[0], rows[1].replace("2.254923", "2.254999"), *rows[2:-2], rows[-1]]
    moved.append(rows[1].replace("91377", "91477"))
    page = sent(client, "streets", "rues2.csv", "\n".join(moved).encode())
    shown = client.get(page).content.decode()
    assert "1 ligne d’une autre commune laissée de côté" in shown
    assert "ne se défait pas d’ici" in shown
    assert f"{IMPORTS}modeles/rues.csv" in shown
    things = {one["name"]: one for one in client.get(page).context["things"]}
    gone, come = "25 rue Claude Debussy", "26 rue Claude Debussy"
    assert [things[one]["change"] for one in (gone, come)] == ["withdrawn", "added"]
    (place,) = things["1 avenue du Général-de-Gaulle"]["rows"]
    assert (place.before, place.after) == ("48.72517, 2.25492", "48.72517, 2.25500")
    twice = [*rows[:2], rows[2].replace("avenue du Général-de-Gaulle", "allée Neuve"), *rows[3:]]
    page = sent(client, "streets", "rues3.csv", "\n".join(twice).encode())
    told = "Ligne 3\u00a0: La même voie porte un autre nom à la ligne 2."
    assert told in found(client, page)["faults"]
    head = "format: massy-grc-configuration\nversion: 1\n"
    text = f"{head}root_causes:\n- {{code: a, label: Boue, order: x}}\n"
    page = sent(client, "configuration", "y.yaml", text.encode())
    assert found(client, page)["faults"][0].startswith(
        "Cause d’un problème «\u00a0Boue\u00a0» › Place dans la liste"
    )
    assert SettingsImport.objects.get(file_name="y.yaml").state == "refused"
    rule = "label: Sud, department: espaces-verts, team: null, to_colleague: false, conditions: "
    for conditions, told in (
        ("{streets: [{a: 1}]}", "Conditions › Rues › 1"),
        ("{area: abc}", "Conditions › Contour"),
        ("{area: [[[2.27, 48.72], [2.29, 48.72]]]}", "trois points différents"),
        ("{streets: [x], numbers: {x: [[9, 2, up]]}}", "numéros de la rue «\u00a0x\u00a0»"),
        ("{keywords: [1, null]}", "Mots-clés › 2"),
        ("{sector: {a: 1}}", "Conditions › Secteur"),
        ("{prestations: propre}", "Conditions › Prestations («\u00a0propre"),
        ("{couleur: bleu}", "couleur\u00a0: Cette clé n’est pas connue."),
        ("{streets: [x], prestations: [y]}", "La rue «\u00a0x\u00a0» n’est pas au répertoire."),
    ):
        text = f"{head}routing_rules:\n- {{{rule}{conditions}}}\n"
        page = sent(client, "configuration", "regles.yaml", text.encode())
        assert told in " ".join(found(client, page)["faults"]), conditions
    with monkeypatch.context() as broken:
        broken.setattr("backoffice.imported.trying.put_in_force", lambda *_, **__: 1 / 0)
        page = sent(client, "configuration", "x.yaml", head.encode())
    assert "ne peut pas être importé" in client.get(page).content.decode()
    assert "erreur imprévue" in found(client, page)["faults"][0]
    page = sent(client, "configuration", "x.yaml", b"\xff\xfe")
    assert "exporté d’ici" in client.get(page).content.decode()
