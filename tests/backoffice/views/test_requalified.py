"""A request that turns out to be about something else than the form it came with."""

import pytest

from requests.enums import Verb
from tests.factories.requests import make_request
from tests.helpers import drain_outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

COMPLETE = "Compléter les réponses"
SAID = {
    "lieu": {"numero": "12", "voie": "Rue Jean Mermoz", "code_postal": "91300", "commune": "Massy"},
    "objet": "rue",
    "description": "Deux frigos sur le trottoir.",
}


def test_it_gets_the_right_form_with_what_is_known_and_keeps_what_was_said(front, catalogue):
    right = catalogue["proprete-depot-sauvage"]
    answers = {"demandeur": {}, "reponses": SAID}
    sr = make_request(prestation=catalogue["proprete-nettoyage"], answers=answers)
    drain_outbox()
    page = sr.get_absolute_url()
    assert COMPLETE not in front.get(page).text
    sr.refresh_from_db()
    chosen = {"version": sr.version, "seen": sr.event_count, "prestation": right.pk}
    chosen |= {"subject": sr.subject, "category": sr.category_id}
    same = front.post(f"{page}qualify/", chosen | {"prestation": sr.prestation_id})
    assert "rien ne changerait" in same.text
    assert not sr.events.filter(verb=Verb.QUALIFY).exists()
    assert front.post(f"{page}qualify/", chosen).status_code == 302
    after = front.get(page).text
    assert COMPLETE in after
    assert "Demande qualifiée\u00a0: Signaler un dépôt sauvage" in after

    sr.refresh_from_db()
    form = front.post(f"{page}complete/", {"version": sr.version, "seen": sr.event_count}).url
    shown = front.get(form).text
    assert "Nature du dépôt" in shown
    assert "Rue ou trottoir sale" not in shown
    assert 'value="Rue Jean Mermoz"' in shown
    given = {
        "version": sr.version,
        "reponses.lieu_numero": "12",
        "reponses.lieu_voie": "Rue Jean Mermoz",
        "reponses.nature": "encombrants",
    }
    assert front.post(form, given).url == page
    sr.refresh_from_db()
    assert sr.form_version.prestation == sr.prestation == right
    assert sr.answers["reponses"]["nature"] == "encombrants"
    note = sr.notes.get().body
    assert "Objet\u00a0: Rue ou trottoir sale" in note
    assert SAID["description"] in note
    assert COMPLETE not in front.get(page).text
    assert sr.events.filter(verb=Verb.COMPLETE).count() == 1
