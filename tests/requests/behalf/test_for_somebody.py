"""Filing for a relative or a third party: both are recorded, told and found."""

import re

import pytest
from django.test import Client

from massy_grc.outbox.models import Delivery
from prestations.enums import Channel
from requests import actions
from requests.enums import Outcome
from requests.exceptions import MissingInput, PrestationClosed
from requests.models import FilingDraft, ServiceRequest
from requests.telling import telling
from requests.views.filing_done import confirmation_url
from tests.backoffice.conftest import client_of
from tests.factories.answers import going_on, valid_answers
from tests.helpers import drain_outbox
from tests.requests.filed import EMAIL, file_request
from tests.requests.filing.support import check_url, fill, step_url, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

CERTIFICATE = "certificat-domicile"
REGISTER_SELF = "canicule-inscription-beneficiaire"
REGISTER_OTHER = "canicule-inscription-tiers"
MOTHER = {
    "family_name": "Ferrand",
    "given_name": "Odette",
    "relation": "famille",
    "email": "odette@courriel.example",
    "phone": "",
    "address": "",
}
POSTAL = "8 rue de Paris, 91300 Massy"
REGISTERED = {
    "inscrit_nom": "Ferrand",
    "inscrit_prenom": "Odette",
    "inscrit_adresse": {
        "numero": "8",
        "voie": "rue de Paris",
        "code_postal": "91300",
        "commune": "Massy",
    },
}


def file_for(person=None, code=CERTIFICATE, **fields) -> ServiceRequest:
    return file_request(code, person={**MOTHER, **(person or {})}, **fields)


def mail_to(address: str) -> Delivery:
    drain_outbox()
    return Delivery.objects.get(to=address)


def objection_link(filed) -> str:
    return re.search(r"https?://[^/\s]+(/demandes/opposition/\S+)", mail_to(MOTHER["email"]).body)[
        1
    ]


def test_somebody_files_for_their_mother_on_the_portal(catalogue):
    client = Client()
    response = client.post(f"/prestations/{CERTIFICATE}/demande/", {"pour": "proche"})
    assert response["Location"].endswith("/personne/")
    draft = FilingDraft.objects.get()
    assert client.get(step_url(draft, 1))["Location"] == response["Location"]  # nothing is skipped
    assert client.get(check_url(draft))["Location"] == response["Location"]
    nobody = client.post(response["Location"], {**MOTHER, "email": ""})
    assert "Nous prévenons cette personne" in text_of(nobody)
    client.post(response["Location"], MOTHER | {"phone": "0612345678"})
    draft.refresh_from_db()
    draft.eligibility = going_on(draft.form_version)
    draft.save()
    answers, files = valid_answers(draft.form_version, Channel.WEB)
    fill(client, draft, answers, files)
    check = text_of(client.get(check_url(draft)))
    assert "Odette Ferrand" in check
    assert "Un autre membre de ma famille" in check
    assert MOTHER["email"] in check
    assert "06 12 34 56 78" in check
    client.post(check_url(draft))
    filed = ServiceRequest.objects.get()
    assert filed.concerned.name == "Odette Ferrand"
    assert "Ferrand" not in filed.requester_name
    draft.refresh_from_db()
    assert draft.person is None  # what was typed is the request's from now on


@pytest.mark.parametrize(
    "code",
    [
        "aides-sociales-cheque-activite-jeunes",
        "dechets-conteneur",
        "facture-contestation",
        "famille-inscription-conservatoire",
        "famille-inscription-periscolaire",
        "famille-premiere-inscription",
        "logement-modification",
        "petite-enfance-preinscription-creche",
        "qf-calcul",
        "qf-verification",
        "recensement-militaire",
        "scolaire-derogation",
        "scolaire-inscription",
        "stationnement-macaron",
        "stationnement-vilmorin-graviers",
        "transports-invalidite-jeunes",
    ],
)
def test_what_concerns_a_person_may_be_asked_for_a_relative(catalogue, code):
    client = Client()
    assert "Pour un proche ou une autre personne" in text_of(
        client.get(f"/prestations/{code}/demande/")
    )
    response = client.post(f"/prestations/{code}/demande/", {"pour": "proche"})
    assert response["Location"].endswith("/personne/")


def test_a_draft_for_somebody_not_named_is_not_filed(catalogue):
    draft = actions.start_draft(prestation=catalogue[CERTIFICATE], for_somebody=True)
    draft.eligibility = going_on(draft.form_version)
    draft.save()
    with pytest.raises(MissingInput):
        actions.file_draft(token=draft.token)


def test_a_form_for_oneself_has_no_page_for_another_person(catalogue):
    client = Client()
    client.post(f"/prestations/{CERTIFICATE}/demande/", {"pour": "moi"})
    draft = FilingDraft.objects.get()
    page = f"/prestations/{CERTIFICATE}/demande/{draft.token}/personne/"
    assert client.get(page).status_code == 404
    assert Client().get(page).status_code == 404


def test_the_name_given_before_is_not_asked_again(catalogue):
    draft = actions.start_draft(prestation=catalogue["transports-titre"], for_somebody=True)
    draft = actions.name_person(token=draft.token, person=MOTHER)
    given = draft.answers["reponses"]
    assert given["beneficiaire_nom_naissance"] == "Ferrand"
    assert given["beneficiaire_prenoms"] == "Odette"


def test_both_are_told_and_the_other_learns_what_by_whom_and_how_to_object(catalogue):
    filed = file_for()
    drain_outbox()
    assert Delivery.objects.filter(to=EMAIL).exists()
    mail = mail_to(MOTHER["email"])
    assert filed.reference in mail.subject
    for words in ("Jeanne Durand", "Certificat de domicile", "/demandes/opposition/"):
        assert words in mail.body
    for secret in (filed.tracking_code, "/suivi/lien/"):
        assert secret not in mail.body
    filed.concerned.refresh_from_db()
    assert filed.concerned.told_at


def test_without_an_address_a_letter_leaves(catalogue):
    filed = file_for({"email": "", "address": POSTAL})
    drain_outbox()
    letter = filed.documents.get(label="Information de la personne concernée")
    assert letter.to_print
    filed.concerned.refresh_from_db()
    assert filed.concerned.told_at
    assert telling(filed).startswith("La mairie écrit à")  # nobody has posted it yet


def test_with_a_telephone_alone_an_agent_calls(catalogue, eas_agent):
    filed = file_for({"email": "", "phone": "+33612345678"})
    drain_outbox()
    agent = client_of(eas_agent)
    assert "Odette Ferrand" in text_of(agent.get("/agent/accueil/contact/"))
    filed.refresh_from_db()
    agent.post(f"/agent/demandes/{filed.reference}/tell_concerned/", {"version": filed.version})
    filed.concerned.refresh_from_db()
    assert filed.concerned.called_at
    assert "Odette Ferrand" not in text_of(agent.get("/agent/accueil/contact/"))


def test_a_minor_child_is_not_written_to(catalogue):
    file_for({"relation": "enfant"})
    drain_outbox()
    assert not Delivery.objects.filter(to=MOTHER["email"]).exists()


def test_agents_see_both_and_find_the_request_by_either_name(catalogue, eas_agent):
    filed = file_for()
    agent = client_of(eas_agent)
    page = text_of(agent.get(f"/agent/demandes/{filed.reference}/"))
    assert "DURAND Jeanne" in page
    assert "Odette Ferrand" in page
    for words in ("ferrand", "durand"):
        assert filed.reference in text_of(agent.get("/agent/recherche/", {"q": words}))


def test_the_person_concerned_objects_by_their_link_and_it_bars_a_favourable_answer(
    catalogue, eas_agent
):
    filed = file_for()
    link = objection_link(filed)
    opened = Client(enforce_csrf_checks=False).get(link)
    assert "Je m’oppose" in text_of(opened)
    assert filed.tracking_code not in text_of(opened)
    filed.concerned.refresh_from_db()
    assert filed.concerned.objected_at is None  # opening the page does nothing
    for _twice in range(2):
        assert "Votre opposition est notée" in text_of(Client().post(link))
    filed.refresh_from_db()
    assert filed.unread_since  # the agents have something to read
    assert filed.events.filter(verb="object").count() == 1
    assert "S’oppose à la demande" in text_of(
        client_of(eas_agent).get(f"/agent/demandes/{filed.reference}/")
    )
    actions.take_request(request_id=filed.pk, version=filed.version, actor=eas_agent)
    filed.refresh_from_db()
    with pytest.raises(MissingInput, match="s’oppose"):
        actions.answer_request(
            request_id=filed.pk,
            version=filed.version,
            actor=eas_agent,
            body="Voici votre certificat.",
            outcome=Outcome.POSITIVE,
        )


@pytest.mark.parametrize("link", ["/demandes/opposition/x/", "/demandes/opposition/1:2:3/"])
def test_a_forged_objection_answers_as_nothing(catalogue, link):
    file_for()
    assert Client().get(link).status_code == Client().post(link).status_code == 410


def test_an_agent_notes_an_objection_made_by_telephone(catalogue, eas_agent):
    filed = file_for()
    agent = client_of(eas_agent)
    agent.post(f"/agent/demandes/{filed.reference}/object/", {"version": filed.version})
    filed.concerned.refresh_from_db()
    assert filed.concerned.objected_at


def test_the_heat_register_is_filed_for_another_in_writing_only(catalogue):
    with pytest.raises(PrestationClosed):
        file_request(REGISTER_OTHER, channel="telephone", answers=REGISTERED)
    filed = file_request(REGISTER_OTHER, answers=REGISTERED)
    assert filed.concerned.name == "Odette Ferrand"
    drain_outbox()
    letter = filed.documents.get(label="Accusé de réception")
    assert letter.to_print
    filed.concerned.refresh_from_db()
    assert filed.concerned.told_at  # the register's own letter is the one they get
    assert not filed.documents.filter(label="Information de la personne concernée").exists()


def test_who_registers_somebody_reads_everywhere_that_the_person_is_told(catalogue):
    client = Client()
    begin = f"/prestations/{REGISTER_OTHER}/demande/"
    told = "La mairie prévient la personne concernée"
    assert told in text_of(client.get(begin))
    client.post(begin)
    draft = FilingDraft.objects.get()
    draft.eligibility = going_on(draft.form_version)
    draft.save()
    answers, files = valid_answers(draft.form_version, Channel.WEB)
    answers["reponses"] |= REGISTERED
    fill(client, draft, answers, files)
    assert told in text_of(client.get(check_url(draft)))
    confirmation = text_of(client.post(check_url(draft), follow=True))
    assert "La mairie écrit à Odette Ferrand au plus tard le" in confirmation
    assert "Sans opposition de sa part" in confirmation
    assert "Vous recevez un accusé de réception" not in confirmation
    filed = ServiceRequest.objects.get()
    drain_outbox()
    receipt = Delivery.objects.filter(to=filed.requester_email).order_by("pk").first()
    assert "La mairie écrit à Odette Ferrand au plus tard le" in receipt.body
    assert "accusé de réception" not in receipt.body
    client.post("/suivi/", {"reference": filed.reference, "secret": filed.tracking_code})
    tracking = text_of(client.get(f"/demandes/{filed.reference}/"))
    assert "La mairie écrit à Odette Ferrand, par courrier du" in tracking
    assert "Lettre envoyée à la personne concernée" in tracking
    assert "Accusé de réception envoyé" not in tracking


def test_who_registers_themselves_is_promised_the_acknowledgement(catalogue):
    filed = file_request(REGISTER_SELF)
    drain_outbox()
    receipt = Delivery.objects.filter(to=filed.requester_email).order_by("pk").first()
    assert "Vous recevez un accusé de réception au plus tard le" in receipt.body
    assert "La mairie écrit à" not in receipt.body


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ({}, "par courriel"),
        ({"email": "", "address": POSTAL}, "par courrier"),
        ({"email": "", "phone": "+33612345678"}, "par téléphone"),
        ({"relation": "enfant"}, ""),
    ],
)
def test_who_files_for_somebody_reads_how_the_person_is_told(catalogue, person, words):
    filed = file_for(person)
    page = text_of(Client().get(confirmation_url(filed)))
    assert (f"La mairie prévient Odette Ferrand {words}" in page) == bool(words)
    assert "Vous recevez un accusé de réception" in page


def test_the_heat_register_for_oneself_leads_to_the_form_for_another(catalogue):
    page = text_of(Client().get(f"/prestations/{REGISTER_SELF}/demande/"))
    assert f"/prestations/{REGISTER_OTHER}/demande/" in page
    assert 'name="pour"' not in page


def test_an_erased_request_forgets_the_person_concerned(catalogue, eas_agent):
    filed = file_for()
    ServiceRequest.objects.filter(pk=filed.pk).update(state="close")
    actions.anonymise_request(request_id=filed.pk, rule="test")
    filed = ServiceRequest.objects.get(pk=filed.pk)
    assert not hasattr(filed, "concerned")
