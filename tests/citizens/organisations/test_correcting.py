"""An organisation corrects its name and seat; the town decides for its record."""

import pytest
from django.test import Client

from citizens.enums import CheckState
from tests.citizens.mails import last_mail
from tests.citizens.organisations.conftest import members_page
from tests.factories.organisations import RNA, SIRET, make_member

pytestmark = pytest.mark.django_db

SEAT = {"name": "Les Jardins partagés", "address": "2 rue Jean Mermoz 91300 Massy"}


def desk(login, agent):
    client = login(Client(), agent)
    client.post("/agent/poste/", {"site": "mairie-principale", "post_type": "guichet"})
    return client


def test_an_administrator_corrects_name_and_seat_and_the_town_decides_for_its_record(
    browser, login, boss, garden, eas_agent
):
    mine = browser(boss)
    record = garden.organisation
    before = (record.name, record.address)
    mine.post(members_page(garden, "informations/"), {**SEAT, "rna": "W999999999", "siret": SIRET})
    garden.refresh_from_db()
    record.refresh_from_db()
    assert (garden.name, garden.address) == (SEAT["name"], SEAT["address"])
    assert (garden.rna, garden.siret) == (RNA, "")  # the numbers stay
    assert (record.name, record.address) == before
    assert (
        "La mairie la vérifie" in mine.get(members_page(garden, "informations/")).content.decode()
    )
    change = garden.changes.get()
    agent = desk(login, eas_agent)
    page = agent.get("/agent/organismes/").content.decode()
    assert SEAT["name"] in page.split("Corrections à reprendre")[1]
    agent.post(f"/agent/organismes/corrections/{change.pk}/reprendre/")
    agent.post(f"/agent/organismes/corrections/{change.pk}/laisser/")  # too late: answered
    record.refresh_from_db()
    change.refresh_from_db()
    assert (record.name, record.address, record.rna) == (SEAT["name"], SEAT["address"], RNA)
    assert (change.state, change.answered_by, change.former_name) == ("taken", eas_agent, before[0])
    assert "est enregistrée" in last_mail(boss.user.email).subject


def test_a_correction_that_is_not_taken_over_leaves_the_record_and_the_later_one_counts(
    browser, login, boss, garden, eas_agent
):
    mine, agent = browser(boss), desk(login, eas_agent)
    mine.post(members_page(garden, "informations/"), {"name": "Mairie de Massy", "address": ""})
    first = garden.changes.get()
    mine.post(members_page(garden, "informations/"), SEAT)
    mine.post(members_page(garden, "informations/"), SEAT)  # nothing differs
    assert list(garden.changes.order_by("pk").values_list("state", flat=True)) == [
        "replaced",
        "proposed",
    ]
    agent.post(f"/agent/organismes/corrections/{first.pk}/reprendre/")  # replaced: too late
    second = garden.changes.get(state="proposed")
    agent.post(f"/agent/organismes/corrections/{second.pk}/laisser/")
    garden.organisation.refresh_from_db()
    assert garden.organisation.name == "Les Jardins de Massy"
    assert "n’est pas reprise" in last_mail(boss.user.email).subject


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "a\x00b"}, {"name": "x" * 121}])
def test_a_name_that_cannot_be_is_refused(browser, boss, garden, fields):
    response = browser(boss).post(members_page(garden, "informations/"), {**SEAT, **fields})
    assert list(response.context["form"].errors) == ["name"]
    assert not garden.changes.exists()


def test_only_administrators_of_a_recognised_organisation_correct_it(
    browser, boss, colleague, garden
):
    make_member(garden, colleague)
    page = members_page(garden, "informations/")
    assert browser(colleague).post(page, SEAT).status_code == 403
    assert "Corriger" not in browser(colleague).get(page).content.decode()
    garden.state = CheckState.REFUSED
    garden.save()
    assert browser(boss).post(page, SEAT).status_code == 403
    assert not garden.changes.exists()
