"""From the start page to the confirmation, as a visitor lives it."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prestations.models import Prestation
from requests.models import Attachment, FilingDraft, ServiceRequest
from requests.views.filing_access import TRAP
from requests.views.filing_done import SALT, confirmation_url
from tests.backoffice.conftest import client_of
from tests.factories.answers import SentFile, valid_answers
from tests.requests.filed import file_request
from tests.requests.filing.support import (
    begin,
    check_url,
    file_valid,
    fill,
    only_request,
    page_with,
    step_url,
    text_of,
)

pytestmark = pytest.mark.django_db
GRAFFITI = "voirie-graffitis"
BIRTH = "acte-naissance-filiation"


@pytest.fixture(autouse=True)
def _catalogue(catalogue):
    return catalogue


def filled(client, code=GRAFFITI, **changes):
    """A draft with valid answers, at its check page."""
    draft = begin(client, code)
    answers, files = valid_answers(draft.form_version, "web")
    for key, value in changes.items():
        scope, name = key.split("__")
        answers[scope][name] = value
    fill(client, draft, answers, files)
    draft.refresh_from_db()
    return draft


# --- starting ----------------------------------------------------------------------------------


def test_reading_the_start_page_writes_nothing(client):
    client.get(f"/prestations/{GRAFFITI}/demande/")
    assert not FilingDraft.objects.exists()


def test_start_leads_to_the_first_step(client):
    draft = begin(client, GRAFFITI)
    page = text_of(client.get(step_url(draft, 1)))
    assert "Étape 1 sur 4" in page
    assert page.count("<h1") == 1
    assert "(facultatif)" in page


def test_start_page_offers_to_take_up_the_draft(client):
    draft = begin(client, GRAFFITI)
    page = text_of(client.get(f"/prestations/{GRAFFITI}/demande/"))
    assert step_url(draft, 1) in page


def test_english_page_is_english(client):
    client.cookies.load({"django_language": "en"})
    draft = begin(client, BIRTH)
    page = text_of(client.get(page_with(draft, "reponses.titulaire_nom_naissance")))
    assert '<html lang="en"' in page
    assert "Nom de naissance de la personne" not in page
    assert draft.language == "en"


def test_appointment_is_explained_before_and_after(client):
    start = text_of(client.get("/prestations/passeport-mairie-annexe/demande/"))
    assert "Le rendez-vous est obligatoire" in start
    _draft, url = file_valid(client, "passeport-mairie-annexe")
    after = text_of(client.get(url))
    assert "Prenez rendez-vous" in after
    assert "Timbre fiscal électronique" in after


# --- steps -------------------------------------------------------------------------------------


def test_error_page_keeps_what_was_typed_and_says_erreur(client):
    draft = begin(client, GRAFFITI)
    url = page_with(draft, "reponses.support")
    response = client.post(url, {"reponses.surface": "12,5"})
    page = text_of(response)
    assert response.status_code == 200
    assert re.search(r"<title>\s*Erreur :", page)
    assert "12,5" in page
    assert page.count("Choisissez une réponse à « Support »") == 2


def test_valid_part_of_a_wrong_page_is_kept(client):
    draft = begin(client, GRAFFITI)
    client.post(step_url(draft, 1), {"reponses.precision_lieu": "devant l’école"})
    draft.refresh_from_db()
    assert draft.answers["reponses"]["precision_lieu"] == "devant l’école"


def test_save_for_later_accepts_blanks_and_resumes(client):
    draft = begin(client, GRAFFITI)
    url = step_url(draft, 1)
    response = client.post(url, {"reponses.precision_lieu": "ici", "action": "save"})
    saved = text_of(client.get(response["Location"]))
    assert "Votre demande est gardée" in saved
    assert url in saved
    assert "Avec un compte, elle est gardée 30 jours" in saved
    assert f"/compte/login/?next={url}" in saved
    assert f"/compte/inscription/?next={url}" in saved
    assert 'value="ici"' in text_of(client.get(url))


def test_save_for_later_never_loses_a_wrong_answer_silently(client):
    draft = begin(client, BIRTH)
    posted = {"reponses.titulaire_date_naissance": "31/02/1980", "action": "save"}
    response = client.post(page_with(draft, "reponses.titulaire_date_naissance"), posted)
    assert response.status_code == 200
    assert "Cette date n’est pas valable" in text_of(response)


def test_draft_can_be_erased(client):
    draft = begin(client, GRAFFITI)
    client.post(reverse("requests:file_discard", args=[GRAFFITI, draft.token]))
    assert not FilingDraft.objects.exists()
    assert client.get(step_url(draft, 1)).status_code == 404


def test_somebody_elses_draft_is_unknown(client):
    draft = filled(client)
    stranger = Client()
    for url in (step_url(draft, 1), check_url(draft)):
        assert stranger.get(url).status_code == 404
        assert stranger.post(url).status_code == 403  # to sign in: it may be their own


def test_draft_of_another_prestation_is_unknown(client):
    draft = begin(client, GRAFFITI)
    url = reverse("requests:file_step", args=[BIRTH, draft.token, 1])
    assert client.get(url).status_code == 404


def test_step_beyond_the_last_leads_to_the_check_page(client):
    draft = begin(client, GRAFFITI)
    assert client.get(step_url(draft, 99))["Location"] == check_url(draft)
    assert client.get(step_url(draft, 0)).status_code == 404


# --- check page --------------------------------------------------------------------------------


def test_check_page_shows_every_answer_with_a_way_to_change_it(client):
    draft = filled(client, demandeur__organisme="Les Amis du quartier")
    page = text_of(client.get(check_url(draft)))
    assert "Les Amis du quartier" in page
    assert "Mur ou façade privée" in page
    assert f"{step_url(draft, 1)}?retour=verification" in page


def test_change_returns_to_the_check_page(client):
    draft = filled(client)
    url = f"{page_with(draft, 'demandeur.nom_famille')}?retour=verification"
    assert client.post(url, {"demandeur.nom_famille": "Autre"})["Location"] == check_url(draft)


def test_check_page_lists_what_is_missing_and_sends_nothing(client):
    draft = begin(client, GRAFFITI)
    response = client.post(check_url(draft))
    page = text_of(response)
    assert response.status_code == 200
    assert "Renseignez « Lieu du problème »" in page
    assert not ServiceRequest.objects.exists()


def test_what_is_for_residents_warns_an_address_outside_and_refuses_nobody(client, eas_agent):
    Prestation.objects.filter(pk=BIRTH).update(residents_only=True)
    for page in (f"/prestations/{BIRTH}/", f"/prestations/{BIRTH}/demande/"):
        assert "Réservée aux habitants de Massy" in text_of(client.get(page))
    draft, warning = filled(client, BIRTH), "L’adresse donnée n’est pas à Massy"
    home = {"numero": "1", "voie": "avenue de France", "complement": ""}
    draft.answers["demandeur"]["adresse"] = home | {"code_postal": "91300", "commune": "Massy"}
    draft.save(update_fields=["answers"])
    assert warning not in text_of(client.get(check_url(draft)))
    draft.answers["demandeur"]["adresse"] = home | {"code_postal": "75001", "commune": "Paris"}
    draft.save(update_fields=["answers"])
    assert warning in text_of(client.get(check_url(draft)))
    client.post(check_url(draft))
    agent = client_of(eas_agent)
    said = "n’habite pas Massy d’après son adresse"
    assert said in text_of(agent.get(only_request().get_absolute_url()))


def test_blank_answer_reads_non_renseigne(client):
    draft = begin(client, GRAFFITI)
    assert "Non renseigné" in text_of(client.get(check_url(draft)))


def test_forged_fields_change_nothing(client):
    draft = filled(client)
    forged = {"state": "close", "reference": "X", "idempotency_key": "X", "citizen": "1"}
    client.post(check_url(draft), forged)
    assert only_request().state == "enregistree"


def test_document_that_became_mandatory_is_told_at_the_check_page(client):
    draft = filled(client, BIRTH)
    Attachment.objects.filter(draft=draft).delete()
    page = text_of(client.post(check_url(draft)))
    assert "Joignez le document « Pièce d'identité" in page


# --- confirmation ------------------------------------------------------------------------------


def test_confirmation_survives_reload_and_another_browser(client):
    _draft, url = file_valid(client, BIRTH)
    first = client.get(url)
    assert first.status_code == 200
    assert Client().get(url).status_code == 200
    page = text_of(first)
    assert only_request().reference in page
    assert "Réponse prévue au plus tard le" in page
    assert "recu.pdf" in page


def test_tracking_code_is_shown_only_without_email(client):
    _draft, url = file_valid(client, GRAFFITI, optional=False)
    assert only_request().tracking_code in text_of(client.get(url))
    ServiceRequest.objects.update(requester_email="a@exemple.fr")
    assert only_request().tracking_code not in text_of(client.get(url))


def test_a_confirmation_link_that_opens_nothing_answers_alike_and_says_what_to_do(client):
    filed = filled(client)
    client.post(check_url(filed))
    whole = confirmation_url(only_request())
    signer = signing.TimestampSigner(salt=SALT)
    signer.timestamp = lambda: signing.b62_encode(
        int((timezone.now() - timedelta(days=91)).timestamp())
    )
    old = reverse("requests:confirmation", args=[signer.sign_object(only_request().pk)])
    never = reverse("requests:confirmation", args=[signing.dumps(987654321, salt=SALT)])
    cut = f"{whole.removesuffix('/')[:-3]}/"
    answers = [client.get(link) for link in (cut, old, never)]
    assert [answer.status_code for answer in answers] == [410] * 3
    told = {text_of(answer).partition("<main")[2].partition("</main>")[0] for answer in answers}
    (page,) = told
    assert "Ce lien ne marche plus" in page
    assert reverse("requests:track_lookup") in page


def test_back_then_resubmit_gives_the_same_confirmation(client):
    draft = filled(client)
    first = client.post(check_url(draft))["Location"]
    assert client.post(check_url(draft)).status_code == 302
    assert client.get(step_url(draft, 1)).status_code == 302
    assert client.get(first).status_code == 200
    assert ServiceRequest.objects.count() == 1


def test_street_without_number_files_anonymously(client):
    place = {"voie": "rue Jean Mermoz", "numero": "0"}
    draft, _url = file_valid(client, GRAFFITI, optional=False)
    filed = only_request()
    assert filed.requester_kind == "anonyme"
    assert filed.citizen is None
    answers, files = valid_answers(draft.form_version, "web", optional=False)
    answers["reponses"]["lieu"] = {**answers["reponses"]["lieu"], **place}
    other = begin(client, GRAFFITI)
    fill(client, other, answers, files)
    client.post(check_url(other))
    last = ServiceRequest.objects.latest("id")
    assert last.answers["reponses"]["lieu"]["numero"] is None
    assert last.place == "rue Jean Mermoz"


def test_draft_keeps_its_form_when_the_catalogue_changes(client, catalogue):
    from tests.factories.prestations import make_form_version

    draft = filled(client)
    prestation = catalogue[GRAFFITI]
    definition = {**draft.form_version.definition, "fields": []}
    prestation.current_form = make_form_version(prestation, definition)
    prestation.save()
    client.post(check_url(draft))
    assert only_request().form_version_id == draft.form_version_id
    assert only_request().answers["reponses"]


# --- robots ------------------------------------------------------------------------------------


def test_trap_filled_in_asks_to_send_again_and_loses_nothing(client):
    draft = filled(client)
    response = client.post(check_url(draft), {TRAP: "http://spam"})
    assert "Envoyez encore une fois" in text_of(response)
    assert not ServiceRequest.objects.exists()
    client.post(check_url(draft), {TRAP: ""})
    assert ServiceRequest.objects.count() == 1


def test_too_many_forms_begun_are_told_when_to_come_back(client, monkeypatch):
    from massy_grc.common.throttle import Limit
    from requests.views import filing_access

    monkeypatch.setattr(
        filing_access, "START_LIMIT", Limit("filing-start", 1, timedelta(minutes=10))
    )
    begin(client, GRAFFITI)
    response = client.post(f"/prestations/{GRAFFITI}/demande/")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


# --- closed ------------------------------------------------------------------------------------


def test_unknown_prestation(client):
    assert client.get("/prestations/inconnue/demande/").status_code == 404


def test_historical_prestation_says_what_replaces_it(client):
    response = client.get("/prestations/sortie-territoire/demande/")
    assert response.status_code == 410
    assert "cerfa" in text_of(response)


def test_counter_only_prestation_says_where_to_go(client):
    response = client.get("/prestations/attestation-accueil/demande/")
    assert response.status_code == 200
    assert "ne se fait pas en ligne" in text_of(response)
    assert client.post("/prestations/attestation-accueil/demande/").status_code == 409


def test_other_services_procedure_gives_its_link(client):
    page = text_of(client.get("/prestations/election-inscription/demande/"))
    assert 'href="https://' in page


def test_prestation_closed_between_start_and_send(client, catalogue):
    draft = filled(client)
    catalogue[GRAFFITI].status = "historical"
    catalogue[GRAFFITI].save()
    response = client.post(check_url(draft))
    assert response.status_code == 409
    draft.refresh_from_db()
    assert draft.answers["reponses"]
    assert not ServiceRequest.objects.exists()


def test_files_of_a_question_no_longer_asked_are_not_sent(client):
    draft = begin(client, "dechets-conteneur")
    answers, files = valid_answers(draft.form_version, "web")
    answers["reponses"]["objet"] = "remplacement"
    fill(client, draft, answers, {**files, "reponses.photo": SentFile("bac.pdf")})
    assert draft.attachments.filter(document_code="reponses.photo").exists()
    answers["reponses"]["objet"] = "taille"
    fill(client, draft, answers, files)
    client.post(check_url(draft))
    assert not only_request().attachments.filter(document_code="reponses.photo").exists()
    assert not Attachment.objects.filter(draft=draft).exists()


def test_a_danger_is_told_to_be_urgent_and_whom_to_call(client):
    draft = filled(client, "voirie-intervention-rapide", reponses__danger=True)
    call = '<a class="phone" href="tel:112">112</a> (ou le '
    assert call in text_of(client.get(check_url(draft)))
    response = client.post(check_url(draft))
    assert call in text_of(client.get(response["Location"]))
    assert only_request().urgent


def test_without_danger_no_emergency_number_is_given(client):
    draft = filled(client, "voirie-intervention-rapide", reponses__danger=False)
    assert "tel:112" not in text_of(client.get(check_url(draft)))


def test_the_answers_stand_on_the_confirmation_for_who_sent_them_alone(client):
    _draft, url = file_valid(client, BIRTH)
    label = "Nom de naissance de la personne concernée"
    assert label in text_of(client.get(url))
    elsewhere = text_of(Client().get(url))
    assert only_request().reference in elsewhere
    assert label not in elsewhere


@pytest.mark.parametrize(
    ("requester", "words"),
    [
        ({"email": "", "telephone": "+33612345678"}, "un agent vous appelle au 06 12 34 56 78"),
        ({"email": ""}, "S’il manque quelque chose, un courrier vous est envoyé."),
    ],
)
def test_without_e_mail_the_confirmation_says_how_one_is_reached(client, requester, words):
    page = text_of(client.get(confirmation_url(file_request(BIRTH, requester=requester))))
    assert words in page
    assert "appelez le 01 60 13 30 00. Donnez le numéro et le code." in page
