"""The PDF: what the law wants in it, in real text, and nothing fetched."""

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from massy_grc.common.text import one_line
from prestations.models import Authority
from requests import actions
from requests.letters import pdf
from requests.letters.documents import make_document
from requests.letters.qr import qr_code
from requests.letters.rendering import render_acknowledgement
from requests.models import Document
from requests.notifications.filing import receipt_pdf
from tests.helpers import drain_outbox
from tests.requests.filed import ARRIVED, file_request

pytestmark = pytest.mark.django_db


def _text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return one_line("\n".join(page.extract_text() for page in pages))


def _acknowledgement(service_request) -> bytes:
    rendered = render_acknowledgement(service_request)
    return pdf.make_pdf(service_request, subject=rendered.subject, body=rendered.body, now=ARRIVED)


def test_an_acknowledgement_says_what_the_law_wants(catalogue):
    service_request = file_request("aides-sociales-subvention-fin-annee")
    text = _text(_acknowledgement(service_request))
    assert service_request.reference in text
    assert "lundi 2\xa0novembre 2026" in text  # received
    assert "samedi 2\xa0janvier 2027" in text  # implicit decision
    assert "considérée comme rejetée" in text
    assert "recours gracieux" in text
    assert "tribunal administratif" in text
    department = "Espace Accueil Services"
    assert department in text  # not routed yet: the team answers
    assert "1 avenue du Général-de-Gaulle" in text
    assert "01\xa060\xa013\xa030\xa000" in text
    assert "mairie@massy.example" in text
    assert "Jeanne Durand 12 rue Jean Mermoz 91300 Massy" in text
    assert "Page 1 sur 1" in text


def test_the_pdf_is_tagged_french_and_titled(catalogue):
    reader = PdfReader(io.BytesIO(_acknowledgement(file_request("acte-naissance-filiation"))))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert "accusé de réception" in reader.metadata.title
    fonts = {
        font.get_object()["/BaseFont"] for font in reader.pages[0]["/Resources"]["/Font"].values()
    }
    assert all("Atkinson" in name for name in fonts)


def test_a_reader_meets_the_letter_in_its_order_with_heads_and_alternative(catalogue):
    """RGAA 13.3, by the rules of PDF/UA-1 (ISO 14289-1) that a program can check."""
    reader = PdfReader(io.BytesIO(receipt_pdf(file_request("acte-naissance-filiation"))[1]))
    root = reader.trailer["/Root"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data()
    nodes = list(_nodes(root["/StructTreeRoot"]["/K"]))
    kinds = [node["/S"] for node in nodes]
    assert kinds.count("/H1") == 1
    assert kinds.index("/P") < kinds.index("/H1") < kinds.index("/Table") < kinds.index("/Figure")
    heads = {node["/ID"] for node in nodes if node["/S"] == "/TH"}
    cells = [node for node in nodes if node["/S"] == "/TD"]
    assert cells
    assert {head for cell in cells for head in cell["/A"]["/Headers"]} == heads
    (figure,) = (node for node in nodes if node["/S"] == "/Figure")
    assert figure["/Alt"].startswith("Code à lire avec un téléphone")
    assert all(page["/Tabs"] == "/S" for page in reader.pages)
    assert [_untagged(page, reader) for page in reader.pages] == [0] * len(reader.pages)


def _nodes(node) -> Iterator[dict]:
    """The structure elements, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            yield from _nodes(one)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _nodes(node["/K"])


def _untagged(page, reader: PdfReader) -> int:
    """How many texts of a page stand outside its structure."""
    depth = untagged = 0
    for _operands, operator in ContentStream(page.get_contents(), reader).operations:
        depth += (operator in (b"BDC", b"BMC")) - (operator == b"EMC")
        untagged += operator in (b"Tj", b"TJ") and not depth
    return untagged


def test_markup_in_an_answer_is_text(catalogue):
    service_request = file_request(
        "voirie-intervention-rapide", subject="<script>x</script> <img src=http://a.example/x>"
    )
    assert "<script>x</script>" in _text(_acknowledgement(service_request))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "file:///etc/passwd", "font:../../x", "data:text/plain,x"]
)
def test_nothing_but_our_fonts_is_fetched(url):
    fetcher = pdf._fetcher(pdf._weasyprint())
    with pytest.raises((ValueError, OSError)):
        fetcher.fetch(url)


def test_without_pango_the_letter_is_kept_as_text(catalogue, monkeypatch):
    def missing():
        raise pdf.PdfUnavailable("no pango")

    monkeypatch.setattr(pdf, "_weasyprint", missing)
    assert not pdf.pdf_available()
    service_request = file_request("acte-naissance-filiation")
    document = make_document(
        service_request,
        render_acknowledgement(service_request),
        label="Accusé de réception",
        now=ARRIVED,
        to_print=True,
    )
    assert document.media_type == "text/plain"
    assert service_request.reference in document.file.read().decode()


def test_a_document_is_made_once(catalogue):
    service_request = file_request("acte-naissance-filiation")
    rendered = render_acknowledgement(service_request)
    first = make_document(service_request, rendered, label="Lettre", now=ARRIVED)
    again = make_document(service_request, rendered, label="Lettre", now=ARRIVED)
    assert again == first
    assert len(first.sha256) == 64
    assert first.size > 1000


def test_paper_carries_no_secret_link(catalogue):
    service_request = file_request("voirie-intervention-rapide")
    rendered = render_acknowledgement(service_request)
    assert "/suivi/lien/" in rendered.body
    document = make_document(service_request, rendered, label="Lettre", now=ARRIVED)
    text = _text(document.file.read())
    assert "/suivi/lien/" not in text
    assert service_request.tracking_code in text


def test_the_qr_code_leads_to_tracking_and_holds_no_secret(catalogue, settings, monkeypatch):
    held = []
    monkeypatch.setattr(pdf, "qr_code", lambda text: held.append(text) or qr_code(text))
    service_request = file_request("acte-naissance-filiation")
    content = pdf.make_pdf(service_request, subject="Lettre", body="Bonjour,", now=ARRIVED)
    lookup = f"{settings.PUBLIC_URL}/suivi/"
    assert held == [f"{lookup}?reference={service_request.reference}"]
    assert f"Suivre cette demande {lookup} Numéro {service_request.reference}" in _text(content)
    assert service_request.tracking_code not in _text(content)


def test_a_letter_to_another_administration_does_not_offer_tracking(catalogue, eas_agent):
    service_request = file_request("voirie-intervention-rapide")
    actions.forward_request(
        request_id=service_request.pk,
        version=None,
        actor=eas_agent,
        authority=Authority.objects.get(pk="departement"),
        reason="C’est une route départementale.",
    )
    drain_outbox()
    letter = Document.objects.get(request=service_request, label__endswith="de l'Essonne")
    text = _text(letter.file.read())
    assert service_request.reference in text
    assert "Suivre cette demande" not in text


def test_the_address_of_the_qr_code_asks_for_the_code(client, catalogue):
    service_request = file_request("acte-naissance-filiation")
    page = client.get("/suivi/", {"reference": service_request.reference}).content.decode()
    assert f'value="{service_request.reference}"' in page
    assert service_request.requester_name not in page
