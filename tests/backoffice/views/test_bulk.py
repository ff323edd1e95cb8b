"""One act on many requests: told before, done row by row, each refusal explained (bar 31)."""

import json
from uuid import uuid4

import pytest

from backoffice.actions import bulk
from backoffice.bulk.kinds import KINDS
from backoffice.models import BulkRun
from massy_grc.outbox.models import OutboxEvent
from requests import actions
from requests.actions.mentions import watch_request
from requests.enums import State
from requests.event_log import breaks
from requests.models import InternalNote, Mention, RequestEvent, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.backoffice.views.bulk import (
    BULK,
    address,
    begun,
    fresh,
    mine,
    outcomes,
    previewed,
    queries_of,
    sent,
    three,
    ticked,
)
from tests.factories.requests import make_request
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db
__all__ = ["mine", "three"]
ROADS, PARKS = "voirie-assainissement", "espaces-verts"
SECRET = "Un texte-canari."


# --- choosing and preview -------------------------------------------------------------------
def test_the_list_has_a_box_at_each_row_and_the_acts(front, three):
    page = front.get("/agent/demandes/", {"vue": "toutes"}).content.decode()
    for value in ticked(*three):
        assert f'name="row" value="{value}" form="groupe"' in page
    assert '<option value="transfer">Transmettre à un service</option>' in page


def test_who_reads_figures_alone_is_offered_no_act(manager, three):
    page = client_of(manager).get("/agent/demandes/", {"vue": "toutes"}).content.decode()
    assert 'name="row"' not in page
    assert 'id="groupe"' not in page


def test_nothing_ticked_or_chosen_leads_back_to_the_same_list(front, three):
    there = "/agent/demandes/?vue=ouvertes&urgent=on"
    for given in ({"acte": "take"}, {"acte": "", "row": ticked(*three)}):
        answer = front.get(BULK, {**given, "liste": "vue=ouvertes&urgent=on"})
        assert answer.headers["Location"] == there


def test_the_preview_tells_of_each_row_and_writes_nothing(front, three, eas_agent):
    first, closed, mine = three
    ServiceRequest.objects.filter(pk=closed.pk).update(state=State.CLOSE)
    ServiceRequest.objects.filter(pk=mine.pk).update(assignee=eas_agent, front_agent=eas_agent)
    events = RequestEvent.objects.count()
    page = previewed(front, "take", *three)
    told = {row.sr.pk: row.why_not for row in page.context["rows"]}
    assert told == {
        first.pk: "",
        closed.pk: "L'état actuel de la demande ne permet pas cette action.",
        mine.pk: "Vous l’avez déjà.",
    }
    text = page.content.decode()
    assert "Possible pour 1 demande sur 3." in text
    assert "Paul Ferry" in text
    assert text.count('name="row"') == 1
    assert RequestEvent.objects.count() == events
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize("act", [slug for slug in KINDS if slug not in ("watch", "note")])
def test_where_nothing_is_possible_nothing_is_asked(front, three, act):
    pks = [sr.pk for sr in three]
    ServiceRequest.objects.filter(pk__in=pks).update(state=State.CLOSE)
    page = previewed(front, act, *fresh(three))
    assert page.context["form"] is None
    given = {"acte": act, "token": page.context["token"], "row": ticked(*three)}
    assert front.post(BULK, given).status_code == 200
    assert not BulkRun.objects.exists()


def test_the_preview_says_what_has_changed_since_the_list(front, three, supervisor):
    old = ticked(*three)
    actions.take_request(request_id=three[0].pk, version=None, actor=supervisor)
    page = front.get(BULK, {"acte": "take", "row": old})
    assert [row.changed for row in page.context["rows"]] == [True, False, False]
    assert page.content.decode().count("Elle a changé depuis que la liste est affichée.") == 1


def test_the_preview_says_what_could_not_be_undone(front, three):
    page = previewed(front, "note", *three).content.decode()
    assert "Ne pourra pas être annulée" in page
    ServiceRequest.objects.filter(pk=three[0].pk).update(state=State.A_QUALIFIER)
    rows = previewed(front, "transfer", *three).context["rows"]
    assert [row.lasting for row in rows] == [
        "Son état restera « Transmise au service expert ».",
        "",
        "",
    ]


def test_the_preview_makes_the_same_queries_for_one_row_and_for_fifty(front, expert, three):
    prestation = three[0].prestation
    many = [
        make_request(prestation=prestation, state=State.TRANSMISE, department_id=ROADS)
        for _ in range(47)
    ]
    ServiceRequest.objects.filter(pk__in=[sr.pk for sr in many]).update(
        department_since=many[0].arrived_at
    )
    for client in (front, client_of(expert, post=None)):
        for act in ("note", "assign" if client is front else "take"):
            few = fresh(many[:1])
            previewed(client, act, *few)
            one = queries_of(previewed, client, act, *few)
            assert queries_of(previewed, client, act, *fresh(many), *three) == one


def test_an_act_that_ones_roles_do_not_have_is_refused(expert_browser, three):
    for given in ("transfer", "urgency", "assign"):
        assert previewed(expert_browser, given, *three).status_code == 403
    assert expert_browser.get(BULK, {"acte": "inconnu", "row": "1.1"}).status_code == 404


def test_forged_and_foreign_rows_are_left_out(expert_browser, three):
    foreign = ticked(*three)
    for value in (*foreign, "0.0", "x", "1.1.1", "9" * 18 + ".1", "1." + "9" * 30):
        answer = expert_browser.post(
            BULK, {"acte": "take", "token": str(uuid4()), "row": value}, follow=True
        )
        assert answer.status_code == 200
    assert not BulkRun.objects.exists()
    assert three[0].reference not in answer.content.decode()


def test_the_whole_list_is_taken_page_after_page(front, three, monkeypatch):
    monkeypatch.setattr("backoffice.views.queue.PAGE_SIZE", 2)
    ServiceRequest.objects.filter(pk=three[1].pk).update(urgent=True)
    page = front.get("/agent/demandes/", {"vue": "toutes"}).content.decode()
    assert "Toute la liste (100 au plus)" in page
    for query, found in (("vue=toutes", 3), ("vue=toutes&urgent=on", 1), ("vue=inconnue", 0)):
        given = {"acte": "take", "tout": "oui", "liste": query}
        answer = front.get(BULK, given)
        rows = answer.context["rows"] if answer.context else []
        assert [row.changed for row in rows] == [False] * found


def test_more_than_a_hundred_are_not_taken(front, three, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    monkeypatch.setattr("backoffice.views.bulk.MOST", 2)
    page = previewed(front, "take", *three)
    assert len(page.context["rows"]) == 2
    assert "1 demande de plus était cochée" in page.content.decode()
    given = {"acte": "take", "token": str(uuid4()), "row": ticked(*three)}
    answer = front.post(BULK, given)
    assert "Choisissez 2 demandes au plus." in answer.content.decode()
    assert not BulkRun.objects.exists()


# --- each act -------------------------------------------------------------------------------
def test_taking(front, three, eas_agent):
    run = begun(front, "take", *three)
    assert [outcome for outcome, _words in outcomes(run)] == ["waiting"] * 3
    drain_outbox()
    assert outcomes(run) == [("done", "")] * 3
    assert {sr.assignee for sr in fresh(three)} == {eas_agent}
    assert [sr.version for sr in fresh(three)] == [sr.version + 1 for sr in three]
    assert list(breaks()) == []


def test_giving_to_a_colleague_refuses_where_that_one_does_not_work(front, three, supervisor):
    in_department = make_request(state=State.TRANSMISE, department_id=ROADS)
    ServiceRequest.objects.filter(pk=in_department.pk).update(
        department_since=in_department.arrived_at
    )
    OutboxEvent.objects.all().delete()
    run = begun(front, "assign", *three, *fresh([in_department]), assignee=supervisor.pk)
    drain_outbox()
    words = "Cette personne ne travaille pas dans le service chargé du dossier."
    assert outcomes(run) == [*[("done", "")] * 3, ("refused", words)]
    assert {sr.assignee for sr in fresh(three)} == {supervisor}
    page = front.get(address(run)).content.decode()
    assert "3 faites, 1 refusée" in page
    assert words in page
    assert "Irène Lopez" in page
    assert "Envoyé" not in page  # that is said of letters


def test_a_form_with_a_mistake_comes_back_with_its_rows(front, three):
    answer = sent(front, "assign", previewed(front, "assign", *three), assignee="")
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert len(answer.context["rows"]) == 3
    assert not BulkRun.objects.exists()


def test_transferring(front, three):
    run = begun(front, "transfer", *three, department=PARKS, note=SECRET)
    drain_outbox()
    assert outcomes(run) == [("done", "")] * 3
    assert {(sr.state, sr.department_id) for sr in fresh(three)} == {(State.TRANSMISE, PARKS)}
    assert InternalNote.objects.filter(body=SECRET).count() == 3


def test_setting_aside_is_for_ones_own(front, mine, three, supervisor):
    ServiceRequest.objects.filter(pk=mine[2].pk).update(assignee=supervisor, front_agent=supervisor)
    page = previewed(front, "snooze", *mine)
    assert [row.why_not for row in page.context["rows"]] == [
        "",
        "",
        "Elle n’est pas parmi vos demandes.",
    ]
    sent(front, "snooze", page, preset="week", reason="Attendre le devis.")
    drain_outbox()
    assert [sr.snoozes.away().count() for sr in mine] == [1, 1, 0]


def test_watching_and_no_more(front, three, eas_agent):
    watch_request(service_request=three[0], user=eas_agent, at_once=True)
    run = begun(front, "watch", *three, at_once="oui")
    drain_outbox()
    assert [outcome for outcome, _words in outcomes(run)] == ["skipped", "done", "done"]
    assert [sr.watchers.get().at_once for sr in three] == [True] * 3
    page = previewed(front, "unwatch", *three)
    sent(front, "unwatch", page)
    drain_outbox()
    assert not any(sr.watchers.exists() for sr in three)


def test_urgency_is_said_not_turned(front, three):
    ServiceRequest.objects.filter(pk=three[0].pk).update(urgent=True)
    page = previewed(front, "urgency", *three).content.decode()
    assert "urgente (2 demandes changent)" in page
    assert "non urgente (1 demande change)" in page
    run = begun(front, "urgency", *three, urgent="oui")
    drain_outbox()
    assert outcomes(run) == [("skipped", "Elle est déjà urgente."), *[("done", "")] * 2]
    assert all(sr.urgent for sr in fresh(three))


def test_a_note_on_each_and_its_text_nowhere_else(front, three):
    run = begun(front, "note", *three, body=SECRET)
    assert BulkRun.objects.get().data == {"body": SECRET}
    drain_outbox()
    assert InternalNote.objects.filter(body=SECRET).count() == 3
    run.refresh_from_db()
    assert run.data == {}
    assert run.ended_at is not None
    logged = [*RequestEvent.objects.values_list("data", flat=True)]
    told = [*OutboxEvent.objects.values_list("payload", flat=True)]
    kept = [*run.rows.values_list("back", "words")]
    assert "canari" not in json.dumps([logged, told, kept])


def test_what_came_in_stays_unread_and_a_mention_unseen(front, three, eas_agent, supervisor):
    first = three[0]
    actions.add_note(request_id=first.pk, actor=supervisor, body="Voir.", people=[eas_agent])
    actions.receive_message(request_id=first.pk, body="Alors ?")
    begun(front, "take", *fresh(three))
    drain_outbox()
    first.refresh_from_db()
    assert first.assignee == eas_agent
    assert first.unread_since is not None
    assert Mention.objects.get().seen_at is None
