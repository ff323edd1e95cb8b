"""A list taken out as a file, from its button to the download; the page of the work (R21)."""

import pytest

from backoffice.export_writing import write_list_export
from backoffice.models import ListExport
from requests.enums import State
from tests.browser.visitor import Visitor
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


def asks(logged_in, agent, **options) -> Visitor:
    """Somebody who has asked for the file of what is urgent, and reads how far it is."""
    make_request(urgent=True, state=State.EN_COURS)
    visitor: Visitor = logged_in(agent, **options)
    visitor.sits_at("Mairie annexe", "Guichet")
    visitor.opens("/agent/demandes/?vue=ouvertes&urgent=on")
    visitor.follows("Exporter")
    visitor.sees("Urgentes seulement")
    visitor.page.get_by_label("Avec les réponses du formulaire").check()
    visitor.looks_right()
    visitor.presses_button("Préparer le fichier")
    visitor.sees("Le fichier se prépare")
    visitor.looks_right()
    return visitor


def test_the_page_shows_that_it_is_ready_without_losing_the_focus(logged_in, eas_agent):
    visitor = asks(logged_in, eas_agent)
    page = visitor.page
    page.get_by_role("button", name="Annuler l’export").focus()
    write_list_export(export_id=ListExport.objects.get().pk)
    fetch = page.get_by_role("link", name="Télécharger")
    fetch.wait_for()
    assert page.evaluate("document.activeElement.id") == "followed-act"
    assert page.locator("[data-live-region]").inner_text() == "Le fichier est prêt"
    visitor.looks_right()
    with page.expect_download() as fetched:
        fetch.press("Enter")
    assert fetched.value.suggested_filename.endswith(".xlsx")
    visitor.follows("Mes exports")
    visitor.sees("Prêt")
    visitor.looks_right()


def test_without_javascript_the_page_is_loaded_again_on_demand(logged_in, eas_agent):
    visitor = asks(logged_in, eas_agent, java_script_enabled=False).holds(390)
    visitor.follows("Actualiser toutes les 5 secondes")
    visitor.sees("Ne plus actualiser")
    write_list_export(export_id=ListExport.objects.get().pk)
    visitor.page.get_by_role("link", name="Télécharger").wait_for()
    visitor.looks_right()
