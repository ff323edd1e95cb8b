"""What the requester thinks, once, after each closing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from requests.actions.core import lock_in_order, open_request, record, require
from requests.actions.outcome import may_reopen, reopen_request
from requests.enums import RatingScore, State, Verb
from requests.exceptions import IllegalTransition, MissingInput
from requests.models import Rating, ServiceRequest
from requests.opinions import RATING_DAYS


def may_rate(service_request: ServiceRequest, now: datetime) -> bool:
    """Whether the requester may say what they think: closed lately, and not said yet."""
    closed_at = service_request.closed_at
    return (
        service_request.state == State.CLOSE
        and closed_at is not None
        and now - closed_at <= timedelta(days=RATING_DAYS)
        and not service_request.ratings.filter(closing=service_request.reopened_count).exists()
    )


@transaction.atomic
def rate_request(
    *,
    request_id: int,
    score: int | None = None,
    solved: bool | None = None,
    comment: str = "",
    now: datetime | None = None,
) -> Rating:
    """Keep the requester's opinion; « not solved » opens the request again.

    Args:
        score: a `RatingScore`; whoever says that it is not solved need not give one.
        solved: whether the matter is settled; None when that was not asked (a refusal).
        comment: free text; what is not settled when `solved` is False.

    Raises:
        IllegalTransition: not closed, closed too long ago, or rated already.
        MissingInput: neither a score nor « not solved »; or not solved, and within the time to
            reopen, without saying what is not.
    """
    now = now or timezone.now()
    lock_in_order(request_id)  # what is not settled is opened again, and told to its lead
    service_request = open_request(request_id=request_id, verb=Verb.RATE, by_requester=True)
    if not may_rate(service_request, now):
        raise IllegalTransition(_("Votre avis est déjà enregistré. Merci."))
    if score is None and solved is not False:
        raise MissingInput(_("Choisissez une réponse."))
    reopens = solved is False and may_reopen(service_request, now)
    if reopens:
        comment = require(comment, _("Dites ce qui n’est pas réglé."))
    rating = Rating.objects.create(
        request=service_request,
        closing=service_request.reopened_count,
        score=None if score is None else RatingScore(score),
        solved=solved,
        comment=comment.strip(),
        at=now,
    )
    data = {"rating": rating.pk, "score": rating.score}
    record(service_request, Verb.RATE, by_requester=True, now=now, data=data, quiet=True)
    if reopens:
        reopen_request(request_id=request_id, by_requester=True, reason=comment, now=now)
    return rating
