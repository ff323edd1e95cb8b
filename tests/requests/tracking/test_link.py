"""Mailed links: they open one request for ninety days, and a forged one opens none."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing

from massy_grc.outbox.models import Delivery
from requests.references import format_reference
from requests.tracking import tracking_link
from tests.requests.tracking.conftest import EMAIL, NOW
from tests.requests.tracking.test_lookup import without_typed


def path_of(link: str) -> str:
    return link.removeprefix(settings.PUBLIC_URL)


def test_link_opens_its_request(client, pothole):
    answer = client.get(path_of(tracking_link(pothole)))

    assert answer.url == f"/demandes/{pothole.reference}/"
    assert client.get(answer.url).status_code == 200


def test_link_opens_no_other_request(client, pothole, other):
    client.get(path_of(tracking_link(pothole)))

    assert client.get(f"/demandes/{other.reference}/").status_code == 404


def test_link_still_opens_on_the_last_day_and_not_after(client, pothole, clock):
    link = path_of(tracking_link(pothole))

    clock.move_to(NOW + timedelta(days=90) - timedelta(minutes=1))
    assert client.get(link).status_code == 302

    clock.move_to(NOW + timedelta(days=90, minutes=1))
    expired = client.get(link)
    assert expired.status_code == 410
    assert 'href="/suivi/"' in expired.content.decode()


@pytest.mark.parametrize("forge", [lambda s: s[:-1] + "~", lambda s: "x" + s, lambda s: s[:20]])
def test_forged_link_offers_the_look_up(client, pothole, forge):
    signed = path_of(tracking_link(pothole)).split("/")[-2]

    answer = client.get(f"/suivi/lien/{forge(signed)}/")

    assert answer.status_code == 410
    assert "n’est plus valable" in answer.content.decode()


def test_signature_of_another_purpose_opens_nothing(client, pothole):
    signed = signing.dumps(pothole.pk, salt="requests.confirmation")

    assert client.get(f"/suivi/lien/{signed}/").status_code == 410


def test_new_link_is_mailed_to_the_address_of_the_request(client, pothole):
    client.post("/suivi/lien/", {"reference": pothole.reference, "secret": EMAIL})

    delivery = Delivery.objects.get(key__startswith="lien-suivi:")
    assert delivery.to == EMAIL
    assert "/suivi/lien/" in delivery.body
    assert "mardi 2 février 2027" in delivery.body or "2 février 2027" in delivery.body


def test_asking_for_a_link_answers_alike_whether_it_leaves_or_not(client, pothole, anonymous):
    sent = client.post("/suivi/lien/", {"reference": pothole.reference, "secret": EMAIL})
    wrong = client.post("/suivi/lien/", {"reference": pothole.reference, "secret": "x@y.example"})
    unknown = client.post(
        "/suivi/lien/", {"reference": format_reference(2026, 987654), "secret": EMAIL}
    )

    assert without_typed(sent) == without_typed(wrong) == without_typed(unknown)
    assert Delivery.objects.filter(key__startswith="lien-suivi:").count() == 1


def test_mailbox_is_not_flooded(client, pothole):
    answers = [
        client.post("/suivi/lien/", {"reference": pothole.reference, "secret": EMAIL})
        for _ in range(4)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
