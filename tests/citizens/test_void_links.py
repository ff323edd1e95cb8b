"""Mailed links that were cut short, altered or used: a page that says what to do instead."""

import pytest
from django.test import Client
from django.utils import timezone

from citizens.actions import ask_email_change, cancel_email_change
from citizens.actions.consents import Subject, withdrawal_link
from citizens.enums import ConsentKind
from citizens.links import change_link, subscription_link, unsubscribe_link
from requests.behalf import objection_link
from requests.following import CONFIRM, STOP
from requests.following import _link as follow_link
from requests.models import ReportFollower, ServiceRequest
from tests.factories.citizens import make_account

pytestmark = pytest.mark.django_db

LINKS = {
    "change": lambda: change_link(1, "new"),
    "newsletter": lambda: subscription_link([1]),
    "no more newsletter": lambda: unsubscribe_link(1),
    "consent": lambda: withdrawal_link(Subject(1), ConsentKind.SATISFACTION),
    "objection": lambda: objection_link(ServiceRequest(pk=1)),
    "follow": lambda: follow_link("requests:follow_confirm", ReportFollower(pk=1), CONFIRM),
    "no more news": lambda: follow_link("requests:follow_stop", ReportFollower(pk=1), STOP),
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("damage", [lambda path: path[:-6] + "/", lambda path: path[:-2] + "é=/"])
@pytest.mark.parametrize("name", LINKS)
def test_a_damaged_link_says_so_and_what_to_do(client, name, damage, method):
    path = "/" + LINKS[name]().split("/", 3)[3]
    answer = getattr(client, method)(damage(path))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Ce lien ne marche plus" in page
    assert "recopié en entier" in page
    assert 'class="btn btn-primary"' in page


@pytest.fixture
def change():
    account = make_account(email="ancienne@courriel.example")
    return ask_email_change(
        account_id=account.pk,
        new_email="nouvelle@courriel.example",
        language="fr",
        now=timezone.now(),
    )


def words(address: str) -> str:
    return Client().get(address).content.decode()


def test_a_change_of_address_that_was_made_says_so_when_its_link_is_opened_again(change):
    old, new = change_link(change.pk, "old"), change_link(change.pk, "new")
    Client().post(old)
    again = words(old)
    assert "Ce lien a déjà servi : c’est confirmé de ce côté" in again
    assert "Confirmer le changement</button>" not in again
    assert "Refuser" in again
    Client().post(new)
    for link in (old, new):
        assert "Adresse changée" in words(link)
        assert "il n’y a plus rien à faire" in words(link)


def test_a_change_of_address_that_was_refused_says_so(change):
    cancel_email_change(change_id=change.pk, now=timezone.now())
    answer = Client().get(change_link(change.pk, "new"))
    assert answer.status_code == 410
    assert "a été refusé, ou remplacé" in answer.content.decode()
