"""Replies the town has ready, put into a text by « :: » (use bar 32)."""

import pytest
from playwright.sync_api import expect

from requests.enums import State
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


def test_two_keys_offer_the_replies_and_a_field_left_bars_the_sending(logged_in, eas_agent):
    sr = make_request(state=State.EN_COURS, assignee=eas_agent, front_agent=eas_agent)
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie principale", "Guichet")
    agent.opens(f"/agent/demandes/{sr.reference}/")
    box = agent.page.get_by_label("Votre message")
    offered = agent.page.get_by_role("listbox", name="Réponses types")
    box.click()
    agent.page.keyboard.type("Voici. ::")
    expect(offered.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    expect(offered).to_be_in_viewport(ratio=1)
    agent.page.keyboard.type("demande inf")
    only = offered.get_by_role("option")
    expect(only).to_have_text("1 Réponse à une demande d'information")
    expect(box).to_have_attribute("aria-activedescendant", only.get_attribute("id"))
    agent.finds_no_fault()
    agent.hits("Escape")
    expect(offered).to_be_hidden()
    expect(box).to_be_focused()
    agent.hits("Escape")
    expect(box).not_to_be_focused()

    box.fill("::transmission expert")
    agent.hits("1")
    expect(offered).to_be_hidden()
    text = box.input_value()
    assert f"entre les mains du service {sr.team.label}" in text
    assert "{" not in text
    agent.page.keyboard.type(" ::réponse demande")
    agent.hits("Enter")
    hole = box.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert hole == "{Réponse au citoyen}"

    agent.presses_button("Relire avant l’envoi")
    agent.sees("votre texte contient encore « {Réponse au citoyen} »")
    kept = agent.page.locator("textarea[name=body]")
    kept.fill(kept.input_value().replace(hole, "Le square ouvre à 8 h."))
    agent.presses_button("Relire avant l’envoi")
    agent.sees("Le square ouvre à 8 h.")
    agent.finds_no_fault()


def test_both_signs_work_in_a_note_and_another_letter_offers_its_replies(logged_in, eas_agent):
    sr = make_request(state=State.EN_COURS, assignee=eas_agent, front_agent=eas_agent)
    agent = logged_in(eas_agent)
    agent.sits_at("Mairie principale", "Guichet")
    agent.opens(f"/agent/demandes/{sr.reference}/note/")
    note = agent.page.locator("textarea[name=body]")
    note.click()
    agent.page.keyboard.type("::")
    expect(agent.page.get_by_role("option").first).to_be_visible()
    for typed, words in (("::zut", "Aucune réponse type"), ("@@zut", "Personne de ce nom")):
        note.fill(typed)
        expect(agent.page.get_by_role("option")).to_contain_text(words)
        expect(agent.page.locator("[data-live-region]")).to_contain_text(words)
        agent.hits("Enter")
        expect(agent.page.get_by_role("option")).to_have_count(0)
        expect(note).to_have_value(typed)

    agent.opens(f"/agent/demandes/{sr.reference}/answer/")
    agent.page.get_by_label("Défavorable").check()
    refusal = agent.page.locator("textarea[name=body][data-replies$='/refusal/']")
    refusal.click()
    agent.page.keyboard.type("::")
    offered = agent.page.get_by_role("listbox", name="Réponses types")
    expect(offered.get_by_role("option", name="Clôture sans intervention")).to_be_visible()


def test_a_merge_field_is_put_where_one_was_writing(logged_in, eas_agent):
    agent = logged_in(eas_agent)
    agent.opens("/agent/courriers/modeles/transmission-service/modifier/")
    fields = agent.page.get_by_role("complementary", name="Champs de fusion")
    body, subject = (agent.control(label) for label in ("Texte", "Objet"))
    body.evaluate("area => { area.value = 'Bonjour,' }")
    field = fields.get_by_role("button", name="{{ requete.reference }}")
    field.focus()
    agent.hits("Enter")
    expect(body).to_have_value("Bonjour,{{ requete.reference }}")
    subject.fill("Votre demande ")
    field.click()
    expect(subject).to_have_value("Votre demande {{ requete.reference }}")
    expect(subject).to_be_focused()
    agent.finds_no_fault()
