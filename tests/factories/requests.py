"""Requests, through the one door (`intake`): a factory can make nothing a person could not."""

import uuid
from datetime import timedelta

from django.utils import timezone

from prestations.enums import Channel
from requests import actions
from requests.models import ServiceRequest
from tests.factories.prestations import PrestationFactory, TownFactory


def make_request(
    *, citizen=None, prestation=None, answers=None, days_ago: float = 0, **fields
) -> ServiceRequest:
    """File a request as somebody on the web would, `days_ago` days before now.

    `fields` that `intake` does not take are set on the row afterwards (state, due_at,
    assignee, department…): shortcuts for lists, not for tests of the request's life.
    """
    TownFactory()
    prestation = prestation or PrestationFactory()
    now = timezone.now() - timedelta(days=days_ago)
    intake_fields = {
        name: fields.pop(name)
        for name in ("actor", "site", "post_type", "subject", "place", "urgent", "to_qualify")
        if name in fields
    }
    sr = actions.intake(
        prestation=prestation,
        form_version=prestation.current_form,
        channel=fields.pop("channel", Channel.WEB),
        answers=answers or {"demandeur": {}, "reponses": {"description": "Un trou"}},
        idempotency_key=str(uuid.uuid4()),
        citizen=citizen,
        now=now,
        **intake_fields,
    )
    if fields:
        ServiceRequest.objects.filter(pk=sr.pk).update(**fields)
        sr.refresh_from_db()
    return sr
