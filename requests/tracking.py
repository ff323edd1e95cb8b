"""The right to read one request: by a pair of words, by a mailed link, or as one's own.

Whoever gives the reference with the e-mail address of the request, or with its tracking code,
reads that request for the rest of the session, twelve hours at most: a session may be kept for
days by a form begun in it. A signed link does the same. Whoever is signed in reads the requests
of their account without either.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from citizens.access import account_of
from citizens.models import OrganisationAccount
from massy_grc.common.addresses import ascii_domain
from massy_grc.common.throttle import Limit, client_address, refund, spend
from requests.models import ServiceRequest
from requests.references import parse_reference

LINK_VALIDITY = timedelta(days=90)
SALT = "requests.tracking.link"
SESSION_KEY = "tracked_requests"
SESSION_MAXIMUM = 20
READING_TIME = timedelta(hours=12)

# Failures only. Per visitor and reference, so that a stranger who tries a reference never locks
# its owner out (R18); per visitor, so that nobody walks through all the references.
PAIR_LIMIT = Limit("tracking-pair", attempts=5, window=timedelta(minutes=15))
VISITOR_LIMIT = Limit("tracking-visitor", attempts=30, window=timedelta(minutes=15))
# Every mail asked for counts: nobody shall flood a mailbox.
MAIL_LIMIT = Limit("tracking-mail", attempts=3, window=timedelta(hours=1))
# What is sent: far more than a person writes, far less than a script does.
SENDING_LIMIT = Limit("tracking-sending", attempts=10, window=timedelta(hours=1))
VISITOR_SENDING_LIMIT = Limit("tracking-visitor-sending", attempts=60, window=timedelta(hours=1))


class TooManyAttempts(Exception):
    """The visitor must wait.

    Args:
        seconds: how long, for the Retry-After header and the page.
    """

    def __init__(self, seconds: int):
        super().__init__(seconds)
        self.seconds = seconds


def find_tracked(
    request: HttpRequest,
    reference: str,
    secret: str,
    now: datetime,
    *,
    by_code_only: bool = False,
) -> ServiceRequest | None:
    """Return the request that `reference` and `secret` open together, or None.

    The same work is done for a wrong pair, an unknown reference and a request without e-mail.

    Args:
        reference: as `parse_reference` gives it; its key is already checked.
        secret: the e-mail address given with the request, or its tracking code.
        by_code_only: an address is not enough.

    Raises:
        TooManyAttempts: after too many failures of this visitor.
    """
    address = client_address(request)
    pair = f"{address} {reference}"
    wait = max(spend(PAIR_LIMIT, pair, now), spend(VISITOR_LIMIT, address, now))
    if wait:
        raise TooManyAttempts(wait)
    openable = ServiceRequest.objects.outside_organisations()
    found = openable.filter(reference=reference, anonymised_at=None).first()
    if not _opens(found, secret, by_code_only):
        return None
    refund(PAIR_LIMIT, pair, now)
    refund(VISITOR_LIMIT, address, now)
    return found


def _opens(service_request: ServiceRequest | None, secret: str, by_code_only: bool) -> bool:
    """Whether `secret` belongs to the request; as long when there is none."""
    email = service_request.requester_email if service_request else ""
    code = service_request.tracking_code if service_request else ""
    typed = ascii_domain(secret).strip().lower()
    typed_code = "".join(char for char in typed if char.isalnum())
    by_email = constant_time_compare(typed, ascii_domain(email).lower() or "no address")
    by_code = constant_time_compare(typed_code, code.lower() or "no code")
    by_email = by_email and bool(email) and not by_code_only
    return service_request is not None and (by_email or (bool(code) and by_code))


def open_in_session(request: HttpRequest, service_request: ServiceRequest) -> None:
    """Let this session read the request; its key is renewed, as after a log-in (R19)."""
    tracked = [one for one in _entries(request.session) if one[0] != service_request.pk]
    entry = [service_request.pk, int(timezone.now().timestamp())]
    request.session[SESSION_KEY] = [*tracked, entry][-SESSION_MAXIMUM:]
    request.session.cycle_key()


def close_in_session(request: HttpRequest) -> None:
    """Forget every request this session may read: the person leaves a shared computer."""
    request.session.pop(SESSION_KEY, None)
    request.session.cycle_key()


def tracked_request(request: HttpRequest, reference: str) -> ServiceRequest | None:
    """Return the request if whoever asks may read it; None for any other, known or not.

    It was opened in this session, or it belongs to the account that is signed in.
    """
    account = account_of(request)
    opened = Q(pk__in=_tracked(request.session), organisation_account=None)
    if account is not None:
        opened |= Q(pk__in=ServiceRequest.objects.followed_by(account).values("pk"))
    return (
        ServiceRequest.objects.filter(
            opened, reference=parse_reference(reference) or "", anonymised_at=None
        )
        .select_related("prestation", "department", "team", "account")
        # few requests have these, and PostgreSQL plans eleven joins for forty milliseconds
        .prefetch_related(
            "site",
            "closing_reason",
            "forwarded_to",
            "organisation_account",
            "merged_into__department",
            "merged_into__team",
        )
        .first()
    )


def is_own(request: HttpRequest, service_request: ServiceRequest) -> bool:
    """Whether it stands in the space of whoever is signed in, or of an organisation of theirs."""
    account, owner = account_of(request), service_request.account
    if account is None:
        return False
    if service_request.organisation_account_id is not None:
        spaces = OrganisationAccount.objects.of_account(account)
        return spaces.filter(pk=service_request.organisation_account_id).exists()
    return bool(owner and account.citizen_id == owner.citizen_id)


def _tracked(session: SessionBase) -> list[int]:
    """The requests opened within the last twelve hours."""
    oldest = timezone.now().timestamp() - READING_TIME.total_seconds()
    return [pk for pk, opened_at in _entries(session) if opened_at >= oldest]


def _entries(session: SessionBase) -> list[list[int]]:
    """Pairs of a request's key and when it was opened; anything else is no right at all."""
    return [one for one in session.get(SESSION_KEY, []) if isinstance(one, list)]


def tracking_link(service_request: ServiceRequest) -> str:
    """Return the absolute address that opens the request for `LINK_VALIDITY`, for mails."""
    signed = signing.dumps(service_request.pk, salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('requests:track_link', args=[signed])}"


def is_erased_behind(signed: str) -> bool:
    """Whether a genuine link, however old, led to a request whose data have been erased."""
    try:
        pk = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return False
    return ServiceRequest.objects.filter(pk=pk, anonymised_at__isnull=False).exists()


def request_of_link(signed: str) -> ServiceRequest | None:
    """Return the request a mailed link opens; None when it is forged or too old."""
    try:
        pk = signing.loads(signed, salt=SALT, max_age=LINK_VALIDITY)
    except signing.BadSignature:
        return None
    return ServiceRequest.objects.filter(pk=pk, anonymised_at=None).first()


def send_tracking_link(service_request: ServiceRequest, now: datetime) -> None:
    """Mail the requester a new link, at the address of the request and nowhere else."""
    # Imported late: the letters themselves write links of this module.
    from requests.letters.rendering import render_template
    from requests.letters.words import full_date
    from requests.notifications.sending import mail

    link = {"url": tracking_link(service_request), "expiration": full_date(now + LINK_VALIDITY)}
    rendered = render_template("lien-suivi", service_request, lien=link)
    with transaction.atomic():
        key = f"lien-suivi:{service_request.pk}:{now.isoformat()}"
        mail(service_request, rendered, key=key, now=now)
