"""Requests that ask the same: suggested, merged, answered under each number, undone (bar 36)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.dashboard.period import Period
from backoffice.dashboard.reading import Selection, read_figures
from backoffice.queues import BEHIND_FIGURES, views_for
from prestations.calendars import town_calendar
from prestations.models import ClosingReason
from requests import actions
from requests.enums import AlertKind, Outcome, State, Verb
from requests.exceptions import IllegalTransition, NotAllowed
from requests.lookalikes import lookalikes
from requests.models import Alert, Attachment, ServiceRequest
from requests.notifications.digests import tell_day
from requests.recurrence import told_since
from requests.workflow import ON_MERGED
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory
from tests.requests.actions.conftest import MONDAY, OTHER, PERSON, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

KEPT = [
    field.attname
    for field in ServiceRequest._meta.concrete_fields
    if field.name not in ("version", "event_count", "search_vector", "unread_since")
]


def kept_of(sr):
    return ServiceRequest.objects.filter(pk=sr.pk).values(*KEPT).get()


def merge(merged, lead, actor):
    version = ServiceRequest.objects.get(pk=merged.pk).version
    return actions.merge_request(request_id=merged.pk, version=version, actor=actor, other=lead)


def counted(pair, people, mails, now):
    """On which lists each of the pair stands, the open stock, and the mails of the day."""
    queues = {sr.pk: set() for sr in pair}
    for user in people:
        for view in views_for(user):
            if view.slug not in ("toutes", BEHIND_FIGURES):
                rows = view.rows(ServiceRequest.objects.visible_to(user), user, now)
                for sr in rows.filter(pk__in=queues):
                    queues[sr.pk].add((user.pk, view.slug))
    today = now.date()
    selection = Selection(people[-1], Period(today, today))
    tell_day(None, now=now)
    told = "".join(one.body for one in mails() if "Vos échéances" in one.subject)
    return {
        "queues": queues,
        "stock": read_figures(selection, now=now).total.open,
        "digest": told,
    }


def test_a_request_merged_by_its_page_follows_its_lead_and_is_answered_under_its_own_number(
    pair, file, eas_agent, expert, client, mails
):
    lead, merged = pair
    mails()
    agent = client_of(eas_agent)
    for sr, canary in ((lead, "CANARI-UN"), (merged, "CANARI-DEUX")):
        sent = Attachment.objects.create(
            name=f"{canary}.pdf", media_type="application/pdf", size=9, sha256="0" * 64
        )
        actions.receive_message(request_id=sr.pk, body=canary, attachments=[sent])
        actions.add_note(request_id=sr.pk, actor=eas_agent, body=canary)
    mails()
    merged.refresh_from_db()
    (found,) = lookalikes(merged, eas_agent)
    assert (found.sr, found.same_person, found.same_place) == (lead, False, True)
    page = agent.get(merged.get_absolute_url()).content.decode()
    act = f"{merged.get_absolute_url()}merge/"
    assert f"{act}?other={lead.reference}" in page
    assert client_of(expert).get(act).status_code == 403
    unknown = agent.post(act, {"other": "26-999999-9", "version": merged.version})
    assert unknown.status_code == 200
    preview = {"other": lead.reference, "version": merged.version, "step": "preview"}
    assert "Nous les traitons ensemble." in agent.post(act, preview).content.decode()
    merged.refresh_from_db()
    assert merged.merged_into is None
    agent.post(act, {"other": lead.reference, "version": merged.version})
    merged.refresh_from_db()
    assert merged.merged_into == lead

    # told once, under its own number; the page says how far the other is, and not whose it is
    (told,) = mails()
    assert merged.reference in told.subject
    assert lead.reference not in told.body
    words = track(client, merged)
    assert "nous les traitons ensemble" in words
    for secret in (lead.reference, "Lemaire", "Inès", "rue de Moscou", "CANARI-UN"):
        assert secret not in words
    words = track(Client(), lead)
    for secret in (merged.reference, "Ferry", "Gambetta", "CANARI-DEUX", "Message reçu sur"):
        assert secret not in words

    # not chased, not worked on; what its requester sends is unread where work is done
    late = lead.due_at + timedelta(days=30)
    alerts = actions.due_alerts(now=late, calendar=town_calendar(), limit=99)
    chased = {pk for pk, kind, _about in alerts if kind != AlertKind.IMPLICIT_DECISION}
    assert lead.pk in chased
    assert merged.pk not in chased
    with pytest.raises(IllegalTransition):
        actions.take_request(request_id=merged.pk, version=None, actor=eas_agent)
    actions.receive_message(request_id=merged.pk, body="Le trou grandit.")
    assert set(ServiceRequest.objects.unread()) == {lead}
    page = agent.get(lead.get_absolute_url()).content.decode()
    assert "Nouveau message" in page
    assert merged.reference in page

    mails()
    actions.return_request(request_id=lead.pk, version=None, actor=eas_agent, note="Fait.")
    for naming in ("Monsieur Ferry nous l’a dit aussi.", "Bonjour Mme LEMAIRE,\n\nRebouché."):
        with pytest.raises(IllegalTransition, match="l’un d’eux"):
            answer(lead, eas_agent, body=naming)
    answer(lead, eas_agent, body="Rebouché ce matin.")
    answers = [one for one in mails() if "Rebouché ce matin." in one.body]
    assert sorted(one.to[0] for one in answers) == [PERSON["email"], OTHER["email"]]
    (own,) = [one for one in answers if one.to == [OTHER["email"]]]
    assert merged.reference in own.subject
    assert lead.reference not in own.body + own.subject
    closing = lead.events.get(verb=Verb.CLOSE)
    actions.end_merged(closing)  # a worker that does it again
    assert mails() == []
    merged.refresh_from_db()
    assert merged.state == State.CLOSE

    words = track(client, merged)
    assert "Rebouché ce matin." in words
    for secret in (lead.reference, "Lemaire", "CANARI-UN"):
        assert secret not in words

    # erased, each alone, and the other one's page still opens
    assert actions.anonymise_request(request_id=lead.pk, rule="rights")
    assert "Rebouché ce matin." in track(client, merged)

    # whoever is not satisfied has a request of their own again
    again = actions.reopen_request(request_id=merged.pk, by_requester=True, reason="Il est revenu.")
    assert again.merged_into is None
    lead.refresh_from_db()
    assert lead.state == State.CLOSE


def test_whoever_filed_both_is_told_the_number_of_the_other(pair, eas_agent, client, mails):
    lead, merged = pair
    mails()
    ServiceRequest.objects.filter(pk__in=[lead.pk, merged.pk]).update(citizen=CitizenFactory())
    lead.refresh_from_db()
    actions.merge_request(request_id=merged.pk, version=None, actor=eas_agent, other=lead)
    (told,) = mails()
    assert f"Votre autre demande n°\u00a0{lead.reference} porte sur le même sujet." in told.body
    assert f"Votre autre demande n°\u00a0{lead.reference}" in track(client, merged)


def test_the_page_of_a_merged_request_leads_to_the_one_worked_on(pair, eas_agent):
    lead, merged = pair
    actions.merge_request(request_id=merged.pk, version=None, actor=eas_agent, other=lead)
    page = client_of(eas_agent).get(merged.get_absolute_url()).content.decode()
    (banner,) = re.findall(r"Cette demande suit l’autre.*?</p>", page, re.DOTALL)
    assert f'href="{lead.get_absolute_url()}?liste=autour' in banner
    head = page[: page.index("Cette demande suit l’autre")]
    assert "<span>Regroupée</span>" in head
    page = client_of(eas_agent).get(lead.get_absolute_url()).content.decode()
    assert "Cette demande suit l’autre" not in page


def test_a_merged_request_is_worked_on_and_counted_nowhere(
    pair, eas_agent, expert, supervisor, client, mails
):
    lead, merged = pair
    people, now = (eas_agent, expert, supervisor), timezone.now()
    for sr in pair:
        Alert.objects.create(request=sr, kind=AlertKind.OVERDUE, raised_at=now)
    mails()
    before = counted(pair, people, mails, now)
    merge(merged, lead, eas_agent)
    after = counted(pair, people, mails, now + timedelta(days=1))
    assert before["queues"][merged.pk] == before["queues"][lead.pk] != set()
    assert after["queues"] == {lead.pk: before["queues"][lead.pk], merged.pk: set()}
    assert (before["stock"], after["stock"]) == (2, 1)
    assert merged.reference in before["digest"]
    assert merged.reference not in after["digest"]
    assert merged.pk not in {one.pk for one in told_since(MONDAY)}

    merged.refresh_from_db()
    for user in people:
        assert set(actions.allowed_verbs(merged, user)) <= ON_MERGED
    page = client.get(f"/signalements/{merged.pk}/")
    assert page.url == f"/signalements/{lead.pk}/"
    assert page.url in client.get("/signalements/?periode=365").content.decode()
    feed = client.get("/signalements/flux.atom").content.decode()
    assert f"/signalements/{merged.pk}/" not in feed


def test_undoing_a_merge_gives_the_request_back_as_it_was_and_tells_nobody_twice(
    pair, eas_agent, mails
):
    lead, merged = pair
    mails()
    before, lead_before = kept_of(merged), kept_of(lead)
    merge(merged, lead, eas_agent)
    actions.unmerge_request(request_id=merged.pk, version=None, actor=eas_agent)
    assert kept_of(merged) == before
    assert kept_of(lead) == lead_before
    assert mails() == []  # undone before it was told
    merge(merged, lead, eas_agent)
    assert len(mails()) <= 1
    mails()
    with pytest.raises(IllegalTransition):
        merge(lead, merged, eas_agent)
    actions.withdraw_request(request_id=lead.pk)  # its requester gives up; the other does not
    assert OTHER["email"] not in {to for one in mails() for to in one.to}
    assert kept_of(merged) == before
    verbs = list(merged.events.values_list("verb", flat=True))
    assert verbs[-4:] == [Verb.MERGE, Verb.UNMERGE, Verb.MERGE, Verb.UNMERGE]


def test_nobody_gets_a_second_answer_nor_one_of_a_lead_that_is_open_again(pair, eas_agent, mails):
    lead, merged = pair
    mails()
    merge(merged, lead, eas_agent)
    actions.return_request(request_id=lead.pk, version=None, actor=eas_agent, note="Fait.")
    answer(lead, eas_agent, body="Rebouché ce matin.")
    actions.reopen_request(request_id=lead.pk, actor=eas_agent, reason="Mauvaise rue.")
    actions.end_merged(lead.events.get(verb=Verb.CLOSE))  # its letter had not left yet
    assert ServiceRequest.objects.get(pk=merged.pk).merged_into == lead

    actions.unmerge_request(request_id=merged.pk, version=None, actor=eas_agent)
    ServiceRequest.objects.filter(pk=merged.pk).update(answered_at=timezone.now())
    with pytest.raises(IllegalTransition, match="déjà sa réponse"):
        merge(merged, lead, eas_agent)


def test_what_each_asks_for_themselves_or_may_not_be_seen_is_not_merged(
    file, pair, eas_agent, expert
):
    lead, _merged = pair
    birth = "acte-naissance-filiation"
    one, two, mine = (file(birth, demandeur=who) for who in (PERSON, OTHER, PERSON))
    with pytest.raises(IllegalTransition, match="deux personnes"):
        merge(two, one, eas_agent)
    assert merge(mine, one, eas_agent).merged_into == one
    with pytest.raises((NotAllowed, ServiceRequest.DoesNotExist)):
        merge(lead, one, expert)
    for other in (lead, mine):  # itself, and one that follows another
        with pytest.raises(IllegalTransition):
            merge(lead, other, eas_agent)


@pytest.fixture
def followed(pair, eas_agent, mails):
    """The pair merged and told, given back by its department: the lead is to be answered."""
    lead, merged = pair
    merge(merged, lead, eas_agent)
    actions.return_request(request_id=lead.pk, version=None, actor=eas_agent, note="Fait.")
    mails()
    merged.refresh_from_db()
    return lead, merged


def answer(lead, actor, **words):
    return actions.answer_request(
        request_id=lead.pk, version=None, actor=actor, outcome=Outcome.POSITIVE, **words
    )


def close(lead, actor, words=""):
    reason = ClosingReason.objects.get(pk="information-donnee")
    return actions.close_request(
        request_id=lead.pk, version=None, actor=actor, closing_reason=reason, motive=words
    )


def letters_to(person, mails):
    return [one for one in mails() if one.to == [person["email"]]]


def test_a_lead_that_is_closed_without_a_letter_closes_nobody_else(followed, eas_agent, mails):
    lead, merged = followed
    close(lead, eas_agent)
    assert letters_to(OTHER, mails) == []
    merged.refresh_from_db()
    assert merged.is_open
    assert merged.merged_into is None


def test_the_answer_and_the_closing_letter_both_reach_who_follows(followed, eas_agent, mails):
    lead, merged = followed
    answer(lead, eas_agent, body="Rebouché ce matin.", close=False)
    mails()
    close(lead, eas_agent, "Le marquage est refait aussi.")
    told = [one.body for one in letters_to(OTHER, mails)]
    assert ["Rebouché" in body for body in told] == [True, False]
    assert ["marquage" in body for body in told] == [False, True]
    merged.refresh_from_db()
    assert merged.state == State.CLOSE


def test_what_its_requester_writes_while_the_answer_leaves_gives_the_request_back(
    followed, eas_agent, mails
):
    lead, merged = followed
    close(lead, eas_agent, "Rebouché ce matin.")
    actions.receive_message(
        request_id=merged.pk, body="Il y en a un second.", now=timezone.now() + timedelta(seconds=1)
    )
    assert not any("Rebouché" in one.body for one in letters_to(OTHER, mails))
    assert list(ServiceRequest.objects.unread()) == [merged]


def test_silence_that_decides_a_request_first_is_told_whatever_its_lead_waits_for(followed):
    lead, merged = followed
    now = timezone.now()
    due = now + timedelta(days=1)
    ServiceRequest.objects.filter(pk=merged.pk).update(implicit_decision_at=due)
    ServiceRequest.objects.filter(pk=lead.pk).update(legal_paused_at=now)
    alerts = actions.due_alerts(now=now, calendar=town_calendar(), limit=99)
    told = [pk for pk, kind, _about in alerts if kind == AlertKind.IMPLICIT_DECISION]
    assert told == [merged.pk]


def test_a_lead_becomes_nothing_that_each_asks_for_themselves(followed, eas_agent, catalogue):
    lead, _merged = followed
    with pytest.raises(IllegalTransition, match="autres personnes"):
        actions.qualify_request(
            request_id=lead.pk,
            version=None,
            actor=eas_agent,
            prestation=catalogue["acte-naissance-filiation"],
        )


def test_a_template_reaches_who_follows_as_one_letter(followed, eas_agent, mails):
    lead, merged = followed
    answer(lead, eas_agent, template="reponse-probleme", body="La rue sera refaite en mai.")
    (own,) = letters_to(OTHER, mails)
    (first,) = lead.messages.filter(template="reponse-probleme")
    (second,) = merged.messages.filter(template="reponse-probleme")
    assert own.body.count("La rue sera refaite en mai.") == 1
    assert own.body.count("Bonjour") + own.body.count("Madame, Monsieur") == 1
    assert (second.body, second.fields) == (first.body, first.fields)


def test_one_that_comes_back_by_itself_follows_no_other(pair, eas_agent):
    lead, merged = pair
    first_on = (timezone.now() + timedelta(days=40)).date().replace(day=15)
    actions.repeat_request(
        request_id=merged.pk, version=None, actor=eas_agent, rhythm="month", first_on=first_on
    )
    with pytest.raises(IllegalTransition, match="revient"):
        merge(merged, lead, eas_agent)
    actions.repeat_request(request_id=merged.pk, version=None, actor=eas_agent, rhythm="")
    assert merge(merged, lead, eas_agent).merged_into == lead


def test_a_pair_is_locked_in_one_order_whichever_way_it_is_joined(pair, eas_agent):
    """Two agents who merge and link the same pair wait for each other; neither is refused."""
    client = client_of(eas_agent)
    for act, one, other in (
        ("link", *pair),
        ("merge", *reversed(pair)),
        ("unmerge", pair[1], None),
    ):
        one.refresh_from_db()
        data = {"version": one.version, **({"other": other.reference} if other else {})}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(f"{one.get_absolute_url()}{act}/", data).status_code == 302
        first = next(row["sql"] for row in captured if "FOR NO KEY UPDATE" in row["sql"])
        with connection.cursor() as cursor:
            cursor.execute(first)
            assert [pk for (pk,) in cursor.fetchall()] in (sorted(sr.pk for sr in pair), [one.pk])
        assert "ORDER BY" in first
