"""What a department owes for a prestation: by contract, as the town set it, under the promise."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prestations.agreeing import set_service_level
from prestations.agreements import Agreement, agreement_of, promise_of
from prestations.calendars import PARIS, WorkingCalendar
from prestations.exceptions import BeyondPromise
from prestations.loading.reference import load_reference
from prestations.models import Department, Prestation, ServiceContract, ServiceLevel
from requests import actions
from requests.enums import AlertKind
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
POTHOLE, ROADS = "voirie-intervention-rapide", "voirie-assainissement"
URL = f"/agent/parametrage/delais/{POTHOLE}/{ROADS}/"
# January 2026: the 12th is a Monday, no public holiday follows in the month
MONDAY = datetime(2026, 1, 12, 10, tzinfo=PARIS)


def pair() -> tuple[Prestation, Department]:
    return Prestation.objects.get(pk=POTHOLE), Department.objects.get(pk=ROADS)


def agree(actor, **days) -> None:
    prestation, department = pair()
    wanted = {"take_days": None, "first_answer_days": None, "treat_days": None, **days}
    set_service_level(prestation=prestation, department=department, actor=actor, **wanted)


def routed() -> ServiceRequest:
    filed = file_request(POTHOLE, now=MONDAY)
    return actions.route_request(request_id=filed.pk, now=MONDAY)


def kinds(now: datetime) -> list[str]:
    due = actions.due_alerts(now=now, calendar=WorkingCalendar(), limit=50)
    return [str(kind) for _id, kind, _about in due]


def test_the_contract_of_the_reference_data_is_in_force(catalogue):
    agreed = agreement_of(*pair())
    assert (agreed.take_days, agreed.first_answer_days, agreed.treat_days) == (2, None, 10)


def test_without_contract_the_department_s_own_delay_is(catalogue):
    parks = Department.objects.get(pk="espaces-verts")
    assert agreement_of(catalogue[POTHOLE], parks).treat_days == parks.target_return_days


def test_dates_follow_what_was_agreed(administrator):
    agree(administrator, take_days=1, first_answer_days=3, treat_days=5)
    service_request = routed()
    # working days after Monday 12: Tuesday 13, Thursday 15, Monday 19
    assert service_request.take_due_at == datetime(2026, 1, 13, 10, tzinfo=PARIS)
    assert service_request.first_answer_due_at == datetime(2026, 1, 15, 10, tzinfo=PARIS)
    assert service_request.department_due_at == datetime(2026, 1, 19, 10, tzinfo=PARIS)


def test_a_first_answer_that_is_late_is_told_and_the_first_one_is_kept(administrator, eas_agent):
    agree(administrator, first_answer_days=3)
    service_request = routed()
    thursday = datetime(2026, 1, 15, 10, tzinfo=PARIS)
    assert AlertKind.FIRST_ANSWER_LATE not in kinds(thursday)
    assert AlertKind.FIRST_ANSWER_LATE in kinds(thursday + timedelta(minutes=1))
    said_at = thursday + timedelta(minutes=5)
    for later in (timedelta(), timedelta(days=1)):
        actions.write_message(
            request_id=service_request.pk,
            version=None,
            actor=eas_agent,
            body="Une équipe passera.",
            now=said_at + later,
        )
    service_request.refresh_from_db()
    assert service_request.first_answered_at == said_at
    assert AlertKind.FIRST_ANSWER_LATE not in kinds(said_at + timedelta(days=2))


def test_nobody_in_charge_is_told_once_the_agreed_days_have_passed(administrator):
    agree(administrator, take_days=3)
    routed()
    assert AlertKind.UNASSIGNED not in kinds(datetime(2026, 1, 15, 9, 59, tzinfo=PARIS))
    assert AlertKind.UNASSIGNED in kinds(datetime(2026, 1, 15, 10, tzinfo=PARIS))


@pytest.mark.parametrize(
    ("value", "unit", "days"),
    [(8, "working_days", 8), (90, "calendar_days", 64), (8, "calendar_days", 5), (2, "months", 34)],
)
def test_the_promise_in_working_days_is_the_fewest_it_surely_holds(catalogue, value, unit, days):
    prestation = catalogue[POTHOLE]
    prestation.target_value, prestation.target_unit = value, unit
    assert promise_of(prestation) == days


def test_the_promise_is_shown_in_its_own_unit_beside_its_working_days(administrator):
    """90 calendar days (seed 002) are 64 working days at least; both are said."""
    page = client_of(administrator).get("/agent/parametrage/delais/")
    row = next(row for row in page.context["rows"] if row["prestation"].pk == POTHOLE)
    assert (row["promised"], row["promised_days"]) == ("90 jours", 64)
    words = page.content.decode()
    assert "64 jours ouvrés au moins" in words
    assert "tous les jours comptent, et la date peut tomber un dimanche" in words


def test_an_agreement_beyond_the_promise_is_refused_with_the_reason(administrator):
    promised = promise_of(pair()[0])
    page = client_of(administrator).post(URL, {"treat_days": promised + 1})
    assert "dépasse la promesse faite au citoyen" in page.content.decode()
    assert not ServiceLevel.objects.exists()
    with pytest.raises(BeyondPromise):
        agree(administrator, first_answer_days=promised + 1)


def test_nobody_takes_up_what_is_already_due_back(administrator):
    page = client_of(administrator).post(URL, {"take_days": 6, "treat_days": 1})
    assert "ne peut pas venir après le retour du service (1 jour ouvré)" in page.content.decode()
    assert not ServiceLevel.objects.exists()


def test_saved_unchanged_the_contract_stays_what_counts(administrator):
    client = client_of(administrator)
    page = client.get(URL)
    assert page.context["form"].initial == {}
    assert "Vide\u00a0: le délai du contrat, ou du service, 10." in page.content.decode()
    client.post(URL, {"take_days": "", "first_answer_days": "", "treat_days": ""})
    assert not ServiceLevel.objects.exists()
    client.post(URL, {"first_answer_days": 3})
    assert client.get(URL).context["form"].initial == {
        **dict.fromkeys(("take_days", "treat_days")),
        "first_answer_days": 3,
    }
    ServiceContract.objects.filter(prestations__contains=[POTHOLE]).update(
        take_days=1, treat_days=7
    )
    assert agreement_of(*pair()) == Agreement(1, 3, 7)


def test_the_list_asks_as_much_for_one_pair_as_for_three(administrator):
    client = client_of(administrator)
    ServiceContract.objects.update(is_active=False)
    Prestation.objects.exclude(pk=POTHOLE).update(is_active=False)

    def count() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/agent/parametrage/delais/")
        return len(captured), len(page.context["rows"])

    count()  # warm
    queries, rows = count()
    for department in Department.objects.exclude(pk=ROADS)[:2]:
        set_service_level(
            prestation=pair()[0],
            department=department,
            actor=administrator,
            take_days=1,
            first_answer_days=None,
            treat_days=None,
        )
    assert count() == (queries, rows + 2)


def test_a_change_is_recorded_compared_and_outlives_a_load(administrator):
    client = client_of(administrator)
    assert client.post(URL, {"take_days": 1, "treat_days": 6}).status_code == 302
    client.post(URL, {"take_days": 1, "treat_days": 6})  # the same again is no change
    load_reference()
    assert ServiceLevel.objects.count() == 1
    assert agreement_of(*pair()).treat_days == 6
    page = client.get(URL).content.decode()
    assert administrator.get_full_name() in page
    assert "Retour du service selon le contrat" in page
    listed = client.get("/agent/parametrage/delais/").content.decode()
    assert "150\u00a0% du délai" in listed


def test_a_pause_moves_what_was_agreed(administrator, eas_agent):
    agree(administrator, take_days=2, first_answer_days=3)
    service_request = routed()
    asked_at, back_at = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
    actions.ask_question(
        request_id=service_request.pk, version=None, actor=eas_agent, body="Où ?", now=asked_at
    )
    back = actions.receive_message(request_id=service_request.pk, body="Ici.", now=back_at)
    # stopped for three working days, 14 to 16: from Wednesday 14 and Thursday 15
    assert back.take_due_at == datetime(2026, 1, 19, 10, tzinfo=PARIS)
    assert back.first_answer_due_at == datetime(2026, 1, 20, 10, tzinfo=PARIS)


def test_an_earlier_target_caps_what_was_agreed(administrator, eas_agent):
    Prestation.objects.filter(pk=POTHOLE).update(urgent_value=1, urgent_unit="working_days")
    agree(administrator, take_days=2, first_answer_days=3, treat_days=5)
    service_request = actions.set_urgent(
        request_id=routed().pk, version=None, actor=eas_agent, urgent=True, now=MONDAY
    )
    assert set(service_request.owed_dates.values()) == {service_request.due_at}
    assert len(service_request.owed_dates) == 3


def test_a_closure_moves_what_was_agreed(administrator):
    agree(administrator, take_days=2, first_answer_days=3, treat_days=5)
    service_request = routed()
    closed = date(2026, 1, 14)
    actions.add_closure(actor=administrator, label="Pont", start=closed, end=closed, now=MONDAY)
    service_request.refresh_from_db()
    days = [moment.astimezone(PARIS).day for moment in service_request.owed_dates.values()]
    assert days == [20, 15, 16]  # treated, taken, first words: each a day later
