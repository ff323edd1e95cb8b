"""Letters on paper: what waits, what was posted."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from requests import actions
from requests.exceptions import NotAllowed
from requests.models import Document
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
PAGE = "/agent/courriers/"


def letter_for(service_request, label="Réponse") -> Document:
    document = Document(
        request=service_request,
        template="decision-refus",
        label=label,
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        to_print=True,
    )
    document.file.save("x", ContentFile(b"%PDF"))
    return document


@pytest.fixture
def letter(catalogue, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return letter_for(file_request("acte-naissance-filiation"))


def test_waiting_letter_is_listed_and_opens(front, letter):
    page = front.get(PAGE).content.decode()
    assert letter.request.reference in page
    path = f"/agent/demandes/{letter.request.reference}/fichiers/document/{letter.pk}/"
    assert path in page
    assert front.get(path).status_code == 200


def test_posted_letter_leaves_the_list_and_keeps_its_date(front, letter):
    assert front.post(PAGE, {"letter": [letter.pk]}).status_code == 302
    letter.refresh_from_db()
    first = letter.printed_at
    assert first is not None
    front.post(PAGE, {"letter": [letter.pk]})
    letter.refresh_from_db()
    assert letter.printed_at == first
    assert letter.request.reference not in front.get(PAGE).content.decode()


def test_list_makes_the_same_queries_for_one_and_for_three(
    front, letter, django_assert_num_queries
):
    front.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        front.get(PAGE)
    for number in range(2):
        letter_for(letter.request, label=f"Autre {number}")
    with django_assert_num_queries(len(one)):
        front.get(PAGE)


def test_expert_has_no_letters(expert, letter):
    assert client_of(expert, post=None).get(PAGE).status_code == 403
    with pytest.raises(NotAllowed):
        actions.mark_posted(document_ids=[letter.pk], actor=expert, now=timezone.now())


def test_refusal_waits_on_paper(front, supervisor, catalogue, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    service_request = file_request("acte-naissance-filiation")
    drain_outbox()
    actions.answer_request(
        request_id=service_request.pk,
        version=None,
        actor=supervisor,
        body="La personne n'est pas née à Massy.",
        outcome="negative",
    )
    drain_outbox()
    assert service_request.reference in front.get(PAGE).content.decode()
