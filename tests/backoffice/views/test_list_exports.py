"""A list taken out as a file: what it holds, for whom (R21)."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl.utils.escape import unescape

from backoffice import export_writing
from backoffice.enums import ListExportState
from backoffice.models import ListExport
from prestations.calendars import PARIS
from prestations.enums import RequesterKind
from requests.enums import State
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.backoffice.views.list_exports import (
    EXPORTS,
    LIST,
    NEW,
    PEOPLE,
    VOIRIE,
    address,
    ask,
    cells,
    content,
    exported,
    lines,
    media,
)
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import PrestationFactory
from tests.factories.requests import make_request
from tests.massy_grc.common.test_spreadsheets import FORMULAS, PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
__all__ = ["media"]


def test_the_list_leads_to_a_file_of_what_it_shows(front, eas_agent):
    shown = make_request(
        urgent=True,
        state=State.EN_COURS,
        assignee=eas_agent,
        citizen=CitizenFactory(family_name="Okafor"),
        subject="Un trou",
        place="rue Mermoz",
        arrived_at=datetime(2026, 3, 29, 9, 30, tzinfo=PARIS),
        due_at=datetime(2026, 4, 2, 17, 0, tzinfo=PARIS),
    )
    make_request(state=State.EN_COURS)
    page = front.get(LIST, {"vue": "ouvertes", "urgent": "on"}).content.decode()
    query = "urgent=on&vue=ouvertes"
    assert f"{NEW}?{query}" in page.replace("&amp;", "&")
    told = front.get(f"{NEW}?{query}").content.decode()
    assert "1 demande" in told
    assert "Urgentes seulement" in told
    export = exported(front, query)
    assert (export.state, export.rows, export.total) == (ListExportState.READY, 1, 1)
    answer = front.get(address(export, "fichier/"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], "no-store" in answer["Cache-Control"]) == (
        "nosniff",
        True,
    )
    assert content(front, export).startswith(b"\xef\xbb\xbfR\xc3\xa9f\xc3\xa9rence;Canal;")
    (row,) = lines(front, export)
    assert row["Référence"] == shown.reference
    assert row["Arrivée le"] == "29/03/2026 09:30"
    assert row["Échéance"] == "02/04/2026"
    assert (row["Urgente"], row["En retard"], row["Close le"]) == ("Oui", "Oui", "")
    assert row["Dernier changement"].startswith(f"{timezone.localdate():%d/%m/%Y}")
    assert "OKAFOR" in row["Nom"].upper()
    assert (row["Lieu"], row["Sujet"]) == ("rue Mermoz", "Un trou")
    assert row["Chargé de dossier"] == eas_agent.list_name
    assert (row["Service responsable"], row["Équipe d’accueil"]) == (
        "Sans service responsable",
        shown.team.label,
    )


def test_the_file_has_the_columns_of_the_list(front, manager):
    make_request(state=State.EN_COURS)
    query = "colonne=echeance&colonne=etat&colonne=changement&vue=ouvertes"
    (row,) = lines(front, exported(front, query, columns=""))
    chosen = [
        "Référence",
        "État",
        "Échéance",
        "Dernier changement",
        "Urgente",
        "En retard",
        "Sujet",
    ]
    assert [*row] == chosen
    (usual,) = lines(front, exported(front, columns=""))
    assert {"Nom", "Service", "Téléprocédure"} <= {*usual}
    assert not {"Close le", "Dernier changement", "Service responsable"} & {*usual}
    reader = client_of(manager, post=None)
    (figures,) = lines(reader, exported(reader, columns=""))
    assert [*figures][:2] == ["Canal", "État"]


def test_a_spreadsheet_holds_dates_and_keeps_the_order(front):
    late, soon = (make_request(state=State.EN_COURS) for _ in range(2))
    ServiceRequest.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=2))
    export = exported(front, "vue=ouvertes&tri=echeance", "xlsx")
    rows = cells(front, export)
    assert [row["Référence"].value for row in rows] == [late.reference, soon.reference]
    due = rows[1]["Échéance"]
    assert (due.is_date, due.number_format) == (True, "dd/mm/yyyy")
    assert due.value.date() == timezone.localdate(soon.due_at)


def test_groups_follow_one_another_as_in_the_list(front):
    rows = [make_request(state=state) for state in (State.TRANSMISE, State.EN_COURS) * 2]
    query = "groupe=etat&tri=-demandeur&vue=ouvertes"
    told = front.get(f"{NEW}?{query}").content.decode()
    assert "Groupées par" in told
    assert "Demandeur, de Z à A" in told
    shown = front.get(f"{LIST}?{query}").context["page"].rows
    exported_rows = lines(front, exported(front, query))
    assert [row["Référence"] for row in exported_rows] == [row.reference for row in shown]
    assert len(shown) == len(rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_citizens_write_is_never_a_formula(front, kind):
    prestation = PrestationFactory()
    texts = sorted({*FORMULAS, *PLAIN, "fin\x0b\x1f de page"} - {""})
    written = [texts[at : at + 3] for at in range(0, len(texts) - 2, 3)]
    for subject, place, name in written:
        sr = make_request(prestation=prestation)
        ServiceRequest.objects.filter(pk=sr.pk).update(
            requester_kind="citoyen", subject=subject, place=place, requester_name=name
        )
    export = exported(front, f"vue=toutes&prestation={prestation.pk}&tri=recentes", kind)
    columns = ("Sujet", "Lieu", "Nom")
    if kind == "csv":
        read = [[row[name] for name in columns] for row in lines(front, export)][::-1]
        assert read == [[f"'{one}" if one in FORMULAS else one for one in row] for row in written]
        return
    rows = cells(front, export)[::-1]
    assert [[unescape(row[name].value) for name in columns] for row in rows] == written
    for row in rows:
        assert {one.data_type for one in row.values()} <= {"s", "d", "n"}  # n: an empty cell
        assert all(one.value is None for one in row.values() if one.data_type == "n")
        for name in columns:
            assert row[name].quotePrefix == (unescape(row[name].value) in FORMULAS)


def test_figures_only_hold_neither_people_nor_numbers(manager):
    sr = make_request(
        citizen=CitizenFactory(family_name="Secretan"), subject="Chez Jeanne", place="rue Mermoz"
    )
    client = client_of(manager, post=None)
    assert "sans les personnes" in client.get(f"{NEW}?vue=toutes").content.decode()
    export = exported(client)
    assert (export.personal, export.rows) == (False, 1)
    (row,) = lines(client, export)
    assert not PEOPLE & {*row}
    text = content(client, export).decode()
    assert not any(
        word in text for word in ("SECRETAN", "Secretan", "Jeanne", "Mermoz", sr.reference)
    )


def test_the_list_behind_a_figure_is_exported_with_its_filters(manager):
    first, second = make_request(), make_request()
    client = client_of(manager, post=None)
    query = f"sauf={first.prestation_id}&vue=pilotage"
    assert f"{NEW}?{query}" in client.get(f"{LIST}?{query}").content.decode().replace("&amp;", "&")
    export = exported(client, query)
    assert [row["Téléprocédure"] for row in lines(client, export)] == [second.prestation.label]


def test_an_expert_exports_the_requests_of_the_department(expert_browser):
    theirs = make_request(department_id=VOIRIE, state=State.TRANSMISE)
    make_request()
    rows = lines(expert_browser, exported(expert_browser))
    assert [row["Référence"] for row in rows] == [theirs.reference]


def test_a_request_for_named_agents_names_nobody(head, expert):
    """A head's figures count what only named agents read (L7)."""
    prestation = PrestationFactory(restricted=True)
    sr = make_request(
        prestation=prestation,
        department_id=VOIRIE,
        subject="Signalement de Jeanne",
        requester_name="SECRETAN Jeanne",
    )
    client = client_of(head, post=None)
    (row,) = lines(client, exported(client, "vue=pilotage"))
    assert row["Téléprocédure"] == prestation.label
    assert {row[name] for name in ("Référence", "Type de demandeur", "Nom", "Lieu")} == {""}
    assert row["Sujet"] == "Réservée aux agents nommés"
    assert sr.reference not in str(row)
    closed = f"{NEW}?vue=pilotage&prestation={prestation.pk}"
    assert "Avec les réponses" not in client.get(closed).content.decode()
    refused = client.post(closed, {"format": "csv", "answers": "on"})
    assert "d’une seule téléprocédure" in refused.content.decode()


def test_an_anonymous_requester_stays_so(front):
    make_request(requester_kind=RequesterKind.ANONYME, requester_address="3 rue Vue")
    (row,) = lines(front, exported(front))
    assert (row["Nom"], row["Lieu"]) == ("ANONYME", "")


def test_a_text_searched_for_is_not_exported(front):
    make_request(subject="Martin")
    page = front.get(f"{LIST}?vue=toutes&q=Martin").content.decode().replace("&amp;", "&")
    assert f"{NEW}?vue=toutes&q=Martin" in page
    told = front.get(f"{NEW}?vue=toutes&q=Martin").content.decode()
    assert "Une recherche par texte ne s’exporte pas" in told
    assert front.post(f"{NEW}?vue=toutes&q=Martin", {"format": "csv"}).status_code == 200
    assert not ListExport.objects.exists()


def test_an_empty_list_has_nothing_to_export(front):
    page = front.get(f"{NEW}?urgent=on&vue=ouvertes").content.decode()
    assert "Rien à exporter" in page
    assert "Préparer le fichier" not in page


def test_what_is_wrong_with_the_address_is_said_by_the_list(front):
    assert front.get(f"{NEW}?vue=toutes&du=demain").url == f"{LIST}?du=demain&vue=toutes"
    assert front.get(f"{NEW}?vue=pilotage").url.startswith(LIST)


def test_an_english_speaker_has_english_headings(front):
    make_request()
    front.cookies["django_language"] = "en"
    assert "Channel" in lines(front, exported(front))[0]


def test_a_hundred_rows_cost_as_many_queries_as_one(front, eas_agent):
    prestation = PrestationFactory()
    make_request(prestation=prestation)

    def queries() -> list[int]:
        ListExport.objects.all().delete()
        export = ask(front, answers="on")
        counts = []
        for act in (
            lambda: front.get(f"{NEW}?vue=toutes"),
            lambda: export_writing.write_list_export(export_id=export.pk),
            lambda: front.get(EXPORTS),
        ):
            with CaptureQueriesContext(connection) as captured:
                act()
            counts.append(len(captured))
        return counts

    queries()
    for_one = queries()
    for _ in range(12):
        make_request(prestation=prestation, citizen=CitizenFactory())
    assert queries() == for_one


def test_the_list_of_exports_costs_the_same_for_ten(front, eas_agent):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            front.get(EXPORTS)
        return len(captured)

    exported(front)
    queries()
    for_one = queries()
    for _ in range(5):
        exported(front)
    assert queries() == for_one
