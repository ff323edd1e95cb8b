"""The registration receipt at once, the acknowledgement after routing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from massy_grc.common.words import date_words
from massy_grc.outbox.models import Delivery
from prestations.forms import Questionnaire
from prestations.models import Prestation
from requests import actions
from requests.letters.context import file_names
from requests.letters.documents import on_paper
from requests.models import Attachment, RequestEvent
from requests.notifications.filing import acknowledge, receipt_facts, receipt_words, receive
from requests.views.filing_done import confirmation_url
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.filed import EMAIL, file_request

pytestmark = pytest.mark.django_db
# quick, where the PDF is not what is shown
as_text = pytest.mark.usefixtures("text_letters")

COMPLEX = "aides-sociales-subvention-fin-annee"
ANONYMOUS = {"nom_famille": "", "prenom": "", "email": "", "adresse": "", "canal_reponse": ""}


def _labels(service_request) -> list[str]:
    return list(service_request.documents.values_list("label", flat=True))


def test_a_filing_brings_a_receipt_then_an_acknowledgement_with_their_pdfs(catalogue, mails):
    service_request = file_request(COMPLEX)
    receipt, acknowledgement = mails()
    assert receipt.to == acknowledgement.to == [EMAIL]
    assert "bien reçu" in receipt.subject
    assert "accusé de réception" in acknowledgement.subject
    for sent in (receipt, acknowledgement):
        assert sent.attachments[0][0].endswith(".pdf")
        first, second = sent.body.splitlines()[:2]
        assert service_request.reference in first
        assert second.startswith("Réponse prévue au plus tard le ")
        assert sent.body.count("/suivi/lien/") == 1
    assert _labels(service_request) == ["Récépissé de dépôt", "Accusé de réception"]


@as_text
def test_who_files_in_english_is_told_in_english_where_to_follow_it(catalogue, mails):
    sr = file_request(COMPLEX, language="en")
    told = [sent for sent in mails() if sent.to == [sr.requester_email]]
    assert told
    for sent in told:
        words, link = sent.body.splitlines()[0].split(": ", 1)
        assert words.startswith("The town hall writes its decisions in French")
        assert words.endswith("Follow your request here, in your language")
        assert "/suivi/lien/" in link
    file_request(COMPLEX)
    assert not any("in your language" in sent.body for sent in mails())


@as_text
def test_the_acknowledgement_names_the_department_the_request_was_routed_to(catalogue, mails):
    service_request = file_request(COMPLEX)
    body = mails()[1].body
    assert "Service chargé du dossier : Aides sociales" in body
    service_request.refresh_from_db()
    assert service_request.acknowledged_at
    event = RequestEvent.objects.get(request=service_request, verb="acknowledge")
    assert event.data["document"] == service_request.documents.last().pk


@as_text
def test_the_missing_documents_and_their_deadline_are_in_the_acknowledgement(catalogue, mails):
    file_request(COMPLEX, missing_documents=["piece-identite"])
    body = mails()[1].body
    assert "- Pièce d'identité en cours de validité" in body
    assert "À nous donner au plus tard le " in body
    assert "sur votre page de suivi" in body


@as_text
@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("accuse-reception-rejet-implicite", "le jour indiqué plus haut recule d'autant"),
        ("accuse-reception-simple", "Ce jour recule du temps qu'il faudra"),
    ],
)
def test_the_day_on_which_silence_refuses_moves_while_documents_are_missing(
    catalogue, mails, template, words
):
    """CRPA L114-5: the letter must not name a day before the one left to send them."""
    Prestation.objects.filter(pk=COMPLEX).update(acknowledgement_template=template)
    file_request(COMPLEX, missing_documents=["piece-identite"])
    assert words in mails()[1].body
    file_request(COMPLEX)
    assert words not in mails()[1].body


@as_text
def test_nothing_leaves_twice_when_handlers_are_run_again(catalogue, mails):
    from massy_grc.outbox.models import HandlerReceipt
    from massy_grc.outbox.relay import run_receipt

    service_request = file_request(COMPLEX)
    drain_outbox()
    HandlerReceipt.objects.update(done_at=None)
    for receipt in HandlerReceipt.objects.all():
        run_receipt(receipt.pk)
    assert not HandlerReceipt.objects.exclude(last_error="").exists()
    assert mails() == []
    assert service_request.documents.count() == 2
    assert RequestEvent.objects.filter(verb="acknowledge").count() == 1


@as_text
def test_who_asked_for_paper_gets_the_acknowledgement_on_paper(catalogue, mails, papers):
    service_request = file_request(COMPLEX, requester={"canal_reponse": "courrier"})
    (receipt,) = mails()
    assert "bien reçu" in receipt.subject
    assert papers(service_request) == ["Accusé de réception"]


@as_text
def test_a_counter_filing_gets_a_printed_receipt_and_no_mail_of_it(catalogue, mails, eas_agent):
    service_request = file_request(COMPLEX, channel="guichet", actor=eas_agent)
    (acknowledgement,) = mails()
    assert "accusé de réception" in acknowledgement.subject
    assert "Récépissé de dépôt" in _labels(service_request)


@as_text
def test_a_paper_filing_of_an_exempt_prestation_is_not_acknowledged(
    catalogue, mails, eas_agent, papers
):
    exempt = next(
        p
        for p in catalogue.values()
        if p.acknowledgement == "exempt_paper" and p.open_on("guichet") and p.open_on("web")
    )
    service_request = file_request(exempt.pk, channel="guichet", actor=eas_agent)
    assert mails() == []
    assert papers(service_request) == []
    assert _labels(service_request) == ["Récépissé de dépôt"]
    online = file_request(exempt.pk)
    assert len(mails()) == 2
    assert "Accusé de réception" in _labels(online)


@as_text
def test_an_anonymous_report_has_its_documents_and_no_mail(catalogue, mails, papers):
    service_request = file_request("voirie-intervention-rapide", requester=ANONYMOUS)
    assert mails() == []
    assert papers(service_request) == []
    assert _labels(service_request) == ["Récépissé de dépôt", "Accusé de réception"]
    service_request.refresh_from_db()
    assert service_request.acknowledged_at is None


@as_text
def test_a_request_taken_before_its_routing_is_acknowledged_all_the_same(
    catalogue, mails, eas_agent
):
    service_request = file_request("acte-naissance-filiation")
    actions.take_request(request_id=service_request.pk, version=None, actor=eas_agent)
    assert len(mails()) == 2
    service_request.refresh_from_db()
    assert service_request.acknowledged_at


@as_text
def test_a_request_to_qualify_is_acknowledged_once_it_is_qualified(catalogue, mails, eas_agent):
    service_request = file_request("acte-naissance-filiation", to_qualify=True)
    assert len(mails()) == 1
    actions.qualify_request(
        request_id=service_request.pk, version=None, actor=eas_agent, subject="Acte"
    )
    assert len(mails()) == 1


@as_text
def test_the_heat_register_writes_to_the_person_registered_only_on_paper(catalogue, mails, papers):
    service_request = file_request(
        "canicule-inscription-tiers",
        answers={
            "inscrit_nom": "Martin",
            "inscrit_prenom": "Lucienne",
            "inscrit_adresse": {"numero": "4", "voie": "rue Paul", "code_postal": "91300"},
        },
    )
    (receipt,) = mails()
    assert "bien reçu" in receipt.subject
    assert papers(service_request) == ["Accusé de réception"]


@as_text
def test_a_delivery_says_which_request_it_is_about(catalogue, mails):
    service_request = file_request(COMPLEX)
    mails()
    assert Delivery.objects.about(f"request:{service_request.pk}").count() == 2


@as_text
def test_the_front_office_is_the_interlocutor_and_the_department_only_named(catalogue, mails):
    service_request = file_request(COMPLEX)
    body = mails()[1].body
    team = service_request.team
    assert f"Service chargé du dossier : Aides sociales. Votre interlocuteur : {team.label}" in body
    service_request.refresh_from_db()
    assert service_request.department.email not in body


@as_text
@pytest.mark.parametrize("code", ["acte-naissance-filiation", "logement-demande"])
def test_the_team_is_named_once_as_agent_and_once_as_service(catalogue, mails, code):
    service_request = file_request(code)
    for sent in mails():
        assert f"{service_request.team.label}, accueil des usagers, " not in sent.body


@as_text
def test_a_report_is_thanked_for_in_words_that_fit_its_label(catalogue, mails):
    service_request = file_request("voirie-intervention-rapide")
    body = mails()[1].body
    assert "Merci d'avoir signalé" not in body
    assert f"votre signalement « {service_request.prestation.label} ». Merci." in body


def test_nobody_to_write_to_finds_the_acknowledgement_on_the_tracking_page(catalogue):
    service_request = file_request("voirie-intervention-rapide", requester=ANONYMOUS)
    body = on_paper(service_request, receipt_words(service_request).body)
    assert "L'accusé de réception sera sur la page de suivi" in body
    assert service_request.reference in body
    assert f"code de suivi {service_request.tracking_code}" in body


def test_confirmation_and_receipt_name_the_same_day_for_the_acknowledgement(client, catalogue):
    """Ten working days, 11 November counted out; the day of the answer when that is earlier."""
    late, soon = file_request(COMPLEX), file_request("acte-naissance-filiation")
    assert "au plus tard le mardi 17 novembre 2026. Il nomme" in receipt_words(late).body
    for filed in (late, soon):
        page = client.get(confirmation_url(filed)).content.decode()
        (day,) = re.findall(r"accusé de réception au plus tard le ([^.]*)\. Il nomme", page)
        assert f"accusé de réception au plus tard le {day}" in receipt_words(filed).body
    assert date_words(soon.due_at) == day


@as_text
def test_the_receipt_is_queued_first_even_when_its_handler_runs_last(catalogue):
    service_request = file_request(COMPLEX)
    actions.route_request(request_id=service_request.pk)
    routed = RequestEvent.objects.get(request=service_request, verb="route")
    acknowledge(routed)
    receive(RequestEvent.objects.get(request=service_request, verb="file"))
    keys = list(Delivery.objects.order_by("id").values_list("key", flat=True))
    assert keys == [f"receipt:{service_request.pk}", f"acknowledgement:{service_request.pk}"]


@as_text
@pytest.mark.parametrize("code", ["passeport-mairie-annexe", "logement-demande"])
def test_letters_tell_how_to_get_the_appointment_and_the_originals_to_bring(catalogue, mails, code):
    service_request = file_request(code, answers={"motif": "premiere"})
    receipt, acknowledgement = mails()
    originals = Questionnaire(service_request.form_version, "web").documents_to_bring(
        service_request.answers
    )
    for sent in (receipt, acknowledgement):
        assert service_request.prestation.appointment_info in sent.body
        for document in originals:
            assert f"- {document.label}" in sent.body
    assert originals or code == "logement-demande"


@as_text
def test_no_appointment_is_told_where_there_is_none(catalogue, mails):
    file_request(COMPLEX)
    assert not [sent for sent in mails() if "rendez-vous" in sent.body]


def test_two_files_for_one_document_are_told_apart_by_their_names():
    recto, verso = (Attachment(label="Pièce d'identité", name=name) for name in ("r.pdf", "v.pdf"))
    alone = Attachment(label="Photo", name="p.jpg")
    assert file_names([recto, verso, alone]) == [
        "Pièce d'identité (r.pdf)",
        "Pièce d'identité (v.pdf)",
        "Photo",
    ]


@as_text
def test_a_day_that_has_passed_is_not_promised(client, catalogue, mails, eas_agent):
    """A dangerous hole noted on paper eight days ago: the answer is late already."""
    now = timezone.now()
    sr = file_request(
        "voirie-intervention-rapide",
        channel="telephone",
        actor=eas_agent,
        urgent=True,
        now=now,
        arrived_at=now - timedelta(days=8),
    )
    assert sr.due_at < now
    sent = mails()
    assert sent
    told = [one.body for one in sent if one.to == [EMAIL]]
    told.append("\n".join(f"{label} {value}" for label, value in receipt_facts(sr)))
    told.append(
        client_of(eas_agent).get(f"/agent/accueil/enregistree/{sr.reference}/").content.decode()
    )
    told.append(client.get(confirmation_url(sr)).content.decode())
    for text in told:
        assert "dès que possible" in text
        assert "Réponse prévue" not in text
        assert "Nous prévoyons" not in text
