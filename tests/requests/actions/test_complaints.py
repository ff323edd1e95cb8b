"""Complaints of Proximité: what it notes and whom it calls back (S33, S34)."""

import html
from datetime import date, datetime, time, timedelta

import pytest

from massy_grc.outbox.models import Delivery
from prestations.calendars import PARIS, town_calendar
from prestations.models import Closure, RootCause, Severity
from requests import actions
from requests.enums import AlertKind, ContactOutcome, Outcome
from requests.exceptions import MissingInput, NotAllowed, StaleRequest
from requests.models import CallBack, Complaint, Problem
from requests.notifications import digests
from tests.backoffice.conftest import client_of
from tests.requests.actions.conftest import MONDAY, PERSON
from tests.requests.actions.reports import report, street

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

__all__ = ["report", "street"]

SERVICE = "reclamation-service-municipal"
NEUTRAL = "reponse-neutre"


def note(sr, actor, version=0, **more):
    return actions.note_complaint(request_id=sr.pk, version=version, actor=actor, **more)


def test_only_proximite_and_its_head_read_how_grave_abusive_and_why(
    file, proximite_agent, proximite_head, supervisor, eas_agent, mails
):
    sr = file(SERVICE, demandeur=PERSON, reponses={"type": "accueil", "description": "Odieux !"})
    secret = RootCause.objects.get(pk="organisation")
    grave = Severity.objects.get(pk="grave")
    note(sr, proximite_agent, severity=grave, abusive=True, cause=secret, action="Excuses.")
    with pytest.raises(StaleRequest):
        note(sr, proximite_head, severity=grave)
    for other in (eas_agent, supervisor):
        with pytest.raises(NotAllowed):
            note(sr, other, version=1)
    readers = {proximite_agent: True, proximite_head: True, supervisor: False, eas_agent: False}
    for reader, reads in readers.items():
        page = client_of(reader).get(f"/agent/demandes/{sr.reference}/").content.decode()
        assert ("Propos abusifs" in page) == reads
        assert (secret.label in page) == reads
    actions.route_request(request_id=sr.pk)
    assert "abusi" not in "".join(mail.body for mail in mails())
    assert not sr.events.filter(data__has_key="abusive").exists()


def test_an_abusive_complaint_is_answered_with_neutral_templates_only(
    file, proximite_agent, eas_agent, mails
):
    sr = file(SERVICE, demandeur=PERSON, reponses={"type": "accueil", "description": "Odieux !"})
    note(sr, proximite_agent, abusive=True)
    common = {"request_id": sr.pk, "version": None, "actor": eas_agent}
    answer = {"body": "Le guichet rouvre mardi.", "outcome": Outcome.POSITIVE}
    for template in ("", "reponse-reclamation"):
        with pytest.raises(MissingInput, match="un des modèles proposés"):
            actions.answer_request(**common, **answer, template=template)
    with pytest.raises(MissingInput, match="un des modèles proposés"):
        actions.write_message(**common, body="Calmez-vous.")
    actions.take_request(**common)
    with pytest.raises(MissingInput, match="un des modèles proposés"):
        actions.ask_question(**common, body="Qui vous a répondu ?")
    sr.refresh_from_db()
    data = {"body": "Qui vous a répondu ?", "version": sr.version, "step": "preview"}
    page = client_of(eas_agent).post(f"/agent/demandes/{sr.reference}/ask_question/", data)
    page = html.unescape(page.content.decode())
    assert "part toujours avec un des modèles proposés" in page
    assert "neutre" not in page  # that it is marked is for Proximité alone
    form = client_of(eas_agent).get(f"/agent/demandes/{sr.reference}/answer/").context["form"]
    assert form["template"].value() == NEUTRAL
    assert set(form.templates) == {NEUTRAL, "reponse-probleme"}  # nothing to collect
    assert "Lettre libre" not in str(form["template"])
    actions.answer_request(**common, **answer, template=NEUTRAL)
    (letter,) = [one for one in mails() if "Le guichet rouvre mardi." in one.body]
    assert "Odieux" not in letter.body


def test_the_templates_of_an_abusive_complaint_do_not_tell_others_that_it_is_marked(
    file, proximite_agent, eas_agent
):
    sr = file(SERVICE, demandeur=PERSON, reponses={"type": "accueil", "description": "Odieux !"})
    note(sr, proximite_agent, abusive=True)
    for reader, reads in ((eas_agent, False), (proximite_agent, True)):
        page = client_of(reader).get(f"/agent/demandes/{sr.reference}/answer/")
        offered = str(page.context["form"]["template"])
        assert "Réponse brève" in offered
        assert ("Modèle neutre" in offered) == reads
        assert "signalée" not in offered


def test_a_promised_call_is_reminded_told_late_and_noted_on_the_request(
    report, proximite_agent, supervisor, eas_agent, expert, mails
):
    sr = report()
    nine = datetime(2026, 1, 13, 9, 0, tzinfo=PARIS)
    promise = {
        "request_id": sr.pk,
        "owner": proximite_agent,
        "slot": (nine, nine + timedelta(hours=1)),
        "phone": "+33612345678",
        "now": MONDAY,
    }
    call = actions.promise_call_back(**promise, actor=eas_agent)
    assert actions.promise_call_back(**promise, actor=eas_agent).pk == call.pk  # moved, not two
    with pytest.raises(NotAllowed):
        actions.promise_call_back(**{**promise, "owner": expert}, actor=eas_agent)
    with pytest.raises(MissingInput, match="passé"):
        actions.promise_call_back(**{**promise, "now": nine + timedelta(days=1)}, actor=eas_agent)

    soon = nine - timedelta(minutes=20)
    assert actions.remind_call_backs(now=soon - timedelta(hours=1), limit=9) == 0
    assert [actions.remind_call_backs(now=soon, limit=9) for _ in range(2)] == [1, 0]
    reminder = Delivery.objects.get(key__startswith="call-back:")
    assert reminder.to == proximite_agent.email
    assert sr.reference in reminder.body
    assert "+336" not in reminder.body
    form = client_of(eas_agent).get(f"/agent/demandes/{sr.reference}/rappel/").context["form"]
    shown = [form[name].value() for name in ("owner", "phone")]
    assert shown == [proximite_agent.pk, "+33612345678"]
    for number, owner in enumerate((supervisor, proximite_agent), start=2):  # the slot stays
        moved = {**promise, "owner": owner, "now": MONDAY + timedelta(minutes=number)}
        actions.promise_call_back(**moved, actor=eas_agent)
        assert actions.remind_call_backs(now=soon, limit=9) == 1
        assert Delivery.objects.filter(key__startswith="call-back:").count() == number

    day = nine + timedelta(days=1)
    mails()
    due = actions.due_alerts(now=day, calendar=town_calendar(), limit=9)
    (late,) = [one for one in due if one[1] == AlertKind.CALL_LATE]
    for _time in range(2):
        actions.raise_alert(request_id=late[0], kind=late[1], about=late[2], now=day)
    told = [one.to[0] for one in mails() if "rappeler le demandeur aujourd" in one.body]
    assert {proximite_agent.email, supervisor.email} <= set(told)
    assert len(told) == len(set(told))
    digests.tell_day(None, now=day)
    digest = Delivery.objects.get(key__startswith=f"digest:{supervisor.pk}:").body
    assert digest.count("Rappel promis en retard\u00a0: 1") == 1

    colleague = client_of(eas_agent)
    assert sr.reference in colleague.get("/agent/accueil/rappels/").content.decode()
    colleague.post(f"/agent/accueil/rappels/{call.pk}/fait/", {"answer": "Passage vendredi."})
    call.refresh_from_db()
    assert call.done_by == eas_agent
    assert "Passage vendredi." in sr.notes.last().body
    assert not sr.alerts.filter(kind=AlertKind.CALL_LATE, cleared_at=None).exists()
    assert not CallBack.objects.waiting().exists()


def test_an_erased_request_leaves_no_note_and_no_call(report, proximite_agent):
    sr = report()
    note(sr, proximite_agent, abusive=True, action="Excuses.")
    actions.promise_call_back(
        request_id=sr.pk,
        actor=proximite_agent,
        owner=proximite_agent,
        slot=None,
        phone="+33612345678",
    )
    actions.withdraw_request(request_id=sr.pk)
    actions.anonymise_request(request_id=sr.pk, rule="espace-public")
    assert not Complaint.objects.exists()
    assert not CallBack.objects.exists()
    assert Problem.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "hour", "next_one"),
    [
        (date(2026, 1, 18), 10, "lundi 19 janvier à 8 h 30"),  # a Sunday
        (date(2026, 1, 17), 15, "lundi 19 janvier à 8 h 30"),  # a Saturday afternoon
        (date(2026, 5, 14), 10, "vendredi 15 mai à 8 h 30"),  # Ascension Day
        (date(2026, 1, 15), 10, "vendredi 16 janvier à 8 h 30"),  # closed for repairs
        (date(2026, 1, 14), 18, "vendredi 16 janvier à 8 h 30"),  # after hours
    ],
)
def test_no_call_is_promised_when_nobody_telephones(report, eas_agent, day, hour, next_one):
    closed = date(2026, 1, 15)
    Closure.objects.create(start=closed, end=closed, label="Travaux")
    sr = report()
    start = datetime.combine(day, time(hour), PARIS)
    promise = {
        "request_id": sr.pk,
        "actor": eas_agent,
        "owner": eas_agent,
        "phone": "+33612345678",
        "now": MONDAY,
    }
    with pytest.raises(MissingInput) as refused:
        actions.promise_call_back(**promise, slot=(start, start + timedelta(hours=1)))
    assert f"Prochain créneau : {next_one}." in str(refused.value).replace("\u00a0", " ")
    assert not CallBack.objects.exists()
    noon = datetime.combine(date(2026, 1, 17), time(12), PARIS)  # open until half past
    actions.promise_call_back(**promise, slot=(noon, noon + timedelta(hours=1)))
    assert CallBack.objects.get().starts_at == noon


def test_who_calls_is_chosen_by_name_or_is_oneself(report, eas_agent):
    form = client_of(eas_agent).get(f"/agent/demandes/{report().reference}/rappel/").context["form"]
    assert form["owner"].value() == eas_agent.pk
    assert next(iter(form.fields["owner"].choices))[1] == "Choisir"


def test_a_contact_promises_a_slot_to_a_colleague(eas_agent, proximite_agent, db):
    ten = datetime(2126, 1, 12, 10, 0, tzinfo=PARIS)
    form = {
        "question": "Quand passe la benne ?",
        "channel": "telephone",
        "outcome": ContactOutcome.CALL_BACK,
        "call_back_to": "06 12 34 56 78",
        "day": ten.date().isoformat(),
        "hour": "10",
        "owner": proximite_agent.pk,
    }
    client_of(eas_agent).post("/agent/accueil/contact/", form)
    call = CallBack.objects.get()
    assert (call.owner, call.promised_by, call.starts_at) == (proximite_agent, eas_agent, ten)
