"""A citizen record in an agent's hands, then the officer who reviews who looked at it (S69)."""

import pytest

from citizens.models import HouseholdTie
from prestations.enums import Role
from requests import actions
from requests.models import RecordNote
from tests.browser.visitor import Visitor
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.browser


def test_a_record_is_read_noted_on_and_its_looks_reviewed(logged_in, eas_agent):
    citizen = CitizenFactory(family_name="Trévidic", given_name="Solène", email="", phone="")
    CitizenFactory(family_name="Trévidic", given_name="Malo")
    make_request(citizen=citizen, subject="Nid-de-poule rue Appert")
    actions.log_contact(
        channel="telephone", question="Horaires de la piscine", actor=eas_agent, citizen=citizen
    )
    agent: Visitor = logged_in(eas_agent).holds(1440)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens(f"/agent/citoyens/{citizen.pk}/")
    agent.reads("TRÉVIDIC Solène")
    agent.sees("Ni téléphone ni courriel")
    agent.page.get_by_text("Écrire une note", exact=True).click()
    agent.fills("Note interne", "Vient avec sa fille")
    agent.chooses("Qui la lit", "Tous les agents d’accueil")
    agent.presses_button("Ajouter la note interne")
    agent.sees("Note ajoutée.")
    agent.page.get_by_role("button", name="Épingler").click()
    agent.sees("Épinglée")
    agent.follows("Dire qui elle est")
    agent.reads("Qui est TRÉVIDIC Malo pour TRÉVIDIC Solène\u00a0?")
    agent.looks_right()
    agent.control("Lien de parenté ou de protection").select_option("child")
    agent.chooses("Comment le savez-vous\u00a0?", "Déclaré par la personne")
    agent.presses_button("Noter ce lien")
    agent.sees("Le foyer est à jour.")
    agent.follows("Appels")
    agent.sees("Horaires de la piscine")
    agent.never_sees("Nid-de-poule rue Appert")
    agent.looks_right()
    agent.holds(390, "dark").looks_right()
    agent.follows("Réunir avec une autre fiche")
    agent.sees("Rien n’est réuni avant que vous ayez comparé")
    agent.looks_right()
    assert RecordNote.objects.get().pinned_at
    assert HouseholdTie.objects.get().quality == "child"

    officer = logged_in(make_agent(Role.DPO, first_name="Odile", last_name="Rivière")).holds(1440)
    officer.opens(f"/agent/donnees-personnelles/consultations/?personne={citizen.pk}")
    officer.reads("Qui a consulté TRÉVIDIC Solène")
    officer.sees("a noté un contact avec la personne le jour même")
    officer.looks_right()
