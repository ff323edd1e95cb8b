"""What becomes of an organisation when an account ends."""

import re

import pytest
from django.test import Client

from citizens.enums import MemberRole
from citizens.models import OrganisationInvitation
from massy_grc.outbox.models import Delivery
from tests.citizens.mails import last_mail, link_in
from tests.citizens.organisations.conftest import GUEST, members_page
from tests.factories.citizens import make_account
from tests.factories.organisations import make_member, make_organisation
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db


def test_closing_an_account_ends_its_memberships_and_leaves_an_administrator(
    browser, boss, garden, colleague
):
    make_member(garden, colleague)
    client = Client()
    client.post("/compte/login/", {"login": boss.user.email, "password": PASSWORD})
    client.post("/compte/fermer/", {"sure": "on"})
    boss.refresh_from_db()
    assert boss.closed_at
    [left] = garden.members.all()
    assert (left.account, left.role) == (colleague, MemberRole.ADMINISTRATOR)
    told = last_mail(GUEST)
    assert f"{garden.name}\xa0: vous en êtes l’administrateur" in told.subject
    assert link_in(told).endswith(members_page(garden))


def test_closing_an_account_says_first_what_becomes_of_each_organisation(boss, garden, colleague):
    make_member(garden, colleague)
    make_organisation(boss, rna="W913000002", name="Club d’échecs")
    choir = make_organisation(make_account(), rna="W913000003", name="La chorale")
    make_member(choir, boss)
    client = Client()
    client.post("/compte/login/", {"login": boss.user.email, "password": PASSWORD})
    page = re.sub(r"\s+", " ", client.get("/compte/fermer/").text)
    assert "Les Jardins de Massy : vous en êtes le seul administrateur. Luc Martin" in page
    assert members_page(garden) in page
    assert "Club d’échecs : vous en êtes le seul membre. Son espace ferme" in page
    assert "La chorale : vous quittez cet organisme, les autres membres continuent." in page


def test_an_organisation_without_any_member_left_voids_its_invitations(
    browser, boss, garden, colleague
):
    browser(boss).post(members_page(garden), {"email": GUEST, "role": "membre"})
    link = link_in(last_mail(GUEST))
    client = Client()
    client.post("/compte/login/", {"login": boss.user.email, "password": PASSWORD})
    client.post("/compte/fermer/", {"sure": "on"})
    guest = browser(colleague)
    assert guest.get(link).status_code == guest.post(link).status_code == 410
    assert not garden.members.exists()
    garden.refresh_from_db()
    assert garden.closed_at


def test_the_mail_tells_nothing_when_the_invitation_was_cancelled_meanwhile(browser, boss, garden):
    client = browser(boss)
    client.post(members_page(garden), {"email": GUEST, "role": "membre"})
    client.post(
        members_page(garden, f"invitations/{OrganisationInvitation.objects.get().pk}/annuler/")
    )
    drain_outbox()
    assert not Delivery.objects.filter(to=GUEST).exists()
