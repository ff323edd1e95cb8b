"""A form built beside its preview, published, then answered by a citizen."""

import pytest
from playwright.sync_api import expect

from prestations.models import Prestation
from tests.browser.visitor import Visitor

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
