"""An act on many requests through its pages: ticked, previewed, sent."""

from typing import Any

from django.test import Client

from backoffice.models import BulkRun
from requests.models import ServiceRequest

BULK = "/agent/demandes/groupe/"


def ticked(*requests: ServiceRequest) -> list[str]:
    """What the boxes of the list send of these requests."""
    return [f"{sr.pk}.{sr.version}" for sr in requests]


def previewed(client: Client, act: str, *requests: ServiceRequest):
    """The page that tells what would be done."""
    return client.get(BULK, {"acte": act, "row": ticked(*requests)})


def sent(client: Client, act: str, page, **typed: Any):
    """Send the form of a preview, as it was shown."""
    rows = [row.value for row in page.context["rows"] if not row.why_not]
    given = {"acte": act, "token": page.context["token"], "row": rows, **typed}
    return client.post(BULK, given)


def begun(client: Client, act: str, *requests: ServiceRequest, **typed: Any) -> BulkRun:
    """Choose, preview and send: the run, of which nothing is done yet."""
    answer = sent(client, act, previewed(client, act, *requests), **typed)
    assert answer.status_code == 302, answer.context["form"].errors
    return BulkRun.objects.latest("pk")


def outcomes(run: BulkRun) -> list[tuple[str, str]]:
    return list(run.rows.values_list("outcome", "words"))


def address(run: BulkRun, then: str = "") -> str:
    return f"{BULK}{run.pk}/{then}"
