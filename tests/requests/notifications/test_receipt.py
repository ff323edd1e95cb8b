"""The receipt as PDF behind the confirmation address."""

import io

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from massy_grc.common.text import one_line
from requests.letters import pdf
from requests.views.filing_done import SALT, confirmation_url
from tests.helpers import drain_outbox
from tests.requests.filed import file_request, filed_here

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(catalogue, client):
    filed = file_request("acte-naissance-filiation")
    filed_here(client, filed)
    return filed


def _address(service_request, salt=SALT) -> str:
    return reverse("requests:receipt", args=[signing.dumps(service_request.pk, salt=salt)])


def _text(response) -> str:
    pages = PdfReader(io.BytesIO(response.content)).pages
    assert len(pages) <= 2
    return one_line("\n".join(page.extract_text() for page in pages))


def test_the_receipt_is_there_before_any_worker_has_run(client, filed):
    response = client.get(_address(filed))
    assert response["Content-Type"] == "application/pdf"
    text = _text(response)
    assert filed.reference in text
    assert filed.tracking_code in text
    assert "Réponse prévue au plus tard le" in text
    assert filed.documents.count() == 0


def test_the_kept_receipt_is_served_once_it_is_made(client, filed):
    drain_outbox()
    kept = filed.documents.get(label="Récépissé de dépôt").file.read()
    assert client.get(_address(filed)).content == kept


def test_the_counter_receipt_is_one_page_that_says_each_thing_once(client, catalogue, eas_agent):
    filed = file_request("acte-naissance-filiation", channel="guichet", actor=eas_agent)
    filed_here(client, filed)
    drain_outbox()
    response = client.get(_address(filed))
    assert len(PdfReader(io.BytesIO(response.content)).pages) == 1
    text = _text(response)
    assert text.count(filed.tracking_code) == 1
    assert text.count("Réponse prévue au plus tard le") == 1
    assert "Suivre votre demande" in text


def test_without_the_browser_that_filed_the_address_opens_nothing(client, filed):
    filed.requester_email = ""
    filed.save(update_fields=["requester_email"])
    page = confirmation_url(filed)
    assert filed.tracking_code in client.get(page).content.decode()
    tracked = {"reference": filed.reference, "secret": filed.tracking_code}
    client.post("/suivi/", tracked)
    client.post("/suivi/quitter/")
    for anybody in (client, Client()):
        text = anybody.get(page).content.decode()
        assert filed.reference in text
        assert filed.tracking_code not in text
        assert anybody.get(_address(filed)).status_code == 410


def test_a_forged_address_opens_nothing(client, filed):
    assert client.get(_address(filed, salt="other")).status_code == 410


def test_without_pango_the_receipt_is_a_page_that_says_so(client, filed, monkeypatch):
    def missing():
        raise pdf.PdfUnavailable("no pango")

    monkeypatch.setattr(pdf, "_weasyprint", missing)
    page = client.get(_address(filed)).content.decode()
    assert "ne produit pas de PDF" in page
    assert filed.reference in page
