"""Who finds a request: the right pair, and nobody else learns anything."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from requests.references import format_reference
from tests.requests.tracking.conftest import EMAIL

UNKNOWN = format_reference(2026, 987654)


def look_up(client, reference, secret, **extra):
    return client.post("/suivi/", {"reference": reference, "secret": secret}, **extra)


def without_typed(answer) -> bytes:
    """The page without what was typed and without the form's token."""
    page = re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)
    return re.sub(rb'value="[^"]*"', b"", page)


@pytest.mark.parametrize("shape", ["{}", " {} ", "{0[0]}{0[1]}{0[2]}", "{0[0]} {0[1]} {0[2]}"])
def test_reference_is_read_with_or_without_dashes(client, pothole, shape):
    typed = shape.format(
        pothole.reference if shape.count("[") == 0 else pothole.reference.split("-")
    )

    answer = look_up(client, typed, EMAIL.upper())

    assert answer.url == f"/demandes/{pothole.reference}/"
    assert client.get(answer.url).status_code == 200


def test_tracking_code_opens_an_anonymous_request(client, anonymous):
    code = f"{anonymous.tracking_code[:4]} {anonymous.tracking_code[4:]}"

    answer = look_up(client, anonymous.reference, code)

    assert answer.url == f"/demandes/{anonymous.reference}/"


def test_session_key_changes_with_the_new_right(client, pothole):
    client.get("/suivi/")
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    client.cookies["massy_session"] = before

    look_up(client, pothole.reference, EMAIL)

    assert client.session.session_key != before


@pytest.mark.parametrize("secret", ["faux@courriel.example", "00000000", "no address", "no code"])
def test_wrong_unknown_and_anonymous_answer_alike(client, pothole, anonymous, secret):
    wrong = look_up(client, pothole.reference, secret)
    unknown = look_up(client, UNKNOWN, secret)
    nameless = look_up(client, anonymous.reference, secret)

    assert wrong.status_code == unknown.status_code == nameless.status_code == 200
    assert without_typed(wrong) == without_typed(unknown) == without_typed(nameless)
    assert "Nous n’avons pas trouvé" in wrong.content.decode()
    assert re.search(r"<title>\s*Erreur\s:", wrong.content.decode())


def test_known_and_unknown_cost_the_same_queries(client, pothole, anonymous):
    counts = set()
    for number, reference in enumerate((pothole.reference, UNKNOWN, anonymous.reference)):
        address = f"192.0.2.{number}"
        look_up(client, reference, "faux@courriel.example", REMOTE_ADDR=address)
        with CaptureQueriesContext(connection) as captured:
            look_up(client, reference, "faux@courriel.example", REMOTE_ADDR=address)
        counts.add(len(captured))

    assert counts == {3}  # two limits, one look


def test_slip_of_the_finger_is_told_without_a_look_at_the_base(
    client, pothole, django_assert_num_queries
):
    digit = (int(pothole.reference[-1]) + 1) % 10
    client.get("/suivi/")  # the town's name is read once a minute

    with django_assert_num_queries(0):
        answer = look_up(client, pothole.reference[:-1] + str(digit), EMAIL)

    assert "erreur de frappe" in answer.content.decode()


def test_foreign_and_missing_pages_answer_byte_for_byte_alike_but_for_the_token(owner, other):
    foreign = owner.get(f"/demandes/{other.reference}/")
    missing = owner.get(f"/demandes/{UNKNOWN}/")

    assert foreign.status_code == missing.status_code == 404
    assert without_typed(foreign) == without_typed(missing)


def test_page_is_closed_without_a_look_up(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["message/", "pieces/", "retirer/", "rouvrir/"])
def test_acts_on_a_foreign_request_are_refused(owner, other, path):
    before = other.events.count()

    answer = owner.post(f"/demandes/{other.reference}/{path}", {"body": "x", "reason": "x"})

    assert answer.status_code == 404
    assert other.events.count() == before


def test_page_is_never_kept_by_a_cache(owner, address):
    assert "no-store" in owner.get(address)["Cache-Control"]
