"""Why silence refused: asked from the tracking page, owed within a month, sent as a letter (L3)."""

from datetime import datetime, timedelta

import pytest

from massy_grc.outbox.models import Delivery
from prestations.calendars import PARIS, WorkingCalendar
from requests import actions
from requests.enums import AlertKind, Verb
from requests.exceptions import IllegalTransition
from requests.models import Alert
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.filed import EMAIL
from tests.requests.filing.support import text_of
from tests.requests.tracking.conftest import come_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

REFUSED = datetime(2027, 1, 4, 9, 0, tzinfo=PARIS)  # silence decided on 2 January
ASK = "Demander les motifs du refus"
REASONS = "Le trou est sur un terrain privé."


@pytest.fixture
def refused(pothole, client, clock):
    """Acknowledged, never answered; the mailed link opens its page two months later."""
    actions.acknowledge(request_id=pothole.pk)
    clock.move_to(REFUSED)
    come_back(client, pothole)
    pothole.refresh_from_db()
    return pothole


def standing_alerts(sr) -> set[str]:
    return set(Alert.objects.filter(request=sr, cleared_at=None).values_list("kind", flat=True))


def test_nothing_is_asked_before_silence_has_decided(owner, address, pothole):
    assert ASK not in text_of(owner.get(address))
    owner.post(f"{address}motifs/")
    pothole.refresh_from_db()
    assert pothole.reasons_due_at is None


def test_reasons_are_asked_at_a_press_and_the_department_is_told_until_when(
    client, address, refused, head
):
    page = text_of(client.get(address))
    assert ASK in page
    assert "Comment contester" in page

    client.post(f"{address}motifs/")
    refused.refresh_from_db()
    assert refused.reasons_due_at == datetime(2027, 2, 4, 9, 0, tzinfo=PARIS)
    assert AlertKind.REASONS_ASKED in standing_alerts(refused)
    page = text_of(client.get(address))
    assert "au plus tard le jeudi 4 février" in page
    assert "Motifs du refus demandés" in page
    assert ASK not in page
    client.post(f"{address}motifs/")
    assert refused.events.filter(verb=Verb.ASK_REASONS).count() == 1
    drain_outbox()
    told = Delivery.objects.filter(to=head.email).latest("pk")
    assert "donner les motifs" in told.body
    assert "au plus tard le jeudi 4 février 2027" in told.body


def test_the_front_office_sends_them_as_a_letter_with_the_remedies(
    client, address, refused, proximite_agent
):
    actions.ask_reasons(request_id=refused.pk)
    agent = client_of(proximite_agent)
    file = f"/agent/demandes/{refused.reference}/"
    assert "Motifs du refus à donner" in text_of(agent.get(file))
    refused.refresh_from_db()
    act = f"{file}give_reasons/"
    agent.post(act, {"version": refused.version, "step": "send", "body": REASONS})
    drain_outbox()
    letter = Delivery.objects.filter(to=EMAIL, subject__contains="les motifs du refus").get()
    for words in (REASONS, "article L232-4", "samedi 2 janvier 2027", "telerecours"):
        assert words in letter.body, words
    assert not standing_alerts(refused) & {AlertKind.REASONS_ASKED, AlertKind.REASONS_SOON}
    refused.refresh_from_db()
    assert refused.first_answered_at == refused.reasons_given_at  # the first words of an agent
    page = text_of(client.get(address))
    assert REASONS in page
    assert "Motifs du refus envoyés" in page
    assert "Motifs du refus à donner" not in text_of(agent.get(file))
    with pytest.raises(IllegalTransition):
        actions.give_reasons(
            request_id=refused.pk, version=None, actor=proximite_agent, body=REASONS
        )


def test_an_agent_notes_that_they_were_asked_by_telephone(refused, proximite_agent, address):
    agent = client_of(proximite_agent)
    file = f"/agent/demandes/{refused.reference}/"
    assert "Noter une demande de motifs" in text_of(agent.get(file))
    agent.post(f"{file}ask_reasons/", {"version": refused.version, "step": "send"})
    refused.refresh_from_db()
    assert refused.reasons_due_at == datetime(2027, 2, 4, 9, 0, tzinfo=PARIS)
    assert AlertKind.REASONS_ASKED in standing_alerts(refused)
    page = text_of(agent.get(file))
    assert "Noter une demande de motifs" not in page
    assert "Motifs du refus à donner" in page


def test_a_week_before_the_month_ends_they_are_chased(refused):
    actions.ask_reasons(request_id=refused.pk)

    def chased(days: int) -> set[str]:
        now = REFUSED + timedelta(days=days)
        due = actions.due_alerts(now=now, calendar=WorkingCalendar(), limit=100)
        return {str(kind) for _id, kind, _about in due}

    assert AlertKind.REASONS_SOON not in chased(23)
    assert AlertKind.REASONS_SOON in chased(24)


@pytest.mark.parametrize(
    ("day", "acknowledged", "may"),
    [
        (datetime(2027, 3, 3, 9, 0, tzinfo=PARIS), True, True),  # 2 March is not counted
        (datetime(2027, 3, 4, 9, 0, tzinfo=PARIS), True, False),
        (datetime(2027, 3, 4, 9, 0, tzinfo=PARIS), False, True),  # no limit binds them (L112-6)
    ],
)
def test_they_are_asked_for_while_the_refusal_may_be_contested(pothole, day, acknowledged, may):
    if acknowledged:
        actions.acknowledge(request_id=pothole.pk)
    pothole.refresh_from_db()
    assert actions.may_ask_reasons(pothole, day) is may


def test_an_answer_that_came_late_gives_its_own_reasons(closed, clock):
    assert not actions.may_ask_reasons(closed, REFUSED)
