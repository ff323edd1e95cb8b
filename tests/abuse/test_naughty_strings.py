"""Texts that break programs, in every field: kept and shown as typed, or refused in words (R22)."""

import html
import io
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import CharField
from django.test import Client
from pypdf import PdfReader

from citizens.models import Citizen
from massy_grc.outbox.models import Delivery
from massy_grc.outbox.sending import build_mail
from prestations.enums import FieldType
from prestations.forms.definition import read_definition
from prestations.forms.fields import make_field
from requests import actions
from requests.letters.engine import LEFT, FieldLeft
from requests.letters.pdf import make_pdf
from requests.models import Contact, InternalNote, Message, ServiceRequest
from tests.abuse.naughty import ALL, BLANK, KEPT, REFUSED, handfuls
from tests.factories.citizens import make_account
from tests.helpers import drain_outbox
from tests.requests.filed import ARRIVED, EMAIL, file_request
from tests.requests.filing.support import file_valid

pytestmark = pytest.mark.django_db

LINES = "\n".join(ALL)
LIVE = (
    *("<script>alert(", "<SCRIPT>alert(", "<scr<script>", "<img src=x", "<svg/onload"),
    *("' onmouseover='", "<b>&", "<body onload", "<iframe src=//", "<details open on", "<math>"),
)
TEXTS = (FieldType.TEXT, FieldType.TEXTAREA)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def assert_shown(answer, *texts: str) -> None:
    """The page holds each text as typed, and none of them as markup or template."""
    assert answer.status_code == 200
    page = answer.content.decode()
    for live in LIVE:
        assert live not in page, live
    read = composed(html.unescape(page.replace("<wbr>", "")))  # where a line may break: no letter
    assert [text for text in texts if composed(text) not in read] == []


def text_questions(catalogue) -> dict:
    """One question of each kind and limit there is in the catalogue's forms."""
    found = {}
    for prestation in catalogue.values():
        if prestation.current_form is None:
            continue
        for question in read_definition(prestation.current_form.definition).everything:
            if not question.is_upload:
                found.setdefault((question.kind, question.scope, question.name), question)
    return found


def test_every_question_of_the_catalogue_keeps_or_refuses_every_text(catalogue):
    for key, question in text_questions(catalogue).items():
        field = make_field(question, "web")
        parts = len(getattr(field, "fields", ())) or None
        for text in (*ALL, *REFUSED, *BLANK, "a" * 6000):
            given = [text] * parts if parts else text
            try:
                value = field.clean(given)
            except ValidationError:
                continue
            if question.kind in TEXTS and isinstance(field, CharField):
                assert value == (composed(text) if text in ALL else ""), (key, text)
        if question.kind in TEXTS:
            for text in REFUSED:
                with pytest.raises(ValidationError):
                    field.clean(text)


def test_what_a_citizen_files_is_shown_as_typed_to_both_sides(client, front, text_letters):
    def pick(question):
        if question.kind == FieldType.TEXTAREA:
            return composed(LINES)
        return composed(KEPT[0]) if question.name in ("nom_famille", "prenom") else None

    draft, confirmation = file_valid(client, "voirie-intervention-rapide", pick=pick)
    sr = draft.filed_request
    email = sr.requester_email
    assert_shown(client.get(confirmation), sr.reference)
    assert client.get(f"{confirmation}recu.pdf").content.startswith(b"%PDF")
    client.post("/suivi/", {"reference": sr.reference, "secret": email})
    assert_shown(client.get(f"/demandes/{sr.reference}/"), *ALL)
    assert_shown(front.get(f"/agent/demandes/{sr.reference}/"), *ALL)
    assert_shown(front.get(f"/agent/demandes/{sr.reference}/note/"))
    assert_shown(front.get(f"/agent/citoyens/{sr.citizen_id}/"), KEPT[0])
    assert_shown(front.get(f"/agent/citoyens/{sr.citizen_id}/modifier/"), KEPT[0])
    assert_shown(front.get("/agent/demandes/?vue=toutes"), sr.reference)


def test_search_boxes_take_every_text(client, front, catalogue):
    for text in (*handfuls(190), *BLANK, *REFUSED[1:]):
        assert_shown(client.get("/recherche/", {"q": text}))
        assert client.get("/recherche/suggestions/", {"q": text}).status_code == 200
        assert client.get("/adresses/", {"q": text}).status_code == 200
        assert_shown(front.get("/agent/recherche/", {"q": text}))
        assert_shown(front.get("/agent/citoyens/", {"q": text}))


def test_messages_and_notes_are_kept_and_shown_as_typed(client, front, catalogue, text_letters):
    sr = file_request("voirie-graffitis")
    client.post("/suivi/", {"reference": sr.reference, "secret": EMAIL})
    client.post(f"/demandes/{sr.reference}/message/", {"body": LINES, "envoi": "1"})
    front.post(f"/agent/demandes/{sr.reference}/note/", {"body": LINES, "version": sr.version})
    assert Message.objects.get(direction="in").body == composed(LINES)
    assert composed(InternalNote.objects.get().body.replace("\r\n", "\n")) == composed(LINES)
    assert_shown(client.get(f"/demandes/{sr.reference}/"), *ALL)
    assert_shown(front.get(f"/agent/demandes/{sr.reference}/"), *ALL)
    drain_outbox()
    for delivery in Delivery.objects.all():
        assert_plain_headers(delivery)


def test_contacts_and_records_are_kept_and_shown_as_typed(front, catalogue):
    for number, text in enumerate(KEPT):
        contact = {"question": text, "outcome": "answered", "channel": "guichet", "answer": text}
        assert front.post("/agent/accueil/contact/", contact).status_code == 302, text
        record = {"family_name": f"{text} {number}", "given_name": text, "address": text}
        record |= {"residence": "inconnu", "reply_channel": ""}
        assert front.post("/agent/citoyens/nouveau/", record).status_code == 302, text
    assert Contact.objects.count() == Citizen.objects.count() == len(KEPT)
    assert_shown(front.get("/agent/accueil/contact/"), *KEPT[-10:])


def test_what_turns_reading_around_is_refused_in_words(client, front, login, catalogue):
    account = make_account(family_name="Benali")
    sr = file_request("voirie-graffitis", account=account)
    mine = login(Client(), account.user)
    for text in REFUSED:
        pages = (
            mine.post(f"/demandes/{sr.reference}/message/", {"body": text, "envoi": "1"}),
            mine.post("/compte/informations/", {"usage_name": text}),
            front.post("/agent/citoyens/nouveau/", {"family_name": text}),
        )
        for page in pages:
            told = html.unescape(page.content.decode())
            assert page.status_code in (200, 422), text
            assert "caractères invisibles" in told or "caractères nuls" in told, text
    assert not Message.objects.exists()
    assert not Citizen.objects.filter(Q(family_name__contains="fdp") | ~Q(usage_name="")).exists()


def test_blank_texts_are_asked_for_again(client, catalogue):
    sr = file_request("voirie-graffitis")
    client.post("/suivi/", {"reference": sr.reference, "secret": EMAIL})
    for text in BLANK:
        page = client.post(f"/demandes/{sr.reference}/message/", {"body": text, "envoi": "1"})
        assert "aria-invalid" in page.content.decode(), repr(text)
    assert not Message.objects.exists()


def assert_plain_headers(delivery: Delivery) -> None:
    """The mail has one recipient and only the headers that we give."""
    mail = build_mail(delivery).message()
    assert mail["To"] == delivery.to
    assert {"bcc", "cc"}.isdisjoint(name.lower() for name in mail)
    assert "\n" not in str(mail["Subject"]).replace("\n ", " ")


def test_mails_carry_texts_as_typed_and_no_header_of_theirs(catalogue, eas_agent, text_letters):
    for text in KEPT:
        file_request("voirie-graffitis", requester={"nom_famille": text, "prenom": text})
    sr = ServiceRequest.objects.first()

    def write(body):
        actions.write_message(
            request_id=sr.pk, version=None, actor=eas_agent, subject=KEPT[-1], body=body
        )

    with pytest.raises(FieldLeft):
        write(LINES)  # among them is a field of our letters, which an agent must fill in
    sent = [text for text in ALL if not LEFT.search(text)]
    assert len(sent) >= len(ALL) - 5
    write("\n".join(sent))
    drain_outbox()
    assert Delivery.objects.count() > len(KEPT)
    body = composed(Delivery.objects.filter(automatic=False).latest("id").body)
    assert [text for text in sent if composed(text) not in body] == []
    for delivery in Delivery.objects.all():
        assert_plain_headers(delivery)


def test_a_pdf_prints_every_text(catalogue):
    sr = file_request("voirie-graffitis", requester={"nom_famille": KEPT[0], "prenom": "Zoé"})
    content = make_pdf(sr, subject=KEPT[1], body=LINES, now=ARRIVED)
    pages = PdfReader(io.BytesIO(content)).pages
    read = "".join(page.extract_text() for page in pages).replace("\x00", "")
    read = "".join(read.split())
    for text in (KEPT[0], "{{ 7|add:35 }}{% debug %}", "=HYPERLINK(", "Œuvre d’Aïcha"):
        assert "".join(text.split()) in read, text


def test_the_longest_answers_fit_their_columns(client, catalogue):
    limits = {}

    def pick(question):
        field = make_field(question, "web")
        if question.kind in TEXTS and isinstance(field, CharField) and "siret" not in question.name:
            limits[question.key] = field.max_length
            return None if question.name == "rna" else "É" * field.max_length
        return None

    for code in ("voirie-intervention-rapide", "aides-sociales-subvention-fin-annee"):
        file_valid(Client(), code, pick=pick)
    assert ServiceRequest.objects.count() == 2
    assert len(limits) > 4
