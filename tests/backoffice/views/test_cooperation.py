"""Colleagues around one request: mentions, watchers, absences and who stands in (S85, bar 34)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from backoffice.actions.absences import KEPT, end_absence, note_absence, sweep_absences
from backoffice.actions.preferences import choose_alert_mail
from massy_grc.common.words import date_words
from prestations.enums import AlertMail, Role
from prestations.models import Absence, Department
from requests import actions
from requests.enums import State, TaskKind, Verb
from requests.exceptions import MissingInput, NotAllowed
from requests.models import Mention, Rating, ServiceRequest
from requests.notifications import digests
from requests.readers import readers_of
from requests.routing.people import colleagues, present
from requests.standing_in import stand_in_of
from tests.backoffice.conftest import client_of
from tests.backoffice.views.conftest import VOIRIE, url
from tests.factories.requests import make_request
from tests.factories.users import make_agent
from tests.helpers import drain_outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]


@pytest.fixture
def colleague(catalogue):
    return make_agent(
        Role.AGENT_EXPERT, first_name="Inès", last_name="Le Goff", department_id=VOIRIE
    )


def away(person, delegate, *, by=None, days=3):
    today = timezone.localdate()
    return note_absence(
        actor=by or person,
        person=person,
        first_day=today,
        last_day=today + timedelta(days=days),
        delegate=delegate,
    )


def view(browser, slug: str) -> str:
    return browser.get("/agent/demandes/", {"vue": slug}).content.decode()


def digest_of(user, since) -> str:
    mail.outbox.clear()
    digests.tell_day(since, now=timezone.now())
    drain_outbox()
    return "".join(one.body for one in mail.outbox if one.to == [user.email])


def fresh(user):
    """As the next page reads them: rights and absences anew."""
    return type(user).objects.get(pk=user.pk)


def test_who_may_read_a_request_is_the_same_from_both_sides(
    transferred, eas_agent, supervisor, expert, other_expert, manager
):
    """Also while another department works on it, and once it has said no."""
    everyone = [eas_agent, supervisor, expert, other_expert, manager]

    def both_sides() -> set:
        seeing = {
            one.pk
            for one in everyone
            if ServiceRequest.objects.visible_to(fresh(one)).filter(pk=transferred.pk).exists()
        }
        assert seeing == set(readers_of(transferred).values_list("pk", flat=True))
        return seeing

    assert other_expert.pk not in both_sides()
    parks = Department.objects.filter(pk="espaces-verts")
    (task,) = actions.ask_task(
        request_id=transferred.pk,
        version=None,
        actor=expert,
        departments=parks,
        kind=TaskKind.WORK,
        asked="Tailler.",
        due_on=timezone.localdate(),
    )
    assert other_expert.pk in both_sides()
    actions.decline_task(
        request_id=transferred.pk, version=None, actor=other_expert, task=task.pk, note="Non."
    )
    assert other_expert.pk not in both_sides()


def test_a_mention_is_told_once_and_waits_in_the_queue_until_seen(
    front, transferred, eas_agent, expert, colleague, other_expert, expert_browser
):
    start = timezone.now()
    choose_alert_mail(user=colleague, choice=AlertMail.EACH)
    page = front.get(url(transferred)).content.decode()
    assert colleague.get_full_name() in page
    assert other_expert.get_full_name() not in page  # may not see it: never offered

    words = f"@{expert.get_full_name()}, pouvez-vous passer ?"
    refused = front.post(url(transferred, "note"), {"body": words, "people": [other_expert.pk]})
    assert "people" in refused.context["form"].errors
    written = f"{words} @{other_expert.get_full_name()}"
    assert front.post(url(transferred, "note"), {"body": written}).status_code == 409
    sent = front.post(url(transferred, "note"), {"body": words, "people": [colleague.pk]})
    assert sent.status_code == 302
    assert set(Mention.objects.values_list("person", flat=True)) == {expert.pk, colleague.pk}

    mail.outbox.clear()
    drain_outbox()
    told = [one.to[0] for one in mail.outbox if "vous nomme" in one.subject]
    assert told == [colleague.email]  # at once, as she chose
    assert "Une note vous nomme : 1" in digest_of(expert, start)
    assert "nomme" not in digest_of(expert, timezone.now())
    assert transferred.reference in view(expert_browser, "mentions")
    assert "vous a nommé" in expert_browser.get(url(transferred)).content.decode()
    expert_browser.post(url(transferred, "mentions"))
    assert transferred.reference not in view(expert_browser, "mentions")
    actions.add_note(request_id=transferred.pk, actor=colleague, body="J’y vais.")
    assert not Mention.objects.filter(seen_at=None).exists()  # an act on it is an answer


def test_watchers_hear_of_it_as_they_chose_and_no_more_once_they_may_not_see_it(
    expert_browser, transferred, eas_agent, expert, colleague
):
    start = timezone.now()
    expert_browser.post(url(transferred, "suivre"), {"how": "day"})
    client_of(colleague, post=None).post(url(transferred, "suivre"), {"how": "now"})
    assert transferred.reference in view(expert_browser, "suivies")
    mail.outbox.clear()
    actions.write_message(request_id=transferred.pk, version=None, actor=eas_agent, body="Bonjour.")
    drain_outbox()
    told = [one.to[0] for one in mail.outbox if "que vous suivez" in one.subject]
    assert told == [colleague.email]
    assert "que vous suivez : 1" in digest_of(expert, start)

    ServiceRequest.objects.filter(pk=transferred.pk).update(department="espaces-verts")
    mail.outbox.clear()
    actions.add_note(request_id=transferred.pk, actor=eas_agent, body="Suite.")
    drain_outbox()
    assert not [one for one in mail.outbox if "que vous suivez" in one.subject]
    assert "que vous suivez" not in digest_of(expert, start)
    assert expert_browser.post(url(transferred, "suivre"), {"how": "stop"}).status_code == 404


def test_an_absence_gives_the_work_to_the_delegate_and_ends_by_itself(
    transferred, eas_agent, expert, head, colleague, other_expert
):
    actions.take_request(request_id=transferred.pk, version=None, actor=expert)
    browser = client_of(colleague, post=None)
    assert transferred.reference not in view(browser, "mes-demandes")
    with pytest.raises(MissingInput):
        away(expert, other_expert, by=head)  # works elsewhere: would not see it
    with pytest.raises(NotAllowed):
        away(expert, colleague, by=other_expert)
    day = timezone.localdate().isoformat()
    given = {"person": expert.pk, "first_day": day, "last_day": day, "delegate": colleague.pk}
    noted = client_of(head, post=None).post("/agent/absences/", given)
    assert noted.status_code == 302
    absence = Absence.objects.get()
    with pytest.raises(MissingInput):
        away(expert, None)

    type(expert).objects.update(seen_at=timezone.now())
    there = present(colleagues(transferred.department, None), timezone.now())
    assert {one.pk for one in there} == {head.pk, colleague.pk}
    assert stand_in_of(expert, timezone.now()) == colleague
    assert transferred.reference in view(browser, "mes-demandes")
    assert "Vous remplacez" in browser.get("/agent/").content.decode()

    actions.add_note(
        request_id=transferred.pk, actor=eas_agent, body=f"@{expert.get_full_name()} ?"
    )
    assert transferred.reference in view(browser, "mentions")
    browser.post(url(transferred, "note"), {"body": "Je m’en occupe."})
    transferred.refresh_from_db()
    browser.post(
        url(transferred, "treat"),
        {"version": transferred.version, "conclusion": "Rebouché.", "outcome": "positive"},
    )
    page = browser.get(url(transferred)).content.decode()
    assert page.count(f"{colleague.get_full_name()}, en l’absence de {expert.get_full_name()}") == 2
    event = transferred.events.get(verb=Verb.TREAT)
    assert (event.actor, event.data["acting_for"]) == (colleague, expert.pk)

    Absence.objects.update(first_day=timezone.localdate() - timedelta(days=4))
    Absence.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    assert transferred.reference not in view(browser, "mes-demandes")
    absence.refresh_from_db()
    end_absence(actor=fresh(expert), absence_id=absence.pk)
    over = timezone.localdate() + KEPT  # the register of processing says how long it stays
    assert [sweep_absences(over - timedelta(days=days)) for days in (1, 0)] == [0, 1]


def test_a_delegate_approves_for_the_absent_but_never_their_own_refusal(
    front, sr, eas_agent, supervisor, proximite_agent
):
    refusal = {"outcome": "negative", "template": "decision-refus", "body": "Non.", "close": "on"}
    sent = front.post(url(sr, "answer"), {"version": sr.version, **refusal})
    assert sent.status_code == 302
    sr.refresh_from_db()
    assert sr.state == State.A_VALIDER
    absence = away(supervisor, eas_agent)
    assert not actions.may(sr, Verb.SIGN, fresh(eas_agent))
    end_absence(actor=supervisor, absence_id=absence.pk)
    away(supervisor, proximite_agent)
    browser = client_of(proximite_agent)
    assert sr.reference in view(browser, "a-signer")
    decision = actions.pending_decision(sr)
    mail.outbox.clear()
    drain_outbox()
    assert proximite_agent.email in [one.to[0] for one in mail.outbox]
    page = browser.get(f"/agent/demandes/{sr.reference}/").content.decode()
    assert "La lettre portera cette signature\u00a0: Camille Fontanel" in page
    browser.post(url(sr, "sign"), {"version": sr.version, "decision": decision.pk, "step": "send"})
    sr.refresh_from_db()
    assert sr.state == State.CLOSE
    event = sr.events.get(verb=Verb.SIGN)
    assert (event.actor, event.data["acting_for"]) == (proximite_agent, supervisor.pk)
    drain_outbox()
    to_requester = [one for one in mail.outbox if one.to == [sr.requester_email]]
    (letter,) = [one for one in to_requester if "Fait à Massy" in one.body]
    assert "Camille Fontanel" in letter.body  # who has the delegation (CRPA L212-1)


def test_experts_read_what_citizens_say_of_their_department_and_mails_stay_apart(
    front, sr, expert_browser, transferred, expert
):
    for score, solved in ((4, True), (3, True), (1, False)):
        closed = make_request(state=State.CLOSE, department_id=VOIRIE)
        Rating.objects.create(
            request=closed, closing=0, score=score, solved=solved, at=timezone.now()
        )
    page = expert_browser.get("/agent/").content.decode()
    assert "Ce que disent les citoyens" in page
    assert page.count("67 %") == 2

    actions.transfer_request(
        request_id=sr.pk, version=None, actor=sr.assignee, department=transferred.department
    )
    drain_outbox()
    context = front.get(url(sr)).context
    mails = {one.to for one in context["deliveries"]}
    assert expert.email not in mails
    assert {one.to for one in context["staff_deliveries"]} <= {expert.email}


def test_who_is_away_cannot_be_named_to_stand_in(expert, colleague, head):
    away(colleague, None, days=4)
    today = timezone.localdate()
    browser = client_of(head, post=None)

    def note(first, last):
        days = {"first_day": first.isoformat(), "last_day": last.isoformat()}
        return browser.post(
            "/agent/absences/", {"person": expert.pk, "delegate": colleague.pk, **days}
        )

    refused = note(today + timedelta(days=3), today + timedelta(days=9)).content.decode()
    until = date_words(today + timedelta(days=4))
    assert f"{colleague.get_full_name()} est en absence jusqu’au {until}" in refused
    assert not expert.absences.exists()
    assert note(today + timedelta(days=5), today + timedelta(days=9)).status_code == 302
