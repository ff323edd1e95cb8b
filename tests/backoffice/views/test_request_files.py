"""Documents on the page of a request: added, held, served to those who may."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from massy_grc.audit.models import AccessRecord
from prestations.forms import Questionnaire
from requests import actions
from requests.enums import PieceFault, State
from requests.models import Attachment
from tests.backoffice.views.conftest import url
from tests.factories.requests import make_request
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db


def test_document_is_added_by_content(front, sr, settings, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    forged = SimpleUploadedFile("photo.png", b"<script>alert(1)</script>", "image/png")
    response = front.post(url(sr, "attach"), {"file": forged, "label": "Photo"})
    assert not sr.attachments.exists()
    assert "n’est ni un PDF" in response.content.decode()
    real = SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    assert front.post(url(sr, "attach"), {"file": real, "label": "Plan"}).status_code == 302
    stored = sr.attachments.get()
    download = front.get(f"/agent/demandes/{sr.reference}/fichiers/piece/{stored.pk}/")
    assert download["Content-Disposition"].startswith("attachment")
    assert download["X-Content-Type-Options"] == "nosniff"
    assert AccessRecord.objects.filter(action="download", object_id=sr.pk).exists()


def test_quarantined_file_is_not_served(front, sr):
    stored = Attachment.objects.create(
        request=sr,
        file="attachments/aa/bb",
        name="virus.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        scan="quarantined",
    )
    address = f"/agent/demandes/{sr.reference}/fichiers/piece/{stored.pk}/"
    assert front.get(address).status_code == 404


def test_files_of_another_request_are_not_found(front, sr):
    other = make_request()
    stored = Attachment.objects.create(
        request=other,
        file="attachments/aa/cc",
        name="a.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
    )
    address = f"/agent/demandes/{sr.reference}/fichiers/piece/{stored.pk}/"
    assert front.get(address).status_code == 404


def test_pieces_are_asked_and_noted_as_received(front, sr):
    due = timezone.localdate() + timedelta(days=10)
    front.post(
        url(sr, "ask_pieces"),
        {
            "version": sr.version,
            "fault": "incorrect",
            "other": "Photo",
            "due_on": due.isoformat(),
        },
    )
    sr.refresh_from_db()
    assert sr.state == State.ATTENTE_PIECES
    piece = sr.pieces.get()
    assert piece.fault == PieceFault.INCORRECT
    data = {"version": sr.version, "received_pieces": [piece.pk], "channel": "guichet"}
    front.post(url(sr, "supply"), data)
    sr.refresh_from_db()
    assert sr.state == State.EN_COURS


def test_a_reason_is_about_the_pieces_that_the_file_holds(front, eas_agent):
    sr = file_request("acte-naissance-filiation")
    actions.take_request(request_id=sr.pk, version=sr.version, actor=eas_agent)
    sr.refresh_from_db()
    code = Questionnaire(sr.form_version, sr.channel).definition.documents[0].name
    Attachment.objects.create(
        request=sr,
        file="attachments/aa/dd",
        name="a.pdf",
        document_code=code,
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
    )
    due = (timezone.localdate() + timedelta(days=10)).isoformat()
    front.post(
        url(sr, "ask_pieces"),
        {
            "version": sr.version,
            "fault": "incomplete",
            "due_on": due,
            "documents": [code],
            "other": "Plan",
            "reason": "la copie est illisible",
        },
    )
    reasons = dict(sr.pieces.values_list("document_code", "reason"))
    assert reasons == {code: "la copie est illisible", "": ""}


def test_asking_for_no_piece_says_that_one_is_needed(front, sr):
    page = front.get(url(sr, "ask_pieces")).content.decode()
    assert "Pièces de la prestation (facultatif)" not in strip_tags(page)
    form = front.post(url(sr, "ask_pieces"), {"version": sr.version, "due_on": "2999-01-04"})
    errors = form.context["form"].errors
    assert "documents" in errors or "other" in errors
