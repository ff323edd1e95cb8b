"""Staff accounts: invitations, roles, deactivation; and the sendings to repair."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.actions import staff as actions
from massy_grc.audit.models import AccessRecord
from massy_grc.outbox.models import Delivery, HandlerReceipt, OutboxEvent
from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import Department, Membership, Team
from requests.exceptions import MissingInput, NotAllowed
from tests.backoffice.conftest import client_of
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db

STAFF = "/agent/parametrage/agents/"
PASSWORD = "quatre mots choisis au hasard"
NEWCOMER = {
    "email": "Nouvelle@massy.example",
    "first_name": "Nora",
    "last_name": "Nouvelle",
    "role": Role.AGENT_EAS,
    "team": "eas",
}


@pytest.fixture
def admin(administrator):
    return client_of(administrator, post=None)


def link_of(delivery: Delivery) -> str:
    """The path of the link in an invitation."""
    return re.search(r"https?://[^/\s]+(/compte/invitation/\S+)", delivery.body)[1]


def invite(admin) -> tuple[User, str]:
    assert admin.post(f"{STAFF}inviter/", NEWCOMER).status_code == 302
    user = User.objects.get(email="nouvelle@massy.example")
    return user, link_of(Delivery.objects.get(about=f"user:{user.pk}"))


def test_invitee_sets_a_password_and_gets_to_work(admin):
    user, link = invite(admin)
    browser = Client()
    assert "Bienvenue Nora" in browser.get(link).content.decode()
    data = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert browser.post(link, data).url == "/compte/login/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    browser.post("/compte/login/", {"login": user.email, "password": PASSWORD})
    assert browser.get("/agent/").url.startswith("/agent/poste/")


def test_invitation_works_once(admin):
    _user, link = invite(admin)
    data = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    Client().post(link, data)
    stranger = Client()
    assert stranger.get(link).status_code == 410
    assert stranger.post(link, data).status_code == 410
    assert stranger.get("/agent/").status_code == 302


def test_invitation_says_until_when_in_words(admin):
    with time_machine.travel("2026-11-27T23:04:00Z", tick=False):
        invite(admin)
    assert "mardi 1er décembre 2026 à 0 h 04" in Delivery.objects.latest("id").body


def test_invitation_lasts_three_days(admin):
    _user, link = invite(admin)
    with time_machine.travel(timezone.now() + timedelta(hours=71)):
        assert Client().get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert Client().get(link).status_code == 410


def test_new_invitation_voids_the_old_one(admin):
    user, old = invite(admin)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        admin.post(f"{STAFF}{user.pk}/inviter/")
        newest = Delivery.objects.filter(about=f"user:{user.pk}").latest("id")
        assert Client().get(old).status_code == 410
        assert Client().get(link_of(newest)).status_code == 200


@pytest.mark.parametrize(
    "weak", ["court", "password1234", "nouvelle@massy", "nouvelle@massy.example"]
)
def test_weak_password_is_refused(admin, weak):
    user, link = invite(admin)
    response = Client().post(link, {"new_password1": weak, "new_password2": weak})
    user.refresh_from_db()
    assert response.status_code == 200
    assert not user.has_usable_password()


@pytest.mark.parametrize("forged", ["x", "eyJ1c2VyIjoxfQ:1abc:def", "a" * 3000])
def test_forged_invitation_is_void(forged):
    assert Client().get(f"/compte/invitation/{forged}/").status_code == 410


def test_second_factor_is_asked_before_any_page_when_policy_requires_it(admin, settings):
    settings.STAFF_MFA_REQUIRED = True
    _user, link = invite_without_policy(admin, settings)
    browser = Client()
    browser.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    browser.post("/compte/login/", {"login": NEWCOMER["email"], "password": PASSWORD})
    assert browser.get("/agent/").url == "/compte/2fa/totp/activate/"
    assert browser.get("/compte/2fa/totp/activate/").status_code == 200


def invite_without_policy(admin, settings):
    settings.STAFF_MFA_REQUIRED = False
    try:
        return invite(admin)
    finally:
        settings.STAFF_MFA_REQUIRED = True


def test_address_can_be_invited_once(admin, eas_agent):
    page = admin.post(f"{STAFF}inviter/", {**NEWCOMER, "email": eas_agent.email.upper()})
    assert "déjà un accès" in page.content.decode()


@pytest.mark.parametrize("role", [Role.AGENT_EXPERT, Role.CHEF_SERVICE])
def test_expert_needs_a_department(admin, role):
    response = admin.post(f"{STAFF}inviter/", {**NEWCOMER, "role": role})
    assert "department" in response.context["form"].errors
    assert not User.objects.filter(email="nouvelle@massy.example").exists()


def test_roles_are_given_and_withdrawn(admin, eas_agent):
    admin.post(
        f"{STAFF}{eas_agent.pk}/role/", {"role": Role.AGENT_EXPERT, "department": "espaces-verts"}
    )
    expert = eas_agent.memberships.get(role=Role.AGENT_EXPERT)
    assert expert.department_id == "espaces-verts"
    admin.post(f"{STAFF}{eas_agent.pk}/retirer/", {"membership": expert.pk})
    assert not eas_agent.memberships.filter(role=Role.AGENT_EXPERT).exists()


def test_role_of_another_person_is_not_withdrawn_by_a_forged_id(admin, eas_agent, expert):
    membership = expert.memberships.get()
    response = admin.post(f"{STAFF}{eas_agent.pk}/retirer/", {"membership": membership.pk})
    assert response.status_code == 404
    assert expert.memberships.exists()


def test_administrator_can_neither_close_nor_demote_themselves(admin, administrator):
    admin.post(f"{STAFF}{administrator.pk}/fermer/")
    membership = administrator.memberships.get()
    admin.post(f"{STAFF}{administrator.pk}/retirer/", {"membership": membership.pk})
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.memberships.exists()


def test_nobody_gives_themselves_a_role_nor_watches_over_what_they_set(admin, administrator):
    own = f"{STAFF}{administrator.pk}/role/"
    told = admin.post(own, {"role": Role.SUPERVISEUR}, follow=True).content.decode()
    assert "Personne ne se donne un rôle" in told
    officer = make_agent(Role.DPO, first_name="Odile", last_name="Rivière")
    other = f"{STAFF}{officer.pk}/role/"
    given = {"role": Role.ADMINISTRATEUR, "confirmed": "on"}
    told = admin.post(other, given, follow=True).content.decode()
    assert "une même personne n’a pas les deux rôles" in told
    assert [one.memberships.count() for one in (administrator, officer)] == [1, 1]


def test_closed_account_is_out_at_once_and_its_files_are_named(admin, eas_agent):
    sr = make_request(assignee=eas_agent)
    browser = client_of(eas_agent)
    admin.post(f"{STAFF}{eas_agent.pk}/fermer/")
    assert browser.get("/agent/").status_code == 302
    page = admin.get(f"{STAFF}{eas_agent.pk}/").content.decode()
    assert sr.reference in page
    assert "à confier à un collègue" in page
    admin.post(f"{STAFF}{eas_agent.pk}/rouvrir/")
    eas_agent.refresh_from_db()
    assert eas_agent.is_active


def test_lost_second_factor_is_forgotten(admin, eas_agent):
    Authenticator.objects.create(user=eas_agent, type="totp", data={"secret": "x"})
    admin.post(f"{STAFF}{eas_agent.pk}/second-facteur/")
    assert not Authenticator.objects.filter(user=eas_agent).exists()


def test_each_act_is_logged_with_its_author(admin, administrator, eas_agent):
    admin.post(f"{STAFF}{eas_agent.pk}/fermer/")
    record = AccessRecord.objects.get(object_type="user", object_id=eas_agent.pk)
    assert (record.user, record.action) == (administrator, "deactivate")


def test_accesses_given_are_read_by_the_officer_who_hears_of_a_new_administrator(
    admin, administrator, expert
):
    officer = make_agent(Role.DPO, first_name="Odile", last_name="Petit")
    invited = admin.post(f"{STAFF}inviter/", NEWCOMER)
    newcomer = User.objects.get(email=NEWCOMER["email"].lower())
    given = {"role": Role.ADMINISTRATEUR}
    assert "Cochez la case" in admin.post(f"{STAFF}{newcomer.pk}/role/", given).text
    admin.post(f"{STAFF}{newcomer.pk}/role/", given | {"confirmed": "on"})
    desk = client_of(officer, post=None)
    told = desk.get(reverse("backoffice:notices"))
    assert f"Aline Faure rend {newcomer.get_full_name()} administrateur" in told.text
    page = reverse("backoffice:access_grants")
    with CaptureQueriesContext(connection) as few:
        told = [(one.person, one.what, one.place) for one in desk.get(page).context["rows"]]
    assert invited.status_code == 302
    eas = Team.objects.get(pk="eas")
    assert told == [
        (newcomer, Role.ADMINISTRATEUR.label, ""),
        (newcomer, "", ""),
        (newcomer, Role.AGENT_EAS.label, eas.label),
    ]
    for _time in range(4):
        admin.post(f"{STAFF}{expert.pk}/fermer/")
        admin.post(f"{STAFF}{expert.pk}/rouvrir/")
    with CaptureQueriesContext(connection) as many:
        assert len(desk.get(page).context["rows"]) > 6
    assert len(many) <= len(few)
    assert len(desk.get(page, {"agent": newcomer.pk}).context["rows"]) == 3


def test_only_an_administrator_acts_on_accounts(supervisor, eas_agent):
    for act in (actions.deactivate_agent, actions.send_invitation, actions.reset_second_factor):
        with pytest.raises(NotAllowed):
            act(actor=supervisor, user_id=eas_agent.pk)


def test_invitation_of_someone_with_a_password_is_refused(administrator, eas_agent):
    with pytest.raises(MissingInput):
        actions.send_invitation(actor=administrator, user_id=eas_agent.pk)


def test_list_makes_the_same_queries_for_few_and_many(admin, django_assert_max_num_queries):
    for number in range(12):
        make_agent(Role.AGENT_EAS, first_name="A", last_name=f"B{number}")
    admin.get("/agent/")  # the first act of the day notes that its author is at work
    with django_assert_max_num_queries(10):
        page = admin.get(STAFF).content.decode()
    assert "B11" in page


def test_agents_are_listed_by_role_and_place_page_after_page(admin, monkeypatch):
    park = Department.objects.get(pk="espaces-verts")
    for number in range(5):
        user = make_agent(
            Role.AGENT_EXPERT,
            department=park,
            first_name="A",
            last_name=f"{'ZÉ' if number == 2 else 'Ze'}d{number}",
        )
    Membership.objects.create(user=user, role=Role.CHEF_SERVICE, department=park)
    User.objects.filter(last_name="Zed0").update(is_active=False)
    monkeypatch.setattr("backoffice.views.staff.LIST_SIZE", 2)
    asked = f"?q=zed&role={Role.AGENT_EXPERT}&departement=espaces-verts"
    names, address = [], asked
    while address:
        page = admin.get(STAFF + address).context["page"]
        names += [one.last_name for one in page.rows]
        address = page.next_query
    assert names == ["Zed1", "ZÉd2", "Zed3", "Zed4", "Zed0"]  # whose access is closed: last

    def found(query: str) -> list[str]:
        return [one.last_name for one in admin.get(STAFF + query).context["page"].rows]

    assert found(f"?role={Role.CHEF_SERVICE}&departement=espaces-verts&q=zed") == ["Zed4"]
    assert found("?q=zéd2") == found("?q=zed2 A") == ["ZÉd2"]
    assert [one.last_name[-1] for one in User.objects.filter(first_name="A")] == [
        "0",
        "1",
        "2",
        "3",
        "4",
    ]
    assert found("?q=zed&equipe=eas") == []
    assert found("?q=zed&role=aucun") == []
    user.memberships.all().delete()
    User.objects.filter(pk=user.pk).update(invited_at=timezone.now())
    assert found("?q=zed&role=aucun") == ["Zed4"]
    assert admin.get(f"{STAFF}?role=nul&departement=x&apres=x").status_code == 200


# --- sendings ------------------------------------------------------------------------------------


def failed_delivery(**fields) -> Delivery:
    return Delivery.objects.create(
        **{
            "key": "k",
            "to": "absente@courriel.example",
            "subject": "Votre demande",
            "body": "Secret",
            "state": "failed",
            "next_attempt_at": timezone.now(),
            "attempts": 9,
            "last_error": "550 inconnue",
            **fields,
        }
    )


def test_failed_sending_is_shown_without_its_body_and_sent_again(admin):
    delivery = failed_delivery()
    page = admin.get("/agent/parametrage/envois/").content.decode()
    assert "absente@courriel.example" in page
    assert "Secret" not in page
    admin.post("/agent/parametrage/envois/envoi/", {"id": delivery.pk})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("retry", 0)


def test_sendings_to_the_public_stand_apart_from_those_to_the_staff(admin, eas_agent):
    failed_delivery()
    failed_delivery(key="k2", to=eas_agent.email)
    public = admin.get("/agent/parametrage/envois/").content.decode()
    assert "absente@courriel.example" in public
    assert eas_agent.email not in public
    staff = admin.get("/agent/parametrage/envois/", {"a": "agents"}).content.decode()
    assert eas_agent.email in staff
    assert "absente@courriel.example" not in staff


def test_all_failed_sendings_at_once(admin):
    failed_delivery()
    failed_delivery(key="k2")
    admin.post("/agent/parametrage/envois/envoi/")
    assert not Delivery.objects.failed().exists()


def test_handler_that_gave_up_is_started_again(admin):
    event = OutboxEvent.objects.create(key="e", topic="request.file", relayed_at=timezone.now())
    receipt = HandlerReceipt.objects.create(event=event, handler="h", last_error="Boum")
    assert "Boum" in admin.get("/agent/parametrage/envois/").content.decode()
    admin.post("/agent/parametrage/envois/traitement/", {"id": receipt.pk})
    receipt.refresh_from_db()
    assert receipt.run_after is not None


def test_administrator_sees_no_link_to_a_request_they_may_not_read(admin):
    sr = make_request()
    failed_delivery(about=f"request:{sr.pk}")
    assert sr.reference not in admin.get("/agent/parametrage/envois/").content.decode()


def test_no_mail_leaves_during_the_web_request(admin):
    invite(admin)
    assert mail.outbox == []


def test_closing_an_access_asks_first_and_says_what_its_owner_holds(admin, eas_agent):
    for _number in range(2):
        make_request(assignee=eas_agent)
    detail = admin.get(f"{STAFF}{eas_agent.pk}/").content.decode()
    close = f"{STAFF}{eas_agent.pk}/fermer/"
    assert f'href="{close}"' in detail
    assert f'action="{close}"' not in detail
    page = admin.get(close).content.decode()
    assert "2 demandes ouvertes sont à son nom" in page
    assert f"{STAFF}{eas_agent.pk}/confier/" in page
    eas_agent.refresh_from_db()
    assert eas_agent.is_active
    admin.post(close)
    eas_agent.refresh_from_db()
    assert not eas_agent.is_active
