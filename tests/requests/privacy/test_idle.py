"""Accounts nobody uses: warned by mail or on paper, then closed to their last trace."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from citizens.actions import anonymise_citizen, ask_email_change, open_account_of_identity
from citizens.enums import MemberRole
from citizens.matching import PivotIdentity
from citizens.models import (
    CitizenAccount,
    EmailChange,
    FederatedIdentity,
    OrganisationMember,
    SignedInDevice,
)
from massy_grc.outbox.models import OutboxEvent
from massy_grc.users.models import User
from requests import tasks
from requests.actions import idle
from requests.models import PersonalLetter
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.organisations import make_organisation
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db(transaction=True)

LIFE = (740, 775, 810)  # days without a visit: first warning, second one, closing
SUBJECT = "franceconnect-subject"
ISSUER = "https://fc.example"


@pytest.fixture
def front(eas_agent):
    return client_of(eas_agent)


def chase(*days: int) -> None:
    """Let beat look, so many days from now."""
    start = timezone.now()
    for number in days:
        with time_machine.travel(start + timedelta(days=number), tick=True):
            tasks.chase_idle_accounts()
            drain_outbox()


def franceconnect_account(**person) -> CitizenAccount:
    """An account that only FranceConnect opens: neither address nor password."""
    account = make_account(citizen=CitizenFactory(**{"email": "", **person}), password=None)
    User.objects.filter(pk=account.user_id).update(email=None)
    EmailAddress.objects.filter(user=account.user).delete()
    FederatedIdentity.objects.create(
        account=account, issuer=ISSUER, subject=SUBJECT, last_used_at=timezone.now()
    )
    account.refresh_from_db()
    return account


def test_an_idle_account_is_warned_twice_then_closed(catalogue):
    account = make_account()
    start = timezone.now()
    for days, expected in ((700, 0), (740, 1), (745, 1), (775, 2), (790, 2), (815, 2)):
        with time_machine.travel(start + timedelta(days=days), tick=True):
            tasks.chase_idle_accounts()
            drain_outbox()
        mails = [one for one in mail.outbox if "va être fermé" in one.subject]
        assert len(mails) == expected, days
    account.refresh_from_db()
    assert account.closed_at
    assert "Dernier rappel" in mails[1].subject
    assert not PersonalLetter.objects.exists()


def test_an_account_used_meanwhile_is_left_in_peace(catalogue):
    account = make_account()
    start = timezone.now()
    with time_machine.travel(start + timedelta(days=740), tick=True):
        tasks.chase_idle_accounts()
        account.last_seen_at = timezone.now()
        account.save(update_fields=["last_seen_at"])
    with time_machine.travel(start + timedelta(days=815), tick=True):
        tasks.chase_idle_accounts()
    account.refresh_from_db()
    assert account.closed_at is None


def test_closing_ends_everything_that_the_account_had(catalogue):
    account, member = make_account(), make_account()
    organisation = make_organisation(account)
    OrganisationMember.objects.create(
        organisation=organisation, account=member, role=MemberRole.MEMBER, joined_at=timezone.now()
    )
    now = timezone.now()
    SignedInDevice.objects.create(user=account.user, started_at=now, last_seen_at=now)
    ask_email_change(
        account_id=account.pk, new_email="autre@courriel.example", language="fr", now=now
    )
    CitizenAccount.objects.filter(pk=member.pk).update(last_seen_at=now + timedelta(days=730))
    chase(*LIFE)
    assert not account.user.devices.exists()
    assert not EmailChange.objects.filter(account=account).exists()
    heir = organisation.members.get()
    assert (heir.account, heir.role) == (member, MemberRole.ADMINISTRATOR)
    assert OutboxEvent.objects.filter(topic="account.close").count() == 1


def test_after_the_closing_franceconnect_opens_a_new_account(catalogue):
    old = franceconnect_account()
    chase(*LIFE)
    old.refresh_from_db()
    assert old.closed_at
    pivot = PivotIdentity("Durand", "Jeanne", None, "")
    fields = {"issuer": ISSUER, "subject": SUBJECT, "pivot": pivot, "language": "fr"}
    account = open_account_of_identity(**fields, now=timezone.now())
    assert account.closed_at is None
    assert account.pk != old.pk


def test_without_any_e_mail_address_the_warning_is_a_letter(catalogue, front):
    account = franceconnect_account(address="3 rue Jean Mermoz, 91300 Massy")
    chase(LIFE[0])
    letter = PersonalLetter.objects.get()
    assert "va être fermé" in letter.subject
    assert not mail.outbox
    page = front.get("/agent/courriers/").content.decode()
    assert f"/agent/courriers/{letter.pk}/" in page
    paper = front.get(f"/agent/courriers/{letter.pk}/")
    assert paper["Content-Type"] in ("application/pdf", "text/plain; charset=utf-8")
    front.post("/agent/courriers/", {"personal": [letter.pk]})
    letter.refresh_from_db()
    assert letter.printed_at
    assert "posté le" in front.get(f"/agent/citoyens/{account.citizen_id}/").content.decode()
    chase(*LIFE[1:])
    account.refresh_from_db()
    assert account.closed_at
    assert PersonalLetter.objects.count() == 2


def test_the_towns_own_address_of_the_person_is_used_before_paper(catalogue):
    franceconnect_account(email="connue@courriel.example")
    chase(LIFE[0])
    assert mail.outbox[0].to == ["connue@courriel.example"]
    assert not PersonalLetter.objects.exists()


def test_with_no_address_at_all_the_record_says_so_and_the_time_is_kept(catalogue, front):
    account = franceconnect_account(address="")
    chase(LIFE[0], 760)
    account.refresh_from_db()
    assert account.closed_at is None
    page = front.get(f"/agent/citoyens/{account.citizen_id}/").content.decode()
    assert "ni adresse électronique ni adresse postale" in page
    assert "Aucun courrier à poster" in front.get("/agent/courriers/").content.decode()
    chase(*LIFE[1:])
    account.refresh_from_db()
    assert account.closed_at


def test_accounts_that_only_wait_take_nobodys_place(catalogue, monkeypatch):
    monkeypatch.setattr(idle, "BATCH", 2)
    accounts = [make_account() for _ in range(5)]
    chase(740, 741, 742)
    assert CitizenAccount.objects.exclude(warned_at=None).count() == len(accounts)


def test_what_was_written_on_paper_goes_with_the_record(catalogue):
    account = franceconnect_account()
    chase(LIFE[0])
    anonymise_citizen(citizen_id=account.citizen_id)
    drain_outbox()
    assert not PersonalLetter.objects.exists()
