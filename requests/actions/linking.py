"""Requests that have to do with each other: linked by hand, or come of one message."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.models import FormVersion, Prestation
from prestations.models.catalogue import UNSORTED
from requests.actions.core import lock_in_order, open_request, record, require
from requests.actions.intake import intake
from requests.enums import LinkKind, State, Verb
from requests.exceptions import IllegalTransition
from requests.models import Qualification, RequestLink, ServiceRequest


@transaction.atomic
def link_requests(
    *,
    request_id: int,
    version: int | None,
    actor,
    other: ServiceRequest,
    now: datetime | None = None,
) -> ServiceRequest:
    """Show two requests beside each other; each goes its own way, and no requester is told.

    Raises:
        ServiceRequest.DoesNotExist: `other` is not to be known by `actor`.
        IllegalTransition: they are linked already, or one request.
    """
    one, two = _both(Verb.LINK, request_id, version, actor, other)
    if one.pk == two.pk:
        raise IllegalTransition(_("C’est la même demande : indiquez l’autre."))
    if links_between(one, two).exists():
        raise IllegalTransition(_("Ces deux demandes sont déjà liées."))
    link(one, two, LinkKind.RELATED, actor, now or timezone.now())
    return one


@transaction.atomic
def unlink_requests(
    *,
    request_id: int,
    version: int | None,
    actor,
    other: ServiceRequest,
    now: datetime | None = None,
) -> ServiceRequest:
    """Take a link back; the timelines keep that it was there."""
    now = now or timezone.now()
    one, two = _both(Verb.UNLINK, request_id, version, actor, other)
    if not links_between(one, two).update(undone_at=now):
        raise IllegalTransition(_("Ces deux demandes ne sont plus liées."))
    _tell_both(one, two, Verb.UNLINK, actor, now)
    return one


@transaction.atomic
def split_request(
    *, request_id: int, version: int | None, actor, body: str, now: datetime | None = None
) -> ServiceRequest:
    """Make the second thing that a request asks a request of its own, to be sorted.

    It has the same requester and the same day of arrival, where its clocks start; they get its
    reference as for any request. The first one keeps its text whole; what it may be about is
    guessed from the rest.

    Args:
        body: what the second one asks, taken from the first one's words.

    Returns:
        The new request.
    """
    now = now or timezone.now()
    first = open_request(request_id=request_id, verb=Verb.SPLIT, actor=actor, version=version)
    body = require(body, _("Recopiez la seconde demande."))
    unsorted = Prestation.objects.get(pk=UNSORTED)
    form = FormVersion.objects.get(pk=str(unsorted.current_form_id))
    asked = {one["name"] for one in form.definition["requester_block"]["fields"]}
    given = first.answers.get("demandeur", {})
    requester = {name: value for name, value in given.items() if name in asked}
    second = intake(
        prestation=unsorted,
        form_version=form,
        channel=first.channel,
        answers={"demandeur": requester, "reponses": {"texte": body}},
        idempotency_key=f"split:{first.pk}:{first.version}",
        place=first.place,
        citizen=first.citizen,
        account=first.account,
        organisation=first.organisation,
        organisation_account=first.organisation_account,
        arrived_at=first.arrived_at,
        actor=actor,
        language=first.language,
        now=now,
    )
    link(first, second, LinkKind.SPLIT, actor, now, verb=Verb.SPLIT)
    # what was guessed of the whole is guessed anew from what is left (`guess_qualification`)
    if first.state == State.A_QUALIFIER:
        Qualification.objects.filter(request=first).delete()
    return second


def links_between(one: ServiceRequest, two: ServiceRequest):
    """The standing links of two requests, whichever way they were made."""
    pair = [one.pk, two.pk]
    return RequestLink.objects.filter(request__in=pair, other__in=pair, undone_at=None)


def _both(verb: Verb, request_id: int, version: int | None, actor, other: ServiceRequest):
    lock_in_order(request_id, other.pk)
    one = open_request(request_id=request_id, verb=verb, actor=actor, version=version)
    return one, open_request(request_id=other.pk, verb=verb, actor=actor)


def link(one, two, kind: LinkKind, actor, now: datetime, verb: Verb = Verb.LINK) -> None:
    """Link two locked requests, and note it on both."""
    RequestLink.objects.create(request=one, other=two, kind=kind, created_by=actor, created_at=now)
    _tell_both(one, two, verb, actor, now)


def _tell_both(one, two, verb: Verb, actor, now: datetime) -> None:
    record(one, verb, actor=actor, now=now, data={"other": two.pk})
    record(two, verb, actor=actor, now=now, data={"other": one.pk}, quiet=True)
