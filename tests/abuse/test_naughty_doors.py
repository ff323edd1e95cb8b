"""Texts that break programs, at doors that few pass: remarks, addresses, a list's filter (R22)."""

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import OrganisationInvitation
from massy_grc.common.models import AttemptCount
from massy_grc.outbox.models import Delivery
from prestations.models import ArticleRemark
from tests.abuse.naughty import ALL, REFUSED, handfuls
from tests.abuse.test_naughty_fields import HUGE, account, assert_shown_as_text, mine, told
from tests.abuse.test_naughty_strings import assert_shown, composed
from tests.factories.organisations import make_organisation
from tests.factories.places import make_register
from tests.factories.second_factors import give_factors
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox
from tests.requests.filed import file_request
from tests.requests.reports.support import report

__all__ = ["account", "mine"]

pytestmark = pytest.mark.django_db

ARTICLE = "/articles/quotient-familial/"
FORGED = [f"a@courriel.example{end}" for end in ("\r\nBcc: x@evil.example", "\nx", "\x00")]
NO_ADDRESSES = (*handfuls(200), *REFUSED, *FORGED, HUGE, "a@b", "é@@x")


def test_remarks_about_an_article(client, catalogue):
    for text in (*REFUSED, HUGE):
        told(client.post(f"{ARTICLE}pas-a-jour/", {"text": text}))
    kept = handfuls(900)
    for text in kept:
        assert client.post(f"{ARTICLE}pas-a-jour/", {"text": text}).status_code == 302
        AttemptCount.objects.all().delete()
    remarks = ArticleRemark.objects.order_by("pk").values_list("text", flat=True)
    assert list(remarks) == [composed(text) for text in kept]


def test_the_new_address_of_an_account(mine, account):
    mine.post("/compte/reauthenticate/", {"password": PASSWORD})
    for text in NO_ADDRESSES:
        told(mine.post("/compte/adresse/", {"email": text}))
        AttemptCount.objects.all().delete()
    account.user.refresh_from_db()
    assert account.user.email == "aicha@courriel.example"
    drain_outbox()
    assert not Delivery.objects.exists()


def test_who_is_invited_to_an_organisation(mine, account):
    garden = make_organisation(account)
    for text in NO_ADDRESSES:
        sent = {"email": text, "role": "membre"}
        told(mine.post(f"/compte/organisations/{garden.pk}/membres/", sent))
        AttemptCount.objects.all().delete()
    assert not OrganisationInvitation.objects.exists()


def test_the_street_of_public_reports(catalogue):
    make_register()
    report(catalogue)
    for text in (*handfuls(200), *REFUSED, HUGE[:500], "%", "_", "\\"):
        answer = Client().get("/signalements/", {"rue": text})
        assert answer.status_code == (400 if "\x00" in text else 200), text
        assert_shown_as_text(answer.content.decode())


def test_the_name_of_a_passkey(mine, account):
    mine.post("/compte/reauthenticate/", {"password": PASSWORD})
    key = give_factors(account.user)
    url = reverse("mfa_edit_webauthn", args=[key.pk])
    for text in (*REFUSED, HUGE, "", "é" * 101):
        told(mine.post(url, {"name": text}))
    for text in (one[:100] for one in ALL):
        assert mine.post(url, {"name": text}).status_code == 302, text
        key.refresh_from_db()
        assert key.data["name"] == composed(text)
        assert_shown(mine.get(reverse("mfa_list_webauthn")), text)


def test_the_number_of_an_earlier_request(mine, catalogue):
    sr = file_request("voirie-graffitis")
    for text in (*handfuls(200), *REFUSED, HUGE, "", "%", "0" * 400):
        for sent in (
            {"reference": text, "secret": sr.tracking_code},
            {"reference": sr.reference, "secret": text},
        ):
            told(mine.post("/compte/demandes/ajouter/", sent))
            AttemptCount.objects.all().delete()
    sr.refresh_from_db()
    assert sr.account is None
