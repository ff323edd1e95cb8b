"""Prove that nobody rewrote the logs, or tell where."""

import time

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Sum

from massy_grc.audit.models import Seal
from massy_grc.audit.seals import count_unsealed
from requests.event_log import breaks
from requests.models import RequestEvent, ServiceRequest


class Command(BaseCommand):
    help = (
        "Compute the chain of events and all seals again; names each break by its request and "
        "event, and ends with code 1 when there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seal", default="", help="the digest of a seal noted earlier: it must still stand"
        )

    def handle(self, *, seal: str, **options) -> None:
        begun = time.monotonic()
        broken = 0
        for one in breaks():
            broken += 1
            self.stderr.write(str(one))
        if seal and not Seal.objects.filter(digest=seal).exists():
            broken += 1
            self.stderr.write(f"seal {seal}: no longer there")
        self.stdout.write(_checked(time.monotonic() - begun))
        if broken:
            raise CommandError(f"{broken} break{'s' if broken > 1 else ''}")
        self.stdout.write("Nothing was rewritten.")


def _checked(seconds: float) -> str:
    events, requests = RequestEvent.objects.count(), ServiceRequest.objects.count()
    rows = Seal.objects.aggregate(rows=Sum("count"))["rows"] or 0
    told = (
        f"{events} events of {requests} requests, {Seal.objects.count()} seals over {rows} rows"
        f" of all logs ({count_unsealed()} not sealed yet), {seconds:.1f} s"
    )
    if last := Seal.objects.order_by("number").last():
        told += f"\nlast seal: {last.number}, {last.at:%Y-%m-%d %H:%M} UTC, {last.digest}"
    return told
