"""What dies and comes back loses nothing and repeats nothing (R8, R9)."""

from collections import Counter

import pytest

from massy_grc.outbox.models import Delivery, HandlerReceipt, KeptMail
from massy_grc.outbox.tasks import run_handlers
from prestations.models import Prestation
from requests import actions
from requests.models import RequestEvent, ServiceRequest

pytestmark = pytest.mark.django_db(transaction=True)


def file_potholes(count: int) -> list[ServiceRequest]:
    """Potholes with an address to write to, filed as the portal does."""
    prestation = Prestation.objects.get(pk="voirie-intervention-rapide")
    return [
        actions.intake(
            prestation=prestation,
            form_version=prestation.current_form,
            channel="web",
            answers={
                "demandeur": {"nom_famille": f"Nom{n}", "email": f"n{n}@courriel.example"},
                "reponses": {},
            },
            place="rue Jean Mermoz",
            idempotency_key=f"fault:{n}",
        )
        for n in range(count)
    ]


def all_settled(count: int) -> bool:
    return (
        ServiceRequest.objects.filter(state="transmise").exclude(acknowledged_at=None).count()
        == count
        and not HandlerReceipt.objects.filter(done_at=None).exists()
        and Delivery.objects.exclude(state="sent").count() == 0
        and Delivery.objects.filter(state="sent").count() >= 2 * count
    )


def test_filing_survives_a_lost_broker_and_goes_on_when_it_is_back(workers, broker, eventually):
    filed = file_potholes(3)  # the broker is down
    assert all(request.reference for request in filed)
    broker.start()
    workers.start()
    eventually(lambda: all_settled(3))
    assert KeptMail.objects.filter(to="n0@courriel.example").count() == 2


def test_letters_wait_behind_routing_however_many_they_are(workers, broker, eventually):
    broker.start()
    filed = file_potholes(12)
    workers.start()
    done = HandlerReceipt.objects.exclude(done_at=None).order_by("done_at")
    routed = done.filter(handler="requests.handlers.route_new_request")
    eventually(lambda: routed.count() == len(filed))
    letters = done.exclude(pk__in=routed).filter(done_at__lt=routed.last().done_at)
    assert letters.count() <= 4  # two processes, each with one task in work and one fetched


FILED = 4
# The steps of routing and notification, in the order in which a new request passes them.
STEPS = (
    "before massy_grc.outbox.tasks.run_handlers.apply_async",  # handed over, not in the broker
    "after massy_grc.outbox.tasks.run_handlers.apply_async",
    "after requests.actions.route_request",  # routed, not committed
    "after massy_grc.outbox.relay.run_receipt",  # committed, the task not acknowledged
    "after requests.notifications.filing.acknowledge",  # written, not committed
    "after massy_grc.outbox.sending._claim",
    "after massy_grc.outbox.mailbox.KeptMailBackend.send_messages",  # sent, not marked
)


def test_a_worker_killed_at_any_step_routes_and_writes_once(workers, broker, eventually):
    """Each is really killed; its broker also gives out again what it is still working on.

    They are few, or what is given out again and again keeps the next worker from its step.
    """
    broker.start()
    file_potholes(FILED)
    workers.die_at(*STEPS)
    receipts = list(HandlerReceipt.objects.values_list("pk", flat=True))
    for _time in range(3):
        run_handlers.delay(receipts)
    workers.start()
    eventually(lambda: all_settled(FILED))
    verbs = Counter(RequestEvent.objects.values_list("request_id", "verb"))
    assert set(verbs.values()) == {1}
    assert {verb for _request, verb in verbs} == {"file", "route", "acknowledge"}
    messages = Counter(KeptMail.objects.values_list("to", "message_id"))
    assert len({message_id for _to, message_id in messages}) == 2 * FILED
    assert Delivery.objects.filter(about__startswith="request:").count() == 2 * FILED
