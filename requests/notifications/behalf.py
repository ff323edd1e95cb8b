"""Telling the person concerned what somebody filed for them, and the agents that they object."""

from datetime import datetime

from massy_grc.outbox.api import queue_delivery
from requests import actions
from requests.behalf import objection_link
from requests.enums import NoticeKind
from requests.letters.context import way_to
from requests.letters.documents import make_document
from requests.letters.pdf import split_address
from requests.letters.rendering import Rendered, render_template
from requests.models import ConcernedPerson, RequestEvent, ServiceRequest
from requests.notifications.recipients import holding
from requests.notifications.sending import reply_context, tell_staff
from requests.telling import is_register

LABEL = "Information de la personne concernée"


def tell_concerned(event: RequestEvent) -> None:
    """Write to the person concerned: by mail, else a letter; else an agent calls them.

    The heat-alert register has a letter of its own, which leaves with the acknowledgement. A
    minor child is not written to: whoever filed answers for them.
    """
    service_request = event.request
    person = actions.concerned_of(service_request)
    register = is_register(service_request.prestation)
    if person is None or register or not actions.is_told(person):
        return
    if person.email:
        _mail(service_request, person)
    elif person.address:
        _post(service_request, person, event.at)
    else:
        return  # a telephone number alone: it stands among the calls to make
    actions.note_told(request_id=service_request.pk, now=event.at)


def _mail(service_request: ServiceRequest, person: ConcernedPerson) -> None:
    rendered = _words(service_request, objection_link(service_request))
    queue_delivery(
        key=f"concerned:{service_request.pk}",
        to=person.email,
        subject=rendered.subject,
        body=rendered.text,
        about=f"request:{service_request.pk}",
        context=reply_context(),
    )


def _post(service_request: ServiceRequest, person: ConcernedPerson, now: datetime) -> None:
    make_document(
        service_request,
        _words(service_request, ""),
        label=LABEL,
        now=now,
        to_print=True,
        recipient=[person.name, *split_address(person.address)],
    )


def _words(service_request: ServiceRequest, link: str) -> Rendered:
    return render_template(
        "information-personne-concernee",
        service_request,
        personne_inscrite={"lien_opposition": link},
    )


def tell_objection(event: RequestEvent) -> None:
    """Tell the agents who hold the request that the person concerned does not want it."""
    if event.actor_id is not None:
        return  # an agent noted it: they know
    service_request = event.request
    told = Rendered(
        code="",
        subject=f"[{service_request.reference}] la personne concernée s'oppose",
        body=(
            "La personne pour qui cette demande a été faite s'y oppose. "
            f"Elle ne peut plus être acceptée.\n\n{way_to(service_request)}"
        ),
    )
    key = f"request.{event.verb}:{event.pk}:staff"
    tell_staff(event, NoticeKind.MESSAGE, holding(service_request), told, key=key, about=event.verb)
