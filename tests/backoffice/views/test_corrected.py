"""An answer that was given wrong: an agent puts it right, and everybody reads that it was."""

import json
import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils.html import strip_tags

from prestations.forms import Questionnaire
from prestations.forms.address import address_text
from requests import actions
from requests.enums import Verb
from requests.models import Notice, ServiceRequest
from tests.factories.places import make_register
from tests.factories.prestations import PrestationFactory, make_definition
from tests.factories.prestations import make_field as field
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

SAID = {
    "lieu": {"numero": "12", "voie": "Chemin des Essais"},
    "nature": "encombrants",
    "souhaite_suivi": True,
}
POSTED = {
    "reponses.lieu_numero": "12",
    "reponses.lieu_voie": "Chemin des Essais",
    "reponses.nature": "encombrants",
    "reponses.souhaite_suivi": "on",
    "demandeur.nom_famille": "Durand",
    "demandeur.prenom": "Jeanne",
    "reason": "le demandeur, au téléphone",
}


def text_of(page) -> str:
    return re.sub(r"\s+", " ", strip_tags(page.content.decode())).replace("\u00a0", " ")


def test_an_answer_is_corrected_and_told_and_what_it_decided_is_left_to_the_agent(
    front, eas_agent, expert_browser, supervisor
):
    sr = file_request("proprete-depot-sauvage", answers=SAID)
    drain_outbox()
    sr.refresh_from_db()
    page = sr.get_absolute_url()
    address = f"{page}correct_answers/"
    assert address in front.get(page).content.decode()
    shown = front.get(address).content.decode()
    answered = re.search('name="answered" value="([^"]+)"', shown)[1]
    assert 'value="Chemin des Essais"' in shown
    assert "demandeur.email" not in shown  # has its own page
    assert expert_browser.get(address).status_code == 404  # of another department

    def send(**changed):
        known = {"version": sr.version, "seen": sr.event_count, "answered": answered, **POSTED}
        return front.post(address, known | changed)

    assert "Rien n’a changé" in text_of(send())
    wrong = send(**{"reponses.lieu_voie": "", "reponses.nature": "autre", "reason": ""})
    assert "Indiquez la rue" in text_of(wrong)
    assert "« D’où vient la correction ? »" in text_of(wrong)
    assert not sr.events.filter(verb=Verb.CORRECT).exists()

    changed = {"reponses.lieu_numero": "14", "reponses.nature": "dangereux"}
    assert send(**changed).url == page
    sr.refresh_from_db()
    assert sr.place.startswith("14 Chemin des Essais")
    assert sr.answers["reponses"]["nature"] == "dangereux"
    assert sr.answers["demandeur"]["email"] == "jeanne@courriel.example"
    assert sr.department_id == "proprete-urbaine"  # nobody else holds it yet
    event = sr.events.get(verb=Verb.CORRECT)
    assert event.data["corrected"] == ["reponses.lieu", "reponses.nature"]
    assert "Essais" not in json.dumps(event.data)
    note = sr.notes.get(pk=event.data["note"]).body.replace("\u00a0", " ")
    assert "le demandeur, au téléphone" in note
    assert "14 Chemin des Essais (avant : 12 Chemin des Essais" in note
    after = front.get(page)
    told = text_of(after)
    assert "Réponses corrigées : Lieu du problème, Nature du dépôt" in told
    assert "elle irait au service « Hygiène" in told
    assert "transfer/?department=hygiene-sante" in after.content.decode()
    assert (
        'value="hygiene-sante" selected'
        in front.get(f"{page}transfer/?department=hygiene-sante").content.decode()
    )

    stale = send(version=sr.version - 1, **{"reponses.lieu_numero": "16"})
    assert stale.status_code == 409
    assert 'value="16"' in stale.content.decode()
    colleague_s = re.search('<input[^>]+value="dangereux"[^>]*>', stale.content.decode())
    assert "checked" in colleague_s[0]

    citizen = Client()
    citizen.post("/suivi/", {"reference": sr.reference, "secret": sr.tracking_code})
    follow = text_of(citizen.get(f"/demandes/{sr.reference}/"))
    assert "Réponses corrigées par un agent de la mairie" in follow
    assert "Corrigée par un agent de la mairie le" in follow
    assert "au téléphone" not in follow

    sr.refresh_from_db()
    make_register()
    unknown = send(**{"reponses.lieu_voie": "mermoz"})  # told once, then taken
    assert "Rues qui y ressemblent rue Jean Mermoz Garder « mermoz »" in text_of(unknown)
    took = send(
        place_seen="mermoz", rue="91377_0123", reason="", **{"reponses.lieu_voie": "mermoz"}
    )
    assert 'value="rue Jean Mermoz"' in took.content.decode()  # in the street's place
    late = {"version": sr.version - 1, "place_seen": "mermoz"}
    late = send(**late, **{"reponses.lieu_voie": "mermoz"})  # acknowledged, whoever came between
    assert (late.status_code, 'name="place_seen" value="mermoz"' in late.content.decode()) == (
        409,
        True,
    )
    assert 'name="place_seen" value="mermoz"' in unknown.content.decode()
    assert "pas dans la fiche du citoyen" in text_of(unknown)
    assert f"/agent/citoyens/{sr.citizen_id}/modifier/" in unknown.content.decode()
    assert send(place_seen="mermoz", **changed, **{"reponses.lieu_voie": "mermoz"}).url == page
    answered = re.search('name="answered" value="([^"]+)"', front.get(address).content.decode())[1]
    sr.refresh_from_db()
    ServiceRequest.objects.filter(pk=sr.pk).update(assignee=supervisor)
    mail.outbox.clear()
    front.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    first = {"reason": "c’était juste", "place_seen": "Chemin des Essais"}
    assert send(**first).url == page  # as it was said at first
    front.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert "(avant : " in sr.notes.last().body.replace("\u00a0", " ")
    drain_outbox()
    told = Notice.objects.filter(user=supervisor).values_list("about", flat=True)
    assert set(told) == {Verb.CORRECT}
    assert not Notice.objects.filter(user__email=eas_agent.email).exists()  # who corrected
    assert "réponses corrigées" in next(
        one.subject for one in mail.outbox if one.to == [supervisor.email]
    )
    sr.refresh_from_db()
    assert sr.answers["reponses"]["lieu"]["voie"] == "Chemin des Essais"
    assert "Corrigée par" not in text_of(citizen.get(f"/demandes/{sr.reference}/"))
    assert "Corrigée le" not in text_of(front.get(page))

    actions.cancel_request(request_id=sr.pk, version=None, actor=supervisor, reason="Essai.")
    assert front.get(address).status_code == 409
    actions.anonymise_request(request_id=sr.pk, rule="rights")
    assert sr.notes.get(pk=event.data["note"]).body == ""


def test_what_is_not_touched_is_not_judged_anew_and_what_depends_goes_along(catalogue):
    make_register()
    two = [{"value": "oui", "label": "Oui"}, {"value": "non", "label": "Non"}]
    when = {"field": "chien", "operator": "equals", "value": "oui"}
    definition = make_definition(
        field("lieu", "address"),
        field("date_naissance", "date"),
        field("manque"),
        field("chien", "select", choices=two),
        field("race", visible_if=when),
        location="street",
    )
    form = Questionnaire(PrestationFactory(current_form=definition).current_form, "web")
    pin = {"latitude": 48.73061, "longitude": 2.27849, "precision": "point"}
    answers = {
        "demandeur": {},
        "reponses": {
            "lieu": {"numero": "12", "voie": "Rue Jean Mermoz", "code_postal": "91300", **pin},
            "date_naissance": "1805-03-04",  # as no form would take it today
            "chien": "oui",
            "race": "Épagneul",
        },
    }
    posted = {
        "reponses.lieu_numero": "12",
        "reponses.lieu_voie": "Rue Jean Mermoz",
        "reponses.lieu_position": "48.730610,2.278490",
        "reponses.date_naissance": "1805-03-04",
        "reponses.chien": "oui",
        "reponses.race": "Épagneul",
    }

    def corrected(**changed):
        return form.correction_form({**posted, **changed}, answers=answers)

    same = corrected()
    assert same.is_valid()
    assert same.corrected() == {}
    assert not corrected(**{"reponses.date_naissance": "1806-03-04"}).is_valid()
    assert not corrected(**{"reponses.race": ""}).is_valid()
    without = corrected(**{"reponses.chien": "non", "reponses.manque": "Rien"})
    assert without.is_valid()
    assert without.corrected() == {
        "reponses.manque": "Rien",
        "reponses.chien": "non",
        "reponses.race": None,
    }
    moved = corrected(**{"reponses.lieu_numero": "1"})  # the pin stays where it was, without script
    assert moved.is_valid()
    place = moved.corrected()["reponses.lieu"]
    assert (place["precision"], place["code_postal"]) == ("adresse", "91300")
    elsewhere = corrected(**{"reponses.lieu_voie": "place des arts", "reponses.lieu_numero": "2"})
    assert elsewhere.is_valid()
    place = elsewhere.corrected()["reponses.lieu"]
    assert address_text(place) == "2 place des Arts, 91300 Massy"

    desk = Questionnaire(form.form_version, "guichet")
    shown = desk.correction_form(answers=answers)["reponses.date_naissance"]
    assert 'value="04/03/1805"' in str(shown)
    typed = {**posted, "reponses.date_naissance": "04/03/1805"}
    same = desk.correction_form(typed, answers=answers)
    assert same.is_valid()
    assert same.corrected() == {}
