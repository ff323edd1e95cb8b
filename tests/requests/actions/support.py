"""What the tests of the verbs ask again and again."""

from datetime import date

from requests import actions
from requests.enums import PieceFault
from requests.models import ServiceRequest


def version(service_request) -> int:
    return ServiceRequest.objects.get(pk=service_request.pk).version


def ask_one_piece(service_request, actor, now, fault=PieceFault.INCOMPLETE):
    return actions.ask_pieces(
        request_id=service_request.pk,
        version=None,
        actor=actor,
        pieces=[{"document_code": "photo", "label": "Une photo du trou"}],
        due_on=date(2026, 2, 15),
        fault=fault,
        now=now,
    )
