"""Nothing typed is lost on the way: 0 fields to type again (use bar 5)."""

import pytest
from playwright.sync_api import expect

from requests.models import FilingDraft
from tests.browser.answering import pass_conditions
from tests.factories.citizens import make_account
from tests.factories.users import PASSWORD

pytestmark = pytest.mark.browser

NOM = "Nom de naissance de la personne concernée"
PRENOMS = "Prénoms de la personne concernée"


def begin(visitor, **context):
    citizen = visitor(**context)
    citizen.opens("/prestations/acte-naissance-filiation/demande/")
    citizen.presses_button("Commencer")
    pass_conditions(citizen, "acte-naissance-filiation")
    citizen.chooses("Document demandé", "Extrait avec filiation")
    citizen.presses_button("Continuer")
    return citizen


def test_a_closed_window_in_the_middle_of_a_step_loses_nothing(visitor):
    citizen = begin(visitor)
    page = citizen.page
    citizen.fills(NOM, "Durand")
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
    expect(again.get_by_label(NOM)).to_have_value("Durand")


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
    citizen.presses_button("Retour")  # to the page before
    citizen.presses_button("Continuer")
    expect(citizen.control(PRENOMS)).to_have_value("Jeanne Marie")
    citizen.hits("Tab")
    citizen.control(PRENOMS).press("Enter")  # continues: no button of the header is pressed
    citizen.sees("Renseignez « Nom de naissance de la personne concernée »")
    assert not citizen.problems


NOT_SAVED = "Ce que vous venez d’écrire n’est pas enregistré"


def test_a_session_that_ended_is_told_while_typing_and_gives_back_the_page(visitor, logged_in):
    owner = make_account(email="aicha@courriel.example")
    citizen = begin(lambda **context: logged_in(owner.user, **context))
    page, step = citizen.page, citizen.page.url
    page.context.clear_cookies(name="massy_session")
    citizen.fills(PRENOMS, "Jeanne Marie")
    citizen.hits("Tab")
    citizen.sees(NOT_SAVED)
    citizen.presses_button("Se connecter", within=page.locator("[data-not-saved]"))
    citizen.reads("Votre session est terminée")
    citizen.follows("Se connecter", within=page.locator("main"))
    citizen.fills("Adresse électronique", owner.user.email)
    citizen.fills("Mot de passe", PASSWORD)
    citizen.presses_button("Se connecter", within=page.locator("main"))
    assert page.url == step
    expect(citizen.control(PRENOMS)).to_have_value("Jeanne Marie")


@pytest.mark.parametrize("status", [404, 500, 302])
def test_an_answer_that_kept_nothing_is_never_taken_for_saved(visitor, status):
    citizen = begin(visitor)
    where = {"Location": "/compte/login/"} if status == 302 else {}
    citizen.page.route(
        "**/demande/**",
        lambda route: (
            route.fulfill(status=status, headers=where)
            if "autosave" in (route.request.post_data or "")
            else route.continue_()
        ),
    )
    citizen.fills(PRENOMS, "Jeanne Marie")
    citizen.hits("Tab")
    citizen.sees(NOT_SAVED)
    citizen.page.unroute("**/demande/**")
    citizen.presses_button("Enregistrer", within=citizen.page.locator("[data-not-saved]"))
    expect(citizen.control(PRENOMS)).to_have_value("Jeanne Marie")
    expect(citizen.page.get_by_text(NOT_SAVED)).to_be_hidden()
    assert FilingDraft.objects.get().answers["reponses"]["titulaire_prenoms"] == "Jeanne Marie"
