"""One act on many requests while others work, workers fail and pages are sent twice (bar 31)."""

import pytest

from backoffice.actions import bulk
from backoffice.actions.bulk import treat_row
from backoffice.models import BulkRun
from massy_grc.outbox import relay
from massy_grc.outbox.models import HandlerReceipt
from prestations.models import Membership
from requests import actions
from requests.enums import State, Verb
from requests.models import RequestEvent, ServiceRequest
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
)
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db
__all__ = ["mine", "three"]
ROADS, PARKS = "voirie-assainissement", "espaces-verts"
SECRET = "Un texte-canari."


# --- meanwhile ------------------------------------------------------------------------------
def test_a_row_changed_meanwhile_is_refused_with_who_and_what(front, three, supervisor):
    run = begun(front, "urgency", *three, urgent="oui")
    actions.take_request(request_id=three[1].pk, version=None, actor=supervisor)
    drain_outbox()
    changed = "Elle a changé entre-temps : Prise en charge, Irène Lopez."
    assert outcomes(run) == [("done", ""), ("refused", changed), ("done", "")]
    assert [sr.urgent for sr in fresh(three)] == [True, False, True]
    assert fresh(three)[1].assignee == supervisor


def test_of_two_agents_at_once_the_second_is_told(front, three, supervisor):
    mine, theirs = previewed(front, "take", *three), client_of(supervisor)
    hers = previewed(theirs, "take", *three)
    sent(front, "take", mine)
    sent(theirs, "take", hers)
    drain_outbox()
    second, first = BulkRun.objects.all()
    assert [outcome for outcome, _words in outcomes(first)] == ["done"] * 3
    assert (
        outcomes(second)
        == [("refused", "Elle a changé entre-temps : Prise en charge, Nadia Petit.")] * 3
    )
    assert {sr.assignee for sr in fresh(three)} == {first.actor}


def test_a_row_no_longer_seen_is_refused_and_no_longer_named(expert_browser, three, supervisor):
    pks = [sr.pk for sr in three]
    ServiceRequest.objects.filter(pk__in=pks).update(
        state=State.TRANSMISE, department=ROADS, department_since=three[0].arrived_at
    )
    run = begun(expert_browser, "note", *fresh(three), body="Vu.")
    ServiceRequest.objects.filter(pk=pks[0]).update(department=PARKS, subject="Un sujet secret")
    drain_outbox()
    gone = "Cette demande ne vous est plus ouverte."
    assert outcomes(run) == [("refused", gone), *[("done", "")] * 2]
    page = expert_browser.get(address(run)).content.decode()
    assert gone in page
    assert "Un sujet secret" not in page
    assert three[0].get_absolute_url() not in page
    assert three[1].get_absolute_url() in page


def test_a_right_withdrawn_before_the_work_ends_it(front, three, eas_agent):
    events = RequestEvent.objects.count()
    run = begun(front, "take", *three)
    Membership.objects.filter(user=eas_agent).delete()
    drain_outbox()
    assert [outcome for outcome, _words in outcomes(run)] == ["refused"] * 3
    assert RequestEvent.objects.count() == events


def test_a_suspended_account_does_nothing_more(front, three, eas_agent):
    run = begun(front, "take", *three)
    eas_agent.is_active = False
    eas_agent.save()
    drain_outbox()
    assert [outcome for outcome, _words in outcomes(run)] == ["refused"] * 3


# --- progress, repetition -------------------------------------------------------------------
def test_the_page_tells_how_far_it_is_and_loads_itself_without_javascript(front, three):
    run = begun(front, "take", *three)
    treat_row(row_id=run.rows.first().pk)
    page = front.get(address(run)).content.decode()
    assert "Traitées : 1 sur 3" in page
    assert 'http-equiv="refresh"' in page
    drain_outbox()
    page = front.get(address(run)).content.decode()
    assert "Terminé" in page
    assert 'http-equiv="refresh"' not in page


def test_what_is_delivered_again_is_done_once(front, three):
    run = begun(front, "take", *three)
    treat_row(row_id=run.rows.first().pk)  # its worker died before it could say so
    drain_outbox()
    receipts = HandlerReceipt.objects.filter(event__topic="bulk.treat")
    receipts.update(done_at=None, run_after=None)
    relay.run_receipts(receipts.values_list("pk", flat=True))
    assert [sr.events.filter(verb=Verb.TAKE).count() for sr in three] == [1, 1, 1]
    assert outcomes(run) == [("done", "")] * 3


def test_a_failing_row_waits_and_holds_up_no_other(front, three, monkeypatch):
    take = actions.take_request

    def fails_on_the_first(**given):
        if given["request_id"] == three[0].pk:
            raise RuntimeError
        return take(**given)

    run = begun(front, "take", *three)
    with monkeypatch.context() as patch:
        patch.setattr(actions, "take_request", fails_on_the_first)
        with pytest.raises(AssertionError):
            drain_outbox()
    assert [outcome for outcome, _words in outcomes(run)] == ["waiting", "done", "done"]
    HandlerReceipt.objects.filter(done_at=None).update(run_after="2020-01-01T00:00Z")
    drain_outbox()
    assert outcomes(run) == [("done", "")] * 3


def test_a_page_sent_twice_begins_one_run(front, three):
    page = previewed(front, "take", *three)
    answers = [sent(front, "take", page).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert BulkRun.objects.count() == 1


def test_anothers_run_is_not_found(front, three, supervisor):
    run = begun(front, "take", *three)
    drain_outbox()
    theirs = client_of(supervisor)
    assert theirs.get(address(run)).status_code == 404
    assert theirs.post(address(run, "annuler/")).status_code == 404
    assert run.rows.filter(undoing="").count() == 3
    assert "Prendre en charge" not in theirs.get(f"{BULK}recentes/").content.decode()
    assert "Prendre en charge" in front.get(f"{BULK}recentes/").content.decode()


def test_the_last_runs_come_first_and_a_stopped_one_says_so(front, three):
    begun(front, "take", *three)
    stopped = begun(front, "urgency", *three, urgent="oui")
    front.post(address(stopped, "annuler/"))
    page = front.get(f"{BULK}recentes/")
    assert [row["run"] for row in page.context["rows"]] == list(BulkRun.objects.order_by("-pk"))
    assert page.context["rows"][0]["words"] == "arrêtée, 3 laissées"
    told = front.get(address(stopped)).content.decode()
    assert "<strong>Arrêtée</strong> · 3 laissées" in told


def test_its_pages_make_the_same_queries_for_one_row_and_for_many(front, three):
    one = begun(front, "take", three[0])
    drain_outbox()
    front.get(address(one))
    few = queries_of(front.get, address(one))
    recent = queries_of(front.get, f"{BULK}recentes/")
    many = begun(front, "urgency", *fresh(three), urgent="oui")
    drain_outbox()
    assert queries_of(front.get, address(many)) == few
    assert queries_of(front.get, f"{BULK}recentes/") == recent


def test_runs_are_deleted_after_thirty_days_the_log_stays(front, three):
    run = begun(front, "take", *three)
    drain_outbox()
    events = RequestEvent.objects.count()
    assert bulk.sweep_runs(run.started_at + bulk.KEPT) == 0
    assert bulk.sweep_runs(run.started_at + 2 * bulk.KEPT) == 1
    assert RequestEvent.objects.count() == events
