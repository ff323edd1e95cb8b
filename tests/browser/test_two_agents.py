"""Two agents on one request: they see each other, and the second loses nothing (use bar 30)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import expect

from requests import actions
from requests.actions import presence
from requests.enums import State
from requests.models import ServiceRequest
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


def test_an_open_page_asks_often_enough():
    """Presence within three seconds: what begins is told at once, and read at the next beat."""
    script = (settings.BASE_DIR / "static/js/presence.js").read_text()
    (milliseconds,) = re.findall(r"const IN_FRONT = (\d+);", script)
    assert int(milliseconds) <= 2_500
    assert timedelta(milliseconds=int(milliseconds)) < presence.IN_FRONT  # or it would flicker


def test_two_agents_see_each_other_and_the_second_writer_keeps_the_draft(
    logged_in, eas_agent, supervisor
):
    sr = make_request(state=State.EN_COURS, assignee=eas_agent, front_agent=eas_agent)
    first, second = logged_in(eas_agent), logged_in(supervisor)
    for agent in (first, second):
        agent.sits_at("Mairie principale", "Guichet")
    page = f"/agent/demandes/{sr.reference}/"
    first.opens(f"{page}answer/")
    second.opens(f"{page}answer/")
    seen_by_first = first.page.locator("[data-present]")
    expect(seen_by_first).to_contain_text("a aussi ouvert cette demande")

    second.page.locator("textarea[name=body]").fill("Le trou est rebouché.")
    expect(seen_by_first).to_contain_text("est en train d’écrire")

    actions.set_urgent(request_id=sr.pk, version=None, actor=eas_agent, urgent=True)
    actions.receive_message(request_id=sr.pk, body="Le trou s’est agrandi.")
    news = second.page.locator("[data-present]")
    expect(news).to_contain_text("Message reçu du demandeur")

    second.page.get_by_role("button", name="Relire avant l’envoi").click()
    told = second.page.locator("main [role=alert]", has_text="Le demandeur a écrit")
    expect(told).to_contain_text("Le trou s’est agrandi.")
    expect(told).to_contain_text("urgente")
    expect(second.page.locator("textarea[name=body]")).to_have_value("Le trou est rebouché.")
    second.finds_no_fault()

    second.page.close()
    expect(seen_by_first).not_to_contain_text("est en train d’écrire")
    assert ServiceRequest.objects.get(pk=sr.pk).state == State.EN_COURS
