"""Guessing what an unsorted request is about, routing what is sure, learning from agents (S72)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from massy_grc.common.locks import Alone, held_alone
from prestations.models import Prestation
from prestations.models.catalogue import UNSORTED
from requests.actions.qualifying import qualify_request
from requests.enums import State
from requests.models import (
    AutomaticThreshold,
    ClassifierVersion,
    Qualification,
    ServiceRequest,
)
from requests.qualification.embedding import embedding_name
from requests.qualification.thresholds import thresholds_with
from requests.subjects import text_left

# scikit-learn is as much as all the rest to load: `requests.qualification.guessing` is imported
# where a text is read, and most processes never read one
if TYPE_CHECKING:
    from requests.qualification.guessing import Proposal

KEPT_VERSIONS = 5
WAITING_AT_ONCE = 50


def current_version() -> ClassifierVersion | None:
    """Return the newest training that this machine can use; None before the first."""
    usable = ClassifierVersion.objects.filter(meaning=embedding_name()).defer("weights")
    return usable.order_by("-pk").first()


def train_classifier(*, now: datetime | None = None) -> ClassifierVersion:
    """Train again from all that is known now, and forget all but the last `KEPT_VERSIONS`."""
    from requests.qualification.guessing import train

    training = train()
    version = ClassifierVersion.objects.create(
        trained_at=now or timezone.now(),
        weights=training.classifier.dumps(),
        meaning=embedding_name(),
        examples=training.examples,
        learnt=training.learnt,
        first_right=training.first_right,
        three_right=training.three_right,
        thresholds=training.thresholds,
        confusions=training.confusions,
    )
    newest = ClassifierVersion.objects.order_by("-pk").values("pk")[:KEPT_VERSIONS]
    ClassifierVersion.objects.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    return version


def guess_qualification(*, request_id: int, now: datetime | None = None) -> Qualification | None:
    """Note what an unsorted request may be about; what is sure is qualified and routed at once.

    A request qualified meanwhile, without text, or guessed before, is left as it is; so is every
    one before the first training (`guess_waiting` comes back to it).
    """
    from requests.qualification.guessing import propose

    request = ServiceRequest.objects.select_related("prestation").get(pk=request_id)
    text, version = text_left(request), current_version()
    if version is None or not text or not _waits(request):
        return None
    return _keep_guess(request_id, version, propose(text, version), now or timezone.now())


@transaction.atomic
def _keep_guess(
    request_id: int, version: ClassifierVersion, proposals: Sequence["Proposal"], now: datetime
) -> Qualification | None:
    """Keep the proposals, unless the request was dealt with while the classifier read it."""
    locked = ServiceRequest.objects.select_for_update(no_key=True, of=("self",))
    request = locked.select_related("prestation").get(pk=request_id)
    if not _waits(request):
        return None
    first = proposals[0] if proposals else None
    sure = first is not None and _is_sure(first, version)
    guessed = Qualification.objects.create(
        request=request,
        version=version,
        guesses=[
            {"prestation": one.prestation.pk, "score": round(one.score, 4), "words": one.words}
            for one in proposals
        ],
        first_guess=first.prestation if first else None,
        made_at=now,
        automatic=sure,
    )
    if first and sure:
        qualify_request(
            request_id=request_id,
            version=None,
            actor=None,
            prestation=first.prestation,
            score=first.score,
            now=now,
        )
    return guessed


def _waits(request: ServiceRequest) -> bool:
    """Whether nobody has qualified it, and no classifier has read it."""
    unsorted = request.state == State.A_QUALIFIER and request.prestation.is_unsorted
    return unsorted and not Qualification.objects.filter(request=request).exists()


def _is_sure(proposal: "Proposal", version: ClassifierVersion) -> bool:
    """Whether the score reaches the prestation's threshold, if it has one and is still open."""
    percent = thresholds_with(version).get(proposal.prestation.pk)
    if percent is None or not proposal.prestation.is_open:
        return False
    return proposal.score * 100 >= percent


def guess_waiting(*, now: datetime | None = None) -> int:
    """Guess about unsorted requests that have no proposal yet, the oldest first.

    Trains first where this machine has no classifier yet: on the first day, or with another
    sentence model. While a worker trains, another leaves it at that and is free for other work.

    Returns:
        How many were given one.
    """
    if current_version() is None:
        with held_alone(Alone.TRAINING) as mine:
            if not mine:
                return 0
            train_classifier(now=now)
    waiting = (
        ServiceRequest.objects.leading()
        .filter(
            state=State.A_QUALIFIER, prestation=UNSORTED, qualification=None, anonymised_at=None
        )
        .order_by("arrived_at", "id")
    )
    ids = list(waiting.values_list("pk", flat=True)[:WAITING_AT_ONCE])
    return sum(guess_qualification(request_id=pk, now=now) is not None for pk in ids)


def set_threshold(*, prestation: Prestation, percent: int | None, actor) -> None:
    """Say how sure the classifier must be of a prestation to route by itself.

    Args:
        percent: 50 to 99; None: never by itself.
    """
    AutomaticThreshold.objects.update_or_create(
        prestation=prestation, defaults={"percent": percent, "changed_by": actor}
    )


def follow_measure(*, prestation: Prestation) -> None:
    """Let a prestation be routed from what each training measures, as on the first day."""
    AutomaticThreshold.objects.filter(prestation=prestation).delete()
