"""Verbs of consent: given, withdrawn, at any time and as easily (RGPD art. 7.3)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from citizens.consents import current_text
from citizens.enums import ConsentKind, ConsentSource
from citizens.models import Citizen, ConsentEvent, Subscription
from massy_grc.outbox.api import publish

SALT = "citizens.consent.withdraw"


@dataclass(frozen=True)
class Subject:
    """Who agrees: a record, or an address that has none."""

    citizen_id: int | None = None
    address_key: str = ""

    @classmethod
    def of_address(cls, address: str) -> "Subject":
        """The subject known by an e-mail address alone; the address itself is not kept."""
        key = salted_hmac("citizens.consent", address.strip().lower(), algorithm="sha256")
        return cls(address_key=key.hexdigest())


def standing(subject: Subject, kind: ConsentKind | str) -> bool:
    """Whether `subject` agrees now, to the version in force or an earlier one."""
    last = _events(subject).filter(kind=kind).order_by("-id").first()
    return bool(last and last.given)


def refused(subject: Subject, kind: ConsentKind | str) -> bool:
    """Whether `subject` said no, or no longer; not the same as never having been asked."""
    last = _events(subject).filter(kind=kind).order_by("-id").first()
    return bool(last and not last.given)


def all_standing(subject: Subject) -> dict[str, bool]:
    """What `subject` agrees to now, by kind; one query."""
    last = {event.kind: event.given for event in _events(subject).order_by("id")}
    return {kind: last.get(kind, False) for kind in ConsentKind.values}


@transaction.atomic
def set_consent(
    *,
    subject: Subject,
    kind: ConsentKind | str,
    given: bool,
    source: ConsentSource | str,
    actor=None,
    now: datetime | None = None,
) -> bool:
    """Note that somebody agrees, or no longer does; the same word twice is noted once.

    A consent withdrawn is told to whoever listens to ``consent.withdraw``.

    Args:
        source: where they said so: their account, a mailed link, a form, the counter.
        actor: the agent who noted it for them.

    Returns:
        Whether it changed something.
    """
    if subject.citizen_id:  # two clicks at once wait for each other
        Citizen.objects.select_for_update(no_key=True).get(pk=subject.citizen_id)
    if kind == ConsentKind.NEWSLETTER and not given and subject.citizen_id:
        # whoever agrees no longer is on no list any more, whichever page they said it on
        Subscription.objects.filter(citizen=subject.citizen_id).delete()
    if standing(subject, kind) == given:
        return False
    event = ConsentEvent.objects.create(
        citizen_id=subject.citizen_id,
        address_key=subject.address_key,
        kind=kind,
        version=current_text(kind).version,
        given=given,
        source=source,
        actor=actor,
        at=now or timezone.now(),
    )
    if not given:
        publish("consent.withdraw", key=f"consent.withdraw:{event.pk}", event_id=event.pk)
    return True


def withdrawal_link(subject: Subject, kind: ConsentKind | str) -> str:
    """Return the address at the foot of a mail that withdraws a consent; it never expires."""
    signed = signing.dumps([subject.citizen_id, subject.address_key, str(kind)], salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('citizens:withdraw_consent', args=[signed])}"


def read_withdrawal(signed: str) -> tuple[Subject, ConsentKind] | None:
    """Return who withdraws what by a link; None for a forged one."""
    try:
        citizen_id, address_key, kind = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    return Subject(citizen_id, address_key), ConsentKind(kind)


def _events(subject: Subject):
    events = ConsentEvent.objects.filter(address_key=subject.address_key)
    if subject.citizen_id is None:
        return events.filter(citizen=None)
    return events.of(subject.citizen_id)
