"""Suggestions under the search box: by the keyboard alone, and nothing lost without them."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_suggestion_is_chosen_by_the_keyboard(visitor):
    citizen = visitor()
    citizen.opens("/")
    box = citizen.page.get_by_role("combobox")
    box.fill("poub")
    expect(box).to_have_attribute("aria-expanded", "true")
    citizen.finds_no_fault()
    citizen.hits("ArrowDown")
    option = citizen.page.get_by_role("option").first
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    citizen.hits("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.fill("poube")
    expect(box).to_have_attribute("aria-expanded", "true")
    citizen.hits("ArrowDown")
    with citizen.page.expect_navigation():
        citizen.hits("Enter")
    assert citizen.page.url.endswith("/prestations/dechets-conteneur/")


def test_without_javascript_the_box_is_a_plain_form(visitor):
    citizen = visitor(java_script_enabled=False)
    citizen.opens("/")
    citizen.page.get_by_role("searchbox").fill("trou dans la rue")
    citizen.presses_button("Chercher")
    citizen.sees("Demande d'intervention rapide (nids de poule, ...)")
