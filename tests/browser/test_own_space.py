"""A citizen's own space, walked from end to end: for whom one files, and what comes of it.

Width, JavaScript, language and theme change from journey to journey; `test_every_way.py` crosses
them all on the pages that most people see.
"""

import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import gettext, override

from prestations.forms import Questionnaire
from prestations.models import Prestation
from requests import actions
from requests.enums import RatingScore, State
from requests.models import FilingDraft, ServiceRequest
from tests.browser.answering import fill_in, pass_conditions
from tests.browser.test_account import sign_in
from tests.browser.visitor import Visitor
from tests.citizens.mails import last_mail
from tests.factories.answers import PDF_BYTES, valid_answers
from tests.factories.citizens import make_account
from tests.factories.organisations import make_member, make_organisation
from tests.factories.places import make_register
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = pytest.mark.browser

REPORT = "voirie-intervention-rapide"
BILL = "facture-contestation"
MACARON = "stationnement-macaron"
IDENTITY = "piece-identite"


@pytest.fixture
def account(catalogue):
    return make_account(family_name="Benali", given_name="Aïcha", email="aicha@courriel.example")


def fill_steps(citizen: Visitor, code: str, first: int = 1) -> None:
    """What is asked, page by page from the step `first`, up to the check; what is known stays."""
    version = Prestation.objects.get(pk=code).current_form
    answers, files = valid_answers(version, "web", optional=False)
    for step in Questionnaire(version, "web").steps(answers)[first - 1 :]:
        citizen.reads(str(step.title))
        offer = citizen.page.locator(".wallet-offers").get_by_role("button")
        if offer.count():
            citizen.looks_right()
            citizen.presses_button(offer.inner_text())
            files = {key: file for key, file in files.items() if not key.endswith(IDENTITY)}
        if not citizen.page.locator(".known-details").count():
            fill_in(citizen, step.questions, answers, files)
        citizen.presses_button(gettext("Continuer"))
    citizen.reads(gettext("Vérifiez vos réponses"))
    citizen.looks_right()


def send(citizen: Visitor) -> ServiceRequest:
    citizen.presses_button(gettext("Envoyer ma demande"))
    citizen.reads(gettext("Votre demande est envoyée"))
    citizen.looks_right()
    return ServiceRequest.objects.get()


def test_a_member_files_for_an_association_and_follows_it_there(account, logged_in):
    make_register()
    garden = make_organisation(make_account())
    make_member(garden, account)
    member = logged_in(account.user).holds(1440, "dark")
    member.opens(f"/prestations/{REPORT}/demande/")
    member.chooses("Pour qui faites-vous cette demande ?", garden.name)
    member.looks_right()
    member.presses_button("Commencer")
    pass_conditions(member, REPORT)
    fill_steps(member, REPORT)
    member.sees(garden.name)
    sent = send(member)
    assert (sent.organisation_account, sent.account) == (garden, account)

    member.opens("/compte/organisations/")
    member.follows(garden.name)
    member.looks_right()
    member.follows(sent.prestation.label)
    member.sees(sent.reference)
    member.sees("Prochaine étape")
    member.looks_right()


def test_somebody_files_for_their_mother_and_both_are_told(account, logged_in):
    mother = "odette@courriel.example"
    daughter = logged_in(account.user, java_script_enabled=False).holds(768)
    daughter.opens(f"/prestations/{BILL}/demande/")
    daughter.presses_button("English")
    with override("en"):
        daughter.chooses(
            gettext("Pour qui faites-vous cette demande ?"),
            gettext("Pour un proche ou une autre personne"),
        )
        daughter.looks_right()
        daughter.presses_button(gettext("Commencer"))
        daughter.fills(gettext("Son nom de famille"), "Ferrand")
        daughter.fills(gettext("Son prénom"), "Odette")
        daughter.chooses(gettext("Cette personne est"), gettext("Un autre membre de ma famille"))
        daughter.fills(gettext("Son adresse électronique"), mother)
        daughter.looks_right()
        daughter.presses_button(gettext("Continuer"))
        pass_conditions(daughter, BILL)
        fill_steps(daughter, BILL)
        daughter.sees("Odette Ferrand")
        sent = send(daughter)
    assert sent.concerned.name == "Odette Ferrand"
    assert "Benali" in last_mail(mother).body
    assert sent.reference in last_mail(account.user.email).body


def test_a_form_begun_on_a_telephone_is_finished_at_a_computer(account, visitor):
    telephone = visitor().holds(360)
    sign_in(telephone, account.user.email)
    telephone.opens(f"/prestations/{BILL}/demande/")
    telephone.presses_button("Commencer")
    pass_conditions(telephone, BILL)
    version = Prestation.objects.get(pk=BILL).current_form
    answers, files = valid_answers(version, "web", optional=False)
    first = Questionnaire(version, "web").steps(answers)[0]
    fill_in(telephone, first.questions, answers, files)
    telephone.presses_button("Enregistrer et reprendre plus tard")
    telephone.reads("Votre demande est gardée")
    telephone.looks_right()

    computer = visitor(java_script_enabled=False).holds(1440)
    sign_in(computer, account.user.email)
    computer.sees("Demande commencée, pas encore envoyée.")
    computer.follows("Reprendre")
    computer.looks_right()
    fill_steps(computer, BILL, first=2)  # what was typed on the other device is there
    sent = send(computer)
    assert sent.account == account
    assert answers["reponses"].items() <= sent.answers["reponses"].items()
    assert not FilingDraft.objects.filter(filed_request=None).exists()


def test_a_document_of_the_wallet_is_joined_to_a_form(account, logged_in):
    make_register()
    kept = actions.keep_document(
        account=account,
        upload=SimpleUploadedFile("carte.pdf", PDF_BYTES),
        kind=IDENTITY,
        until=timezone.localdate() + timedelta(days=400),
    )
    citizen = logged_in(account.user, java_script_enabled=False).holds(360)
    citizen.opens("/compte/porte-documents/")
    citizen.sees("carte.pdf")
    citizen.looks_right()
    citizen.opens(f"/prestations/{MACARON}/demande/")
    citizen.presses_button("Commencer")
    pass_conditions(citizen, MACARON)
    fill_steps(citizen, MACARON)
    citizen.sees("carte.pdf")
    joined = send(citizen).attachments.get(document_code=IDENTITY)
    assert joined.sha256 == kept.sha256


@pytest.fixture
def closed(account, expert, proximite_agent) -> ServiceRequest:
    """A report of the account, treated and answered."""
    sr = file_request(REPORT, account=account, now=timezone.now())
    actions.route_request(request_id=sr.pk)
    done = {"request_id": sr.pk, "version": None, "outcome": "positive"}
    actions.treat_request(**done, actor=expert, conclusion="Rebouché")
    actions.answer_request(**done, actor=proximite_agent, body="C’est réparé.")
    drain_outbox()
    return sr


def test_a_settled_request_is_rated(account, closed, logged_in):
    citizen = logged_in(account.user, java_script_enabled=False).holds(1440, "dark")
    citizen.opens(f"/demandes/{closed.reference}/")
    citizen.presses_button("English")
    with override("en"):
        citizen.presses_button(gettext("Envoyer mon avis"))  # nothing answered
        citizen.sees(gettext("Dites si votre demande est réglée."))
        citizen.looks_right()
        citizen.chooses(gettext("Votre demande est-elle réglée ?"), gettext("Oui"))
        score = gettext("Comment la mairie a-t-elle traité votre demande ?")
        citizen.chooses(score, str(RatingScore(4).label))
        citizen.presses_button(gettext("Envoyer mon avis"))
        citizen.sees(gettext("Merci pour votre avis."))
        citizen.looks_right()
    rating = closed.ratings.get()
    assert (rating.solved, rating.score) == (True, 4)


def test_a_request_not_settled_is_open_again(account, closed, logged_in):
    citizen = logged_in(account.user).holds(768, "dark")
    citizen.opens("/compte/demandes/")
    citizen.follows(closed.prestation.label)
    citizen.looks_right()
    citizen.chooses("Votre demande est-elle réglée ?", "Non")
    citizen.fills("Votre commentaire", "Le trou est revenu.")
    citizen.presses_button("Envoyer mon avis")
    citizen.sees(re.compile("est rouverte"))
    citizen.looks_right()
    closed.refresh_from_db()
    assert closed.state == State.EN_COURS
    assert closed.messages.last().body == "Le trou est revenu."


def test_a_copy_of_ones_data_is_asked_for_and_downloaded(account, visitor, tmp_path):
    file_request(REPORT, account=account)
    citizen = visitor().holds(768, "dark")
    sign_in(citizen, account.user.email)
    citizen.opens("/compte/donnees/")
    citizen.presses_button("English")
    with override("en"):
        citizen.looks_right()
        citizen.presses_button(gettext("Demander une copie"))
        citizen.looks_right()
        drain_outbox()
        citizen.opens("/compte/donnees/")
        citizen.looks_right()
        with citizen.page.expect_download() as download:
            citizen.page.get_by_role("link", name=gettext("Télécharger")).click()
    download.value.save_as(tmp_path / "copie.zip")
    with zipfile.ZipFile(tmp_path / "copie.zip") as copy:
        data = json.loads(copy.read("donnees.json"))
        assert copy.read("donnees.pdf").startswith(b"%PDF")
    assert data["fiche"]["nom_de_famille"] == "Benali"
    assert len(data["demandes"]) == 1
