"""An organisation is administered by its members; who is invited, and who is not let in."""

import re
from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from citizens.enums import CheckState, MemberRole
from citizens.models import OrganisationAccount, OrganisationInvitation, OrganisationMember
from massy_grc.outbox.models import Delivery
from tests.citizens.mails import last_mail, link_in
from tests.citizens.organisations.conftest import GUEST, members_page
from tests.factories.citizens import make_account
from tests.factories.organisations import make_member, make_organisation
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db


def bare(response) -> bytes:
    return re.sub(rb'(nonce|value)="[^"]*"', b"", response.content)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (CheckState.PENDING, "La mairie vérifie d’abord votre organisme"),
        (CheckState.REFUSED, "La mairie n’a pas reconnu cet organisme"),
    ],
)
def test_nobody_is_invited_before_the_town_has_verified(browser, boss, state, said):
    unknown = make_organisation(boss, state=state)
    client = browser(boss)
    page = client.get(members_page(unknown)).text
    assert said in page
    assert "Envoyer l’invitation" not in page
    guest = {"email": GUEST, "role": "membre"}
    assert client.post(members_page(unknown), guest).status_code == 403
    drain_outbox()
    assert not Delivery.objects.filter(to=GUEST).exists()
    OrganisationAccount.objects.update(state=CheckState.VERIFIED)
    assert "Envoyer l’invitation" in client.get(members_page(unknown)).text
    client.post(members_page(unknown), guest)
    assert unknown.name in last_mail(GUEST).body


def test_an_invitation_makes_a_member_once(browser, boss, garden, colleague):
    browser(boss).post(members_page(garden), {"email": GUEST, "role": "membre"})
    mail = last_mail(GUEST)
    assert garden.name in mail.body
    link = link_in(mail)
    stranger = Client()
    page = stranger.get(link).content.decode()
    assert f"Rejoindre {garden.name}" in page
    assert GUEST in page
    assert f"/compte/login/?next={quote(urlsplit(link).path)}" in page
    assert "Benali" not in page
    sign_up = stranger.get(f"/compte/inscription/?next={quote(urlsplit(link).path)}").text
    assert f'value="{GUEST}"' in sign_up  # known from the link, not asked again
    assert stranger.post(link).status_code == 200  # says the same again, does nothing
    guest = browser(colleague)
    assert guest.get(link).status_code == 200
    assert not garden.members.filter(account=colleague).exists()  # opening it does nothing
    guest.post(link)
    assert garden.members.get(account=colleague).role == MemberRole.MEMBER
    latecomer = browser(make_account())
    assert latecomer.get(link).status_code == latecomer.post(link).status_code == 410
    assert garden.members.count() == 2


def test_an_invitation_passed_on_admits_nobody_else(browser, boss, garden, colleague):
    browser(boss).post(members_page(garden), {"email": GUEST, "role": "membre"})
    link = link_in(last_mail(GUEST))
    thief = browser(make_account())
    assert thief.get(link).status_code == thief.post(link).status_code == 403
    assert garden.members.count() == 1
    browser(colleague).post(link)
    assert garden.members.count() == 2


def test_a_member_is_not_invited_twice(browser, boss, garden, colleague):
    make_member(garden, colleague)
    page = browser(boss).post(members_page(garden), {"email": GUEST, "role": "membre"})
    assert "Cette personne est déjà membre." in page.content.decode()
    assert not garden.invitations.exists()


@pytest.mark.parametrize("end", ["late", "cancelled", "replaced", "forged"])
def test_an_invitation_that_is_over_opens_nothing(browser, boss, garden, colleague, end):
    client = browser(boss)
    client.post(members_page(garden), {"email": GUEST, "role": "administrateur"})
    link = link_in(last_mail(GUEST))
    invitation = OrganisationInvitation.objects.get()
    now = timezone.now()
    if end == "late":
        now += timedelta(days=7, minutes=1)
    elif end == "cancelled":
        client.post(members_page(garden, f"invitations/{invitation.pk}/annuler/"))
    elif end == "replaced":
        client.post(members_page(garden), {"email": GUEST, "role": "membre"})
    else:
        link = link.replace("/invitation/", "/invitation/x")
    guest = browser(colleague)
    with time_machine.travel(now, tick=False):
        assert guest.get(link).status_code in (302, 410)
        guest.post(link)
    assert not garden.members.filter(account=colleague).exists()


def test_the_page_says_the_same_whoever_owns_the_address_invited(browser, boss, garden, colleague):
    client = browser(boss)
    said = []
    for email in (colleague.user.email, "personne@courriel.example"):
        data = {"email": email, "role": "membre"}
        response = client.post(members_page(garden), data, follow=True)
        said.append([str(one).replace(email, "") for one in response.context["messages"]])
    assert said[0] == said[1] != []


def test_the_last_administrator_stays_one(browser, boss, garden, colleague):
    make_member(garden, colleague)
    me = garden.members.get(account=boss)
    client = browser(boss)
    for path, data in (
        (f"membres/{me.pk}/role/", {"role": "membre"}),
        (f"membres/{me.pk}/retirer/", {}),
    ):
        page = client.post(members_page(garden, path), data, follow=True).content.decode()
        assert "Nommez d’abord un autre administrateur" in page
    me.refresh_from_db()
    assert me.is_administrator
    other = garden.members.get(account=colleague)
    client.post(members_page(garden, f"membres/{other.pk}/role/"), {"role": "administrateur"})
    response = client.post(members_page(garden, f"membres/{me.pk}/retirer/"))
    assert response["Location"] == "/compte/organisations/"
    assert [one.account for one in garden.members.all()] == [colleague]


def test_a_plain_member_administers_nothing(browser, boss, garden, colleague):
    make_member(garden, colleague)
    client = browser(colleague)
    head = garden.members.get(account=boss)
    page = client.get(members_page(garden)).content.decode()
    assert "Inviter une personne" not in page
    assert client.post(members_page(garden), {"email": GUEST, "role": "membre"}).status_code == 403
    for path, data in (
        (f"membres/{head.pk}/role/", {"role": "membre"}),
        (f"membres/{head.pk}/retirer/", {}),
        ("invitations/1/annuler/", {}),
    ):
        assert client.post(members_page(garden, path), data).status_code == 403
    assert not OrganisationInvitation.objects.exists()
    mine = garden.members.get(account=colleague)
    client.post(members_page(garden, f"membres/{mine.pk}/retirer/"))  # but may leave
    assert client.get(members_page(garden)).status_code == 404


@pytest.mark.parametrize("path", ["", "membres/"])
def test_anothers_organisation_answers_as_one_that_is_not(browser, garden, colleague, path):
    stranger = browser(colleague)
    theirs = stranger.get(members_page(garden, path))
    nothing = stranger.get(f"/compte/organisations/{garden.pk + 9999}/{path}")
    assert theirs.status_code == nothing.status_code == 404
    assert bare(theirs) == bare(nothing)


@pytest.mark.parametrize("path", ["membres/{}/role/", "membres/{}/retirer/", "membres/"])
def test_nobody_acts_in_anothers_organisation(browser, boss, garden, colleague, path):
    theirs = make_organisation(colleague, rna="W913000002", name="Autre club")
    stranger, head = browser(colleague), garden.members.get()
    data = {"role": "membre", "email": GUEST}
    path = path.format(head.pk)
    assert stranger.post(members_page(garden, path), data).status_code == 404
    if "{}" in path or "/membres/" in path:  # the foreign member under one's own organisation
        assert stranger.post(members_page(theirs, path), data).status_code == 404
    head.refresh_from_db()
    assert head.is_administrator


def test_a_member_of_another_organisation_is_not_reached_through_ones_own(
    browser, garden, colleague
):
    theirs = make_organisation(colleague, rna="W913000002", name="Autre club")
    head = garden.members.get()
    client = browser(colleague)
    assert client.post(members_page(theirs, f"membres/{head.pk}/retirer/")).status_code == 404
    assert OrganisationMember.objects.filter(pk=head.pk).exists()
