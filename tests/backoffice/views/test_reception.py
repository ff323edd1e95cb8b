"""Reception over HTTP: the counter, the phone, the note of a contact (S29, S39, bar 37)."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from citizens.models import Citizen
from massy_grc.audit.models import AccessRecord
from prestations.enums import Channel, RequesterKind
from prestations.loading.search_index import index_search
from requests.enums import State
from requests.models import Contact, FilingDraft, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import PrestationFactory, make_definition, make_field
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db

DESK = "/agent/accueil/"


@pytest.fixture
def simple():
    """A prestation given at once at the counter, whose form asks one thing."""
    definition = make_definition(
        make_field("motif"),
        requester=[make_field("nom_famille"), make_field("prenom", required=False)],
    )
    return PrestationFactory(
        label="Certificat immédiat", immediate_at_counter=True, current_form=definition
    )


def open_form(client, prestation, **who) -> str:
    """Choose a prestation; return the address of its form."""
    response = client.post(f"{DESK}ouvrir/", {"prestation": prestation.pk, **who})
    assert response.status_code == 302
    return response.url


@pytest.mark.parametrize(
    "typed", ["06 12 34 56 78", "0612345678", "+33612345678", "durrand", "Duran Jeane", "jeanne@"]
)
def test_caller_is_found_with_the_open_requests(front, typed):
    caller = CitizenFactory(
        family_name="Durand",
        given_name="Jeanne",
        phone="+33612345678",
        email="jeanne@courriel.example",
    )
    make_request(citizen=caller, subject="Poubelle cassée")
    page = front.get(DESK, {"q": typed}).content.decode()
    assert "DURAND Jeanne" in page
    assert "Poubelle cassée" in page


def test_search_makes_as_many_queries_for_one_person_as_for_many(front):
    def queries(text):
        with CaptureQueriesContext(connection) as captured:
            front.get(DESK, {"q": text})
        return len(captured)

    make_request(citizen=CitizenFactory(family_name="Unique"))
    for _ in range(7):
        make_request(citizen=CitizenFactory(family_name="Nombreux"))
    queries("unique")
    assert queries("unique") == queries("nombreux")


@pytest.mark.parametrize("typed", ["%", "'", "a" * 1000, "((", "é", "0000"])
def test_odd_text_finds_nobody_and_breaks_nothing(front, typed):
    assert front.get(DESK, {"q": typed}).status_code == 200


def test_htmx_gets_the_results_alone(front):
    CitizenFactory(family_name="Durand")
    page = front.get(DESK, {"q": "durand"}, headers={"HX-Request": "true"}).content.decode()
    assert "DURAND" in page
    assert "<html" not in page


def test_walk_in_of_a_known_citizen_is_logged_in_four_pages(front, eas_agent, simple):
    caller = CitizenFactory(family_name="Durand", given_name="Jeanne")
    chosen = front.get(DESK, {"citoyen": caller.pk, "p": "certificat immédiat"})
    assert chosen.status_code == 200
    address = open_form(front, simple, citoyen=caller.pk)
    page = front.get(address).content.decode()
    assert 'value="Durand"' in page  # nothing is asked twice
    response = front.post(
        address,
        {
            "reponses.motif": "Pour la banque",
            "demandeur.nom_famille": "Durand",
            "demandeur.prenom": "Jeanne",
            "channel": "guichet",
        },
    )
    sr = ServiceRequest.objects.get(prestation=simple)
    assert response.url == f"{DESK}enregistree/{sr.reference}/"
    assert (sr.citizen, sr.front_agent, sr.site_id) == (caller, eas_agent, "mairie-annexe")
    assert (sr.channel, sr.post_type_id) == (Channel.GUICHET, "guichet")
    logged = front.get(response.url).content.decode()
    assert sr.reference in logged
    assert sr.tracking_code in logged


def test_immediate_prestation_is_closed_at_the_counter(front, simple):
    address = open_form(front, simple)
    front.post(
        address,
        {"reponses.motif": "x", "demandeur.nom_famille": "Durand", "channel": "guichet"},
    )
    sr = ServiceRequest.objects.get(prestation=simple)
    front.post(f"{DESK}enregistree/{sr.reference}/remis/")
    sr.refresh_from_db()
    assert (sr.state, sr.closing_reason_id) == (State.CLOSE, "document-remis")
    again = front.post(f"{DESK}enregistree/{sr.reference}/remis/", follow=True)
    assert "ne permet pas cette action" in again.content.decode()


def test_form_posted_twice_gives_one_request(front, simple):
    """R10: the same page either way."""
    address = open_form(front, simple)
    data = {"reponses.motif": "x", "demandeur.nom_famille": "Durand", "channel": "guichet"}
    first, second = front.post(address, data), front.post(address, data)
    assert first.url == second.url
    assert ServiceRequest.objects.filter(prestation=simple).count() == 1


def test_phone_agent_logs_an_anonymous_pothole_with_its_street_and_no_number(
    proximite_agent, catalogue
):
    """S39."""
    client = client_of(proximite_agent, post="telephone")
    page = client.get(DESK, {"anonyme": "1", "p": "nid de poule"})
    prestation = page.context["prestations"][0]
    address = open_form(client, prestation)
    response = client.post(
        address,
        {
            "reponses.lieu_voie": "rue Jean Mermoz",
            "reponses.type_desordre": "nid_poule",
            "reponses.emplacement": "chaussee",
            "reponses.description": "Un trou profond",
            "channel": "telephone",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    sr = ServiceRequest.objects.get(prestation=prestation)
    assert (sr.channel, sr.requester_kind) == (Channel.TELEPHONE, RequesterKind.ANONYME)
    assert sr.place.lower() == "rue jean mermoz"
    assert sr.citizen is None


def test_letter_is_entered_with_its_true_date_of_arrival(front, simple):
    """S56: every clock starts when it arrived; who entered it when is kept."""
    address = open_form(front, simple)
    arrived = timezone.localtime(timezone.now() - timedelta(days=3)).replace(second=0)
    front.post(
        address,
        {
            "reponses.motif": "x",
            "demandeur.nom_famille": "Durand",
            "channel": "courrier",
            "arrived_at": arrived.strftime("%Y-%m-%dT%H:%M"),
        },
    )
    sr = ServiceRequest.objects.get(prestation=simple)
    assert sr.channel == Channel.COURRIER
    assert abs(sr.arrived_at - arrived) < timedelta(minutes=1)
    assert sr.filed_at - sr.arrived_at > timedelta(days=2)


def test_arrival_in_the_future_is_refused(front, simple):
    address = open_form(front, simple)
    data = {
        "reponses.motif": "Mon motif",
        "demandeur.nom_famille": "Durand",
        "channel": "courrier",
        "arrived_at": "2999-01-01T10:00",
    }
    page = front.post(address, data).content.decode()
    assert "dans l’avenir" in page
    assert "Mon motif" in page
    assert not ServiceRequest.objects.filter(prestation=simple).exists()


def test_missing_answer_comes_back_with_everything_typed(front, simple):
    address = open_form(front, simple)
    data = {"reponses.motif": "", "demandeur.nom_famille": "Lemaître", "channel": "guichet"}
    page = front.post(address, data).content.decode()
    assert "Lemaître" in page
    assert "Il y a un point à corriger" in page


def test_channel_the_prestation_does_not_take_is_refused(front):
    only_counter = PrestationFactory(channels=["guichet"])
    address = open_form(front, only_counter)
    page = front.post(address, {"reponses.description": "x", "channel": "telephone"})
    assert "channel" in page.context["door"].errors


def test_form_of_a_colleague_is_not_found(front, simple, supervisor):
    address = open_form(front, simple)
    assert client_of(supervisor).get(address).status_code == 404


def test_historical_prestation_takes_no_request(front):
    over = PrestationFactory(status="historical")
    response = front.post(f"{DESK}ouvrir/", {"prestation": over.pk}, follow=True)
    assert not FilingDraft.objects.exists()
    assert "pas ouverte" in response.content.decode()


def test_receipt_is_a_document_to_print(front, simple):
    address = open_form(front, simple)
    front.post(
        address,
        {"reponses.motif": "x", "demandeur.nom_famille": "Durand", "channel": "guichet"},
    )
    sr = ServiceRequest.objects.get(prestation=simple)
    response = front.get(f"{DESK}enregistree/{sr.reference}/recu/")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")  # to print, not to save
    assert response["X-Content-Type-Options"] == "nosniff"


def test_contact_without_request_is_noted(front, eas_agent):
    caller = CitizenFactory()
    front.post(
        f"{DESK}contact/",
        {
            "question": "Horaires de la piscine ?",
            "outcome": "answered",
            "answer": "9 h - 19 h",
            "channel": "telephone",
            "citizen": caller.pk,
        },
    )
    contact = Contact.objects.get()
    assert (contact.agent, contact.citizen, contact.channel) == (eas_agent, caller, "telephone")
    assert contact.site_id == "mairie-annexe"
    assert not ServiceRequest.objects.exists()
    page = front.get(f"/agent/citoyens/{caller.pk}/").content.decode()
    assert "Horaires de la piscine" in page


def test_contact_of_an_unknown_person_is_kept_without_them(front):
    data = {"question": "Où ?", "channel": "guichet", "outcome": "answered", "citizen": 10**15}
    front.post(f"{DESK}contact/", data)
    assert Contact.objects.get().citizen is None


@pytest.mark.parametrize(
    ("typed", "begun"),
    [
        ("06 12 34 56 78", {"phone": "06 12 34 56 78"}),
        ("ludmila@example.org", {"email": "ludmila@example.org"}),
        ("Zwzyrowski Ludmila", {"family_name": "Zwzyrowski", "given_name": "Ludmila"}),
        ("Ludmila ZWZYROWSKI", {"family_name": "ZWZYROWSKI", "given_name": "Ludmila"}),
        ("Le Goff Anne Marie", {"family_name": "Le Goff", "given_name": "Anne Marie"}),
        ("ZWZYROWSKI", {"family_name": "ZWZYROWSKI", "given_name": ""}),
        ("", {"family_name": "", "given_name": ""}),
    ],
)
def test_new_record_begins_with_what_was_searched_in_its_own_field(front, typed, begun):
    page = front.get(DESK, {"q": typed}).content.decode()
    address = f"/agent/citoyens/nouveau/?q={quote(typed)}"
    assert not typed or address in page
    assert front.get(address).context["form"].initial == begun


def test_new_record_leads_back_to_reception(front):
    data = {"family_name": "Nguyen", "given_name": "Linh", "residence": "inconnu"}
    response = front.post("/agent/citoyens/nouveau/", {**data, "retour": "accueil"})
    assert response.url == f"{DESK}?citoyen={Citizen.objects.get().pk}"


def test_look_alike_is_shown_before_a_second_record_is_made(front):
    CitizenFactory(family_name="Nguyen", given_name="Linh")
    data = {"family_name": "Nguyen", "given_name": "Linh", "residence": "inconnu"}
    page = front.post("/agent/citoyens/nouveau/", data).content.decode()
    assert "a peut-être déjà une fiche" in page
    assert Citizen.objects.count() == 1
    front.post("/agent/citoyens/nouveau/", {**data, "nouvelle": "1"})
    assert Citizen.objects.count() == 2


def test_record_is_changed_by_its_form_only(front):
    """R17: a column that the form does not ask for stays as it is."""
    citizen = CitizenFactory(family_name="Durand")
    data = {
        "family_name": "Durant",
        "residence": "massicois",
        "search_name": "forged",
        "merged_into": 1,
        "anonymised_at": "2020-01-01",
    }
    front.post(f"/agent/citoyens/{citizen.pk}/modifier/", data)
    citizen.refresh_from_db()
    assert citizen.family_name == "Durant"
    assert citizen.search_name != "forged"
    assert citizen.merged_into is None
    assert citizen.anonymised_at is None


def test_search_opens_a_reference_at_once(front):
    sr = make_request()
    for typed in (sr.reference, sr.reference.replace("-", ""), f" {sr.reference} "):
        assert front.get("/agent/recherche/", {"q": typed}).url == sr.get_absolute_url()


def test_search_finds_requests_people_and_prestations(front):
    caller = CitizenFactory(family_name="Poubelleau")
    make_request(subject="Poubelle verte", citizen=caller)
    page = front.get("/agent/recherche/", {"q": "poubelle"}).content.decode()
    assert "Poubelle verte" in page
    assert "POUBELLEAU" in page


def test_search_never_shows_a_foreign_departments_request(other_expert):
    sr = make_request(subject="Confidentiel", department_id="voirie-assainissement")
    client = client_of(other_expert, post=None)
    assert "Confidentiel" not in client.get("/agent/recherche/", {"q": "confi"}).content.decode()
    assert client.get("/agent/recherche/", {"q": sr.reference}).status_code == 200


def test_person_chosen_at_reception_is_a_recorded_look(front, eas_agent):
    caller = CitizenFactory()
    front.get(DESK, {"citoyen": caller.pk})
    look = AccessRecord.objects.get(object_type="citizen")
    assert (look.user, look.action, look.object_id) == (eas_agent, "view", caller.pk)


def test_printed_receipt_is_recorded(front, eas_agent):
    sr = make_request()
    front.get(f"{DESK}enregistree/{sr.reference}/recu/")
    look = AccessRecord.objects.get(object_type="request")
    assert (look.user, look.action, look.object_id) == (eas_agent, "download", sr.pk)


def test_prestation_closed_to_the_post_s_channel_is_told_not_opened(eas_agent, catalogue):
    phone = client_of(eas_agent, post="telephone")
    page = phone.post(
        "/agent/accueil/ouvrir/", {"prestation": "scolaire-derogation"}, follow=True
    ).content.decode()
    assert "ne se demande pas par téléphone, mais" in page
    assert not FilingDraft.objects.exists()


@pytest.mark.parametrize(
    ("post", "channel"),
    [("telephone", "telephone"), ("guichet", "guichet"), ("back-office", "courrier")],
)
def test_each_post_offers_what_is_open_by_its_channel(eas_agent, post, channel):
    PrestationFactory(label="Zébrure téléphonée", channels=["telephone"])
    PrestationFactory(label="Zébrure au guichet", channels=["guichet"])
    PrestationFactory(label="Zébrure par lettre", channels=["courrier"])
    index_search()
    page = client_of(eas_agent, post=post).get(DESK, {"anonyme": "1", "p": "zébrure"})
    assert [one.channels for one in page.context["prestations"]] == [[channel]]
    assert len(page.context["elsewhere"]) == 2


def test_at_the_phone_it_is_said_how_the_birth_certificate_is_asked_for(eas_agent, catalogue):
    phone = client_of(eas_agent, post="telephone")
    page = phone.get(DESK, {"anonyme": "1", "p": "acte de naissance filiation"})
    assert not page.context["prestations"]
    assert (
        "ne se demande pas par téléphone, mais en ligne, au guichet ou par courrier"
        in page.content.decode()
    )
