"""Nine of ten: the delay told to the next requester is what the last ones lived."""

from datetime import timedelta

import pytest

from prestations.models import Prestation
from requests import actions
from requests.enums import State
from requests.models import ServiceRequest
from tests.requests.actions.conftest import MONDAY

CODE = "voirie-intervention-rapide"
NOW = MONDAY + timedelta(days=80)


def usual() -> int | None:
    actions.refresh_usual_delays(now=NOW)
    return Prestation.objects.get(pk=CODE).usual_days


@pytest.fixture
def close_after(file):
    """Close a new request so many days after its arrival (a shortcut: only times matter)."""

    def _close(days: float, *, arrived=MONDAY, state=State.CLOSE):
        sr = file(CODE, place="rue Jean Mermoz", now=arrived)
        ServiceRequest.objects.filter(pk=sr.pk).update(
            state=state, closed_at=arrived + timedelta(days=days)
        )
        return sr

    return _close


def test_nine_of_ten_took_no_longer(close_after):
    for days in (1, 2, 3, 4, 5, 6, 7, 8, 8.5, 40):
        close_after(days)
    assert usual() == 9


def test_too_few_closings_say_nothing(close_after):
    for days in range(1, 10):
        close_after(days)
    assert usual() is None


def test_old_and_cancelled_ones_do_not_count(close_after):
    for days in range(1, 10):
        close_after(days)
    close_after(5, arrived=MONDAY - timedelta(days=30))
    close_after(5, state=State.ANNULEE)
    assert usual() is None


def test_waiting_for_the_requester_does_not_count(close_after, file, eas_agent):
    for _number in range(9):
        close_after(2)
    slow = close_after(30)
    slow.events.create(
        number=slow.event_count + 1,
        verb="ask_question",
        at=MONDAY + timedelta(days=1),
        from_state=State.TRANSMISE,
        to_state=State.ATTENTE_DEMANDEUR,
    )
    slow.events.create(
        number=slow.event_count + 2,
        verb="supply",
        at=MONDAY + timedelta(days=29),
        from_state=State.ATTENTE_DEMANDEUR,
        to_state=State.TRANSMISE,
    )
    assert usual() == 2


def test_a_delay_no_longer_true_is_taken_back(close_after):
    Prestation.objects.filter(pk=CODE).update(usual_days=3)
    assert usual() is None


def test_the_prestation_and_its_tracking_say_it(client, catalogue):
    Prestation.objects.filter(pk=CODE).update(usual_days=12)
    page = client.get(f"/prestations/{CODE}/").content.decode().replace("\xa0", " ")
    assert "9 demandes sur 10 ont été traitées en 12 jours au plus" in page
