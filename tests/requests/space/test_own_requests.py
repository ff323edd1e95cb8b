"""A request filed while signed in belongs to its owner's space, and to nobody else's."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from requests import actions
from requests.enums import State
from requests.models import ServiceRequest
from tests.factories.citizens import make_account
from tests.requests.filed import file_request
from tests.requests.filing.support import file_valid, only_request, text_of

pytestmark = pytest.mark.django_db

POTHOLE = "voirie-intervention-rapide"
PAGES = ("/compte/", "/compte/demandes/", "/compte/messages/", "/compte/documents/")


@pytest.fixture
def pothole(account):
    return file_request(POTHOLE, account=account)


def _bare(response) -> bytes:
    """A page without what differs each time: nonces and tokens."""
    return re.sub(rb'(nonce|value)="[^"]*"', b"", response.content)


def write(request, agent, body="Pouvez-vous préciser ?"):
    request.refresh_from_db()
    return actions.write_message(
        request_id=request.pk, version=request.version, actor=agent, body=body
    )


def test_what_is_filed_signed_in_stands_in_the_space(mine, account):
    file_valid(mine, POTHOLE)
    filed = only_request()

    assert (filed.account, filed.citizen) == (account, account.citizen)
    for page in ("/compte/", "/compte/demandes/"):
        text = text_of(mine.get(page))
        assert filed.reference in text
        assert "Votre demande est bien reçue." in text


def test_whoever_leaves_the_names_blank_stays_anonymous(account):
    nobody = dict.fromkeys(("nom_famille", "prenom", "email", "adresse", "canal_reponse"), "")
    filed = file_request(POTHOLE, account=account, requester=nobody)

    assert (filed.account, filed.citizen, filed.requester_name) == (None, None, "")


def test_the_same_name_and_address_show_nothing_by_themselves(mine, account):
    person = account.citizen
    filed = file_request(
        POTHOLE,
        requester={
            "nom_famille": person.family_name,
            "prenom": person.given_name,
            "email": person.email,
        },
    )

    assert filed.citizen == person
    assert filed.reference not in text_of(mine.get("/compte/demandes/"))
    assert mine.get(f"/demandes/{filed.reference}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_another_citizen_sees_nothing_of_it(stranger, pothole, page):
    assert pothole.reference not in text_of(stranger.get(page))


@pytest.mark.parametrize(
    "path", ["", "message/", "pieces/", "retirer/", "rouvrir/", "avis/", "documents/1/"]
)
def test_anothers_request_answers_as_one_that_is_not(stranger, pothole, path):
    known = pothole.reference
    theirs = stranger.get(f"/demandes/{known}/{path}")
    ServiceRequest.objects.filter(pk=pothole.pk).update(reference="M26-0000001-1")
    missing = stranger.get(f"/demandes/{known}/{path}")

    assert theirs.status_code == missing.status_code == 404
    assert _bare(theirs) == _bare(missing)


def test_the_owner_needs_no_code_to_read_write_and_withdraw(mine, pothole):
    address = f"/demandes/{pothole.reference}/"
    assert "Mon espace" in text_of(mine.get(address))

    mine.post(f"{address}message/", {"body": "Le trou grandit.", "envoi": "1"})
    assert "Le trou grandit." in text_of(mine.get(address))

    mine.post(f"{address}retirer/")
    pothole.refresh_from_db()
    assert not pothole.is_open


def test_a_new_message_is_announced_until_it_is_read(mine, pothole, proximite_agent):
    write(pothole, proximite_agent)
    assert "Vous avez un message à lire." in text_of(mine.get("/compte/"))
    assert "À lire" in text_of(mine.get("/compte/messages/"))

    mine.get(f"/demandes/{pothole.reference}/")

    assert "Vous avez un message à lire." not in text_of(mine.get("/compte/"))
    assert "À lire" not in text_of(mine.get("/compte/messages/"))
    assert "Pouvez-vous préciser ?" in text_of(mine.get("/compte/messages/"))


def test_reading_changes_nothing_that_agents_see(mine, pothole, proximite_agent):
    write(pothole, proximite_agent)
    before = ServiceRequest.objects.values("version", "event_count").get()
    mine.get(f"/demandes/{pothole.reference}/")
    assert ServiceRequest.objects.values("version", "event_count").get() == before


def test_who_comes_back_with_a_new_account_finds_the_requests_of_the_former(
    client, login, account, pothole
):
    account.closed_at = timezone.now() - timedelta(days=1)
    account.save()
    account.citizen.email = "nouvelle@courriel.example"
    back = make_account(citizen=account.citizen)
    assert pothole.reference in text_of(login(client, back.user).get("/compte/demandes/"))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_much_for_one_request_as_for_many(
    mine, account, proximite_agent, page, django_assert_max_num_queries, django_assert_num_queries
):
    def add():
        filed = file_request(POTHOLE, account=account)
        write(filed, proximite_agent)

    add()
    mine.get(page)
    with django_assert_max_num_queries(40) as one:
        mine.get(page)
    for _more in range(3):
        add()
    with django_assert_num_queries(len(one)):
        mine.get(page)


def test_history_is_paged_by_position(mine, account, monkeypatch):
    monkeypatch.setattr("requests.views.space.PAGE", 2)
    filed = [file_request(POTHOLE, account=account).reference for _turn in range(3)]
    first = mine.get("/compte/demandes/")
    second = mine.get("/compte/demandes/" + first.context["page"].next_query)
    seen = [line.request.reference for page in (first, second) for line in page.context["lines"]]
    assert sorted(seen) == sorted(filed)


def test_a_line_says_how_it_ended_once(mine, pothole):
    ServiceRequest.objects.filter(pk=pothole.pk).update(
        state=State.CLOSE, closing_reason="satisfaite", closed_at=timezone.now()
    )
    page = text_of(mine.get("/compte/demandes/"))
    assert "Terminée" in page
    assert "<p>Demande satisfaite.</p>" in page
    assert "est terminée" not in page
