"""A free message that gets its form: its words stay, and are asked of nobody again."""

import re

import pytest
from django.test import Client

from massy_grc.common.text import fold
from prestations.streets.naming import place_named
from requests.enums import State
from requests.models import FilingDraft, ServiceRequest
from requests.notifications.filing import receipt_facts
from requests.tracking import tracking_link
from tests.factories.places import make_register, make_street
from tests.factories.prestations import PrestationFactory, make_definition, make_field
from tests.helpers import drain_outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

WORDS = "Mon lampadaire devant le 12, r. Jean-Mermoz est en panne.\nMerci d’avance !"


def received(front, text: str = WORDS) -> ServiceRequest:
    """A message noted as it came, nobody knowing yet what it is about."""
    opened = front.post("/agent/accueil/ouvrir/", {"prestation": "a-qualifier"})
    front.post(opened.url, {"reponses.texte": text, "channel": "courrier"})
    drain_outbox()
    return ServiceRequest.objects.get(state=State.A_QUALIFIER)


def tracked(sr) -> str:
    """The page on which whoever asked follows the request."""
    link = tracking_link(sr).split("/")[-2]
    return Client().get(f"/suivi/lien/{link}/", follow=True).text


def form_of(front, sr, prestation) -> str:
    """The address of the form of what it turns out to be."""
    return front.post(f"{sr.get_absolute_url()}sort/", {"prestation": prestation.pk}).url


@pytest.fixture
def lights():
    """A report: where, what, and two boxes."""
    definition = make_definition(
        make_field("lieu", "address"),
        make_field("panne"),
        make_field("materiel", "textarea", required=False),
        make_field("danger", "checkbox", required=False),
        location="street",
    )
    return PrestationFactory(
        label="Lampadaire en panne", location="street", current_form=definition
    )


def test_the_whole_message_stays_with_the_request_for_agents_and_for_who_wrote_it(front, lights):
    make_register()
    sr = received(front)
    form = form_of(front, sr, lights)
    shown = front.get(form).text
    assert 'value="rue Jean Mermoz"' in shown
    assert 'name="reponses.lieu_numero" value="12"' in shown
    filled = {
        "reponses.lieu_voie": "rue Jean Mermoz",
        "reponses.lieu_numero": "12",
        "reponses.panne": "éteint",
    }
    assert front.post(form, {**filled, "version": sr.version}).url == sr.get_absolute_url()
    page = front.get(sr.get_absolute_url()).text
    card = page.split('id="reponses-titre"')[1].split("</section>")[0]
    assert "Mon lampadaire devant le 12, r. Jean-Mermoz est en panne.<br>Merci" in card
    sr.refresh_from_db()
    assert "Merci d’avance" in tracked(sr)
    assert not sr.notes.exists()


def test_the_message_answers_the_question_that_is_the_description_and_no_other(front):
    definition = make_definition(
        make_field("materiel", "textarea", required=False),
        make_field("description", "textarea", description=True),
    )
    described = PrestationFactory(label="Autre chose", current_form=definition)
    sr = received(front)
    draft = FilingDraft.objects.get(token=form_of(front, sr, described).split("/")[-2])
    assert draft.answers["reponses"] == {"description": WORDS}


def test_a_form_without_description_takes_no_message_for_an_answer(front, lights):
    sr = received(front, "Comment louer une salle pour un anniversaire ?")
    draft = FilingDraft.objects.get(token=form_of(front, sr, lights).split("/")[-2])
    assert draft.answers["reponses"] == {}


def test_a_box_that_nobody_answered_is_no_no_while_the_form_is_not_finished(front, lights):
    sr = received(front)
    form = form_of(front, sr, lights)
    front.post(form, {"version": sr.version, "incomplete": "1", "reponses.panne": "éteint"})
    sr.refresh_from_db()
    assert sr.prestation == lights
    assert "danger" not in sr.answers["reponses"]
    card = front.get(sr.get_absolute_url()).text.split('id="reponses-titre"')[1]
    answered, blank = card.split("</section>")[0].split("<details")
    assert "Danger" not in answered
    assert "Danger" in blank


@pytest.mark.parametrize(
    ("text", "number", "street"),
    [
        ("un trou au 12 bis rue jean mermoz depuis lundi", "12 bis", "rue Jean Mermoz"),
        ("Trou devant le 3 de la Rue Jean-Mermoz.", "3", "rue Jean Mermoz"),
        ("place des arts, tout est noir", None, "place des Arts"),
    ],
)
def test_a_text_names_its_place(text, number, street):
    make_register()
    place = place_named(text)
    assert place is not None
    assert (place["numero"], place["voie"]) == (number, street)
    assert place["rue"]


@pytest.mark.parametrize(
    "text",
    ["Mermoz est sale", "entre la rue Jean Mermoz et la place des Arts", "rue de Rivoli", ""],
)
def test_a_text_that_names_no_place_or_several_is_left_to_the_agent(text):
    make_register()
    assert place_named(text) is None


def test_the_longer_name_is_the_one_that_was_meant():
    make_street("rue du Pont", key="91377_0001")
    make_street("rue du Pont de Pierre", key="91377_0002", latitude=48.74)
    place = place_named("12 rue du Pont de Pierre")
    assert place is not None
    assert place["voie"] == "rue du Pont de Pierre"


def test_whoever_wrote_it_reads_that_it_is_their_message(front):
    sr = received(front)
    assert "<h1>Votre message</h1>" in tracked(sr)
    assert "Demande à qualifier" not in tracked(sr)
    assert dict(receipt_facts(sr))["Demande"] == "Votre message"
    english = Client(headers={"accept-language": "en"})
    english.cookies["django_language"] = "en"
    link = tracking_link(sr).split("/")[-2]
    assert "<h1>Your message</h1>" in english.get(f"/suivi/lien/{link}/", follow=True).text


def test_the_whole_catalogue_is_offered_by_theme_in_the_order_of_the_alphabet(front, catalogue):
    sr = received(front)
    page = front.get(f"{sr.get_absolute_url()}sort/").text
    themes = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page, re.S)
    assert [theme for theme, _rows in themes] == sorted((t for t, _rows in themes), key=fold)
    lists = [re.findall(r"<option[^>]*>([^<]+)<", rows) for _theme, rows in themes]
    assert sum(map(len, lists)) > 50
    assert all(rows == sorted(rows, key=fold) for rows in lists)
