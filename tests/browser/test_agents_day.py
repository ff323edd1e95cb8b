"""An agent's day by keyboard: news, a file in place, an article, the notes of a call."""

import re

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from requests import actions
from requests.enums import NoticeKind, State
from requests.models import Attachment
from tests.browser.visitor import PNG
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


def test_news_come_by_themselves_and_work_is_done_where_one_stands(
    logged_in, eas_agent, supervisor, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    sr = make_request(state=State.EN_COURS, assignee=eas_agent, front_agent=eas_agent)
    content = PNG.read_bytes()
    for name in ("trou.png", "rue.png"):
        Attachment.objects.create(
            request=sr,
            file=ContentFile(content, name=name),
            name=name,
            media_type="image/png",
            size=len(content),
            sha256="x",
        )
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie principale", "Guichet")
    agent.page.set_viewport_size({"width": 1440, "height": 1600})  # nothing is scrolled away
    agent.page.clock.install()
    agent.opens(f"/agent/demandes/{sr.reference}/")
    bell = agent.page.get_by_role("link", name=re.compile("Notifications"))
    expect(bell).to_have_text(re.compile("0$"))
    actions.notify(
        [eas_agent],
        kind=NoticeKind.ASSIGNED,
        key="news",
        service_request=sr,
        actor_id=supervisor.pk,
    )
    agent.page.clock.fast_forward("01:01")
    expect(bell).to_have_text(re.compile("1$"))

    asked = []
    agent.page.on("request", lambda one: asked.append(one.url))
    first = agent.page.get_by_role("link", name=re.compile("Aperçu : trou"))
    assert not [url for url in asked if "/apercu/" in url]
    first.focus()
    agent.hits("Enter")
    box = agent.page.get_by_role("dialog", name="trou.png")
    expect(box.get_by_role("img", name="trou.png")).to_be_visible()
    agent.finds_no_fault()
    picture = box.get_by_role("img", name="trou.png")
    upright = picture.bounding_box()
    agent.hits("r")
    turned = picture.bounding_box()
    assert (turned["width"] > turned["height"]) != (upright["width"] > upright["height"])
    agent.hits("+")
    assert picture.bounding_box()["width"] > turned["width"]
    agent.hits("ArrowRight")
    expect(agent.page.get_by_role("img", name="rue.png")).to_be_visible()
    agent.hits("Escape")
    expect(agent.page.get_by_role("link", name=re.compile("Aperçu : rue"))).to_be_focused()

    message = agent.page.get_by_label("Votre message")
    message.click()
    agent.types("Voyez ??passeport")
    agent.page.clock.fast_forward("00:01")
    offered = agent.page.get_by_role("listbox", name="Articles")
    expect(offered.get_by_role("option").first).to_be_visible()
    agent.finds_no_fault()
    agent.hits("Enter")
    expect(message).to_have_value(re.compile(r"^Voyez .+\s: https?://"))
    note = agent.page.get_by_label("Votre note")
    note.fill("Voisin d’en face")
    agent.page.reload()
    expect(message).to_have_value(re.compile(r"^Voyez .+"))
    expect(note).to_have_value("Voisin d’en face")
    agent.presses_button("Ajouter la note interne")
    agent.sees("Voisin d’en face")
    expect(note).to_have_value("")
    expect(message).to_have_value(re.compile(r"^Voyez .+"))
    agent.opens(f"/agent/demandes/{sr.reference}/imprimer/")
    agent.finds_no_fault()

    agent.opens("/agent/notifications/")
    agent.arrives_at("Notifications")
    agent.follows("vous confie une demande")
    expect(bell).to_have_text(re.compile("0$"))
    agent.opens("/agent/preferences/")
    agent.arrives_at("Mes préférences")

    agent.opens("/agent/accueil/appel/")
    agent.arrives_at("Prendre des notes")
    expect(agent.page.get_by_label("Ce qui est demandé")).to_be_focused()
    agent.types("Un nid-de-poule rue Gambetta.\n\nLa piscine ouvre quand")
    agent.hits("Control+Enter")
    agent.arrives_at("Qualifier les questions")
    section = agent.page.get_by_role("region", name="Question 1")
    agent.presses_button("Ouvrir une demande", within=section)
    agent.sees(re.compile("Demande .* ouverte"))
    kept = "Object.keys(sessionStorage).filter((key) => key.startsWith('brouillon/')).length"
    assert agent.page.evaluate(kept) == 1  # the message that was not sent
    agent.page.locator(".topbar-tools summary").click()
    agent.presses_button("Se déconnecter")
    assert agent.page.evaluate(kept) == 0
