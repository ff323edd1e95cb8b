"""Filing: one door, one reference, every date right."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from citizens.models import Citizen
from massy_grc.outbox.models import OutboxEvent
from prestations.calendars import PARIS, town_calendar
from prestations.models import Prestation
from requests import actions
from requests.exceptions import MissingInput, NotAllowed, PrestationClosed
from requests.models import ServiceRequest
from requests.references import parse_reference
from tests.requests.actions.conftest import MONDAY, PERSON

pytestmark = pytest.mark.django_db


def test_filing_gives_a_reference_and_publishes_its_event(file):
    service_request = file("acte-naissance-filiation", demandeur=PERSON)
    assert parse_reference(service_request.reference) == service_request.reference
    assert service_request.reference.startswith("2026-")
    event = service_request.events.get()
    assert (event.verb, event.to_state, event.by_requester) == ("file", "enregistree", True)
    outbox = OutboxEvent.objects.get(topic="request.file")
    assert outbox.payload == {"request_id": service_request.pk, "event_id": event.pk}


def test_same_key_files_once(file):
    first = file("acte-naissance-filiation", demandeur=PERSON, key="draft:1")
    again = file("acte-naissance-filiation", demandeur=PERSON, key="draft:1")
    assert again.pk == first.pk
    assert ServiceRequest.objects.count() == 1


def test_dates_start_at_the_arrival_not_at_the_entry(file, eas_agent):
    letter = datetime(2026, 1, 5, 9, 30, tzinfo=PARIS)
    service_request = file(
        "acte-naissance-filiation",
        demandeur=PERSON,
        channel="courrier",
        arrived_at=letter,
        actor=eas_agent,
    )
    assert service_request.filed_at == MONDAY
    assert service_request.due_at == datetime(2026, 1, 8, 9, 30, tzinfo=PARIS)
    assert service_request.implicit_decision_at == date(2026, 3, 5)
    assert service_request.interim_due_at == datetime(2026, 2, 26, 8, 0, tzinfo=PARIS)


URGENT_ANSWERS = [
    ("voirie-graffitis", {"injurieux": True}),
    ("voirie-intervention-rapide", {"danger": True}),
    ("voirie-mobilier-urbain", {"danger": True}),
    ("espaces-verts-entretien", {"danger": True}),
    ("eclairage-equipement-defectueux", {"danger": True}),
    ("eclairage-equipement-defectueux", {"panne": "fils"}),
    ("proprete-depot-sauvage", {"nature": "dangereux"}),
]


@pytest.mark.parametrize(("code", "answers"), URGENT_ANSWERS)
def test_a_danger_told_in_the_form_makes_the_request_urgent(file, code, answers):
    service_request = file(code, reponses=answers)
    prestation = service_request.prestation
    assert service_request.urgent
    expected = town_calendar().add(MONDAY, prestation.urgent_value, prestation.urgent_unit)
    assert service_request.due_at == expected


def test_without_danger_the_ordinary_target_holds(file):
    service_request = file("voirie-intervention-rapide", reponses={"danger": False})
    assert not service_request.urgent
    assert service_request.due_at == datetime(2026, 4, 12, 10, 0, tzinfo=PARIS)


def test_ninety_day_target_outlives_two_months_so_the_interim_reply_leaves_first(file):
    service_request = file("voirie-intervention-rapide", place="rue Jean Mermoz")
    assert service_request.due_at == datetime(2026, 4, 12, 10, 0, tzinfo=PARIS)
    assert service_request.implicit_decision_at == date(2026, 3, 12)
    assert service_request.interim_due_at == datetime(2026, 3, 5, 8, 0, tzinfo=PARIS)


def test_arrival_in_the_future_is_refused(file):
    with pytest.raises(MissingInput):
        file("voirie-intervention-rapide", arrived_at=MONDAY + timedelta(days=1))


def test_acceptance_by_silence_has_no_date_while_a_document_is_missing(file):
    service_request = file(
        "famille-inscription-periscolaire", demandeur=PERSON, missing_documents=["assurance"]
    )
    assert service_request.silence_effect == "acceptation"
    assert service_request.implicit_decision_at is None
    complete = file("famille-inscription-periscolaire", demandeur=PERSON)
    assert complete.implicit_decision_at is not None


def test_historical_prestation_takes_no_request(file):
    with pytest.raises(PrestationClosed):
        file("sortie-territoire", demandeur=PERSON)


def test_channel_not_open_is_refused(file):
    with pytest.raises(PrestationClosed):
        file("certificat-vie", demandeur=PERSON, channel="web")


def test_anonymous_is_kept_without_any_identity_where_allowed(file):
    service_request = file("voirie-intervention-rapide", place="rue Jean Mermoz")
    assert service_request.requester_kind == "anonyme"
    assert service_request.citizen is None
    assert Citizen.objects.count() == 0
    assert len(service_request.tracking_code) == 8


def test_anonymous_is_refused_where_the_prestation_must_know_who_asks(file):
    with pytest.raises(MissingInput):
        file("acte-naissance-filiation")


def test_two_filings_by_the_same_person_share_one_record(file):
    file("acte-naissance-filiation", demandeur=PERSON)
    file("certificat-domicile", demandeur={**PERSON, "nom_famille": "LEMAIRE", "prenom": "Ines"})
    assert Citizen.objects.count() == 1


def test_same_name_with_another_address_is_another_record(file):
    file("acte-naissance-filiation", demandeur=PERSON)
    file("acte-naissance-filiation", demandeur={**PERSON, "email": "autre@courriel.example"})
    assert Citizen.objects.count() == 2


def test_resident_and_outsider_are_told_apart(file):
    resident = file("acte-naissance-filiation", demandeur=PERSON)
    elsewhere = {**PERSON["adresse"], "code_postal": "75011", "commune": "Paris"}
    outsider = file("acte-naissance-filiation", demandeur={**PERSON, "adresse": elsewhere})
    assert (resident.residence, outsider.residence) == ("massicois", "exterieur")


def test_place_outside_the_town_is_flagged(file):
    assert file("voirie-graffitis", place="2 rue Haute 91120 Palaiseau").outside_town
    assert not file("voirie-graffitis", place="2 rue Haute 91300 Massy").outside_town
    assert not file("voirie-graffitis", place="rue Jean Mermoz").outside_town


def test_expert_may_not_log_requests(file, expert):
    with pytest.raises(NotAllowed):
        file("voirie-graffitis", channel="telephone", actor=expert)


def test_agent_who_logs_becomes_interlocutor_and_case_officer(file, eas_agent):
    service_request = file(
        "acte-naissance-filiation", demandeur=PERSON, channel="guichet", actor=eas_agent
    )
    assert service_request.assignee == service_request.front_agent == eas_agent


@pytest.mark.django_db(transaction=True)
def test_parallel_filings_draw_unique_references_and_one_request_per_key(catalogue):
    prestation = Prestation.objects.get(pk="voirie-graffitis")

    def post(number: int) -> str:
        try:
            return actions.intake(
                prestation=prestation,
                form_version=prestation.current_form,
                channel="web",
                answers={"demandeur": {}, "reponses": {}},
                idempotency_key=f"key:{number % 10}",
            ).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        references = list(pool.map(post, range(50)))
    assert len(set(references)) == 10
    assert ServiceRequest.objects.count() == 10
