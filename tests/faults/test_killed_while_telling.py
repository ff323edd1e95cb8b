"""A worker killed at each way of telling somebody: each hears it, and nobody twice (R9).

The way of a new request (filing, routing, acknowledgement) is in test_broker_and_worker.py.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from massy_grc.outbox import relay
from massy_grc.outbox.models import Delivery, HandlerReceipt, KeptMail, OutboxEvent
from prestations.models import Department
from requests import actions
from requests.actions import problem_answers, problems
from requests.enums import AlertKind, Verb
from requests.models import Alert, ServiceRequest
from requests.tasks import chase_deadlines
from tests.factories.citizens import make_account
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db(transaction=True)

POTHOLE, CERTIFICATE = "voirie-intervention-rapide", "acte-mariage-sans-filiation"
MEMBERS = 3


@dataclass(frozen=True)
class Scene:
    """One way of telling.

    Attributes:
        steps: where a worker dies, one after the other (tests/faults/mortal.py).
        act: what an agent or the clock does to the scene's requests.
        events: what stands in the log of each afterwards, once.
        count: how many requests it is about.
    """

    steps: tuple[str, ...]
    act: Callable[[list[ServiceRequest], dict], object]
    events: tuple[Verb, ...]
    count: int = 1
    code: str = CERTIFICATE


def write(rows, cast):
    actions.write_message(
        request_id=rows[0].pk, version=None, actor=cast["agent"], body="C’est prévu."
    )


def ask_pieces(rows, cast):
    piece = {"document_code": "photo", "label": "Une photo"}
    actions.ask_pieces(
        request_id=rows[0].pk,
        version=None,
        actor=cast["agent"],
        pieces=[piece],
        due_on=timezone.localdate() + timedelta(days=9),
    )
    # the letter is written; its SMS leaves by day, and now it is
    relay.relay_events()
    relay.hand_over(relay.run_receipts)
    Delivery.objects.filter(channel="sms").update(next_attempt_at=timezone.now())


def ask_task(rows, cast):
    actions.ask_task(
        request_id=rows[0].pk,
        version=None,
        actor=cast["agent"],
        departments=[Department.objects.get(pk="espaces-verts")],
        kind="work",
        asked="Tailler la haie.",
        due_on=timezone.localdate(),
    )


def be_late(rows, cast):
    now = timezone.now()
    ServiceRequest.objects.filter(pk__in=[row.pk for row in rows]).update(
        arrived_at=now - timedelta(days=20),
        due_at=now - timedelta(days=9),
        assignee=cast["expert"],
        front_agent=cast["agent"],
    )


def answer(rows, cast):
    """Its ten seconds run while the workers die."""

    def perform():
        return actions.answer_request(
            request_id=rows[0].pk,
            version=None,
            actor=cast["agent"],
            body="Voici.",
            outcome="positive",
        )

    _done, sent = actions.send_undoable(
        request_id=rows[0].pk, actor=cast["agent"], act="answer", typed={}, perform=perform
    )
    assert sent is not None


def answer_all(rows, cast):
    problem = problems.open_problem(
        actor=cast["proximite"], title="Trous", requests=[row.pk for row in rows]
    )
    problem_answers.answer_problem(
        problem_id=problem.pk,
        version=problem.version,
        actor=cast["proximite"],
        members=[member.pk for member in problem.members.all()],
        body="La rue est refaite.",
    )


SCENES = {
    "a message by mail": Scene(("after requests.handlers.send_letter",), write, (Verb.WRITE,)),
    "an SMS": Scene(("after massy_grc.outbox.sending.send_sms",), ask_pieces, (Verb.ASK_PIECES,)),
    "a department's task": Scene(
        ("after requests.notifications.tasks.tell_started",), ask_task, (Verb.ASK_TASK,)
    ),
    "an escalation from beat": Scene(
        (
            "after requests.actions.core.publish",  # raised, not committed
            "after requests.actions.raise_alert",  # one is told, the others not yet
            "after requests.notifications.alerts.tell_staff",
        ),
        be_late,
        (Verb.ALERT,),
        count=3,
        code=POTHOLE,
    ),
    "an answer after its ten seconds": Scene(
        ("after requests.handlers.send_letter", "after requests.actions.end_merged"),
        answer,
        (Verb.ANSWER, Verb.CLOSE),
    ),
    "an answer to all of a problem": Scene(
        (
            "after requests.actions.problem_answers.tell_members",
            "after requests.actions.problem_answers.write_to_member",
            "after requests.actions.problem_answers.tell_member",
        ),
        answer_all,
        (Verb.WRITE,),  # a department still has them
        count=MEMBERS,
        code=POTHOLE,
    ),
}


def settled() -> bool:
    """Nothing is left to relay, to run or to send."""
    return not (
        OutboxEvent.objects.filter(relayed_at=None).exists()
        or HandlerReceipt.objects.filter(done_at=None).exists()
        or Delivery.objects.exclude(state__in=["sent", "failed"]).exists()
    )


@pytest.fixture
def cast(eas_agent, proximite_agent, expert, other_expert, supervisor):
    return {"agent": eas_agent, "proximite": proximite_agent, "expert": expert}


def filed_for(name: str, scene: Scene) -> list[ServiceRequest]:
    rows = []
    for number in range(scene.count):
        account = make_account(progress_channel="sms") if name == "an SMS" else None
        row = file_request(
            scene.code,
            requester={"email": f"{number}@courriel.example", "nom_famille": f"{name} {number}"},
            account=account,
            citizen=account and account.citizen,
            now=timezone.now(),
        )
        rows.append(actions.route_request(request_id=row.pk))
    drain_outbox()
    KeptMail.objects.filter(to__startswith="+").delete()  # its receipt told by SMS
    return rows


def test_a_worker_killed_at_each_way_of_telling_tells_once(cast, workers, broker, eventually):
    broker.start()
    rows = {}
    for name, scene in SCENES.items():
        rows[name] = filed_for(name, scene)
        scene.act(rows[name], cast)
        workers.die_at(*scene.steps)
    workers.start()
    chase_deadlines()  # beat's next run
    eventually(settled)
    for name, scene in SCENES.items():
        for row in rows[name]:
            verbs = Counter(row.events.values_list("verb", flat=True))
            assert set(verbs.values()) == {1}, (name, verbs)
            assert {*scene.events} <= set(verbs), (name, verbs)
    messages = Counter(KeptMail.objects.values_list("to", "subject"))
    assert set(messages.values()) == {1}, messages
    assert Alert.objects.filter(kind=AlertKind.SEVERELY_LATE).count() == 3
