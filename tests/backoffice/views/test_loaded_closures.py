"""A closure that a file brings, changes or takes out waits, its effect counted, for a decision."""

from datetime import datetime

import pytest
import yaml

from prestations.calendars import PARIS
from prestations.loading.reference import DEFAULT_FILE, load_reference
from prestations.models import Closure
from requests.models import Recalculation
from tests.backoffice.conftest import client_of
from tests.backoffice.views.test_calendar import (
    CERTIFICATE,
    MONDAY,
    URL,
    again,
    certificate,
    monday,
    removal,
)
from tests.requests.filed import file_request

__all__ = ["certificate", "monday"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
LOADED = {
    "site": None,
    "start": "2026-05-15",
    "end": "2026-05-15",
    "opens": None,
    "closes": None,
    "closed": True,
    "label": "Pont chargé",
    "origin": "estimate",
}


@pytest.fixture
def load(tmp_path):
    """`load(*closures)`: the reference file with these closures besides its own."""
    known = yaml.load(DEFAULT_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    file = tmp_path / "reference.yaml"

    def write(*closures):
        data = {**known, "closures": [*known["closures"], *closures]}
        file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        return load_reference(file)

    return write


def test_a_loaded_closure_waits_with_its_effect_for_a_decision(certificate, administrator, load):
    load(LOADED)
    assert load(LOADED).nothing_changed
    client = client_of(administrator)
    assert removal("Pont chargé") in client.get(URL).content.decode()
    assert client.get(removal("Pont chargé")).context["effect"]["moved"] == 1
    # nobody has decided: delays go on as before, for new requests too
    assert again(file_request(CERTIFICATE, now=MONDAY)).due_at == certificate.due_at
    client.post(removal("Pont chargé"))
    assert again(certificate).due_at == datetime(2026, 5, 28, 10, tzinfo=PARIS)
    run = Recalculation.objects.get()
    assert (run.adds, run.moved, run.told) == (True, 2, 2)
    assert client.get(URL).context["to_decide"].count() == 0
    assert client.get(removal("Pont chargé")).status_code == 404  # the file's: change the file


def test_a_closure_that_a_load_takes_out_waits_too(certificate, administrator, load):
    client = client_of(administrator)
    load(LOADED)
    client.post(removal("Pont chargé"))
    load()
    assert load().nothing_changed
    page = client.get(URL).content.decode()
    assert "retirée, voir ce qui bougerait" in page
    filed = again(file_request(CERTIFICATE, now=MONDAY))
    assert filed.due_at == datetime(2026, 5, 28, 10, tzinfo=PARIS)  # still left out
    client.post(removal("Pont chargé"))
    assert again(file_request(CERTIFICATE, now=MONDAY)).due_at == certificate.due_at
    assert list(Recalculation.objects.order_by("pk").values_list("adds", flat=True)) == [
        True,
        False,
    ]


def test_a_load_that_is_undone_leaves_nothing_to_decide(certificate, load):
    load(LOADED)
    load()
    assert not Closure.objects.to_decide(MONDAY.date()).exists()
    load(LOADED)
    assert Closure.objects.to_decide(MONDAY.date()).get().label == "Pont chargé"


def test_the_public_reads_the_file_s_closures_at_once(certificate, administrator, load, client):
    load(LOADED)
    assert "Pont chargé" in client.get("/accueil-du-public/").content.decode()
    load()
    assert "Pont chargé" not in client.get("/accueil-du-public/").content.decode()
