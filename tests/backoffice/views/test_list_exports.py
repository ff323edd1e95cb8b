"""A list taken out as a file: what it holds, for whom, how long, and what is noted of it (R21)."""

import csv
import io
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from backoffice import export_writing, exported_lists, tasks
from backoffice.actions import list_exports as verbs
from backoffice.actions.list_exports import LIFE, MOST_A_DAY, ask_list_export, finish_list_export
from backoffice.enums import ListExportState
from backoffice.models import ListExport
from massy_grc.audit.models import AccessRecord
from massy_grc.outbox import relay
from massy_grc.outbox.models import OutboxEvent
from prestations.calendars import PARIS
from prestations.enums import RequesterKind, Role
from prestations.models import Membership
from requests import actions
from requests.enums import State
from requests.exceptions import MissingInput
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import PrestationFactory
from tests.factories.requests import make_request
from tests.helpers import drain_outbox
from tests.massy_grc.common.test_spreadsheets import FORMULAS, PLAIN
from tests.requests.privacy.conftest import on_disk

pytestmark = pytest.mark.django_db
LIST, EXPORTS = "/agent/demandes/", "/agent/demandes/exports/"
NEW = f"{EXPORTS}nouveau/"
VOIRIE = "voirie-assainissement"
PEOPLE = {"Référence", "Chargé de dossier", "Type de demandeur", "Nom", "Lieu", "Sujet"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def ask(client, query="vue=toutes", kind="csv", **more) -> ListExport:
    """Ask at the door; the answer leads to the export's page."""
    answer = client.post(f"{NEW}?{query}", {"format": kind}, **more)
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
    assert row["Échéance"] == "02/04/2026 17:00"
    assert (row["Urgente"], row["En retard"], row["Close le"]) == ("oui", "oui", "")
    assert "OKAFOR" in row["Nom"].upper()
    assert (row["Lieu"], row["Sujet"]) == ("rue Mermoz", "Un trou")
    assert row["Chargé de dossier"] == eas_agent.list_name
    assert row["Service responsable"]


def test_a_spreadsheet_holds_dates_and_keeps_the_order(front):
    late, soon = (make_request(state=State.EN_COURS) for _ in range(2))
    ServiceRequest.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=2))
    export = exported(front, "vue=ouvertes&tri=echeance", "xlsx")
    rows = cells(front, export)
    assert [row["Référence"].value for row in rows] == [late.reference, soon.reference]
    due = rows[1]["Échéance"]
    assert (due.is_date, due.number_format) == (True, "dd/mm/yyyy hh:mm")
    said = timezone.localtime(soon.due_at).replace(tzinfo=None)
    assert abs(due.value - said) < timedelta(seconds=1)


def test_groups_follow_one_another_as_in_the_list(front):
    rows = [make_request(state=state) for state in (State.TRANSMISE, State.EN_COURS) * 2]
    query = "groupe=etat&tri=anciennes&vue=ouvertes"
    told = front.get(f"{NEW}?{query}").content.decode()
    assert "Groupées par" in told
    assert "plus anciennes" in told
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
    assert [row["Prestation"] for row in lines(client, export)] == [second.prestation.label]


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
    assert row["Prestation"] == prestation.label
    assert {row[name] for name in ("Référence", "Type de demandeur", "Nom", "Lieu")} == {""}
    assert row["Sujet"] == "Réservée aux agents nommés"
    assert sr.reference not in str(row)


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


def test_rights_withdrawn_before_the_writing_write_nothing(front, eas_agent, media):
    make_request()
    export = ask(front)
    Membership.objects.filter(user=eas_agent).update(role=Role.MANAGER)
    work()
    export.refresh_from_db()
    assert (export.state, on_disk(media)) == (ListExportState.REFUSED, [])
    assert not AccessRecord.objects.filter(object_type="list_export").exists()
    assert "Rien n’a été écrit" in front.get(address(export)).content.decode()


def test_rights_withdrawn_during_the_writing_leave_no_file(front, eas_agent, media, monkeypatch):
    make_request()
    export = ask(front)
    fill = export_writing._fill

    def fill_slowly(*args):
        rows = fill(*args)
        Membership.objects.filter(user=eas_agent).update(role=Role.MANAGER)
        return rows

    monkeypatch.setattr(export_writing, "_fill", fill_slowly)
    work()
    export.refresh_from_db()
    assert (export.state, on_disk(media)) == (ListExportState.REFUSED, [])


def test_a_department_left_meanwhile_is_not_written(expert_browser, expert):
    make_request(department_id=VOIRIE, state=State.TRANSMISE)
    other = make_request(department_id="espaces-verts", state=State.TRANSMISE)
    export = ask(expert_browser)
    Membership.objects.filter(user=expert).update(department="espaces-verts")
    work()
    assert [row["Référence"] for row in lines(expert_browser, export)] == [other.reference]


def test_rights_withdrawn_after_it_close_the_file(expert_browser, expert):
    make_request(department_id=VOIRIE, state=State.TRANSMISE)
    export = exported(expert_browser)
    Membership.objects.filter(user=expert).update(department="espaces-verts")
    answer = expert_browser.get(address(export, "fichier/"))
    assert answer.status_code == 403
    assert "ne vous est plus ouvert" in answer.content.decode()


def test_nobody_else_finds_it(front, supervisor):
    export = exported(client_of(supervisor))
    assert front.get(address(export)).status_code == 404
    assert front.get(address(export, "fichier/")).status_code == 404
    assert front.post(address(export, "annuler/")).status_code == 404
    assert "Mes exports" in (page := front.get(EXPORTS).content.decode())
    assert address(export) not in page


def test_a_day_later_the_file_is_gone_and_its_address_says_so(
    front, media, django_capture_on_commit_callbacks
):
    export = exported(front)
    assert len(on_disk(media)) == 1
    assert "Prêt" in front.get(EXPORTS).content.decode()
    with time_machine.travel(timezone.now() + LIFE + timedelta(minutes=1), tick=True):
        late = client_of(export.owner)
        assert late.get(address(export, "fichier/")).status_code == 410  # before the sweep too
        with django_capture_on_commit_callbacks(execute=True):
            assert tasks.sweep_list_exports() == 1
        gone = late.get(address(export, "fichier/"))
        assert gone.status_code == 410
        assert "Le fichier est effacé" in gone.content.decode()
        assert "Effacé" in late.get(EXPORTS).content.decode()
    assert on_disk(media) == []
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=True):
        tasks.sweep_list_exports()
    assert not ListExport.objects.exists()


def test_what_no_worker_wrote_in_a_day_has_failed(front):
    export = ask(front)
    with time_machine.travel(timezone.now() + LIFE + timedelta(minutes=1), tick=True):
        tasks.sweep_list_exports()
        page = client_of(export.owner).get(address(export)).content.decode()
    assert "n’a pas pu être préparé" in page


def test_a_delivery_cut_short_begins_again_and_leaves_one_file(front, media, monkeypatch):
    make_request()
    export = ask(front)
    monkeypatch.setattr(verbs, "record_access", _dies)  # its file is there, nothing is committed
    OutboxEvent.objects.exclude(topic="list.export").delete()
    relay.relay_events()
    relay.hand_over(relay.run_receipts)
    assert len(on_disk(media)) == 1
    export.refresh_from_db()
    assert export.state == ListExportState.ASKED
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=True):
        work()
        export_writing.write_list_export(export_id=export.pk)  # delivered once more
        export.refresh_from_db()
        assert (export.state, export.rows, len(on_disk(media))) == (ListExportState.READY, 1, 1)
        assert AccessRecord.objects.filter(action="export", object_id=export.pk).count() == 1


def test_a_refusal_after_a_crash_leaves_no_file(front, eas_agent, media, monkeypatch):
    make_request()
    export = ask(front)
    with monkeypatch.context() as dying:
        dying.setattr(verbs, "record_access", _dies)
        OutboxEvent.objects.exclude(topic="list.export").delete()
        relay.relay_events()
        relay.hand_over(relay.run_receipts)
    Membership.objects.filter(user=eas_agent).update(role=Role.MANAGER)
    export_writing.write_list_export(export_id=export.pk)
    tasks.sweep_list_exports()
    export.refresh_from_db()
    assert (export.state, on_disk(media)) == (ListExportState.REFUSED, [])


def _dies(**_of_the_look):
    raise MemoryError


def test_it_is_noted_who_took_what_out(front, eas_agent):
    make_request(urgent=True)
    export = exported(front, "urgent=on&vue=toutes")
    content(front, export)
    noted, fetched = AccessRecord.objects.filter(object_type="list_export").order_by("pk")
    assert (noted.user, noted.action, noted.object_id) == (eas_agent, "export", export.pk)
    assert noted.detail == {
        "query": "urgent=on&vue=toutes",
        "rows": 1,
        "format": "csv",
        "personal": True,
    }
    assert (fetched.action, fetched.object_id) == ("download", export.pk)


def test_an_erasure_takes_the_files_that_may_name_the_person(
    front, manager, media, django_capture_on_commit_callbacks
):
    sr = make_request(citizen=CitizenFactory(family_name="Okafor"), state=State.CLOSE)
    figures = exported(client_of(manager, post=None))
    export = exported(front)
    running = ask(front, kind="xlsx")
    with django_capture_on_commit_callbacks(execute=True):
        actions.anonymise_request(request_id=sr.pk, rule="rights")
        ListExport.objects.filter(pk=running.pk).update(state=ListExportState.ASKED)
        work()
    states = dict(ListExport.objects.values_list("pk", "state"))
    assert states[export.pk] == ListExportState.EXPIRED
    assert states[figures.pk] == ListExportState.READY
    assert b"OKAFOR" not in b"".join(path.read_bytes().upper() for path in on_disk(media))


def test_one_that_is_cancelled_is_not_kept(front, media, monkeypatch):
    make_request()
    export = ask(front)
    said = front.post(address(export, "annuler/"), follow=True).content.decode()
    assert "L’export est annulé." in said
    work()
    export.refresh_from_db()
    assert (export.state, on_disk(media)) == (ListExportState.CANCELLED, [])
    again = ask(front)
    fill = export_writing._fill

    def cancelled_meanwhile(content, *args):
        verbs.cancel_list_export(actor=again.owner, export_id=again.pk)
        return fill(content, *args)

    monkeypatch.setattr(export_writing, "_fill", cancelled_meanwhile)
    work()
    again.refresh_from_db()
    assert (again.state, on_disk(media)) == (ListExportState.CANCELLED, [])
    assert not finish_list_export(export=again, content=io.BytesIO(), rows=0, rights="")


def test_a_file_can_be_deleted_before_its_day(front, media, django_capture_on_commit_callbacks):
    export = exported(front)
    with django_capture_on_commit_callbacks(execute=True):
        page = front.post(address(export, "annuler/"), follow=True).content.decode()
    assert "Le fichier est effacé." in page
    assert on_disk(media) == []


def test_one_at_a_time_and_ten_a_day(front, eas_agent):
    first = ask(front)
    assert ask(front) == first  # a double click
    other = front.post(f"{NEW}?vue=ouvertes", {"format": "csv"})
    assert "se prépare déjà" in other.content.decode()
    for _ in range(MOST_A_DAY - 1):
        ListExport.objects.update(state=ListExportState.CANCELLED)
        _ask_as(eas_agent)
    ListExport.objects.update(state=ListExportState.CANCELLED)
    with pytest.raises(MissingInput, match="10 exports"):
        _ask_as(eas_agent)


def _ask_as(actor) -> ListExport:
    return ask_list_export(
        actor=actor,
        query="vue=toutes",
        personal=True,
        file_format="csv",
        total=0,
        language="fr",
    )


def test_a_list_too_long_is_cut_and_says_so(front, monkeypatch):
    for module in (verbs, exported_lists, export_writing):
        monkeypatch.setattr(module, "MOST_ROWS", 2)
    monkeypatch.setattr("backoffice.views.list_exports.MOST_ROWS", 2)
    for _ in range(3):
        make_request()
    page = front.get(f"{NEW}?vue=toutes").content.decode()
    assert "plus de 2 demandes" in page
    assert "au plus 2 demandes" in page
    export = exported(front)
    assert (export.total, export.rows) == (2, 2)


def test_the_page_tells_how_far_it_is_and_reloads_when_asked(front, monkeypatch):
    monkeypatch.setattr(export_writing, "BATCH", 1)
    told = []
    for _ in range(3):
        make_request()
    export = ask(front)
    waiting = front.get(address(export))
    assert "Le fichier se prépare" in waiting.content.decode()
    assert "Refresh" not in waiting
    assert front.get(address(export), {"suivre": "oui"})["Refresh"] == "5"
    append = export_writing.CsvSheet.append

    def look(sheet, row):
        append(sheet, row)
        told.append(front.get(address(export)).content.decode())

    monkeypatch.setattr(export_writing.CsvSheet, "append", look)
    work()
    assert "2 sur 3 demandes" in told[-1]
    assert 'value="2"' in told[-1]
    assert "Télécharger" in front.get(address(export)).content.decode()


def test_an_english_speaker_has_english_headings(front):
    make_request()
    front.cookies["django_language"] = "en"
    assert "Channel" in lines(front, exported(front))[0]


def test_a_hundred_rows_cost_as_many_queries_as_one(front, eas_agent):
    prestation = PrestationFactory()
    make_request(prestation=prestation)

    def queries() -> list[int]:
        ListExport.objects.all().delete()
        export = ask(front)
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


def test_who_has_left_gets_nothing(front, eas_agent, media):
    export = ask(front)
    eas_agent.is_active = False
    eas_agent.save()
    work()
    export.refresh_from_db()
    assert (export.state, on_disk(media)) == (ListExportState.REFUSED, [])
