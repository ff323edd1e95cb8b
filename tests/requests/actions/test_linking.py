"""Requests linked by hand, made of one message, or opened again on their day."""

from datetime import datetime, time, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from prestations.calendars import PARIS
from prestations.enums import PrestationStatus
from prestations.models import Prestation
from requests import actions
from requests.enums import State, Verb
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.requests.actions.conftest import PERSON, POTHOLE, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]


def test_two_requests_are_linked_and_one_that_asks_two_things_is_split(
    pair, eas_agent, client, mails
):
    first, other = pair
    mails()
    agent = client_of(eas_agent)
    page = first.get_absolute_url()

    def press(verb, **data):
        version = ServiceRequest.objects.get(pk=first.pk).version
        return agent.post(f"{page}{verb}/", {"version": version, **data})

    press("link", other=other.reference)
    assert "Demandes liées" in agent.get(other.get_absolute_url()).content.decode()
    assert press("link", other=other.reference).status_code == 409
    press("unlink", other=other.reference)
    assert "Demandes liées" not in agent.get(page).content.decode()
    assert mails() == []

    press("split", body="Et je voudrais une copie de mon acte de naissance.")
    second = first.links.get(undone_at=None).other
    assert second.state == State.A_QUALIFIER
    assert (second.requester_email, second.arrived_at) == (PERSON["email"], first.arrived_at)
    for sr, twin in ((first, second), (second, first)):
        assert sr.events.filter(verb=Verb.SPLIT, data__other=twin.pk).exists()
        assert twin.reference in agent.get(sr.get_absolute_url()).content.decode()
    assert any(second.reference in one.subject for one in mails())
    assert "acte de naissance" not in track(client, first)

    again = {"version": ServiceRequest.objects.get(pk=first.pk).version, "body": "Et un banc."}
    assert [agent.post(f"{page}split/", again).status_code for _ in range(2)] == [302, 409]
    assert ServiceRequest.objects.filter(prestation=second.prestation_id).count() == 2


def test_a_request_comes_back_on_its_day_once_and_the_new_one_has_the_rule(
    pair, certificate, eas_agent
):
    first, _merged = pair
    agent = client_of(eas_agent)
    now = timezone.now()
    day = (now + timedelta(days=40)).date().replace(day=15)

    def press(sr, **data):
        sr.refresh_from_db()
        return agent.post(f"{sr.get_absolute_url()}repeat/", {"version": sr.version, **data})

    never = press(first, rhythm="")
    assert "Cette demande ne revient pas" in never.content.decode()
    assert not first.events.filter(verb=Verb.REPEAT).exists()
    for refused in ({"rhythm": "year"}, {"rhythm": "year", "first_on": day.replace(day=29)}):
        assert press(first, **refused).status_code == 409
    assert press(certificate, rhythm="year", first_on=day).status_code in (404, 409)
    assert press(first, rhythm="month", first_on=day).status_code == 302
    page = agent.get(first.get_absolute_url()).content.decode()
    assert "chaque mois, " in page

    late = datetime.combine(day, time(9), PARIS) + timedelta(days=70)  # beat was stopped
    assert actions.due_repeats(now=late - timedelta(days=71), limit=9) == []
    for _time in range(2):
        for pk in actions.due_repeats(now=late, limit=9):
            second = actions.open_again(request_id=pk, now=late)
    assert actions.open_again(request_id=first.pk, now=late) is None
    assert (second.answers, second.citizen) == (first.answers, first.citizen)
    assert (second.arrived_at, second.repeats) == (late, "month")
    assert second.repeats_on == day + relativedelta(months=3)
    first.refresh_from_db()
    assert (first.repeats, first.repeats_on) == ("", None)
    page = agent.get(second.get_absolute_url()).content.decode()
    assert first.reference in page
    assert "Renouvelée" in page

    # its prestation was closed meanwhile: somebody sorts it
    Prestation.objects.filter(pk=POTHOLE).update(status=PrestationStatus.HISTORICAL)
    third = actions.open_again(request_id=second.pk, now=late + timedelta(days=40))
    assert third.state == State.A_QUALIFIER
    assert second.reference in third.answers["reponses"]["texte"]
    actions.withdraw_request(request_id=third.pk)
    assert actions.due_repeats(now=late + timedelta(days=400), limit=9) == []
