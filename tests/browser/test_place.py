"""Where is it: by typing, by the keyboard alone, with a broken plan (bar 11); who told it (12)."""

import pytest
from playwright.sync_api import expect

from requests.models import FilingDraft, ReportFollower, ServiceRequest
from tests.browser.axe import assert_accessible
from tests.browser.visitor import Visitor
from tests.factories.places import make_register
from tests.requests.reports.support import LIGHT, report

pytestmark = pytest.mark.browser
PATH = "/prestations/voirie-intervention-rapide/demande/"
OPEN_PLAN = "Montrer l’endroit sur le plan"


def at_the_place(visitor, **context) -> Visitor:
    make_register()
    citizen = visitor(**context)
    citizen.opens(PATH)
    citizen.presses_button("Commencer")
    return citizen


def kept_place() -> dict:
    return FilingDraft.objects.get().answers["reponses"]["lieu"]


def test_place_by_keyboard_alone_then_a_pin_moved_with_the_arrows(visitor):
    citizen = at_the_place(visitor)
    page = citizen.page
    street = page.get_by_role("combobox", name="Rue ou lieu")
    street.focus()
    page.keyboard.type("12 rue jean")
    expect(page.get_by_role("option").first).to_have_text("12 rue Jean Mermoz")
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(street).to_have_attribute("aria-activedescendant", "rues-0-0")
    page.keyboard.press("Enter")
    expect(street).to_have_value("rue Jean Mermoz")
    expect(page.get_by_role("textbox", name="Numéro (facultatif)", exact=True)).to_have_value("12")
    expect(page.get_by_role("listbox")).to_be_hidden()

    page.get_by_role("button", name=OPEN_PLAN).press("Enter")
    pin = page.locator(".plan-pin")
    expect(pin).to_be_visible()
    pin.focus()
    for _ in range(20):  # 20 steps southwards: number 1 is then the nearest
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("textbox", name="Numéro (facultatif)", exact=True)).not_to_have_value(
        "12"
    )
    expect(page.locator("[data-live-region]")).to_contain_text("Repère posé")
    assert_accessible(page)
    citizen.presses_button("Continuer")
    citizen.arrives_at("Le problème")
    assert kept_place()["precision"] == "point"
    assert not citizen.problems


def test_the_number_typed_before_a_proposed_street_is_kept(visitor):
    citizen = at_the_place(visitor)
    page = citizen.page
    street = page.get_by_role("combobox", name="Rue ou lieu")
    number = page.get_by_role("textbox", name="Numéro (facultatif)", exact=True)
    for typed, kept in (("99 bis rue jean", "99 bis"), ("99, rue jean", "99"), ("rue jean", "")):
        street.fill("")
        number.fill("")
        street.press_sequentially(typed)  # a number that the register does not hold
        page.get_by_role("option", name="rue Jean Mermoz", exact=True).click()
        expect(street).to_have_value("rue Jean Mermoz")
        expect(number).to_have_value(kept)
    assert not citizen.problems


def test_the_plan_opens_at_the_typed_address_or_takes_a_pin_by_enter(visitor):
    citizen = at_the_place(visitor)
    page = citizen.page
    citizen.fills("Rue ou lieu", "rue Jean Mermoz")  # typed, not picked
    citizen.fills("Numéro", "12")
    page.get_by_role("button", name=OPEN_PLAN).press("Enter")
    pin = page.locator(".plan-pin")
    expect(pin).to_be_visible()
    page.get_by_role("button", name="Retirer le repère").press("Enter")
    expect(pin).to_be_hidden()

    page.locator(".leaflet-container").focus()
    page.keyboard.press("Enter")
    expect(pin).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-live-region]")).to_contain_text("Repère posé")
    assert not citizen.problems


def test_broken_map_never_blocks(visitor):
    citizen = at_the_place(visitor)
    page = citizen.page
    page.route("**/leaflet*.js", lambda route: route.abort())
    page.get_by_role("button", name=OPEN_PLAN).click()
    citizen.sees("Le plan ne s’affiche pas")
    citizen.fills("Rue ou lieu", "place des Arts")
    citizen.presses_button("Continuer")
    citizen.arrives_at("Le problème")
    assert kept_place()["voie"] == "place des Arts"


def test_open_reports_near_are_told_while_the_place_is_typed_and_followed_instead(
    visitor, catalogue
):
    citizen = at_the_place(visitor)
    hole, light = report(catalogue, numero="12"), report(catalogue, LIGHT, numero="5")
    page = citizen.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.route("**/*leaflet*", lambda route: route.abort())  # neither plan nor tiles
    page.route("**/plan/rues.json", lambda route: route.abort())
    street = page.get_by_role("combobox", name="Rue ou lieu")
    street.press_sequentially("3 rue jean")
    page.get_by_role("option", name="3 rue Jean Mermoz").click()
    near = page.get_by_role("link", name="C’est le même problème")
    expect(near).to_have_count(2)
    expect(page.locator("[data-live-region]")).to_have_text("Est-ce déjà signalé ?")
    expect(near.first).to_contain_text(hole.prestation.label)
    expect(near.last).to_contain_text(light.prestation.label)
    assert not citizen.scrolls_sideways()
    citizen.finds_no_fault()

    page.wait_for_load_state("networkidle")  # what was typed is kept
    near.first.click()
    citizen.sees("Suivez ce signalement au lieu d’envoyer la demande")
    citizen.finds_no_fault()
    citizen.presses_button("Me compter seulement")
    citizen.sees("vous êtes compté parmi les personnes concernées")
    assert ReportFollower.objects.get().request_id == hole.pk
    assert ServiceRequest.objects.count() == 2  # nothing was filed
    citizen.follows("Reprendre ma demande")
    citizen.sees("Est-ce déjà signalé")
    assert not citizen.problems


@pytest.mark.parametrize("failed", ["cut", "refused"])
def test_a_place_that_could_not_be_asked_about_is_asked_about_again(visitor, catalogue, failed):
    citizen = at_the_place(visitor)
    report(catalogue, numero="12")
    page = citizen.page
    answer = {
        "cut": lambda route: route.abort(),
        "refused": lambda route: route.fulfill(status=503),
    }
    page.route("**/proches/**", answer[failed])
    street = page.get_by_role("combobox", name="Rue ou lieu")
    street.press_sequentially("3 rue jean")
    page.get_by_role("option", name="3 rue Jean Mermoz").click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)  # the pause of the script has passed
    page.unroute("**/proches/**")
    near = page.get_by_role("link", name="C’est le même problème")
    expect(near).to_have_count(0)
    street.dispatch_event("change")
    expect(near).to_have_count(1)
