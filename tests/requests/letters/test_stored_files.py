"""Every stored file is the one that was kept; what is not is told."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from massy_grc.outbox.models import Delivery
from requests.letters.documents import save_document
from requests.tasks import check_files
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(catalogue, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sr = file_request("acte-naissance-filiation")
    return [
        save_document(sr, label=label, template="message", content=label.encode())
        for label in ("Une", "Deux", "Trois")
    ]


def test_untouched_files_are_what_was_kept(letters):
    out = StringIO()
    call_command("verify_files", stdout=out)
    assert "3 files read" in out.getvalue()
    assert check_files() == 0
    assert not Delivery.objects.filter(key__startswith="files:").exists()


def test_an_altered_and_a_missing_file_are_named(letters):
    _whole, altered, gone = letters
    with altered.file.storage.open(altered.file.name, "wb") as file:
        file.write(b"other words")
    gone.file.storage.delete(gone.file.name)
    err = StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("verify_files", stdout=StringIO(), stderr=err)
    first, second = err.getvalue().splitlines()
    assert first.startswith(f"requests.Document {altered.pk}: its digest is ")
    assert second == f"requests.Document {gone.pk}: the file is gone"


def test_the_night_tells_each_administrator_once_a_day(letters, administrator):
    altered = letters[0]
    with altered.file.storage.open(altered.file.name, "wb") as file:
        file.write(b"other words")
    assert check_files() == 1
    assert check_files() == 1
    drain_outbox()
    (told,) = [one for one in mail.outbox if one.to == [administrator.email]]
    assert f"requests.Document {altered.pk}" in told.body
