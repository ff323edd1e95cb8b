"""A session that ends loses nothing: what was written comes back, whatever the address names."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.citizens import make_account
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db

TEXT = "Le lampadaire clignote toujours, surtout vers minuit."


@pytest.mark.parametrize("path", ["message/", "rouvrir/"])
def test_a_message_sent_too_late_is_given_back_and_tells_nothing(catalogue, path):
    known = file_request("voirie-intervention-rapide")
    answers = []
    for reference in (known.reference, "2026-999999-9"):
        answer = Client().post(
            f"/demandes/{reference}/{path}", {"body": TEXT, "password": "x" * 30}
        )
        page = answer.content.decode()
        assert answer.status_code == 403
        assert TEXT in page
        assert "x" * 30 not in page
        answers.append(re.sub(r'value="\w{64}"', "", page.replace(reference, "")))
    assert len(set(answers)) == 1


def test_the_way_back_is_the_page_left_and_never_another_site(catalogue):
    make_account()
    here = {"headers": {"referer": "http://testserver/compte/details/"}}
    page = Client().post("/compte/porte-documents/", {"name": TEXT}, **here).content.decode()
    assert "next=/compte/details/" in page
    away = {"headers": {"referer": "https://autre.example/piege/"}}
    page = Client().post("/compte/porte-documents/", {"name": TEXT}, **away).content.decode()
    assert "autre.example" not in page


def test_an_address_that_only_a_button_opens_has_a_page(client):
    answer = client.get(reverse("requests:my_data_ask"))
    assert answer.status_code == 405
    assert "Cette page ne s’ouvre pas directement" in answer.content.decode()
