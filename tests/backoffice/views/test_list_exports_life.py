"""The life of an exported list: rights withdrawn, a day over, crashes, erasures, what is noted."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice import export_writing, tasks
from backoffice.actions import list_exports as verbs
from backoffice.actions.accesses import record_access
from backoffice.actions.list_exports import LIFE, MOST_A_DAY, ask_list_export, finish_list_export
from backoffice.enums import ListExportState
from backoffice.models import ListExport
from massy_grc.audit.models import AccessRecord
from massy_grc.outbox import relay
from massy_grc.outbox.models import OutboxEvent
from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import Membership
from requests import actions
from requests.enums import State
from requests.exceptions import MissingInput
from tests.backoffice.conftest import client_of
from tests.backoffice.views.list_exports import (
    EXPORTS,
    NEW,
    VOIRIE,
    address,
    ask,
    content,
    exported,
    lines,
    media,
    work,
)
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent
from tests.requests.privacy.conftest import on_disk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
__all__ = ["media"]


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


def test_it_is_noted_who_took_what_out(front, eas_agent, django_assert_max_num_queries):
    make_request(urgent=True)
    export = exported(front, "urgent=on&vue=toutes", columns="")
    content(front, export)
    noted, fetched = AccessRecord.objects.filter(object_type="list_export").order_by("pk")
    assert (noted.user, noted.action, noted.object_id) == (eas_agent, "export", export.pk)
    assert noted.detail == {
        "query": "urgent=on&vue=toutes",
        "rows": 1,
        "format": "csv",
        "personal": True,
        "answers": False,
    }
    assert (fetched.action, fetched.object_id) == ("download", export.pk)
    officer = client_of(make_agent(Role.DPO, first_name="Odile", last_name="Rivière"), post=None)
    review = reverse("backoffice:exports_review")
    with CaptureQueriesContext(connection) as few:
        page = officer.get(review)
        queries = len(few)
    (told,) = page.context["rows"]
    assert (told.what, told.rows, told.answers, told.fetched) == ("Toutes", 1, False, 1)
    assert told.filters == [("Urgentes seulement", "")]
    assert eas_agent.get_full_name() in page.content.decode()
    assert review in officer.get(reverse("backoffice:privacy")).content.decode()
    for user in User.objects.all()[:3]:
        detail = noted.detail | {"query": "urgent=on&vue=toutes&etat=close&etat=en_cours"}
        record_access(
            user=user, action="export", object_type="list_export", object_id=0, detail=detail
        )
        record_access(user=user, action="download", object_type="print_batch", object_id=0)
    with django_assert_max_num_queries(queries + 1):  # the batches
        rows = officer.get(review).context["rows"]
    assert [one.what for one in rows[:2]] == ["Lot de courriers à imprimer", "Toutes"]
    refused = {"kind": "agents"}
    for action, detail in (("configuration:export", None), ("configuration:refused", refused)):
        record_access(
            user=eas_agent, action=action, object_type="configuration", object_id=0, detail=detail
        )
    asked = {"agent": eas_agent.pk, "du": timezone.localdate(), "personnelles": "on"}
    rows = officer.get(review, asked).context["rows"]
    assert "agents" in rows[0].what.lower()
    assert "signataires" in rows[1].people
    assert rows[-1].record == noted
    assert not officer.get(review, asked | {"au": "2020-01-01"}).context["rows"]
    for query, words in (
        ("prestation=x&departement=aucun", "Service responsable"),
        (f"charge={eas_agent.pk}&du=2026-03-01", eas_agent.list_name),
        ("prestation=nulle-part&rue=zut&etat=nul&q=Okafor&sauf=x", "nulle-part"),
    ):
        detail = noted.detail | {"query": query}
        record_access(
            user=eas_agent, action="export", object_type="list_export", object_id=0, detail=detail
        )
        said = officer.get(review).content.decode()
        assert words in said
        assert "Okafor" not in said  # no text that was searched for, whatever is kept


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
    assert not finish_list_export(export=again, content=io.BytesIO(), columns=[], rows=0, rights="")


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
    for module in (verbs, export_writing):
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


def test_who_has_left_gets_nothing(front, eas_agent, media):
    export = ask(front)
    eas_agent.is_active = False
    eas_agent.save()
    work()
    export.refresh_from_db()
    assert (export.state, on_disk(media)) == (ListExportState.REFUSED, [])
