"""Associations and businesses: declared, checked by an agent, administered by their members."""

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
from tests.factories.citizens import make_account
from tests.factories.organisations import RNA, SIRET, make_member, make_organisation
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

GUEST = "invitee@courriel.example"


@pytest.fixture
def boss(catalogue):
    return make_account(family_name="Benali", given_name="Aïcha")


@pytest.fixture
def colleague(catalogue):
    return make_account(family_name="Martin", given_name="Luc", email=GUEST)


@pytest.fixture
def browser(login):
    return lambda account: login(Client(), account.user)


@pytest.fixture
def garden(boss):
    return make_organisation(boss)


def members_page(organisation, path="membres/"):
    return f"/compte/organisations/{organisation.pk}/{path}"


def bare(response) -> bytes:
    return re.sub(rb'(nonce|value)="[^"]*"', b"", response.content)


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
