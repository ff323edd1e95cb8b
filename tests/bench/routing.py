"""Ten thousand requests routed by two worker processes, none lost (in ``make bench``, or alone):

    .venv/bin/python -m massy_grc.embedded exec --throwaway --owner -- \\
        .venv/bin/python -m tests.bench.routing

Files qualified requests while no worker runs, with rules of every kind in force, then starts two
real Celery workers and a beat, and waits until the last one is routed. Their letters wait in the
same broker meanwhile. Ends with an error when one is lost, routed twice, or late.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from massy_grc.embedded.children import stand_back
from tests.bench.ground import ROOT, prepare

COUNT, WORKERS = 10_000, 2
BATCH = 500
AT_MOST = 120.0  # seconds
PATIENCE = 900.0  # seconds after which what is not routed is lost
ROUTING = "requests.handlers.route_new_request"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.routing", description=__doc__)
    parser.add_argument("--requests", type=int, default=COUNT)
    count = parser.parse_args().requests
    return tell(count) if prepare(requests=500) else 2


def tell(count: int = COUNT) -> int:
    """Print how long the workers took for so many requests; 1 when late, or one went astray."""
    before = time.monotonic()
    first = file(count)
    print(f"\n{count} requests filed in {time.monotonic() - before:.0f} s", flush=True)
    with workers():
        begun = time.monotonic()
        waiting = count
        while waiting and time.monotonic() - begun < PATIENCE:
            time.sleep(0.5)
            waiting = unrouted(first)
        seconds = time.monotonic() - begun
    wrong = faults(first, count)
    rate = (count - waiting) / seconds
    print(f"{count - waiting} routed in {seconds:.1f} s by {WORKERS} workers: {rate:.0f} a second")
    print("lost or wrong: " + (", ".join(wrong) or "none"))
    return 1 if wrong or seconds > AT_MOST else 0


def file(count: int) -> int:
    """File `count` requests of several prestations; return the first one's id."""
    from django.db import transaction

    from prestations.models import Prestation
    from requests import actions
    from requests.models import ServiceRequest

    kinds = ["voirie-graffitis", "voirie-intervention-rapide", "proprete-depot-sauvage"]
    prestations = Prestation.objects.select_related("current_form", "category", "team")
    offered = [prestations.get(pk=code) for code in [*kinds, "acte-naissance-filiation"]]
    last = ServiceRequest.objects.latest("pk").pk
    switch_on()
    for begin in range(0, count, BATCH):
        with transaction.atomic():
            for number in range(begin, min(begin + BATCH, count)):
                prestation = offered[number % len(offered)]
                actions.intake(
                    prestation=prestation,
                    form_version=prestation.current_form,
                    channel="web",
                    answers={
                        "demandeur": {
                            "nom_famille": f"Nom{number}",
                            "prenom": "Alix",
                            "email": f"n{number}@massy.example",
                        },
                        "reponses": {"description": "Devant l'école"},
                    },
                    idempotency_key=f"bench:{number}",
                )
    return last + 1


def switch_on() -> None:
    """Put every rule of the demo in force, those that choose a colleague among them."""
    from massy_grc.users.models import User
    from prestations.enums import Role
    from requests import actions
    from requests.demo.people import demo_login
    from requests.models import RoutingRule

    administrator = User.objects.get(email=demo_login(Role.ADMINISTRATEUR))
    for rule in RoutingRule.objects.filter(enabled=False):
        replay = actions.replay_rule(actor=administrator, rule_id=rule.pk)
        actions.switch_on_rule(actor=administrator, rule_id=rule.pk, digest=replay.digest)


@contextlib.contextmanager
def workers() -> Iterator[None]:
    """Run the workers and a beat behind the pages; end them as a supervisor does."""
    with tempfile.TemporaryDirectory() as folder:
        celery = [sys.executable, "-m", "celery", "-A", "massy_grc"]
        commands = [
            [*celery, "worker", "--concurrency", "1", "--hostname", f"bench{number}@%h"]
            for number in range(WORKERS)
        ]
        commands.append([*celery, "beat", "--schedule", f"{folder}/beat", "--pidfile", ""])
        environment = {k: v for k, v in os.environ.items() if k != "MASSY_COMMAND"}
        running = [
            subprocess.Popen(
                [*command, "--loglevel", "ERROR"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            for command in commands
        ]
        for process in running:
            stand_back(process.pid)
        try:
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(60)


def unrouted(first: int) -> int:
    """How many of the requests are still where they were filed."""
    from requests.enums import State
    from requests.models import ServiceRequest

    return ServiceRequest.objects.filter(pk__gte=first, state=State.ENREGISTREE).count()


def faults(first: int, count: int) -> list[str]:
    """Return what is not as it must be: one routing each, in the right place, done for good."""
    from django.db.models import Count, F
    from django.db.models.fields.json import KT

    from massy_grc.outbox.models import HandlerReceipt
    from requests.enums import State, Verb
    from requests.models import RequestEvent, ServiceRequest

    filed = ServiceRequest.objects.filter(pk__gte=first)
    routings = RequestEvent.objects.filter(request__in=filed, verb=Verb.ROUTE)
    often = routings.values("request").annotate(n=Count("pk")).exclude(n=1).count()
    astray = filed.exclude(state__in=[State.TRANSMISE, State.EN_COURS]).count()
    told = routings.annotate(department=KT("data__department")).exclude(department=None)
    elsewhere = told.exclude(department=F("request__department")).count()
    receipts = HandlerReceipt.objects.filter(handler=ROUTING, event__topic="request.file")
    counted = {
        "not filed": count - filed.count(),
        "not routed": count - routings.values("request").distinct().count(),
        "routed twice": often,
        "in a wrong state": astray,
        "not where the event says": elsewhere,
        "receipts not done": receipts.filter(done_at=None).count(),
    }
    return [f"{number} {what}" for what, number in counted.items() if number]


if __name__ == "__main__":
    sys.exit(main())
