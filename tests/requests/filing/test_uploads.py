"""Files: kept at once, judged by content, served safely and only to who may read them."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from prestations.forms import Questionnaire
from prestations.models import FormVersion, Prestation
from requests.enums import UploadScan
from requests.models import Attachment, ServiceRequest
from requests.uploads import MAX_BYTES, MAX_FILES, UploadRefused, inspect_upload, safe_name
from tests.factories.answers import JPEG_BYTES, PDF_BYTES, PNG_BYTES
from tests.requests.filing.support import begin, file_valid, step_url, text_of

CODE = "certificat-changement-domicile"
GRANT = "association-subvention"
IDENTITY = "documents.piece-identite"


def upload(content=PDF_BYTES, name="carte.pdf"):
    return SimpleUploadedFile(name, content)


# --- by content --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PDF_BYTES, "application/pdf"), (PNG_BYTES, "image/png"), (JPEG_BYTES, "image/jpeg")],
)
def test_accepted_kinds(content, media_type):
    assert inspect_upload(upload(content)).media_type == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00" + b"\x00" * 200,
        b"<html><script>alert(1)</script>%PDF-1.4",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"PK\x03\x04" + b"\x00" * 100,
        b"GIF89a" + b"\x00" * 100,
        b"#!/bin/sh\n",
    ],
)
def test_forbidden_content_is_refused_whatever_its_name(content):
    with pytest.raises(UploadRefused):
        inspect_upload(upload(content, "carte.pdf"))


def test_too_large_is_refused():
    with pytest.raises(UploadRefused, match=r"10,\d Mo : c’est trop. Le maximum est de 10 Mo"):
        inspect_upload(upload(PDF_BYTES + b"0" * MAX_BYTES))


def test_forged_extension_gets_the_real_one():
    assert inspect_upload(upload(PNG_BYTES, "carte.pdf")).name == "carte.pdf.png"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\carte.pdf", "carte.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("photo\u202efdp.exe", "photofdp.exe"),
        ("", "fichier"),
        ("...", "fichier"),
        ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
    ],
)
def test_shown_names_are_harmless(given, shown):
    assert safe_name(given) == shown


# --- in the form -------------------------------------------------------------------------------


@pytest.fixture
def papers(client, catalogue):
    """A draft and the address of its documents page."""
    draft = begin(client, CODE)
    from prestations.forms import Questionnaire

    steps = Questionnaire(draft.form_version, "web").steps()
    return draft, step_url(draft, next(s.number for s in steps if s.kind == "documents"))


@pytest.mark.django_db
def test_file_is_kept_through_an_error_elsewhere(client, papers):
    draft, url = papers
    response = client.post(url, {IDENTITY: upload()})
    assert response.status_code == 200
    assert "carte.pdf" in text_of(response)
    assert "Joignez le document « Justificatif" in text_of(response)
    assert draft.attachments.get().scan == UploadScan.UNSCANNED
    assert text_of(client.get(url)).count("Joignez") == 0


@pytest.mark.django_db
def test_refused_file_says_why_and_keeps_the_others(client, papers):
    draft, url = papers
    bad = upload(b"MZ\x90\x00", "virus.pdf")
    page = text_of(client.post(url, {IDENTITY: [upload(), bad]}))
    assert "« virus.pdf » n’est ni un PDF" in page
    assert draft.attachments.get().name == "carte.pdf"


@pytest.mark.django_db
def test_file_can_be_removed(client, papers, media):
    draft, url = papers
    client.post(url, {IDENTITY: upload()})
    client.post(url, {"remove": draft.attachments.get().pk})
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_removed_file_leaves_the_disk(client, papers, media):
    draft, url = papers
    client.post(url, {IDENTITY: upload()})
    assert [path for path in media.rglob("*") if path.is_file()]
    client.post(url, {"remove": draft.attachments.get().pk})
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_eleventh_file_is_refused(client, papers):
    draft, url = papers
    files = [upload(PDF_BYTES + b"%d" % number) for number in range(MAX_FILES + 1)]
    page = text_of(client.post(url, {IDENTITY: files}))
    assert "c’est le maximum" in page
    assert draft.attachments.count() == MAX_FILES


@pytest.mark.django_db
def test_a_file_sent_again_after_a_lost_answer_is_there_once(client, papers):
    draft, url = papers
    for _time in range(2):
        page = client.post(url, {"action": "upload", IDENTITY: upload()})
        assert page.status_code == 200
    assert draft.attachments.count() == 1


@pytest.mark.django_db
def test_a_file_goes_as_soon_as_it_is_chosen(client, papers):
    draft, url = papers
    page = text_of(client.post(url, {"action": "upload", IDENTITY: upload(b"MZ", "virus.exe")}))
    assert "« virus.exe » n’est ni un PDF" in page
    client.post(url, {"action": "upload", IDENTITY: upload()})
    draft.refresh_from_db()
    assert (draft.attachments.count(), draft.steps_done) == (1, [])


@pytest.mark.django_db
def test_why_a_file_was_refused_is_still_told_when_nothing_replaced_it(client, papers):
    _draft, url = papers
    client.post(url, {"action": "upload", IDENTITY: upload(b"MZ", "virus.exe")})
    page = text_of(client.post(url, {}))
    assert "« virus.exe » n’est ni un PDF" in page
    assert "Joignez le document « Pièce d'identité »" not in page
    client.post(url, {"action": "upload", IDENTITY: upload()})
    assert "virus.exe" not in text_of(client.post(url, {}))


@pytest.mark.django_db
def test_a_phone_is_offered_its_camera_and_its_photos(client, papers):
    _draft, url = papers
    page = text_of(client.get(url))
    for name in (IDENTITY, "documents.justificatif-domicile"):
        ways = re.findall(f'<input [^>]*name="{name}"[^>]*>', page)
        assert ["capture=" in one for one in ways] == [False, True]


@pytest.mark.django_db
def test_somebody_elses_file_cannot_be_removed(client, papers):
    _draft, url = papers
    other = begin(Client(), CODE)
    stored = Attachment.objects.create(draft=other, name="x", size=1)
    for number in (stored.pk, "abc", "-1", "9" * 40):
        client.post(url, {"remove": number})
    assert Attachment.objects.filter(pk=stored.pk).exists()


@pytest.mark.django_db
def test_stored_name_is_random(client, papers, media):
    _draft, url = papers
    client.post(url, {IDENTITY: upload(name="../../evil.pdf")})
    stored = Attachment.objects.get()
    assert "evil" not in stored.file.name
    assert stored.name == "evil.pdf"


# --- reading -----------------------------------------------------------------------------------


def read(client, attachment):
    return client.get(reverse("requests:attachment", args=[attachment.pk]))


@pytest.mark.django_db
def test_own_draft_file_is_downloaded_never_shown(client, papers):
    _draft, url = papers
    client.post(url, {IDENTITY: upload()})
    response = read(client, Attachment.objects.get())
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert b"".join(response.streaming_content) == PDF_BYTES


@pytest.mark.django_db
def test_strangers_and_missing_files_answer_alike(client, papers):
    _draft, url = papers
    client.post(url, {IDENTITY: upload()})
    foreign = read(Client(), Attachment.objects.get())
    missing = Client().get(reverse("requests:attachment", args=[999_999]))
    assert (foreign.status_code, missing.status_code) == (404, 404)


@pytest.mark.django_db
def test_filed_file_has_no_untraced_door_for_agents(client, catalogue, login, eas_agent):
    file_valid(client, CODE)
    filed = ServiceRequest.objects.get()
    stored = filed.attachments.first()
    assert read(client, stored).status_code == 404
    assert read(login(Client(), eas_agent), stored).status_code == 404
    assert Client().get(f"/agent/demandes/{filed.reference}/recu.pdf").status_code == 404


@pytest.mark.django_db
def test_quarantined_file_is_never_served(client, papers):
    _draft, url = papers
    client.post(url, {IDENTITY: upload()})
    Attachment.objects.update(scan=UploadScan.QUARANTINED)
    assert read(client, Attachment.objects.get()).status_code == 404


def test_upload_field_of_other_forms_judges_alike():
    from django import forms

    from requests.uploads import UploadField

    class Form(forms.Form):
        piece = UploadField(label="Pièce")

    assert Form({}, {"piece": upload()}).is_valid()
    assert not Form({}, {"piece": upload(b"MZ")}).is_valid()
    assert io.BytesIO(PDF_BYTES).read(5) == b"%PDF-"


# --- a page that may be passed -----------------------------------------------------------------


def papers_of(draft):
    """The page of its documents."""
    steps = Questionnaire(draft.form_version, "web").steps(draft.answers)
    return next(one for one in steps if one.kind == "documents")


def test_a_page_of_optional_documents_may_be_passed_and_says_so(client, catalogue):
    version = Prestation.objects.get(pk="qf-calcul").current_form
    optional = {"mode": "conditional", "condition": "Si vous l’avez", "required_if": None}
    definition = version.definition
    definition["documents"] = [one | optional for one in definition["documents"]]
    FormVersion.objects.filter(pk=version.pk).update(definition=definition)
    draft = begin(client, "qf-calcul")
    number = papers_of(draft).number
    url = step_url(draft, number)
    page = text_of(client.get(url))
    assert "Si rien ne vous concerne, passez cette étape" in page
    assert "Continuer sans document" in page
    key = next(iter(client.get(url).context["form"].fields))
    client.post(url, {key: upload(), "action": "upload"})
    page = text_of(client.get(url))
    assert "Continuer sans document" not in page
    client.post(url, {"remove": Attachment.objects.get().pk})
    assert client.post(url, {"action": "continue"})["Location"] == step_url(draft, number + 1)


def test_a_page_with_a_mandatory_document_is_not_passed(client, catalogue):
    draft = begin(client, "qf-calcul")
    papers = papers_of(draft)
    assert any(question.required for question in papers.questions)
    assert "Continuer sans document" not in text_of(client.get(step_url(draft, papers.number)))


def test_a_national_form_is_found_before_the_form_and_beside_its_document(client, catalogue):
    link = 'href="https://www.service-public.gouv.fr/associations/vosdroits/R1271"'
    assert link in text_of(client.get(f"/prestations/{GRANT}/demande/"))
    draft = begin(client, GRANT)
    papers = [
        page
        for step in Questionnaire(draft.form_version, "web").steps({})
        if "cerfa-12156" in (page := text_of(client.get(step_url(draft, step.number))))
    ]
    assert len(papers) == 1
    assert link in papers[0]
