"""What reaches the counter, the phone and the post room otherwise than complete and sorted."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from massy_grc.outbox.enums import DeliveryState
from massy_grc.outbox.models import Delivery
from requests.enums import ContactOutcome, State, Verb
from requests.models import Contact, FilingDraft, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.answers import PDF_BYTES
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import PrestationFactory, make_definition, make_field
from tests.factories.requests import make_request
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db

DESK = "/agent/accueil/"


def document(code: str, **keys) -> dict:
    return {
        "code": code,
        "label": f"Le papier {code}",
        "mode": "obligatory",
        "condition": None,
        "required_if": None,
        "original_at_counter": False,
    } | keys


@pytest.fixture
def papers():
    """A prestation that wants two documents, and an original to be seen."""
    definition = make_definition(
        make_field("motif"),
        make_field("quand", "date", required=False),
        documents=[
            document("identite"),
            document("domicile"),
            document("livret", original_at_counter=True),
        ],
        requester=[
            make_field("nom_famille"),
            make_field("prenom", required=False),
            make_field("email", "email", required=False),
            make_field("telephone", "phone", required=False),
        ],
    )
    return PrestationFactory(label="Carte à papiers", current_form=definition)


def open_form(client, code: str, **who) -> str:
    response = client.post(f"{DESK}ouvrir/", {"prestation": code, **who})
    assert response.status_code == 302
    assert "/demande/" in response.url, response.url
    return response.url


FILLED = {"reponses.motif": "Un motif", "demandeur.nom_famille": "Durand", "channel": "guichet"}


# --- documents seen, or received on paper ------------------------------------------------------
def test_a_document_ticked_as_seen_is_not_missing_and_is_kept(front, papers):
    address = open_form(front, papers.pk)
    page = front.get(address).content.decode()
    assert page.count("Vu ou reçu sur papier") == 2
    front.post(address, {**FILLED, "papiers-identite": "on", "papiers-livret": "on"})

    sr = ServiceRequest.objects.get(prestation=papers)
    assert sr.papers == ["identite", "livret"]
    assert [piece.document_code for piece in sr.pieces.all()] == ["domicile"]
    assert sr.events.get(verb=Verb.FILE).data["papers"] == ["identite", "livret"]
    page = front.get(sr.get_absolute_url()).content.decode()
    assert page.count("Le papier identite") >= 2  # the aside and the line of time
    shown, printed = (
        front.get(sr.get_absolute_url()),
        front.get(f"{sr.get_absolute_url()}imprimer/"),
    )
    assert shown.context["papers"] == printed.context["papers"]  # the others are among the checks
    assert "vu ou reçu sur papier" in page


def test_the_receipt_names_the_papers_received_and_asks_only_for_the_others(front, papers):
    address = open_form(front, papers.pk)
    front.post(address, {**FILLED, "papiers-identite": "on"})
    sr = ServiceRequest.objects.get(prestation=papers)
    from requests.notifications.filing import receipt_facts, receipt_words

    words = receipt_words(sr).body
    assert "Le papier identite" not in words  # the table says what was received
    assert "Le papier domicile" in words.partition("Il manque")[2]
    assert "Le papier identite" in dict(receipt_facts(sr))["Documents reçus"]


def test_ticks_survive_an_error(front, papers):
    address = open_form(front, papers.pk)
    page = front.post(address, {**FILLED, "reponses.motif": "", "papiers-domicile": "on"})
    assert 'name="papiers-domicile"' in page.content.decode()
    assert FilingDraft.objects.get().papers == ["domicile"]
    box = front.get(address).content.decode().partition('name="papiers-domicile"')[2]
    assert "checked" in box.partition(">")[0]


def test_a_tick_for_a_document_that_is_not_asked_for_is_dropped(front, papers):
    address = open_form(front, papers.pk)
    front.post(address, {**FILLED, "papiers-passeport": "on"})
    assert ServiceRequest.objects.get(prestation=papers).papers == []


# --- logged incomplete -------------------------------------------------------------------------
def test_incomplete_answers_are_logged_listed_and_asked_for(eas_agent, papers):
    post_room = client_of(eas_agent, post="back-office")
    address = open_form(post_room, papers.pk)
    data = {
        **FILLED,
        "reponses.motif": "",
        "demandeur.email": "durand@courriel.example",
        "channel": "courrier",
        "incomplete": "1",
    }
    logged = post_room.post(address, data, follow=True).content.decode()
    sr = ServiceRequest.objects.get(prestation=papers)
    owed = [piece.document_code for piece in sr.pieces.filter(received_at=None)]
    assert owed == ["reponses.motif", "identite", "domicile"]
    assert sr.legal_paused_at == sr.arrived_at
    assert "Reste à fournir" in logged
    drain_outbox()
    letter = Delivery.objects.get(key=f"acknowledgement:{sr.pk}")
    assert "Motif" in letter.body
    assert "Le papier identite" in letter.body


def test_what_is_wrong_is_refused_even_when_logged_incomplete(front, papers):
    address = open_form(front, papers.pk)
    data = {**FILLED, "reponses.motif": "", "reponses.quand": "demain", "incomplete": "1"}
    page = front.post(address, data).content.decode()
    assert "Cette date n’est pas valable" in page
    assert not ServiceRequest.objects.filter(prestation=papers).exists()


def test_the_missing_answers_are_completed_on_the_same_form(front, papers):
    address = open_form(front, papers.pk)
    front.post(
        address,
        {
            **FILLED,
            "reponses.motif": "",
            "incomplete": "1",
            "papiers-identite": "on",
            "papiers-domicile": "on",
        },
    )
    sr = ServiceRequest.objects.get(prestation=papers)
    drain_outbox()
    sr.refresh_from_db()
    assert "Compléter les réponses" in front.get(sr.get_absolute_url()).content.decode()
    form = front.post(f"{sr.get_absolute_url()}complete/", {"version": sr.version})
    page = front.get(form.url).content.decode()
    assert 'value="Durand"' in page
    done = front.post(
        form.url,
        {**FILLED, "version": sr.version, "papiers-identite": "on", "papiers-domicile": "on"},
    )
    assert done.url == sr.get_absolute_url()
    sr.refresh_from_db()
    assert sr.answers["reponses"]["motif"] == "Un motif"
    assert not sr.pieces.filter(received_at=None).exists()
    assert sr.legal_paused_at is None
    assert sr.events.filter(verb=Verb.COMPLETE).count() == 1
    assert "Compléter les réponses" not in front.get(sr.get_absolute_url()).content.decode()


def test_a_form_completed_twice_is_refused_to_the_second(front, supervisor, papers):
    address = open_form(front, papers.pk)
    front.post(address, {**FILLED, "reponses.motif": "", "incomplete": "1"})
    sr = ServiceRequest.objects.get(prestation=papers)
    drain_outbox()
    sr.refresh_from_db()
    other = client_of(supervisor)
    mine = front.post(f"{sr.get_absolute_url()}complete/", {"version": sr.version}).url
    theirs = other.post(f"{sr.get_absolute_url()}complete/", {"version": sr.version}).url
    data = {**FILLED, "version": sr.version}
    assert other.post(theirs, {**data, "reponses.motif": "Le leur"}).status_code == 302
    late = front.post(mine, {**data, "reponses.motif": "Le mien"})
    assert late.status_code == 409
    assert "Le mien" in late.content.decode()
    sr.refresh_from_db()
    assert sr.answers["reponses"]["motif"] == "Le leur"


# --- to be sorted ------------------------------------------------------------------------------
def log_unsorted(client, **more) -> ServiceRequest:
    address = open_form(client, "a-qualifier")
    data = {"reponses.texte": "Il me faut un papier pour la banque.", "channel": "courrier"}
    response = client.post(address, {**data, **more})
    assert response.status_code == 302, response.context["form"].errors
    return ServiceRequest.objects.get(state=State.A_QUALIFIER)


def test_a_letter_whose_prestation_is_unknown_waits_to_be_sorted(eas_agent):
    post_room = client_of(eas_agent, post="back-office")
    arrived = timezone.localtime(timezone.now() - timedelta(days=4))
    scan = SimpleUploadedFile("lettre.pdf", PDF_BYTES, "application/pdf")
    sr = log_unsorted(
        post_room,
        **{
            "demandeur.nom_famille": "Lemaire",
            "arrived_at": arrived.strftime("%Y-%m-%dT%H:%M"),
            "reponses.numerisation": scan,
        },
    )
    drain_outbox()
    sr.refresh_from_db()
    assert sr.state == State.A_QUALIFIER
    assert sr.subject == "Il me faut un papier pour la banque."
    assert sr.attachments.count() == 1
    assert sr.filed_at - sr.arrived_at > timedelta(days=3)
    page = post_room.get("/agent/demandes/", {"vue": "a-qualifier"}).content.decode()
    assert sr.subject in page


def test_an_anonymous_phone_note_can_wait_to_be_sorted_too(eas_agent):
    phone = client_of(eas_agent, post="telephone")
    sr = log_unsorted(phone, channel="telephone")
    assert (sr.requester_kind, sr.channel) == ("anonyme", "telephone")


def test_a_sorted_letter_gets_its_prestation_its_form_and_its_dates(front, papers):
    sr = log_unsorted(front, **{"demandeur.nom_famille": "Lemaire"})
    page = front.get(sr.get_absolute_url()).content.decode()
    assert f"{sr.get_absolute_url()}sort/" in page
    form = front.post(f"{sr.get_absolute_url()}sort/", {"prestation": papers.pk})
    page = front.get(form.url).content.decode()
    assert "Il me faut un papier pour la banque." in page
    assert 'value="Lemaire"' in page
    done = front.post(
        form.url,
        {
            "reponses.motif": "La banque",
            "demandeur.nom_famille": "Lemaire",
            "papiers-identite": "on",
            "version": sr.version,
        },
    )
    assert done.url == sr.get_absolute_url()
    sr.refresh_from_db()
    assert (sr.prestation, sr.state) == (papers, State.EN_COURS)
    assert sr.form_version == papers.current_form
    assert sr.answers["reponses"] == {"motif": "La banque"}
    assert sr.answers["message"] == "Il me faut un papier pour la banque."
    assert sr.papers == ["identite"]
    assert [piece.document_code for piece in sr.pieces.all()] == ["domicile"]
    qualified = sr.events.get(verb=Verb.QUALIFY)
    assert qualified.data["prestation"] == ["a-qualifier", papers.pk]
    assert "banque" not in str(qualified.data)


def test_what_is_to_be_sorted_is_no_offer_of_the_town(client, front, catalogue):
    assert client.get("/prestations/a-qualifier/").status_code == 404
    assert "Demande à qualifier" not in client.get("/prestations/").content.decode()
    found = front.get(DESK, {"anonyme": "1", "p": "demande à qualifier"}).context["prestations"]
    assert "a-qualifier" not in [one.pk for one in found]


# --- ways to reach the requester ---------------------------------------------------------------
@pytest.fixture
def wrong():
    """A request with a mistyped address, its mail refused for good."""
    caller = CitizenFactory(email="jeane@courriel.example", phone="+33612345678")
    sr = make_request(citizen=caller, requester_email="jeane@courriel.example")
    now = timezone.now()
    for key, to, state in (
        ("a", "jeane@courriel.example", DeliveryState.FAILED),
        ("b", "jeane@courriel.example", DeliveryState.SENT),
        ("c", "agent@massy.example", DeliveryState.FAILED),
    ):
        Delivery.objects.create(
            key=key, to=to, subject=key, body="x", about=f"request:{sr.pk}", state=state,
            next_attempt_at=now, attempts=3,
        )  # fmt: skip
    return sr


def correct(client, sr, **data):
    known = {
        "email": sr.requester_email,
        "phone": sr.requester_phone,
        "address": sr.requester_address,
    }
    return client.post(
        f"{sr.get_absolute_url()}correct_contact/", {**known, "version": sr.version, **data}
    )


def test_a_corrected_address_gets_the_mails_that_did_not_leave(front, wrong):
    correct(front, wrong, email="jeanne@courriel.example", resend="on")
    wrong.refresh_from_db()
    assert wrong.requester_email == "jeanne@courriel.example"
    states = {one.key: (one.to, one.state) for one in Delivery.objects.filter(key__in="abc")}
    assert states == {
        "a": ("jeanne@courriel.example", DeliveryState.QUEUED),
        "b": ("jeane@courriel.example", DeliveryState.SENT),
        "c": ("agent@massy.example", DeliveryState.FAILED),
    }
    event = wrong.events.get(verb=Verb.CORRECT_CONTACT)
    assert event.data == {"changed": ["email"], "resent": 1, "citizen": None}
    wrong.citizen.refresh_from_db()
    assert wrong.citizen.email == "jeane@courriel.example"


def test_the_citizen_record_gets_the_same_correction_when_ticked(front, wrong):
    correct(front, wrong, email="jeanne@courriel.example", record_too="on")
    wrong.citizen.refresh_from_db()
    assert wrong.citizen.email == "jeanne@courriel.example"
    assert Delivery.objects.get(key="a").state == DeliveryState.FAILED


@pytest.mark.parametrize(
    "email", ["jeanne", "a@b.fr\nBcc: x@y.fr", "x" * 300 + "@courriel.example"]
)
def test_an_address_that_is_none_is_refused(front, wrong, email):
    page = correct(front, wrong, email=email)
    assert page.status_code == 200
    wrong.refresh_from_db()
    assert wrong.requester_email == "jeane@courriel.example"


def test_an_expert_cannot_correct_how_the_citizen_is_reached(expert_browser):
    sr = make_request(department_id="voirie-assainissement", department_since=timezone.now())
    assert correct(expert_browser, sr, email="x@courriel.example").status_code == 403


def test_a_stale_correction_is_refused_and_kept(front, wrong):
    page = correct(front, wrong, email="jeanne@courriel.example", version=wrong.version - 1)
    assert page.status_code == 409
    assert "jeanne@courriel.example" in page.content.decode()
    wrong.refresh_from_db()
    assert wrong.requester_email == "jeane@courriel.example"


# --- contacts that need no request -------------------------------------------------------------
def test_a_person_to_call_back_stays_listed_until_somebody_has(
    front, supervisor, eas_agent, papers
):
    caller = CitizenFactory(phone="+33612345678")
    front.post(
        f"{DESK}contact/",
        {
            "question": "Mon dossier avance-t-il ?",
            "channel": "telephone",
            "outcome": "call-back",
            "prestation": papers.pk,
            "citizen": caller.pk,
        },
    )
    contact = Contact.objects.get()
    promised = contact.call_back
    assert (contact.outcome, promised.phone) == (ContactOutcome.CALL_BACK, "+33612345678")
    assert promised.owner == eas_agent
    assert contact.prestation == papers
    colleague = client_of(supervisor)
    assert "Mon dossier avance-t-il" in colleague.get(f"{DESK}rappels/").content.decode()
    colleague.post(f"{DESK}rappels/{promised.pk}/fait/", {"answer": "Il est signé."})
    contact.refresh_from_db()
    assert (contact.call_back.done_by, contact.answer) == (supervisor, "Il est signé.")
    assert "Mon dossier avance-t-il" not in colleague.get(f"{DESK}rappels/").content.decode()


def test_calling_back_needs_a_number(front):
    data = {"question": "Rappelez-moi", "channel": "guichet", "outcome": "call-back"}
    page = front.post(f"{DESK}contact/", data).content.decode()
    assert "Indiquez le numéro à rappeler" in page
    assert not Contact.objects.exists()
