"""Every prestation open on the web is filed over HTTP with generated valid answers."""

import pytest

from requests.models import Attachment, ServiceRequest
from tests.prestations.forms.support import catalogue as definitions
from tests.requests.filing.support import file_valid, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.crawl]


CODES = list(definitions())
FULL = [(code, ("fr", "en")[turn % 2], True) for turn, code in enumerate(CODES)]
SHORT = [(code, ("en", "fr")[turn % 2], False) for turn, code in enumerate(CODES) if turn % 3 == 0]


@pytest.mark.parametrize(("code", "language", "optional"), FULL + SHORT)
def test_every_web_open_prestation_is_filed(client, catalogue, code, language, optional):
    """Each in full, in either language by turns; each third in the other with nothing optional.

    That every form takes what is mandatory alone is shown in `test_catalogue_forms.py`.
    """
    client.cookies.load({"django_language": language})
    if not catalogue[code].open_on("web"):
        answer = client.get(f"/prestations/{code}/demande/")
        assert answer.status_code == (200 if catalogue[code].is_open else 410)
        return
    draft, confirmation = file_valid(client, code, optional=optional)
    page = client.get(confirmation)
    filed = ServiceRequest.objects.get(pk=draft.filed_request_id)
    assert filed.reference in text_of(page)
    assert filed.prestation_id == code
    assert filed.language == language
    assert not Attachment.objects.filter(draft=draft).exists()
