"""A filtered list kept under a name, found again and given up (S37)."""

import pytest

from requests.enums import State
from tests.browser.visitor import Visitor
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("script", "widths"), [(True, (1440, 390)), (False, (390, 1440))], ids=["js", "nojs"]
)
def test_a_list_is_kept_opened_changed_and_given_up(logged_in, eas_agent, script, widths):
    """Each page is looked at in both widths, and used in the last."""
    make_request(urgent=True, state=State.EN_COURS)
    make_request(state=State.EN_COURS)
    agent: Visitor = logged_in(eas_agent, java_script_enabled=script).holds(widths[-1])
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/demandes/?vue=ouvertes&filtrer=oui")
    agent.ticks("Urgentes seulement")
    agent.presses_button("Appliquer")
    agent.looks_right_at(*widths)
    agent.follows("Garder cette vue")
    agent.sees("Urgentes seulement")
    agent.looks_right_at(*widths)
    agent.fills("Nom de la vue", "Ce qui presse")
    agent.presses_button("Garder la vue")
    agent.reads("Ce qui presse")
    agent.looks_right_at(*widths)

    agent.follows("Présenter")
    agent.chooses("Ordre", "Date, le plus tard d’abord")
    agent.presses_button("Appliquer")
    agent.presses_button("Garder ces filtres dans «\u00a0Ce qui presse\u00a0»")
    agent.sees("garde maintenant ces filtres")
    agent.follows("Vues enregistrées")
    agent.looks_right_at(*widths)
    agent.presses_button("Supprimer\u00a0: Ce qui presse")
    agent.sees("Aucune vue enregistrée")
    agent.looks_right_at(*widths)
