"""An unsorted text: proposed, routed by itself when sure, learnt from when an agent answers."""

from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone

from massy_grc.common.locks import Alone
from prestations.models import Prestation
from prestations.models.catalogue import UNSORTED
from requests import actions
from requests.actions.erasure import BY_REQUEST, anonymise_request
from requests.enums import State, Verb
from requests.lookalikes import lookalikes
from requests.models import (
    AutomaticThreshold,
    ClassifierVersion,
    Qualification,
    RequestEvent,
    ServiceRequest,
)
from requests.qualification import examples, guessing
from requests.qualification.figures import quality
from requests.qualification.guessing import guessable
from requests.qualification.siblings import Siblings
from tests.backoffice.conftest import client_of
from tests.factories.places import make_register
from tests.faults.conftest import database_url
from tests.helpers import drain_outbox
from tests.requests.qualification.conftest import DUMP, HEALTH, LINES, POTHOLE

pytestmark = pytest.mark.usefixtures("catalogue", "text_letters")

TEXT = "Bonjour, il y a un trou dans la chaussée devant chez moi."


def arrive(text: str = TEXT, channel: str = "courrier") -> ServiceRequest:
    """A letter that nobody has read yet."""
    unsorted = Prestation.objects.get(pk=UNSORTED)
    return actions.intake(
        prestation=unsorted,
        form_version=unsorted.current_form,
        channel=channel,
        answers={"demandeur": {"nom_famille": "Durand"}, "reponses": {"texte": text}},
        idempotency_key=str(uuid4()),
    )


def settled(sr: ServiceRequest, code: str, agent) -> Qualification:
    sr.refresh_from_db()
    actions.qualify_request(
        request_id=sr.pk,
        version=sr.version,
        actor=agent,
        prestation=Prestation.objects.get(pk=code),
    )
    return Qualification.objects.get(request=sr)


@pytest.mark.parametrize("channel", ["courrier", "guichet", "telephone", "email", "sms"])
def test_three_prestations_are_proposed_whatever_the_channel(version, channel):
    sr = arrive(channel=channel)
    drain_outbox()
    guessed = sr.qualification
    assert [one["prestation"] for one in guessed.guesses] == [POTHOLE, DUMP, HEALTH] or (
        guessed.guesses[0]["prestation"] == POTHOLE and len(guessed.guesses) == 3
    )
    assert "trou" in guessed.guesses[0]["words"]
    assert not {"chez", "devant", "dans"} & {
        word for guess in guessed.guesses for word in guess["words"]
    }
    sr.refresh_from_db()
    assert sr.state == State.A_QUALIFIER
    assert guessed.automatic is False


def test_a_message_delivered_twice_is_guessed_about_once(version):
    sr = arrive()
    drain_outbox()
    first = Qualification.objects.get(request=sr)
    assert actions.guess_qualification(request_id=sr.pk) is None
    assert Qualification.objects.get(request=sr).made_at == first.made_at


def test_above_its_threshold_it_is_routed_without_an_agent_and_the_timeline_says_why(
    version, front
):
    AutomaticThreshold.objects.create(prestation_id=POTHOLE, percent=50)
    sr = arrive()
    drain_outbox()
    sr.refresh_from_db()
    assert sr.prestation_id == POTHOLE
    assert sr.state in (State.TRANSMISE, State.EN_COURS)
    assert Qualification.objects.get(request=sr).automatic is True
    event = sr.events.get(verb=Verb.QUALIFY)
    assert event.actor is None
    assert event.data["score"] >= 0.5
    page = front.get(sr.get_absolute_url()).content.decode()
    assert "Qualifiée par le classement automatique" in page


def test_where_the_message_says_it_is_is_known_to_who_gets_it_and_to_the_next_report(
    version, proximite_agent
):
    make_register()
    AutomaticThreshold.objects.create(prestation_id=POTHOLE, percent=50)
    said = [
        f"Bonjour, il y a un trou dans la chaussée {where}, merci."
        for where in ("au 3 rue Jean Mermoz", "devant le 3 rue Jean-Mermoz", "devant chez moi")
    ]
    for text in said:
        arrive(text)
    drain_outbox()
    first, second, third = ServiceRequest.objects.order_by("pk")
    assert {first.place, second.place} == {"3 rue Jean Mermoz"}
    assert first.street_id
    assert first.latitude
    assert (third.place, third.street_id) == ("", None)
    assert [one.sr.pk for one in lookalikes(second, proximite_agent)] == [first.pk]


def test_another_prestations_threshold_changes_nothing(version):
    AutomaticThreshold.objects.create(prestation_id=HEALTH, percent=50)
    sr = arrive()
    drain_outbox()
    sr.refresh_from_db()
    assert sr.state == State.A_QUALIFIER


def test_a_closed_prestation_is_not_routed_to(version):
    AutomaticThreshold.objects.create(prestation_id=POTHOLE, percent=50)
    Prestation.objects.filter(pk=POTHOLE).update(status="historical")
    sr = arrive()
    drain_outbox()
    sr.refresh_from_db()
    assert sr.state == State.A_QUALIFIER


def test_the_agent_sees_the_proposals_and_one_press_opens_the_right_form(version, front):
    sr = arrive()
    drain_outbox()
    sr.refresh_from_db()
    page = front.get(sr.get_absolute_url()).content.decode()
    assert "De quoi s’agit-il" in page
    assert "<mark>trou</mark>" in page
    done = front.post(
        f"{sr.get_absolute_url()}sort/",
        {"version": sr.version, "seen": sr.event_count, "prestation": POTHOLE},
    )
    form = front.get(done.url).content.decode()
    assert "Demande d&#x27;intervention rapide" in form


def test_what_an_agent_says_is_kept_with_its_rank_and_learnt(version, eas_agent):
    right, wrong = arrive(), arrive("Bonjour, un trou dans le mur : c’est un certificat de vie ?")
    drain_outbox()
    assert settled(right, POTHOLE, eas_agent).rank == 1
    answer = settled(wrong, "certificat-domicile", eas_agent)
    assert answer.rank == 0
    assert answer.settled_by == eas_agent
    learnt = examples.learnt_examples({code: code for code in (POTHOLE, "certificat-domicile")})
    assert {(one.text, one.prestation) for one in learnt} == {
        (TEXT, POTHOLE),
        ("Bonjour, un trou dans le mur : c’est un certificat de vie ?", "certificat-domicile"),
    }


def test_a_text_said_of_several_prestations_teaches_nothing(version, eas_agent):
    one, other = (
        arrive("Rien de particulier à signaler."),
        arrive("Rien de particulier à signaler."),
    )
    drain_outbox()
    settled(one, POTHOLE, eas_agent)
    settled(other, "certificat-domicile", eas_agent)
    known = (POTHOLE, "certificat-domicile")
    assert examples.learnt_examples({code: code for code in known}) == []
    assert len(examples.learnt_examples(dict.fromkeys(known, "one label"))) == 2


def test_words_that_say_nothing_by_themselves_are_not_shown(version):
    guessed = arrive("Il y a un trou dans la chaussée, et une voiture avec des roues")
    drain_outbox()
    words = guessed.qualification.guesses[0]["words"]
    assert "trou" in words
    assert not {"une", "dans", "des", "avec"} & set(words)


def test_the_figures_tell_accuracy_confusion_and_what_was_misrouted(version, eas_agent):
    AutomaticThreshold.objects.create(prestation_id=HEALTH, percent=50)
    settled_ones = [arrive(), arrive("un autre trou dans la route"), arrive("trou et frigo")]
    automatic = arrive("certificat de vie pour ma caisse de retraite")
    drain_outbox()
    for sr, code in zip(settled_ones, (POTHOLE, POTHOLE, "certificat-domicile"), strict=True):
        settled(sr, code, eas_agent)
    found = quality(timezone.now(), version)
    assert (found.whole.settled, found.whole.first) == (3, 2)
    assert found.whole.first_percent == 67
    assert [(right.pk, times) for _guess, right, times in found.confusions] == [
        ("certificat-domicile", 1)
    ]
    assert (found.automatic, found.misrouted) == (1, 0)
    settled(automatic, POTHOLE, eas_agent)  # an agent says otherwise
    assert quality(timezone.now(), version).misrouted == 1


def test_what_waits_without_a_proposal_is_taken_up_once_something_was_learnt(few, monkeypatch):
    sr = arrive()
    drain_outbox()
    assert not Qualification.objects.filter(request=sr).exists()
    lines = [examples.Example(text, code) for code, texts in LINES.items() for text in texts]
    monkeypatch.setattr(guessing, "written_examples", lambda: lines)
    monkeypatch.setattr(guessing, "catalogue_examples", lambda _prestations: [])
    assert actions.guess_waiting() == 1
    assert ClassifierVersion.objects.count() == 1
    assert Qualification.objects.filter(request=sr).exists()
    assert actions.guess_waiting() == 0


def test_two_workers_never_train_at_once():
    arrive()
    with psycopg.connect(database_url(), autocommit=True) as other:  # another worker trains
        other.execute("SELECT pg_advisory_lock(%s)", [Alone.TRAINING])
        assert actions.guess_waiting() == 0
    assert not ClassifierVersion.objects.exists()


def test_an_erased_request_leaves_no_words(version, eas_agent):
    sr = arrive()
    drain_outbox()
    settled(sr, POTHOLE, eas_agent)
    ServiceRequest.objects.filter(pk=sr.pk).update(state=State.CLOSE, closed_at=timezone.now())
    anonymise_request(request_id=sr.pk, rule=BY_REQUEST)
    assert not Qualification.objects.filter(request=sr).exists()
    assert not RequestEvent.objects.filter(request=sr, data__icontains="trou").exists()


def test_prestations_that_differ_by_their_site_are_one_and_the_text_chooses():
    siblings = Siblings(guessable())
    here, there = "cni-mairie-annexe", "cni-mairie-principale"
    assert siblings.label_of[here] == siblings.label_of[there]
    assert siblings.label_of["passeport-mairie-annexe"] != siblings.label_of[here]
    label = siblings.label_of[here]
    assert siblings.prestation(label, "une carte à la mairie annexe svp").pk == here
    assert siblings.prestation(label, "une carte à la mairie principale").pk == there


def test_the_page_of_the_classifier_and_its_training(version, administrator, manager, monkeypatch):
    browser = client_of(administrator, post=None)
    page = browser.get("/agent/parametrage/classement/").content.decode()
    assert "bonne réponse en premier 90" in page
    called = []
    monkeypatch.setattr("requests.tasks.train_classifier.delay", lambda: called.append(True))
    assert browser.post("/agent/parametrage/classement/apprendre/").status_code == 302
    assert called
    assert client_of(manager, post=None).get("/agent/parametrage/classement/").status_code == 403


TWO = (
    "Un trou dans la chaussée devant chez moi. Et il me faut un certificat de vie pour ma retraite."
)


def test_what_is_left_after_a_split_is_guessed_about_without_the_part_that_went(version, front):
    sr = arrive(TWO)
    drain_outbox()
    page = front.get(sr.get_absolute_url()).text
    guesses = page.split('id="guesses-title"')[1].split("</section>")[0]
    assert f"{sr.get_absolute_url()}split/" in guesses
    sr.refresh_from_db()
    agent = front.get(sr.get_absolute_url()).wsgi_request.user
    actions.split_request(
        request_id=sr.pk,
        version=sr.version,
        actor=agent,
        body="Et il me faut un certificat de vie pour ma retraite.",
    )
    drain_outbox()
    (first, *_others) = Qualification.objects.get(request=sr).guesses
    assert first["prestation"] == POTHOLE
    assert "retraite" not in str(Qualification.objects.get(request=sr).guesses)
    second = sr.links.get().other
    assert second.qualification.guesses[0]["prestation"] == HEALTH


def test_a_message_about_one_thing_is_not_offered_to_be_split(version, front):
    sr = arrive("Des matelas et un frigo abandonnés : un dépôt sauvage de vieux meubles.")
    drain_outbox()
    page = front.get(sr.get_absolute_url()).text
    guesses = page.split('id="guesses-title"')[1].split("</section>")[0]
    assert f"{sr.get_absolute_url()}split/" not in guesses
