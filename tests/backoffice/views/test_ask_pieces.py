"""Asking for documents: what the page says of this request, and by whom the letter is signed."""

import pytest

from massy_grc.outbox.models import Delivery
from prestations.enums import Role
from tests.factories.prestations import PrestationFactory, make_definition, make_field
from tests.factories.requests import make_request
from tests.factories.users import make_agent
from tests.helpers import drain_outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

REJECTION, ACCEPTANCE = "le silence vaut rejet", "le silence vaut acceptation"


def lacking(silence: str, **fields):
    """A request whose form wants two documents that nobody has given; one is optional."""
    paper = {"original_at_counter": False, "required_if": None}
    definition = make_definition(
        make_field("motif"),
        documents=[
            {**paper, "code": "bail", "label": "Le bail", "mode": "obligatory", "condition": None},
            {**paper, "code": "plan", "label": "Un plan", "mode": "conditional", "condition": "Si"},
        ],
    )
    prestation = PrestationFactory(silence_effect=silence, current_form=definition)
    sr = make_request(prestation=prestation, requester_email="a@courriel.example", **fields)
    drain_outbox()
    sr.refresh_from_db()
    return sr


@pytest.mark.parametrize(
    ("silence", "said", "unsaid"),
    [
        ("rejet", REJECTION, ACCEPTANCE),
        ("acceptation", ACCEPTANCE, REJECTION),
        ("none", "Le silence ne décide rien", "repart de zéro"),
    ],
)
def test_the_page_explains_the_delay_of_this_request_alone(front, silence, said, unsaid):
    page = front.get(f"{lacking(silence).get_absolute_url()}ask_pieces/").text
    assert said in page
    assert unsaid not in page


def test_what_is_mandatory_and_not_there_is_ticked_already(front):
    page = front.get(f"{lacking('rejet').get_absolute_url()}ask_pieces/").text
    boxes = {
        code: "checked" in page.split(f'value="{code}"')[1].split(">")[0]
        for code in ("bail", "plan")
    }
    assert boxes == {"bail": True, "plan": False}


def test_the_letter_is_signed_by_who_wrote_it_not_by_who_is_away(front, eas_agent):
    away = make_agent(Role.AGENT_EAS, first_name="Odile", last_name="Absente")
    sr = lacking("rejet", front_agent=away)
    asked = {"fault": "incomplete", "documents": ["bail"], "due_on": "2099-01-31"}
    asked |= {"version": sr.version, "seen": sr.event_count}
    assert front.post(f"{sr.get_absolute_url()}ask_pieces/", asked).status_code == 302
    drain_outbox()
    letter = Delivery.objects.get(to="a@courriel.example", body__contains="Le bail")
    assert eas_agent.last_name in letter.body
    assert "Absente" not in letter.body
