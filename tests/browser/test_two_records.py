"""Two records of one person are compared, made one and made two again, by the keyboard (S69)."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from citizens.actions import compare_waiting
from citizens.models import Citizen
from tests.browser.test_keyboard import enters, picks
from tests.browser.visitor import Visitor
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.browser


def test_two_records_become_one_and_two_again_without_a_mouse(logged_in, eas_agent):
    born = date(1984, 3, 8)
    known = CitizenFactory(family_name="Trévidic", given_name="Solène", birth_date=born, email="")
    twice = CitizenFactory(family_name="TREVIDIC", given_name="Solenn", birth_date=born)
    make_request(citizen=twice)
    compare_waiting(now=timezone.now())
    agent: Visitor = logged_in(eas_agent).holds(1440)
    agent.sits_at("Mairie annexe", "Guichet")
    agent.opens("/agent/citoyens/doublons/")
    agent.sees("noms qui se prononcent de même")
    agent.looks_right()
    enters(agent, "link", "Comparer")
    agent.reads("Est-ce la même personne\u00a0?")
    agent.looks_right()
    agent.holds(390).looks_right()
    given = agent.page.get_by_role("radiogroup", name="Prénom")
    expect(given.get_by_role("radio", checked=True)).to_have_count(0)  # the agent chooses
    picks(agent, given, 0)
    enters(agent, "button", "voir le résultat")
    agent.sees("«\u00a0Solenn\u00a0» n’est pas repris")
    agent.looks_right()
    enters(agent, "button", "Réunir les deux fiches")
    agent.sees("Comment êtes-vous sûr")
    agent.looks_right()
    picks(agent, agent.group("Comment êtes-vous sûr que c’est la même personne\u00a0?"), 1)
    enters(agent, "button", "Réunir les deux fiches")
    agent.reads("Fiches réunies")
    agent.looks_right()
    assert Citizen.objects.living().count() == 1
    enters(agent, "button", "Séparer les deux fiches")
    agent.reads("Fiches séparées de nouveau")
    agent.looks_right()
    known.refresh_from_db()
    assert (known.given_name, Citizen.objects.living().count()) == ("Solène", 2)
