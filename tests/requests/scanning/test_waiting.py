"""While clamd is away files wait, tried less and less often; without any they are usable."""

from datetime import timedelta

import pytest
from django.utils import timezone

from massy_grc.common.antivirus import is_configured
from requests import actions
from requests.actions.scanning import BACKOFF, SCAN_PATIENCE
from requests.enums import UploadScan
from requests.models import WalletDocument
from tests.factories.answers import PDF_BYTES
from tests.requests.filing.support import text_of
from tests.requests.scanning.conftest import INFECTED, keep

pytestmark = pytest.mark.django_db


def test_a_file_waits_for_as_long_as_it_takes(away, account, mine, settings, clamd_socket):
    kept = keep(account, INFECTED)
    now, pauses = timezone.now(), []
    for _turn in range(len(BACKOFF) + 2):
        assert actions.scan_due_files(now=now)["away"] == 1
        kept.refresh_from_db()
        pauses.append(kept.scan_after - now)
        assert actions.scan_due_files(now=now)["away"] == 0  # not due yet
        now = kept.scan_after
    assert pauses == [*BACKOFF, BACKOFF[-1], BACKOFF[-1]]
    assert mine.get(f"/compte/porte-documents/{kept.pk}/").status_code == 404
    settings.CLAMD = clamd_socket
    assert actions.scan_due_files(now=now)["quarantined"] == 1


def test_one_away_is_enough_for_a_run(away, account):
    keep(account)
    keep(account, PDF_BYTES + b"another")
    assert actions.scan_due_files() == {"scanned": 0, "quarantined": 0, "away": 1}
    assert WalletDocument.objects.filter(scan_failures=1).count() == 1


def test_administrators_see_that_it_does_not_answer_and_how_many_wait(
    away, client, login, account, administrator
):
    keep(account)
    assert client.get("/readyz").json()["antivirus"] == "unavailable"
    page = text_of(login(client, administrator).get("/agent/parametrage/"))
    assert "L’antivirus ne répond pas" in page
    assert "1 fichier attend son analyse" in page


def test_without_antivirus_files_are_usable_and_it_is_said(
    client, login, account, mine, administrator
):
    assert not is_configured()
    kept = keep(account)
    assert b"".join(mine.get(f"/compte/porte-documents/{kept.pk}/").streaming_content) == PDF_BYTES
    assert client.get("/readyz").json()["antivirus"] == "none"
    page = text_of(login(client, administrator).get("/agent/parametrage/"))
    assert "Aucun antivirus n’est configuré" in page
    assert actions.scan_due_files() == {"scanned": 0, "quarantined": 0, "away": 0}


def test_what_a_dead_worker_had_is_due_again(clamd, account):
    kept = keep(account)
    WalletDocument.objects.update(scan_after=timezone.now() + SCAN_PATIENCE)
    assert actions.scan_due_files()["scanned"] == 0
    later = timezone.now() + SCAN_PATIENCE + timedelta(seconds=1)
    assert actions.scan_due_files(now=later)["scanned"] == 1
    kept.refresh_from_db()
    assert kept.scan == UploadScan.CLEAN


def test_a_file_that_is_gone_holds_nothing_up(clamd, account):
    gone, kept = keep(account, PDF_BYTES + b"1"), keep(account)
    gone.file.storage.delete(gone.file.name)
    assert actions.scan_due_files()["scanned"] == 1
    kept.refresh_from_db()
    assert kept.scan == UploadScan.CLEAN
    assert actions.held_files() == 0
