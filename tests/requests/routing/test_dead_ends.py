"""What goes round, or ends nowhere, comes to the manager, who is told once."""

import pytest

from prestations.models import Department
from requests import actions
from requests.enums import AlertKind, State
from requests.models import Alert
from requests.tasks import check_routing
from tests.backoffice.conftest import client_of
from tests.requests.routing.support import PARKS, ROADS, route, words_of

pytestmark = pytest.mark.django_db


def go_round(sr, agent, *, stops=("espaces-verts", "batiments", ROADS, "espaces-verts")):
    for stop in stops:
        sr = actions.transfer_request(
            request_id=sr.pk, version=None, actor=agent, department=Department.objects.get(pk=stop)
        )
    return sr


def test_one_transfer_too_many_ends_with_the_manager_alerted_once(graffiti, eas_agent, supervisor):
    sr = go_round(route(graffiti()), eas_agent)
    assert sr.department_id == PARKS
    stopped = go_round(sr, eas_agent, stops=["batiments"])
    assert (stopped.state, stopped.department, stopped.assignee) == (
        State.EN_COURS,
        None,
        supervisor,
    )
    alert = Alert.objects.get(request=sr, kind=AlertKind.MISROUTED)
    assert "Transmission arrêtée. Elle est passée de service en service" in words_of(stopped)
    assert "confiée à Irène Lopez" in words_of(stopped)
    decided = go_round(stopped, supervisor, stops=["batiments"])  # the manager may
    alert.refresh_from_db()
    assert decided.department_id == "batiments"
    assert alert.cleared_at is not None
    again = go_round(decided, eas_agent, stops=[ROADS])
    assert again.assignee == supervisor
    assert sr.events.filter(verb="alert").count() == 1
    alert.refresh_from_db()
    assert alert.cleared_at is None  # it stands again, told once


def test_whoever_transfers_once_too_often_is_told(graffiti, eas_agent, supervisor):
    sr = go_round(route(graffiti()), eas_agent)
    answer = client_of(eas_agent).post(
        f"/agent/demandes/{sr.reference}/transfer/",
        {"version": sr.version, "department": "batiments"},
        follow=True,
    )
    assert "La demande a trop changé de service" in answer.content.decode()
    sr.refresh_from_db()
    assert sr.assignee == supervisor


def test_departments_that_all_say_no_end_with_the_manager(graffiti, eas_agent, supervisor):
    sr = route(graffiti())
    for stop in (PARKS, "batiments"):
        actions.return_request(request_id=sr.pk, version=None, actor=eas_agent, note="Pas nous.")
        sr = go_round(sr, eas_agent, stops=[stop])
    stopped = actions.return_request(
        request_id=sr.pk, version=None, actor=eas_agent, note="Ni nous."
    )
    assert (stopped.state, stopped.assignee) == (State.EN_COURS, supervisor)
    assert stopped.notes.count() == 3
    assert Alert.objects.filter(request=sr, kind=AlertKind.MISROUTED, cleared_at=None).exists()


def test_a_dead_end_of_the_catalogue_goes_to_the_manager(graffiti, supervisor):
    Department.objects.filter(pk=ROADS).update(is_active=False)
    routed = route(graffiti())
    assert (routed.state, routed.assignee, routed.front_agent) == (
        State.EN_COURS,
        supervisor,
        supervisor,
    )
    assert Alert.objects.get(request=routed).kind == AlertKind.MISROUTED
    assert "est fermé\xa0: confiée à Irène Lopez, qui décide de la suite" in words_of(routed)


def test_without_any_manager_the_front_office_keeps_it(graffiti):
    Department.objects.filter(pk=ROADS).update(is_active=False)
    routed = route(graffiti())
    assert (routed.state, routed.assignee) == (State.EN_COURS, None)
    assert "est fermé\xa0: l’accueil la garde" in words_of(routed)


def test_what_a_closing_department_holds_comes_back_once(graffiti, supervisor):
    routed = route(graffiti())
    Department.objects.filter(pk=ROADS).update(is_active=False)
    assert check_routing()["recalled"] == 1
    assert check_routing()["recalled"] == 0
    routed.refresh_from_db()
    assert (routed.state, routed.department, routed.assignee) == (
        State.EN_COURS,
        None,
        supervisor,
    )
    assert routed.events.filter(verb="return").count() == 1
