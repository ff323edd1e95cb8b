"""A closure added, loaded or removed: counted first, then recorded; dates move once."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import Error
from django.utils.translation import override

from prestations.calendars import PARIS
from prestations.loading.reference import load_reference
from prestations.models import Closure, ConfigurationChange, Prestation
from requests import actions
from requests.actions import recalculation
from requests.actions.core import record
from requests.enums import Verb
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import Recalculation, ServiceRequest
from requests.moved_dates import closures_behind, moved_words
from requests.tracking_page import Step, public_acts, public_events
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
URL = "/agent/parametrage/calendrier/"
# Working days of May 2026: Friday 1 and 8 and Thursday 14 are public holidays; so is Monday 25
MONDAY = datetime(2026, 5, 11, 10, tzinfo=PARIS)
BRIDGE = {"label": "Pont de l’Ascension", "start": date(2026, 5, 15), "end": date(2026, 5, 15)}
CERTIFICATE = "acte-naissance-filiation"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY.timestamp(), tick=False):
        yield


@pytest.fixture
def certificate(catalogue):
    """Ten working days from Monday 11 May: 12, 13, 15, 18 to 22, 26, 27: Wednesday 27 May."""
    Prestation.objects.filter(pk=CERTIFICATE).update(
        target_value=10, target_unit="working_days", urgent_value=None
    )
    filed = file_request(CERTIFICATE, now=MONDAY)
    drain_outbox()
    mail.outbox.clear()
    filed = ServiceRequest.objects.get(pk=filed.pk)
    assert filed.due_at == datetime(2026, 5, 27, 10, tzinfo=PARIS)
    return filed


def again(service_request) -> ServiceRequest:
    return ServiceRequest.objects.get(pk=service_request.pk)


def acts_told(service_request) -> list[Step]:
    return public_acts(again(service_request), public_events(service_request))


def posted(day: date = BRIDGE["start"], **more) -> dict:
    return {"label": BRIDGE["label"], "start": day.isoformat(), "end": day.isoformat(), **more}


def test_what_would_move_is_shown_first_and_nothing_moves(certificate, administrator):
    page = client_of(administrator).post(URL, posted())
    effect = page.context["effect"]
    assert (effect["moved"], effect["told"]) == (1, 1)
    assert [(row["due_at"], row["count"]) for row in effect["rows"]] == [(date(2026, 5, 28), 1)]
    assert certificate.reference not in page.content.decode()  # who administers reads no request
    assert "<caption" in page.content.decode()
    assert again(certificate).due_at == certificate.due_at
    assert not Closure.objects.filter(start=BRIDGE["start"]).exists()
    assert not Recalculation.objects.exists()


def test_public_holidays_to_come_are_named_since_delays_leave_them_out(administrator):
    page = client_of(administrator).get(URL)
    days = [day for day, _name in page.context["holidays"]]
    assert days[:2] == [date(2026, 5, 14), date(2026, 5, 25)]
    assert {date(2026, 12, 25), date(2027, 1, 1)} <= set(days)
    words = page.content.decode()
    assert "vendredi 25 décembre\u00a0: Noël" in words
    assert "1 janvier 2027" in words or "1er janvier 2027" in words


def test_other_days_than_those_shown_are_counted_again(certificate, administrator):
    client = client_of(administrator)
    key = client.post(URL, posted()).context["effect"]["key"]
    page = client.post(URL, posted(date(2026, 5, 18), counted=key))
    assert page.status_code == 200
    assert "les jours ont changé depuis le calcul" in page.content.decode()
    assert not Recalculation.objects.exists()


def test_once_recorded_dates_move_and_the_run_is_kept(certificate, administrator):
    client = client_of(administrator)
    key = client.post(URL, posted()).context["effect"]["key"]
    assert client.post(URL, posted(counted=key)).status_code == 302
    # 15 May no longer counts: Thursday 28 May, at the same time of the day
    assert again(certificate).due_at == datetime(2026, 5, 28, 10, tzinfo=PARIS)
    run = Recalculation.objects.get()
    assert (run.moved, run.told, run.actor) == (1, 1, administrator)
    words = {"action": "nommer", "label": BRIDGE["label"], "label_en": "Ascension weekend"}
    client.post(f"{URL}{run.closure_id}/", words | {"label": "Pont"})
    assert Closure.objects.get(pk=run.closure_id).label == "Pont"  # its dates stay moved
    client.post(f"{URL}{run.closure_id}/", words)
    assert (Recalculation.objects.count(), Closure.objects.get(pk=run.closure_id).counted) == (
        1,
        True,
    )
    assert "Pont de l’Ascension" in client.get(URL).content.decode()


def test_the_citizen_is_told_the_reason_once(certificate, administrator):
    actions.add_closure(actor=administrator, **BRIDGE)
    drain_outbox()
    drain_outbox()
    (sent,) = [one for one in mail.outbox if one.to == [certificate.requester_email]]
    assert "Pont de l’Ascension" in sent.body
    assert "vendredi 15 mai 2026" in sent.body
    assert "jeudi 28 mai 2026" in sent.body


def test_the_tracking_page_tells_the_closure_and_its_day_as_the_letter(certificate, administrator):
    actions.add_closure(actor=administrator, **BRIDGE)
    (step,) = [one for one in acts_told(certificate) if "Nouvelle date" in one.text]
    assert "jeudi 28 mai" in step.text
    assert "Fermeture de la mairie le vendredi 15 mai\u00a0: Pont de l’Ascension." in step.text
    with override("en"):
        (step,) = [one for one in acts_told(certificate) if "28 May" in one.text]
        assert "The town hall is closed on Friday 15 May: Pont de l’Ascension." in step.text


def test_the_same_closure_twice_moves_nothing_twice(certificate, administrator):
    actions.add_closure(actor=administrator, **BRIDGE)
    with pytest.raises(IllegalTransition):
        actions.add_closure(actor=administrator, **BRIDGE)
    assert again(certificate).due_at == datetime(2026, 5, 28, 10, tzinfo=PARIS)
    assert certificate.events.filter(verb=Verb.RECALCULATE).count() == 1


def test_a_public_holiday_or_a_weekend_moves_nothing(certificate, administrator):
    run = actions.add_closure(
        actor=administrator, label="Déjà fermée", start=date(2026, 5, 23), end=date(2026, 5, 25)
    )
    assert (run.examined, run.moved, run.told) == (1, 0, 0)


def test_a_delay_in_calendar_days_does_not_move_but_the_department_s_does(administrator, expert):
    filed = file_request("voirie-intervention-rapide", now=MONDAY)
    drain_outbox()
    before = again(filed)
    run = actions.add_closure(actor=administrator, **BRIDGE)
    after = again(filed)
    assert after.due_at == before.due_at
    assert after.department_due_at > before.department_due_at
    assert (run.moved, run.departments, run.told) == (0, 1, 0)


def test_while_the_clock_is_stopped_the_date_moves_without_a_letter(
    certificate, administrator, eas_agent
):
    actions.ask_question(request_id=certificate.pk, version=None, actor=eas_agent, body="Où ?")
    run = actions.add_closure(actor=administrator, **BRIDGE)
    assert (run.moved, run.told) == (1, 0)
    # answered on Monday 18: two working days passed (12, 13) and 18 begun: three after 28 May
    back = actions.receive_message(
        request_id=certificate.pk, body="Ici.", now=MONDAY + timedelta(days=7)
    )
    assert back.due_at == datetime(2026, 6, 2, 10, tzinfo=PARIS)


def test_what_is_refused_says_why(administrator, supervisor):
    with pytest.raises(NotAllowed):
        actions.add_closure(actor=supervisor, **BRIDGE)
    with pytest.raises(MissingInput, match="à venir"):
        actions.add_closure(actor=administrator, **{**BRIDGE, "start": MONDAY.date()})
    with pytest.raises(MissingInput, match="avant"):
        actions.add_closure(actor=administrator, **{**BRIDGE, "end": date(2026, 5, 14)})


def test_a_load_keeps_what_an_administrator_added(administrator):
    actions.add_closure(actor=administrator, **BRIDGE)
    load_reference()
    assert Closure.objects.filter(start=BRIDGE["start"], added_by=administrator).exists()


def routed(code: str) -> ServiceRequest:
    filed = file_request(code, now=MONDAY)
    drain_outbox()
    return again(filed)


def removal(label: str = BRIDGE["label"]) -> str:
    return f"{URL}{Closure.objects.get(label=label).pk}/"


def test_a_closure_added_by_mistake_is_removed_and_promised_days_stay(certificate, administrator):
    client = client_of(administrator)
    actions.add_closure(actor=administrator, **BRIDGE)
    drain_outbox()
    mail.outbox.clear()
    promised = again(certificate)
    assert removal() in client.get(URL).content.decode()
    page = client.get(removal())
    assert page.context["effect"]["moved"] == 0
    assert "elle ne se rapproche jamais" in page.content.decode()
    assert client.post(removal()).status_code == 302
    assert again(certificate).due_at == promised.due_at == datetime(2026, 5, 28, 10, tzinfo=PARIS)
    removed = Recalculation.objects.get(adds=False)
    assert (removed.actor, removed.moved, removed.told) == (administrator, 0, 0)
    drain_outbox()
    assert mail.outbox == []
    page = client.get(URL).content.decode()
    assert removal() not in page
    assert "retirée" in page
    # what is filed from now on counts the day
    assert again(file_request(CERTIFICATE, now=MONDAY)).due_at == certificate.due_at


def test_a_stopped_clock_and_a_department_get_their_days_back(
    certificate, administrator, eas_agent
):
    pothole = routed("voirie-intervention-rapide")
    actions.ask_question(request_id=certificate.pk, version=None, actor=eas_agent, body="Où ?")
    actions.add_closure(actor=administrator, **BRIDGE)
    assert again(certificate).due_at > certificate.due_at
    client = client_of(administrator)
    effect = client.get(removal()).context["effect"]
    assert (effect["moved"], effect["told"], effect["departments"]) == (1, 0, 1)
    client.post(removal())
    assert again(certificate).due_at == certificate.due_at
    assert again(pothole).department_due_at == pothole.department_due_at
    event = certificate.events.filter(verb=Verb.RECALCULATE).last()
    words = moved_words(event, closures_behind([event]))
    assert "La mairie ouvre finalement le vendredi 15 mai" in words
    assert "Pont de l’Ascension, fermeture retirée." in words


def test_on_the_eve_nothing_comes_before_today(administrator, certificate):
    pothole = routed("voirie-intervention-rapide")
    actions.add_closure(actor=administrator, **BRIDGE)
    owed = again(pothole).department_due_at
    with time_machine.travel(owed - timedelta(minutes=1), tick=False):
        actions.add_closure(
            actor=administrator, label="Erreur", start=date(2026, 7, 1), end=date(2026, 7, 1)
        )
        client_of(administrator).post(removal("Erreur"))
        assert again(pothole).department_due_at == owed


def test_a_closure_is_removed_once_and_by_who_administers(certificate, administrator, supervisor):
    actions.add_closure(actor=administrator, **BRIDGE)
    client_of(supervisor).post(removal())
    assert not Recalculation.objects.filter(adds=False).exists()
    client = client_of(administrator)
    client.post(removal())
    page = client.post(removal(), follow=True)
    assert "plus rien à décider" in page.content.decode()
    assert client.get(removal()).status_code == 404
    assert Recalculation.objects.filter(adds=False).count() == 1


def test_the_record_of_a_run_cannot_be_rewritten(administrator):
    run = actions.add_closure(actor=administrator, **BRIDGE)
    with pytest.raises(Error):
        Recalculation.objects.filter(pk=run.pk).update(told=99)


def test_a_department_s_date_after_a_target_gone_by_moves(certificate, administrator):
    owed_at = datetime(2026, 5, 18, 10, tzinfo=PARIS)
    ServiceRequest.objects.filter(pk=certificate.pk).update(
        due_at=MONDAY - timedelta(days=3), department_due_at=owed_at
    )
    run = actions.add_closure(actor=administrator, **BRIDGE)
    assert (run.examined, run.departments) == (1, 1)
    assert again(certificate).department_due_at == owed_at + timedelta(days=1)


def test_what_is_answered_while_dates_are_counted_does_not_move(
    certificate, administrator, monkeypatch
):
    second = file_request(CERTIFICATE, now=MONDAY)

    def meanwhile(service_request, *args, **kwargs):
        others = ServiceRequest.objects.exclude(pk=service_request.pk)
        others.filter(answered_at=None).update(answered_at=MONDAY)
        return record(service_request, *args, **kwargs)

    monkeypatch.setattr(recalculation, "record", meanwhile)
    run = actions.add_closure(actor=administrator, **BRIDGE)
    assert (run.examined, run.moved) == (2, 1)
    moved = [one for one in (certificate, second) if again(one).due_at != one.due_at]
    assert len(moved) == 1


@pytest.mark.parametrize(
    ("days", "field", "words"),
    [
        (("2026-06-01", "2026-08-02"), "end", "62 jours au plus"),
        (("2028-05-12", "2028-05-12"), "start", "deux ans à l’avance"),
        (("2026-06-02", "2026-06-01"), "end", "avant le début"),
    ],
)
def test_a_closure_that_must_be_a_mistake_is_refused_at_its_day(administrator, days, field, words):
    client = client_of(administrator)
    given = {"label": "Travaux", "start": days[0], "end": days[1]}
    page = client.post(URL, given)
    assert words in page.context["form"].errors[field][0]
    assert "effect" not in page.context
    client.post(URL, {**given, "counted": "/".join(days)})
    assert not Closure.objects.filter(label="Travaux").exists()


@pytest.mark.parametrize("days", [("2026-06-01", "2026-08-01"), ("2028-05-11", "2028-05-11")])
def test_the_longest_and_the_furthest_closure_are_counted(administrator, days):
    page = client_of(administrator).post(
        URL, {"label": "Travaux", "start": days[0], "end": days[1]}
    )
    assert "effect" in page.context


def test_nothing_moved_is_said_in_the_singular(administrator):
    client = client_of(administrator)
    sunday = posted(date(2026, 5, 17))
    key = client.post(URL, sunday).context["effect"]["key"]
    page = client.post(URL, {**sunday, "counted": key}, follow=True)
    assert "0 date de réponse est déplacée." in page.content.decode()


def test_a_site_closes_early_after_the_hours_that_change_were_shown(certificate, administrator):
    client = client_of(administrator)
    early = posted(date(2026, 5, 18), label="Formation", site="mairie-annexe", closes="12:00")
    page = client.post(URL, early)
    (moved,) = page.context["effect"]["hours"]
    assert (moved.site.pk, moved.day) == ("mairie-annexe", date(2026, 5, 18))
    assert moved.before != moved.after
    assert "Aucune date de réponse ne bouge" in page.content.decode()
    assert not Closure.objects.filter(label="Formation").exists()
    key = page.context["effect"]["key"]
    later = client.post(URL, early | {"closes": "11:00", "counted": key})
    assert "les jours ont changé depuis le calcul" in later.content.decode()
    assert client.post(URL, early | {"counted": key}).status_code == 302
    closure = Closure.objects.get(label="Formation")
    assert (closure.closes_at.hour, closure.is_whole_town) == (12, False)
    assert again(certificate).due_at == certificate.due_at
    assert not Recalculation.objects.exists()
    assert "ferme dès 12\u00a0h" in client.get("/accueil-du-public/mairie-annexe/").content.decode()
    assert "déjà annoncée" in client.post(URL, early).content.decode()
    sunday = early | {"start": "2026-05-17", "end": "2026-05-17"}
    assert "Rien ne changerait" in client.post(URL, sunday).content.decode()
    wrong = client.post(URL, sunday | {"opens": "14:00"}).context["form"]
    assert "closes" in wrong.errors

    other = early | {"start": "2026-05-19", "end": ""}
    key = client.post(f"{URL}{closure.pk}/", other).context["effect"]["key"]
    client.post(f"{URL}{closure.pk}/", other | {"counted": key})
    moved = Closure.objects.announced().get(label="Formation")
    assert (moved.start, moved.end) == (date(2026, 5, 19), date(2026, 5, 19))
    client.post(f"{URL}{moved.pk}/", {"action": "retirer"})
    assert not Closure.objects.announced().filter(label="Formation").exists()
    kept = ConfigurationChange.objects.filter(kind="closures")
    assert [bool(one.after) for one in kept.order_by("pk")] == [True, False, True, False]


def test_the_days_of_a_closure_are_changed_counted_once_and_kept_in_its_history(
    certificate, administrator
):
    actions.add_closure(actor=administrator, **BRIDGE)
    pothole = routed("voirie-intervention-rapide")
    mail.outbox.clear()
    client, page = client_of(administrator), removal()
    moving = {"action": "deplacer", "start": "2026-05-18", "end": "2026-05-19"}
    shown = client.post(page, moving).context["moving"]
    assert (shown["moved"], shown["told"], shown["departments"]) == (1, 1, 1)
    stale = {**moving, "end": "2026-05-20", "counted": shown["key"]}
    assert "les jours ont changé depuis le calcul" in client.post(page, stale).text
    assert client.post(page, {**moving, "counted": shown["key"]}).status_code == 302
    # one day more than was announced, not two: 15 May counts again
    assert again(certificate).due_at == datetime(2026, 5, 29, 10, tzinfo=PARIS)
    assert again(pothole).department_due_at > pothole.department_due_at
    assert certificate.events.filter(verb=Verb.RECALCULATE).count() == 2
    drain_outbox()
    (sent,) = [one for one in mail.outbox if one.to == [certificate.requester_email]]
    assert "lundi 18 mai 2026 au mardi 19 mai 2026" in sent.body
    assert "vendredi 29 mai 2026" in sent.body
    leaves, comes = ConfigurationChange.objects.filter(kind="closures").order_by("key")
    assert (leaves.after, comes.before) == (None, None)
    assert (leaves.act, leaves.before["label"]) == (comes.act, comes.after["label"])
    assert client.get(page).status_code == 404  # taken out; what it moved still names it
    with time_machine.travel(datetime(2026, 5, 18, 12, tzinfo=PARIS), tick=False):
        client = client_of(administrator)
        page = f"{URL}{Closure.objects.announced().get(label=BRIDGE['label']).pk}/"
        assert "seul son dernier jour" in client.post(page, {**moving, "start": "2026-05-20"}).text
        shorter = client.post(page, {**moving, "end": "2026-05-18"}).context["moving"]
        assert shorter["told"] == 0  # a day that was promised never comes earlier
