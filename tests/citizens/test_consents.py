"""Consents: versioned, told once, withdrawn as easily as given."""

import hashlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from citizens.actions.consents import Subject, set_consent, standing, withdrawal_link
from citizens.consents import TEXTS
from citizens.models import ConsentEvent
from tests.factories.citizens import CitizenFactory, make_account

pytestmark = pytest.mark.django_db

# Digest of each published text: a changed text needs a new version, never a new digest here.
PUBLISHED = {
    ("satisfaction", 1): "60fb2e1494ce958b",
    ("follow", 1): "15b76b5c839b193b",
    ("newsletter", 1): "0b4b6acdc258837a",
}


def test_a_published_text_never_changes():
    digests = {
        (str(text.kind), text.version): hashlib.sha256(str(text.text).encode()).hexdigest()[:16]
        for text in TEXTS
    }
    assert digests == PUBLISHED


def test_given_and_withdrawn_from_the_account(client, login, catalogue):
    account = make_account()
    subject = Subject(account.citizen_id)
    login(client, account.user)
    address = reverse("requests:my_data_consent", args=["newsletter"])
    client.post(address, {"accord": "oui"})
    assert standing(subject, "newsletter")
    client.post(address, {"accord": "oui"})
    client.post(address, {"accord": "non"})
    assert not standing(subject, "newsletter")
    told = list(ConsentEvent.objects.values_list("given", "version", "source"))
    assert told == [(True, 1, "account"), (False, 1, "account")]


def test_the_account_page_tells_what_was_agreed_to(client, login, catalogue):
    account = make_account()
    login(client, account.user)
    page = client.get(reverse("requests:my_data")).content.decode()
    assert "Vous n’avez pas donné d’accord." in page
    assert all(str(text.text) in page for text in TEXTS)


@pytest.mark.parametrize("known", [True, False])
def test_a_link_withdraws_without_an_account(client, catalogue, known):
    subject = Subject(CitizenFactory().pk) if known else Subject.of_address("Une@Adresse.example")
    set_consent(subject=subject, kind="follow", given=True, source="form")
    address = withdrawal_link(subject, "follow").partition("/accords/")[2]
    client.get(f"/accords/{address}")
    assert standing(subject, "follow")
    client.post(f"/accords/{address}")
    assert not standing(subject, "follow")
    assert client.get("/accords/forged/").status_code == 410


def test_an_address_is_never_kept_in_clear():
    subject = Subject.of_address("une@adresse.example")
    set_consent(subject=subject, kind="follow", given=True, source="form")
    assert "adresse" not in str(ConsentEvent.objects.values())
    assert Subject.of_address(" UNE@adresse.example") == subject


def test_the_log_of_consents_cannot_be_rewritten():
    subject = Subject(CitizenFactory().pk)
    set_consent(subject=subject, kind="follow", given=True, source="form")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE citizens_consentevent SET given = false")
