"""An act on many requests taken back: exactly, where nothing has followed; said, where not."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from django.utils import timezone

from backoffice.actions.bulk import UNDO, treat_row
from backoffice.models import BulkRun
from prestations.enums import Role
from requests import actions
from requests.enums import AlertKind, State, Verb
from requests.event_log import breaks
from requests.models import Alert, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.backoffice.views.bulk import address, begun, outcomes
from tests.factories.users import make_agent
from tests.helpers import drain_outbox
from tests.requests.actions.standing import check
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
CERTIFICATE, POTHOLE = "acte-naissance-filiation", "voirie-intervention-rapide"
PARKS = "espaces-verts"
GROWS = {"version", "event_count", "search_vector"}


class Act(NamedTuple):
    kind: str
    typed: dict


@pytest.fixture
def filed(eas_agent, settings, tmp_path, text_letters):
    """`filed(code)`: a request through the real door, routed and acknowledged."""
    settings.MEDIA_ROOT = tmp_path

    def file(code: str, *, taken_by=None) -> ServiceRequest:
        sr = file_request(code, place="rue Jean Mermoz")
        drain_outbox()
        if taken_by:
            actions.take_request(request_id=sr.pk, version=None, actor=taken_by)
            drain_outbox()
        return ServiceRequest.objects.get(pk=sr.pk)

    return file


def undone(client, run: BulkRun) -> list[tuple[str, str]]:
    assert client.post(address(run, "annuler/")).status_code == 302
    drain_outbox()
    return list(run.rows.values_list("undoing", "undo_words"))


def everything(sr: ServiceRequest) -> dict:
    """Every column of the request, its standing alerts, its watchers and what is set aside."""
    columns = ServiceRequest.objects.filter(pk=sr.pk).values().get()
    return {
        **{name: value for name, value in columns.items() if name not in GROWS},
        "alerts": [*sr.alerts.filter(cleared_at=None).order_by("pk").values("pk", "kind")],
        "watchers": [*sr.watchers.values("user", "at_once")],
        "away": [*sr.snoozes.away().values("agent")],
    }


ACTS = (
    Act("take", {}),
    Act("assign", {"assignee": "supervisor"}),
    Act("transfer", {"department": PARKS}),
    Act("urgency", {"urgent": "oui"}),
    Act("snooze", {"preset": "week", "reason": "Attendre."}),
    Act("watch", {"at_once": "oui"}),
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.kind)
def test_done_then_undone_every_column_stands_as_before(filed, eas_agent, supervisor, act):
    """In the front office, in a department, treated by it: whoever had them, wherever they are."""
    colleague = make_agent(Role.AGENT_EAS, first_name="Paul", last_name="Ferry")
    roads = make_agent(
        Role.CHEF_SERVICE,
        first_name="Sylvie",
        last_name="Moreau",
        department_id="voirie-assainissement",
    )
    snoozes = act.kind == "snooze"  # one's own alone
    nobodys, theirs = filed(CERTIFICATE), filed(CERTIFICATE, taken_by=colleague)
    held, treated = filed(POTHOLE), filed(POTHOLE, taken_by=roads)
    actions.treat_request(
        request_id=treated.pk, version=None, actor=roads, conclusion="Fait.", outcome="positive"
    )
    rows = [nobodys, theirs, treated] if act.kind == "assign" else [nobodys, theirs, held, treated]
    for sr in rows:
        if snoozes:
            ServiceRequest.objects.filter(pk=sr.pk).update(front_agent=eas_agent)
        kinds = (AlertKind.UNASSIGNED, AlertKind.OVERDUE)
        for kind in kinds:
            Alert.objects.create(
                request=sr, kind=kind, about="aujourd’hui", raised_at=timezone.now()
            )
    drain_outbox()
    rows = [ServiceRequest.objects.get(pk=sr.pk) for sr in rows]
    before = [everything(sr) for sr in rows]
    typed = {k: supervisor.pk if v == "supervisor" else v for k, v in act.typed.items()}
    client = client_of(eas_agent)
    run = begun(client, act.kind, *rows, **typed)
    drain_outbox()
    assert [outcome for outcome, _words in outcomes(run)] == ["done"] * len(rows)
    assert [everything(sr) for sr in rows] != before
    assert undone(client, run) == [("undone", "")] * len(rows)
    assert [everything(sr) for sr in rows] == before
    assert list(breaks()) == []
    for sr in rows:
        sr.refresh_from_db()
        if not snoozes:
            check(sr, timezone.now(), eas_agent)
    page = client.get(address(run)).content.decode()
    assert "Annulation terminée" in page
    assert "Annuler l’action groupée" not in page


def test_a_row_changed_since_stays_and_says_so(filed, front, supervisor):
    rows = [filed(CERTIFICATE), filed(CERTIFICATE)]
    run = begun(front, "take", *rows)
    drain_outbox()
    actions.assign_request(
        request_id=rows[0].pk, version=None, actor=supervisor, assignee=supervisor
    )
    words = "Elle a changé entre-temps : Dossier confié à un agent, Irène Lopez."
    assert undone(front, run) == [("kept", words), ("undone", "")]
    rows[0].refresh_from_db()
    rows[1].refresh_from_db()
    assert (rows[0].assignee, rows[1].assignee) == (supervisor, None)
    page = front.get(address(run)).content.decode()
    assert "1 annulée, 1 non annulée" in page
    assert words in page


def test_whoever_has_left_gets_nothing_back(filed, front, eas_agent):
    leaver = make_agent(Role.AGENT_EAS, first_name="Paul", last_name="Ferry")
    sr = filed(CERTIFICATE, taken_by=leaver)
    run = begun(front, "take", sr)
    drain_outbox()
    leaver.is_active = False
    leaver.save()
    assert undone(front, run) == [("kept", "Cette personne ne travaille pas à l'accueil.")]
    sr.refresh_from_db()
    assert sr.assignee == eas_agent


def test_what_came_back_meanwhile_was_back(filed, front, eas_agent):
    sr = filed(CERTIFICATE, taken_by=eas_agent)
    run = begun(front, "snooze", sr, preset="week", reason="Attendre.")
    drain_outbox()
    actions.end_snooze(request_id=sr.pk, actor=eas_agent)
    assert undone(front, run) == [("kept", "Elle était déjà revenue dans vos demandes.")]


def test_a_note_stays(filed, front):
    sr = filed(CERTIFICATE)
    run = begun(front, "note", sr, body="Vu.")
    drain_outbox()
    assert "Annuler l’action groupée" not in front.get(address(run)).content.decode()
    assert undone(front, run) == [("kept", "Ce qui a été fait ne s’annule pas.")]
    assert sr.notes.count() == 1


def test_undone_while_it_runs_the_rest_is_not_done(filed, front):
    rows = [filed(CERTIFICATE), filed(CERTIFICATE)]
    run = begun(front, "take", *rows)
    treat_row(row_id=run.rows.first().pk)
    assert undone(front, run) == [("undone", ""), ("", "")]
    assert outcomes(run)[1] == ("skipped", "Arrêtée avant d’être faite.")
    assert [sr.events.filter(verb=Verb.TAKE).count() for sr in rows] == [1, 0]


def test_asked_twice_it_is_undone_once(filed, front):
    sr = filed(CERTIFICATE)
    run = begun(front, "take", sr)
    drain_outbox()
    undone(front, run)
    assert undone(front, run) == [("undone", "")]
    assert sr.events.filter(verb=Verb.ASSIGN).count() == 1


def test_after_a_day_it_is_too_late(filed, front):
    sr = filed(CERTIFICATE)
    run = begun(front, "take", sr)
    drain_outbox()
    BulkRun.objects.update(started_at=timezone.now() - UNDO - timedelta(seconds=1))
    assert "Annuler l’action groupée" not in front.get(address(run)).content.decode()
    answer = front.post(address(run, "annuler/"), follow=True)
    assert "Trop tard" in answer.content.decode()
    assert run.rows.get().undoing == ""


def test_transfers_taken_back_are_no_going_round(filed, front):
    sr = filed(CERTIFICATE)
    for _time in range(3):
        sr.refresh_from_db()
        run = begun(front, "transfer", sr, department=PARKS)
        drain_outbox()
        assert outcomes(run) == [("done", "")]
        assert undone(front, run) == [("undone", "")]
    run = begun(front, "transfer", ServiceRequest.objects.get(pk=sr.pk), department=PARKS)
    drain_outbox()
    sr.refresh_from_db()
    assert (sr.state, sr.department_id) == (State.TRANSMISE, PARKS)
    told = front.get(sr.get_absolute_url()).content.decode()
    assert told.count("Transmission annulée") == 3
