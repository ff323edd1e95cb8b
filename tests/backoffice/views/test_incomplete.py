"""A form recorded without some of its answers: what is asked of whom, when, and by what letter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from massy_grc.outbox.models import Delivery
from prestations.models import Prestation
from requests.enums import State, Verb
from requests.models import ServiceRequest
from requests.tracking import tracking_link
from tests.factories.citizens import CitizenFactory
from tests.factories.prestations import PrestationFactory, make_definition, make_field
from tests.helpers import drain_outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

EMAIL = "durand@courriel.example"
USES = [{"value": "fete", "label": "Fête familiale"}, {"value": "sport", "label": "Sport"}]


@pytest.fixture
def room():
    """A prestation with short labels, which only their page explains."""
    definition = make_definition(
        make_field("date", "date", page="Le jour de la fête"),
        make_field("objet", "select", choices=USES),
        requester=[
            make_field("nom_famille"),
            make_field("email", "email", required=False),
            make_field("type_demandeur", "select", choices=USES, label="Vous êtes"),
        ],
    )
    return PrestationFactory(label="Louer une salle", current_form=definition)


@pytest.fixture
def form(front, room):
    """The form opened for somebody known."""
    citizen = CitizenFactory(family_name="Durand", email=EMAIL)
    opened = front.post("/agent/accueil/ouvrir/", {"prestation": room.pk, "citoyen": citizen.pk})
    return opened.url


GIVEN = {"demandeur.nom_famille": "Durand", "demandeur.email": EMAIL, "channel": "courrier"}


def test_the_letter_is_read_before_anything_is_recorded(front, form):
    page = front.post(form, {**GIVEN, "incomplete": "relire"})
    letter = page.text.split('class="letter-preview"')[1].split("</article>")[0]
    assert f"courriel à {EMAIL}" in letter
    assert "Le jour de la fête\u00a0: date" in letter.replace(" :", "\u00a0:")
    assert "objet (Fête familiale ou Sport)" in letter
    assert "Vous êtes" not in letter
    assert '<h2 id="relire-titre" tabindex="-1" autofocus>' in page.text
    assert "pièces" not in letter
    assert "à corriger" not in page.text
    assert "page de suivi" in letter
    assert "par courrier ou au guichet" in letter
    assert not ServiceRequest.objects.exists()
    assert not Delivery.objects.exists()


def test_what_is_owed_stops_the_clock_and_page_and_letter_say_the_same(front, form, room):
    Prestation.objects.filter(pk=room.pk).update(immediate_at_counter=True)
    logged = front.post(form, {**GIVEN, "incomplete": "1"}, follow=True).text
    assert "Délai suspendu jusqu’à réception" in logged
    assert "Réponse prévue" not in logged
    assert "clore" not in logged
    drain_outbox()
    sr = ServiceRequest.objects.get(prestation=room)
    assert sr.state == State.ATTENTE_PIECES
    assert sr.paused_at is not None
    letters = Delivery.objects.filter(to=EMAIL, subject__contains="accusé de réception")
    letter = letters.exclude(key__startswith="receipt:").get()
    assert "Réponse prévue" not in letter.body
    assert "Le délai de réponse est suspendu" in letter.body
    due_on = sr.pieces.first().due_on
    assert f"{due_on.day} " in letter.body
    asked = sr.events.get(verb=Verb.ASK_PIECES)
    assert "Ce qui manque au formulaire a été demandé" in front.get(sr.get_absolute_url()).text
    assert asked.data["due_on"] == due_on.isoformat()
    assert sr.documents.filter(label__startswith="Demande de pièces").count() == 0


def test_an_answer_that_is_owed_is_written_and_not_sent_as_a_file(front, form, room):
    front.post(form, {**GIVEN, "incomplete": "1"})
    drain_outbox()
    sr = ServiceRequest.objects.get(prestation=room)
    link = f"/suivi/lien/{tracking_link(sr).split('/')[-2]}/"
    citizen = Client()
    page = citizen.get(link, follow=True).text
    assert "Il nous manque des réponses" in page
    assert "Le jour de la fête\u00a0: objet</a>" in page
    assert 'name="piece_' not in page
    answers = f"/demandes/{sr.reference}/reponses/"
    assert "Erreur" in citizen.post(answers, {"reponses.objet": "fete"}).text
    told = {"body": "Pour une fête, le 3 juin.", "envoi": "1"}
    citizen.post(f"/demandes/{sr.reference}/message/", told)
    sr.refresh_from_db()
    assert sr.unread_since is not None
    assert sr.state == State.ATTENTE_PIECES

    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    given = {"reponses.date": day, "reponses.objet": "fete", "demandeur.type_demandeur": "sport"}
    assert "Vos réponses sont bien reçues" in citizen.post(answers, given, follow=True).text
    sr.refresh_from_db()
    assert sr.answers["reponses"] == {"date": day, "objet": "fete"}
    assert sr.requester_email == EMAIL
    assert (sr.state, sr.paused_at) == (State.EN_COURS, None)
    assert sr.events.filter(verb=Verb.SUPPLY, by_requester=True).count() == 2
    assert "n’attendons plus de réponse" in citizen.post(answers, given, follow=True).text


def test_the_last_answer_starts_the_clock_again(front, form, room):
    front.post(form, {**GIVEN, "incomplete": "1"})
    drain_outbox()
    sr = ServiceRequest.objects.get(prestation=room)
    before = sr.due_at
    ServiceRequest.objects.filter(pk=sr.pk).update(paused_at=sr.paused_at - timedelta(days=14))
    page = sr.get_absolute_url()
    opened = front.post(f"{page}complete/", {"version": sr.version, "seen": sr.event_count}).url
    day = (timezone.localdate() + timedelta(days=30)).strftime("%d/%m/%Y")
    given = {"reponses.date": day, "reponses.objet": "fete", "demandeur.type_demandeur": "sport"}
    done = front.post(opened, {**GIVEN, **given, "version": sr.version})
    assert done.url == page
    sr.refresh_from_db()
    assert sr.state == State.EN_COURS
    assert sr.paused_at is None
    assert sr.due_at > before


def test_a_message_that_gets_an_unfinished_form_waits_for_its_sender_too(front, room):
    opened = front.post("/agent/accueil/ouvrir/", {"prestation": "a-qualifier"})
    words = {"reponses.texte": "Je voudrais une salle.", "channel": "courrier"}
    front.post(opened.url, {**words, "demandeur.email": EMAIL})
    drain_outbox()
    sr = ServiceRequest.objects.get(state=State.A_QUALIFIER)
    form = front.post(f"{sr.get_absolute_url()}sort/", {"prestation": room.pk}).url
    front.post(form, {**GIVEN, "version": sr.version, "incomplete": "1"})
    drain_outbox()
    sr.refresh_from_db()
    assert sr.state == State.ATTENTE_PIECES
    acknowledged = Delivery.objects.filter(key=f"acknowledgement:{sr.pk}")
    assert "objet (Fête familiale ou Sport)" in acknowledged.get().body


def test_documents_alone_stop_no_work_at_the_counter(front):
    paper = {
        "code": "identite", "label": "La carte", "mode": "obligatory", "condition": None,
        "required_if": None, "original_at_counter": False,
    }  # fmt: skip
    definition = make_definition(make_field("motif"), documents=[paper])
    prestation = PrestationFactory(label="Une carte", current_form=definition)
    opened = front.post("/agent/accueil/ouvrir/", {"prestation": prestation.pk})
    front.post(opened.url, {"reponses.motif": "Perdue", "channel": "guichet"})
    drain_outbox()
    sr = ServiceRequest.objects.get(prestation=prestation)
    assert sr.state == State.EN_COURS
    assert sr.pieces.get().label == "La carte"
