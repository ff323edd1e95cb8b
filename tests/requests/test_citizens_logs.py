"""Whatever a citizen types, and whatever opens something, is in no log (R24)."""

import re

import pytest
from django.test import Client

from citizens.models import CitizenAccount
from massy_grc.outbox.models import Delivery
from prestations.enums import FieldType
from requests.models import ServiceRequest
from requests.tracking import tracking_link
from tests.citizens.mails import last_mail, link_in
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox
from tests.requests.filing.support import file_valid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

EMAIL, OTHER = "canari@courriel.example", "autre-canari@courriel.example"
WORDS = "Un texte-canari que nul journal ne garde."
PHONE = "06 12 34 56 78"
WRONG = "mot-de-passe-canari faux"


def typed(question):
    """What this citizen answers: a canary wherever words are asked for."""
    if question.kind == FieldType.TEXTAREA:
        return WORDS
    return {"nom": "Nomcanari", "email": EMAIL, "telephone": PHONE}.get(question.name)


def sign_up(client: Client) -> None:
    client.post("/compte/inscription/", {"email": EMAIL})
    person = {"given_name": "Prénomcanari", "family_name": "Nomcanari", "birth_date": "1990-02-03"}
    client.post(link_in(last_mail(EMAIL)), {**person, "password": PASSWORD, "terms": "on"})
    assert CitizenAccount.objects.get().citizen.family_name == "Nomcanari"


def keys_in_mails() -> set[str]:
    """The longest part of every link that was mailed, where it is a key."""
    mailed = "\n".join(Delivery.objects.values_list("body", flat=True))
    keys = {max(link.split("/"), key=len) for link in re.findall(r"https?://[^/\s]+(/\S+)", mailed)}
    return {key for key in keys if len(key) > 20}


def test_a_citizen_s_whole_way_leaves_no_word_and_no_key_in_the_logs(
    written, caplog, settings, tmp_path, eas_agent
):
    caplog.set_level("INFO", logger="django_structlog")  # the browser's tests have it silent
    settings.MEDIA_ROOT = tmp_path
    citizen, stranger = Client(), Client()
    sign_up(citizen)
    stranger.post("/compte/login/", {"login": EMAIL, "password": WRONG})
    file_valid(citizen, "voirie-intervention-rapide", pick=typed)
    drain_outbox()
    sr = ServiceRequest.objects.get()
    address = f"/demandes/{sr.reference}/"
    citizen.post(f"{address}message/", {"body": WORDS})
    assert sr.messages.get().body == WORDS
    stranger.post("/suivi/", {"reference": sr.reference, "secret": sr.tracking_code})
    assert stranger.get(address).status_code == 200
    link = tracking_link(sr)
    assert Client().get(link).status_code == 302
    Client().get("/recherche/", {"q": WORDS})
    citizen.post("/compte/adresse/", {"email": OTHER})
    drain_outbox()
    Client().post("/compte/password/reset/", {"email": EMAIL})
    Client().get(link_in(last_mail(EMAIL)), follow=True)

    log = "\n".join(written)
    assert log.count("request_started") > 20
    keys = keys_in_mails()
    assert len(keys) > 4
    secrets = {sr.tracking_code, link.split("/")[-2], PASSWORD, *keys}
    assert {one for one in {"canari", "12345678", *secrets} if one in log} == set()
