"""A worker killed while it writes the export of a list: the next one leaves one file (R9)."""

import pytest

from backoffice.actions.list_exports import ask_list_export
from backoffice.enums import ListExportState, SheetFormat
from massy_grc.audit.models import AccessRecord
from massy_grc.outbox.models import OutboxEvent
from tests.factories.requests import make_request
from tests.requests.privacy.conftest import on_disk

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_export_killed_before_its_commit_is_written_once(
    catalogue, eas_agent, workers, broker, eventually, tmp_path
):
    broker.start()
    make_request()
    OutboxEvent.objects.all().delete()  # the letters of that request are another test's
    export = ask_list_export(
        actor=eas_agent,
        query="vue=toutes",
        personal=True,
        file_format=SheetFormat.XLSX,
        total=1,
        language="fr",
    )
    workers.die_at("after backoffice.actions.list_exports.record_access")
    export.refresh_from_db()
    assert export.state == ListExportState.ASKED
    assert len(on_disk(tmp_path / "media" / "listes")) == 1  # its file was there already
    workers.start()

    def is_ready() -> bool:
        export.refresh_from_db()
        return export.is_ready

    eventually(is_ready)
    assert export.rows == 1
    assert len(on_disk(tmp_path / "media" / "listes")) == 1
    assert AccessRecord.objects.filter(object_type="list_export").count() == 1
