"""Nothing typed is lost on the way: 0 fields to type again (use bar 5)."""

import pytest
from playwright.sync_api import expect

from requests.models import FilingDraft
from tests.browser.answering import pass_conditions

pytestmark = pytest.mark.browser

PRENOMS = "Prénoms de la personne concernée"


def begin(visitor, **context):
    citizen = visitor(**context)
    citizen.opens("/prestations/acte-naissance-filiation/demande/")
    citizen.presses_button("Commencer")
    pass_conditions(citizen, "acte-naissance-filiation")
    return citizen


def test_a_closed_window_in_the_middle_of_a_step_loses_nothing(visitor):
    citizen = begin(visitor)
    page = citizen.page
    citizen.chooses("Document demandé", "Extrait avec filiation")
    citizen.fills(PRENOMS, "Jeanne Marie")
    with page.expect_response(
        lambda one: "Jeanne" in (one.request.post_data or "") and one.status == 204
    ):
        citizen.hits("Tab")
    citizen.finds_no_fault()
    again = page.context.new_page()
    again.goto(page.url)
    page.close()
    expect(again.get_by_label(PRENOMS)).to_have_value("Jeanne Marie")
    expect(again.get_by_label("Extrait avec filiation", exact=True)).to_be_checked()


def test_a_reload_while_typing_loses_nothing(visitor, eventually):
    citizen = begin(visitor)
    citizen.fills(PRENOMS, "Jeanne Marie")  # the focus is still in the field
    citizen.page.reload()
    eventually(lambda: "titulaire_prenoms" in FilingDraft.objects.get().answers["reponses"])
    citizen.opens(citizen.page.url)
    expect(citizen.control(PRENOMS)).to_have_value("Jeanne Marie")


def test_language_and_back_lose_nothing_without_javascript(visitor):
    citizen = begin(visitor, java_script_enabled=False)
    citizen.fills(PRENOMS, "Jeanne Marie")
    citizen.presses_button("English")
    assert citizen.language == "en"
    expect(citizen.page.locator("[name='reponses.titulaire_prenoms']")).to_have_value(
        "Jeanne Marie"
    )
    citizen.presses_button("Français")
    citizen.fills("Commune et pays de naissance de la personne concernée", "Massy")
    citizen.presses_button("Retour")  # to the last question before the form
    citizen.presses_button("Continuer")
    expect(citizen.control(PRENOMS)).to_have_value("Jeanne Marie")
    citizen.hits("Tab")
    citizen.control(PRENOMS).press("Enter")  # continues: no button of the header is pressed
    citizen.sees("Renseignez « Nom de naissance de la personne concernée »")
    assert not citizen.problems
