"""Texts that break programs, in the fields of space, organisations, opinions and lists (R22).

Each is stored as typed or refused in words; what is stored is shown as text; nothing ends in an
error of ours. Texts go by handfuls: one page sent tries many.
"""

import html
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from citizens.actions import write_newsletter
from citizens.models import Citizen, CitizenAccount, OrganisationAccount, Subscription
from massy_grc.common.models import AttemptCount
from massy_grc.outbox.models import Delivery
from requests import actions
from requests.enums import Outcome
from requests.models import ConcernedPerson, FilingDraft, ReportFollower
from tests.abuse.naughty import ALL, REFUSED, handfuls
from tests.abuse.test_naughty_strings import (
    LINES,
    assert_plain_headers,
    assert_shown,
    composed,
)
from tests.citizens.mails import last_mail, link_in
from tests.factories.citizens import make_account
from tests.factories.places import make_register
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox
from tests.requests.filed import EMAIL, file_request
from tests.requests.reports.support import report
from tests.requests.scanning.conftest import keep

pytestmark = pytest.mark.django_db

REFUSALS = ("aria-invalid", "is-invalid", "error-summary")
HUGE = "é" * 200_000


@pytest.fixture
def account(catalogue):
    return make_account(family_name="Benali", given_name="Aïcha", email="aicha@courriel.example")


@pytest.fixture
def mine(login, account):
    return login(Client(), account.user)


def told(answer) -> str:
    """The page of a refusal, read: it says what is wrong."""
    assert answer.status_code in (200, 422), answer.status_code
    page = answer.content.decode()
    assert any(sign in page for sign in REFUSALS)
    assert_shown_as_text(page)
    return html.unescape(page)


def assert_shown_as_text(page: str) -> None:
    for live in ("<script>alert", "<svg/onload", "<iframe src=//", "<img src=x"):
        assert live not in page


def stored_or_told(answer) -> bool:
    """Whether a text was taken; if not, the page says why."""
    if answer.status_code == 302:
        return True
    told(answer)
    return False


def test_names_and_seats_of_organisations(mine, front):
    taken = []
    for number, text in enumerate((*handfuls(110), *REFUSED, HUGE)):
        sent = {"kind": "association", "name": text, "rna": f"W9130{number:05d}", "siret": ""}
        sent |= {"address_0": "1", "address_1": text}
        if stored_or_told(mine.post("/compte/organisations/nouvelle/", sent)):
            taken.append(composed(text))
    names = list(OrganisationAccount.objects.order_by("pk").values_list("name", flat=True))
    assert names == taken
    assert len(taken) > len(handfuls(110)) / 2  # some hold an address of a site
    assert_shown(mine.get("/compte/organisations/"), *taken)
    assert_shown(front.get("/agent/organismes/"), *taken)


def test_who_is_concerned(client, front, catalogue, text_letters):
    named = handfuls(115)
    client.post("/prestations/certificat-domicile/demande/", {"pour": "proche"})
    draft = FilingDraft.objects.get()
    page = f"/prestations/certificat-domicile/demande/{draft.token}/personne/"
    taken = []
    for text in (*named, *REFUSED, HUGE):
        person = {"family_name": text, "given_name": text, "relation": "famille"}
        answer = client.post(page, {**person, "email": "odette@courriel.example"})
        if stored_or_told(answer):
            draft.refresh_from_db()
            assert draft.person["family_name"] == draft.person["given_name"] == composed(text)
            taken.append(text)
    assert not set(taken) & {*REFUSED, HUGE}
    assert len(taken) > len(named) / 2
    for text in (taken[0], taken[-1]):
        person = {"family_name": text, "given_name": text, "relation": "famille"}
        person |= {"email": "odette@courriel.example", "phone": "", "address": ""}
        sr = file_request("certificat-domicile", person=person)
        assert_shown(front.get(f"/agent/demandes/{sr.reference}/"), text)
    assert ConcernedPerson.objects.count() == 2
    drain_outbox()
    for delivery in Delivery.objects.all():
        assert_plain_headers(delivery)


def test_names_of_documents_in_the_wallet(mine, account, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = keep(account)
    for text in (*handfuls(110), *REFUSED, HUGE, "../../x", "CON"):
        answer = mine.post(f"/compte/porte-documents/{kept.pk}/renommer/", {"name": text})
        if stored_or_told(answer):
            kept.refresh_from_db()
            assert kept.name.endswith(".pdf")
            assert not {"/", "\\", "<", '"', "\n", "\x00", "\u202e"} & set(kept.name)
            assert_shown(mine.get("/compte/porte-documents/"), kept.name)
            sent = mine.get(f"/compte/porte-documents/{kept.pk}/")
            assert sent["Content-Disposition"].startswith("attachment;")


def test_opinions_and_what_is_not_solved(client, front, eas_agent, catalogue, text_letters):
    sr = file_request("voirie-graffitis", now=timezone.now() - timedelta(days=1))
    client.post("/suivi/", {"reference": sr.reference, "secret": EMAIL})

    def close():
        actions.take_request(request_id=sr.pk, version=None, actor=eas_agent)
        actions.answer_request(
            request_id=sr.pk,
            version=None,
            actor=eas_agent,
            body="Fait.",
            outcome=Outcome.POSITIVE,
        )

    close()
    page = f"/demandes/{sr.reference}/"
    for text in (*REFUSED, HUGE):
        opinion = {"avis-score": "4", "avis-solved": "oui", "avis-comment": text}
        told(client.post(f"{page}avis/", opinion))
        told(client.post(f"{page}rouvrir/", {"reason": text}))
    comment = "\n".join(handfuls(900)[0].split(" "))
    opinion = {"avis-score": "4", "avis-solved": "oui", "avis-comment": comment}
    assert client.post(f"{page}avis/", opinion).status_code == 302
    assert sr.ratings.get().comment == composed(comment)
    reason = LINES[:950]
    assert client.post(f"{page}rouvrir/", {"reason": reason}).status_code == 302
    assert sr.messages.filter(direction="in").latest("pk").body == composed(reason).strip()
    words = [one for one in ALL if one in reason]
    assert_shown(client.get(page), *words)
    assert_shown(front.get(f"/agent/demandes/{sr.reference}/"), *words)
    drain_outbox()
    for delivery in Delivery.objects.all():
        assert_plain_headers(delivery)


def test_addresses_for_newsletters_and_reports(client, catalogue):
    board = write_newsletter(code="travaux", label="Travaux", description="Les travaux.")
    make_register()
    shown = report(catalogue)
    drain_outbox()
    before = Delivery.objects.count()
    forged = [f"a@courriel.example{end}" for end in ("\r\nBcc: x@evil.example", "\nx", "\x00")]
    for text in (*handfuls(200), *REFUSED, *forged, HUGE, "a@b", "é@@x"):
        sent = {"email": text, "newsletters": [board.pk]}
        told(client.post("/lettres-d-information/", sent))
        assert client.post(f"/signalements/{shown.pk}/suivre/", sent).status_code == 422
        AttemptCount.objects.all().delete()
    drain_outbox()
    assert not Subscription.objects.exists()
    assert not ReportFollower.objects.exists()
    assert Delivery.objects.count() == before


def test_names_of_accounts(mine, account, front, catalogue):
    page = "/compte/informations/"
    taken = ""
    for text in (*handfuls(140), *REFUSED, HUGE):
        answer = mine.post(page, {"usage_name": text, "phone": text})
        told(answer)  # no text is a telephone number: its place says so, the name is given back
        answer = mine.post(page, {"usage_name": text, "phone": ""})
        if stored_or_told(answer):
            taken = composed(text)
            account.citizen.refresh_from_db()
            assert account.citizen.usage_name == taken
    assert taken
    assert_shown(mine.get("/compte/"))
    assert_shown(mine.get(page), taken)
    assert_shown(front.get(f"/agent/citoyens/{account.citizen_id}/"), taken)


def test_names_at_the_opening_of_an_account(client, catalogue):
    client.post("/compte/inscription/", {"email": "nouvelle@courriel.example"})
    drain_outbox()
    link = link_in(last_mail("nouvelle@courriel.example"))
    people = Citizen.objects.count()
    person = {"birth_date": "1980-05-01", "password": PASSWORD, "terms": "on"}
    for text in (*REFUSED, HUGE):
        told(client.post(link, {**person, "given_name": text, "family_name": text}))
    assert Citizen.objects.count() == people
    given, family, *_rest = handfuls(90)
    made = client.post(link, {**person, "given_name": given, "family_name": family})
    assert made.status_code == 302
    citizen = CitizenAccount.objects.get().citizen
    assert (citizen.given_name, citizen.family_name) == (composed(given), composed(family))
    assert_shown(client.get("/compte/"))


def test_bytes_that_are_no_text_and_far_too_much_of_it(client, front, catalogue):
    sr = file_request("voirie-graffitis")
    client.post("/suivi/", {"reference": sr.reference, "secret": EMAIL})
    form = "application/x-www-form-urlencoded"
    for sent in (b"%ED%A0%80", b"%FF%FE", b"%C0%AF", b"\xed\xa0\x80", b"%F4%90%80%80", b"%u0041"):
        answer = client.post(
            f"/demandes/{sr.reference}/message/", b"envoi=1&body=" + sent, content_type=form
        )
        assert answer.status_code in (200, 302, 422), sent
        assert client.get("/recherche/?q=" + sent.decode("latin-1")).status_code == 200
        assert front.get("/agent/recherche/?q=" + sent.decode("latin-1")).status_code == 200
    for body in sr.messages.values_list("body", flat=True):
        body.encode()  # no half of a pair was stored
    much = {"body": "é" * 3_000_000, "envoi": "1"}
    assert client.post(f"/demandes/{sr.reference}/message/", much).status_code in (400, 413, 422)
