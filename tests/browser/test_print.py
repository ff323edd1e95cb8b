"""On paper: what was asked and answered, on two pages at most, without what is pressed (bar 26)."""

import io

import pytest
from pypdf import PdfReader

from massy_grc.common.text import one_line
from requests.tracking import tracking_link
from tests.browser.axe import assert_accessible
from tests.browser.visitor import Visitor
from tests.factories.answers import valid_answers
from tests.requests.filed import file_request
from tests.requests.filing.support import file_valid

pytestmark = pytest.mark.browser
CERTIFICATE = "acte-naissance-filiation"
PRESSED = ("Suivre ma demande", "Envoyer mon message", "Espace agents", "Voir vos réponses")


def printed(visitor: Visitor) -> str:
    """The page's words on A4, once it reads well in grey: what contrast alone tells."""
    page = visitor.page
    page.emulate_media(media="print")
    assert_accessible(page)
    pages = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    page.emulate_media(media="screen")
    assert len(pages) <= 2
    return one_line(" ".join(one.extract_text() for one in pages)).replace("\u00a0", " ")


def test_a_request_and_its_confirmation_print_with_their_answers(catalogue, client, visitor):
    answers, _files = valid_answers(catalogue[CERTIFICATE].current_form, "web")
    filed = file_request(CERTIFICATE, answers=answers["reponses"])
    citizen = visitor()
    link = tracking_link(filed)
    citizen.opens(link[link.index("/suivi/") :])
    paper = printed(citizen)
    for words in (filed.reference, "Les étapes", "Prochaine étape", "Nom de naissance", "Durand"):
        assert words in paper, words
    assert not [words for words in PRESSED if words in paper]

    _draft, confirmation = file_valid(client, CERTIFICATE)
    cookie = client.cookies["massy_session"]
    citizen.page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": citizen.address}]
    )
    citizen.opens(confirmation)
    paper = printed(citizen)
    assert "Ce qui se passe maintenant" in paper
    assert "Nom de naissance de la personne concernée" in paper
    assert not [words for words in PRESSED if words in paper]
