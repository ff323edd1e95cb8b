"""Files looked at by a real clamd: held before, served or blocked after (R20)."""

import io

import pytest
from django.urls import reverse

from massy_grc.common.antivirus import ScanFailed, antivirus_state, find_virus
from massy_grc.outbox.models import Delivery
from prestations.forms import Questionnaire
from requests import actions
from requests.enums import UploadScan, Verb
from requests.models import Attachment, ServiceRequest
from requests.tasks import scan_files
from tests.backoffice.conftest import client_of
from tests.factories.answers import PDF_BYTES
from tests.helpers import drain_outbox
from tests.requests.filing.support import begin, check_url, file_valid, step_url, text_of
from tests.requests.scanning.conftest import EICAR, INFECTED, keep, upload

pytestmark = pytest.mark.django_db

CODE = "dechets-bons-deversement"
IDENTITY = "documents.piece-identite"


def documents_url(draft) -> str:
    steps = Questionnaire(draft.form_version, "web").steps()
    return step_url(draft, next(step.number for step in steps if step.kind == "documents"))


def read(client, attachment):
    return client.get(reverse("requests:attachment", args=[attachment.pk]))


def test_the_test_string_is_found_and_a_plain_file_is_not(clamd):
    assert find_virus(io.BytesIO(PDF_BYTES)) == ""
    assert find_virus(io.BytesIO(b"x" * 300_000 + EICAR)).startswith("Own.Eicar")


def test_what_clamd_does_not_take_is_no_verdict(clamd):
    with pytest.raises(ScanFailed, match="size limit"):
        find_virus(io.BytesIO(b"x" * 26 * 1024 * 1024))


def test_the_health_page_and_the_administrators_see_that_it_answers(
    clamd, client, login, catalogue, administrator
):
    assert client.get("/readyz").json()["antivirus"] == "ok"
    page = login(client, administrator).get("/agent/parametrage/")
    assert "L’antivirus répond." in text_of(page)


def test_a_file_is_held_until_it_is_scanned(clamd, client, catalogue):
    draft = begin(client, CODE)
    client.post(documents_url(draft), {IDENTITY: upload()})
    sent = Attachment.objects.get()
    assert read(client, sent).status_code == 404
    assert scan_files() == {"scanned": 1, "quarantined": 0, "away": 0}
    assert b"".join(read(client, sent).streaming_content) == PDF_BYTES
    assert scan_files()["scanned"] == 0


def test_a_blocked_file_must_leave_the_form_before_it_is_sent(clamd, client, catalogue):
    draft = begin(client, CODE)
    url = documents_url(draft)
    client.post(url, {IDENTITY: upload(INFECTED, "virus.pdf")})
    scan_files()
    words = "Notre antivirus a bloqué « virus.pdf ». Retirez ce fichier"
    assert words in text_of(client.post(url, {"action": "continue"}))
    assert words in text_of(client.post(check_url(draft)))
    assert not ServiceRequest.objects.exists()
    client.post(url, {"remove": Attachment.objects.get().pk})
    assert words not in text_of(client.post(url, {IDENTITY: upload()}))


def test_a_find_after_the_filing_is_told_to_the_citizen_and_shown_by_name(
    clamd, client, catalogue, eas_agent
):
    file_valid(client, CODE)
    filed = ServiceRequest.objects.get()
    drain_outbox()
    Delivery.objects.all().delete()
    sent = filed.attachments.first()
    sent.name = "virus.pdf"
    sent.file.save("x", io.BytesIO(INFECTED))
    scan_files()
    drain_outbox()

    assert filed.events.last().verb == Verb.QUARANTINE
    mail = Delivery.objects.get()
    assert mail.to == filed.requester_email
    assert "virus.pdf" in mail.body
    assert "Personne ne peut l'ouvrir" in mail.body
    agent = client_of(eas_agent)
    address = f"/agent/demandes/{filed.reference}/fichiers/piece/{sent.pk}/"
    page = text_of(agent.get(f"/agent/demandes/{filed.reference}/"))
    assert "virus.pdf" in page
    assert "En quarantaine" in page
    assert address not in page
    assert agent.get(address).status_code == 404


def test_agents_see_that_a_file_waits_and_cannot_open_it(away, client, login, catalogue, eas_agent):
    file_valid(client, CODE)
    filed = ServiceRequest.objects.get()
    agent = client_of(eas_agent)
    address = f"/agent/demandes/{filed.reference}/fichiers/piece/{filed.attachments.first().pk}/"
    page = text_of(agent.get(f"/agent/demandes/{filed.reference}/"))
    assert "En cours d’analyse" in page
    assert address not in page
    assert agent.get(address).status_code == 404


def test_the_wallet_s_owner_is_told_of_a_blocked_document(clamd, mine, account):
    kept = keep(account, INFECTED, "virus.pdf")
    scan_files()
    assert mine.get(f"/compte/porte-documents/{kept.pk}/").status_code == 404
    assert "Fichier bloqué par sécurité" in text_of(mine.get("/compte/porte-documents/"))
    mail = Delivery.objects.get()
    assert mail.to == account.user.email
    assert "« virus.pdf »" in mail.body.replace("\u00a0", " ")


def test_a_copy_from_the_wallet_keeps_what_was_found_out(clamd, mine, account):
    kept = keep(account)
    scan_files()
    draft = begin(mine, CODE)
    mine.post(documents_url(draft), {"wallet": kept.pk})
    assert Attachment.objects.get().scan == UploadScan.CLEAN
    assert scan_files()["scanned"] == 0


def test_a_find_is_told_once(clamd, account):
    kept = keep(account, INFECTED)
    scan_files()
    actions.keep_verdict(model=type(kept), file_id=kept.pk, found="Own.Eicar")
    assert Delivery.objects.count() == 1


def test_state_without_an_answer(away):
    assert antivirus_state().word == "unavailable"
