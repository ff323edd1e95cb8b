"""What dies and comes back loses nothing and repeats nothing (R8, R9)."""

import time
from collections import Counter

import pytest
from django.utils import timezone

from massy_grc.outbox.models import Delivery, HandlerReceipt, KeptMail
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


def test_killed_workers_route_and_write_once_for_each_event(workers, broker, eventually):
    broker.start()
    filed = file_potholes(12)
    for seconds in (3.0, 3.6, 4.2):
        worker = workers.start()
        time.sleep(seconds)
        workers.kill(worker)
        # the patience after which a dead worker's receipts are handed over again
        HandlerReceipt.objects.filter(done_at=None).update(run_after=timezone.now())
        Delivery.objects.filter(state="in_flight").update(claimed_at=None, state="retry")
    workers.start()
    eventually(lambda: all_settled(12))
    verbs = Counter(RequestEvent.objects.values_list("request_id", "verb"))
    assert set(verbs.values()) == {1}
    assert {verb for _request, verb in verbs} == {"file", "route", "acknowledge"}
    messages = Counter(KeptMail.objects.values_list("to", "message_id"))
    assert len({message_id for _to, message_id in messages}) == 2 * len(filed)
