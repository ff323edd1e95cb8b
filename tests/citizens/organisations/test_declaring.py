"""Associations and businesses: declared, and checked by an agent."""

import pytest
from django.test import Client

from citizens.enums import CheckState, MemberRole
from citizens.models import OrganisationAccount
from tests.citizens.mails import last_mail
from tests.factories.organisations import RNA, SIRET, make_organisation

pytestmark = pytest.mark.django_db


def declared(**fields):
    return {"kind": "association", "name": "Club d’échecs", "rna": RNA, "siret": "", **fields}


def test_whoever_declares_an_organisation_administers_it(browser, boss):
    response = browser(boss).post("/compte/organisations/nouvelle/", declared(siret=SIRET))
    made = OrganisationAccount.objects.get()
    assert response["Location"] == f"/compte/organisations/{made.pk}/"
    assert (made.name, made.rna, made.siret) == ("Club d’échecs", RNA, SIRET)
    assert made.state == CheckState.PENDING
    member = made.members.get()
    assert (member.account, member.role) == (boss, MemberRole.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"rna": "W12"}, "rna"),
        ({"rna": ""}, "rna"),
        ({"siret": "73282932000075"}, "siret"),
        ({"kind": "entreprise"}, "siret"),
        ({"kind": "mairie"}, "kind"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(browser, boss, fields, wrong):
    response = browser(boss).post("/compte/organisations/nouvelle/", declared(**fields))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [wrong]
    assert not OrganisationAccount.objects.exists()


def test_an_empty_answer_is_told_everything_at_once(browser, boss):
    page = browser(boss).post("/compte/organisations/nouvelle/", {})
    assert set(page.context["form"].errors) == {"kind", "name", "rna"}
    assert "Indiquez l’un des deux numéros, RNA ou SIRET." in page.text


@pytest.mark.parametrize("siret", ["732 829 320 00074", "35600000000048"])
def test_a_siret_is_checked_by_its_key_and_la_poste_by_its_own(browser, boss, siret):
    browser(boss).post(
        "/compte/organisations/nouvelle/", declared(kind="entreprise", rna="", siret=siret)
    )
    assert OrganisationAccount.objects.get().siret == siret.replace(" ", "")


def test_posted_twice_it_is_declared_once(browser, boss):
    client = browser(boss)
    for _ in range(2):
        client.post("/compte/organisations/nouvelle/", declared())
    assert OrganisationAccount.objects.count() == 1


def test_a_number_declared_before_answers_like_a_new_one_and_shows_nothing(
    browser, garden, colleague
):
    other = browser(colleague)
    response = other.post("/compte/organisations/nouvelle/", declared(rna=garden.rna), follow=True)
    assert OrganisationAccount.objects.filter(rna=garden.rna).count() == 2
    assert "La mairie vérifie" in response.content.decode()
    page = response.content.decode()
    assert garden.name not in page
    assert "Benali" not in page


def test_the_agents_see_that_a_number_is_declared_twice_and_their_answer_is_told(
    browser, login, garden, colleague, eas_agent
):
    OrganisationAccount.objects.update(state=CheckState.PENDING)
    second = make_organisation(colleague, name="Jardins", state=CheckState.PENDING)
    agent = login(Client(), eas_agent)
    agent.post("/agent/poste/", {"site": "mairie-principale", "post_type": "guichet"})
    page = agent.get("/agent/organismes/").content.decode()
    assert page.count("Numéro déclaré aussi par un autre compte") == 2
    agent.post(f"/agent/organismes/{garden.pk}/verifier/")
    agent.post(f"/agent/organismes/{second.pk}/refuser/")
    agent.post(f"/agent/organismes/{second.pk}/verifier/")  # too late: answered
    states = dict(OrganisationAccount.objects.values_list("pk", "state"))
    assert states == {garden.pk: CheckState.VERIFIED, second.pk: CheckState.REFUSED}
    assert "vérifié" in last_mail(garden.members.get().account.user.email).subject
    refusal = last_mail(colleague.user.email)
    assert "nous n’avons pas pu vérifier" in refusal.subject
    assert garden.name not in refusal.body
