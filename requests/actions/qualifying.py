"""Saying what a request is about: its prestation, and what follows for its dates and its route."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.calendars import town_calendar
from prestations.enums import Location
from prestations.forms.address import address_text
from prestations.models import Category, Prestation
from prestations.streets.naming import place_named
from requests.actions.clocks import reset_target, settle_legal_dates
from requests.actions.completion import fill_in
from requests.actions.core import (
    open_request,
    record,
    refresh_search,
    release_from_department,
    require,
    working_state,
)
from requests.actions.destinations import alert_dead_end, send_on
from requests.actions.exchange import ask_owed
from requests.actions.filled import FilledForm
from requests.enums import State, Verb
from requests.exceptions import MissingInput
from requests.models import Qualification, ServiceRequest
from requests.shared_answers import refuse_when_followed
from requests.spots import spot_of
from requests.subjects import text_left


@transaction.atomic
def qualify_request(
    *,
    request_id: int,
    version: int | None,
    actor,
    prestation: Prestation | None = None,
    subject: str | None = None,
    category: Category | None = None,
    urgent: bool | None = None,
    form: FilledForm | None = None,
    score: float | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Say what the request is about; another prestation resets its dates and its route.

    What an agent says of a text that was guessed about teaches the classifier.

    Args:
        score: how sure the classifier is, when it qualifies by itself; 0 to 1.
        form: the prestation's own form, filled in from what arrived unsorted. Without it the
            answers keep the form version they were given on.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.QUALIFY, actor=actor, version=version
    )
    data: dict = {}
    destination = None
    waiting = service_request.state == State.A_QUALIFIER
    moved = False
    if prestation is not None and prestation.pk != service_request.prestation_id:
        moved = True
        if not prestation.is_open:
            raise MissingInput(_("Cette prestation n'est plus ouverte."))
        refuse_when_followed(service_request, prestation)
        data["prestation"] = [service_request.prestation_id, prestation.pk]
        service_request.prestation = prestation
        service_request.category = prestation.category
        service_request.team = prestation.team
    if category is not None:
        service_request.category = category
    if subject is not None:
        service_request.subject = require(subject, _("Indiquez le sujet."))[:250]
    if urgent is not None:
        service_request.urgent = urgent
    if form is not None:
        data |= fill_in(service_request, form, actor, now)
    elif moved:
        _keep_named_place(service_request)
    if moved and not service_request.reopened_count:
        service_request.silence_effect = service_request.prestation.silence_effect
        settle_legal_dates(service_request, town_calendar())
    if moved or urgent is not None:
        reset_target(service_request, now)
    to = None
    if moved or waiting:
        service_request.department = None
        release_from_department(service_request)
        destination = send_on(service_request, now)
        to = working_state(service_request)
        data |= destination.as_data()
    if score is not None:
        data["score"] = round(score, 4)
    elif actor is not None and moved:
        _settle_guess(service_request, actor, now)
    record(service_request, Verb.QUALIFY, actor=actor, to=to, now=now, data=data)
    if form is not None:
        ask_owed(service_request, actor, now)
    if destination is not None:
        alert_dead_end(service_request, destination, now)
    refresh_search(service_request)
    return service_request


def _keep_named_place(service_request: ServiceRequest) -> None:
    """Where a message says it is: rules, reports nearby and colleagues look at the place."""
    without = service_request.prestation.location == Location.NONE
    if without or service_request.place or service_request.street_id is not None:
        return
    if (place := place_named(text_left(service_request))) is None:
        return
    service_request.place = address_text(place)[:300]
    for name, value in asdict(spot_of(place)).items():
        setattr(service_request, name, value)


def _settle_guess(service_request: ServiceRequest, actor, now: datetime) -> None:
    """Note what an agent says of a text that the classifier guessed about."""
    guessed = Qualification.objects.filter(request=service_request).first()
    if guessed is None:
        return
    codes = [guess["prestation"] for guess in guessed.guesses]
    right = service_request.prestation_id
    guessed.settled_id, guessed.settled_at, guessed.settled_by = right, now, actor
    guessed.rank = codes.index(right) + 1 if right in codes else 0
    guessed.save(update_fields=["settled", "settled_at", "settled_by", "rank"])
