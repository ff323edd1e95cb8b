"""A letter that speaks of a document to collect is offered where there is one; its place."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from prestations.models import Site
from requests.enums import State
from tests.backoffice.views.conftest import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
LAMP = "eclairage-equipement-defectueux"
CERTIFICATE = "acte-naissance-filiation"


def offered(browser, sr, verb):
    page = browser.get(url(sr, verb)).content.decode()
    return set(re.findall(r'<option value="([a-z-]+)"', page.partition('name="template"')[2]))


def test_nobody_is_told_to_collect_what_is_not_ready(front, held):
    for code in (LAMP, CERTIFICATE):
        sr = held(code)
        assert "rappel-retrait" not in offered(front, sr, "write")
        sent = front.post(
            url(sr, "write"),
            {
                "version": sr.version,
                "step": "preview",
                "template": "rappel-retrait",
                "body": "Oui.",
            },
        )
        assert 'class="letter-preview"' not in sent.content.decode()


def test_an_answer_says_to_collect_where_the_prestation_hands_something_over(front, held):
    assert "document-pret" in offered(front, held(CERTIFICATE), "answer")
    assert "document-pret" not in offered(front, held(LAMP), "answer")


def test_a_reminder_names_the_place_and_the_day_that_were_told(front, held, eas_agent):
    sr = held(CERTIFICATE)
    until = timezone.localdate() + timedelta(days=40)
    front.post(
        url(sr, "ready"),
        {
            "version": sr.version,
            "template": "document-pret",
            "retrait__lieu": "mairie-annexe",
            "retrait__date_limite": until.isoformat(),
        },
    )
    sr.refresh_from_db()
    assert sr.state == State.A_RETIRER
    assert "rappel-retrait" in offered(front, sr, "write")
    chosen = {"version": sr.version, "step": "choose", "template": "rappel-retrait", "body": ""}
    page = front.post(url(sr, "write"), chosen).content.decode()
    assert '<option value="mairie-annexe" selected>' in page
    assert f'value="{until.isoformat()}"' in page


def test_a_document_waits_where_its_prestation_is_given(front, held):
    """An identity card asked for at the annexe waits there, whichever desk noted it."""
    desk = Site.objects.get(pk="mairie-principale")
    sr = held("cni-mairie-annexe", site=desk, channel="guichet")
    page = front.get(url(sr, "ready")).content.decode()
    assert '<option value="mairie-annexe" selected>' in page
