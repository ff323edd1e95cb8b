"""A form built beside its preview, published, then answered by a citizen."""

import pytest
from playwright.sync_api import expect

from prestations.models import Prestation
from requests.models import RoutingRule
from tests.browser.visitor import Visitor
from tests.factories.places import make_register

pytestmark = pytest.mark.browser
BUILDER = "/agent/parametrage/prestations/voirie-graffitis/formulaire/"


def test_a_form_is_built_and_published(logged_in, administrator, catalogue):
    admin: Visitor = logged_in(administrator)
    admin.opens(BUILDER)
    admin.presses_button("Préparer une nouvelle version")
    shown = admin.page.frame_locator("iframe[name=apercu]")
    expect(shown.get_by_role("heading", level=1)).to_be_visible()
    admin.finds_no_fault()
    admin.page.get_by_role("link", name="Ajouter une question", exact=True).click()
    admin.page.get_by_label("Texte de la question").fill("Langue du tag")
    admin.page.get_by_label("Type de réponse").select_option("selectboxes")
    answers = admin.page.get_by_label("Réponse", exact=True)
    answers.nth(0).fill("Français")
    for _line in range(2):
        admin.page.get_by_role("button", name="Ajouter une réponse").click()
    expect(answers.nth(4)).to_be_focused()
    answers.nth(4).fill("Autre langue")
    expect(shown.get_by_text("Langue du tag")).to_be_visible()  # before anything is kept
    expect(shown.get_by_role("checkbox", name="Autre langue")).to_be_visible()
    admin.finds_no_fault()
    admin.presses_button("Enregistrer dans le brouillon")
    admin.sees("C’est dans le brouillon.")
    moved = admin.page.locator("#questions-langue_du_tag")
    expect(moved).to_be_focused()
    with admin.page.expect_navigation():
        admin.hits("Alt+ArrowUp")
    expect(moved).to_be_focused()
    with admin.page.expect_navigation():
        moved.locator("[data-move=down]").click()
    expect(moved.locator("[data-move=up]")).to_be_focused()  # it is the last: what is left to do
    with admin.page.expect_navigation():
        admin.hits("Enter")
    expect(moved.locator("[data-move=up]")).to_be_focused()
    admin.page.get_by_role("link", name="Ajouter une question", exact=True).click()
    admin.page.get_by_label("Texte de la question").fill("Vu le")
    admin.page.get_by_label("Type de réponse").select_option("date")
    expect(shown.get_by_text("Vu le")).to_be_visible()
    admin.presses_button("Enregistrer dans le brouillon")
    admin.sees("C’est dans le brouillon.")
    admin.page.get_by_role("link", name="Publier…").click()
    admin.sees("Langue du tag")
    admin.page.get_by_label("Ce qui change, et pourquoi").fill("Utile aux équipes")
    admin.finds_no_fault()
    admin.presses_button("Publier")
    admin.sees("est en vigueur")
    admin.finds_no_fault()
    form = Prestation.objects.get(pk="voirie-graffitis").current_form
    asked = [one["name"] for one in form.definition["fields"]]
    assert asked[-3:] == ["langue_du_tag", asked[-2], "vu_le"]
    make_register()
    draws_a_sector_by_keys(admin)
    (outline,) = RoutingRule.objects.get().conditions["area"]
    assert len(outline) == 3


def draws_a_sector_by_keys(admin: Visitor) -> None:
    """A triangle from the middle of the plan, around the rue Jean Mermoz in the south."""
    admin.opens("/agent/parametrage/orientation/nouvelle/")
    admin.fills("Nom de la règle", "Quartier Mermoz")
    admin.page.get_by_label("Service responsable").select_option("espaces-verts")
    admin.page.locator("summary", has_text="Secteur").click()
    begin = admin.page.get_by_role("button", name="Dessiner un contour")
    expect(begin).to_be_enabled()  # the plan is there
    begin.press("Enter")
    for way in ([], ["ArrowDown"] * 21 + ["ArrowLeft"] * 6, ["ArrowRight"] * 12):
        for key in [*way, "Enter"]:
            admin.hits(key)
    expect(admin.page.locator(".sector-corner")).to_have_count(3)
    admin.hits("Control+z")
    expect(admin.page.locator(".sector-corner")).to_have_count(2)
    admin.hits("Enter")
    admin.page.get_by_role("button", name="Fermer le contour").click()
    admin.sees("5 adresses dans ce secteur")
    admin.hits("PageDown")
    admin.hits("Shift+ArrowRight")
    expect(admin.page.locator("[data-live-region]")).to_contain_text("adresses dans ce secteur")
    admin.finds_no_fault()
    admin.presses_button("Enregistrer, puis rejouer")
    admin.sees("5 adresses dans ce secteur")
