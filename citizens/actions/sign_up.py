"""Opening an account, and the mails by which an address proves itself."""

from datetime import date, datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from citizens.actions.people import create_citizen
from citizens.enums import MailPurpose
from citizens.exceptions import VoidLink
from citizens.links import sign_up_link
from citizens.mails import account_mail
from citizens.matching import record_of_proven_address
from citizens.models import CitizenAccount, MailRequest
from citizens.terms import TERMS_VERSION
from massy_grc.outbox.api import publish
from massy_grc.users.models import User, UserKind

FLOOD = timedelta(hours=1)
MAILS_AT_MOST = 10  # to one address in that time, whoever asks
KEPT = timedelta(days=7)  # that a request for a mail is kept


@transaction.atomic
def ask_for_mail(
    *, purpose: MailPurpose, email: str, language: str, next_url: str = "", now: datetime
) -> None:
    """Note that somebody asked for a mail; the worker looks who owns the address.

    Args:
        email: as `normalise_email` gives it.
        next_url: where the person was going, an address of this site.
    """
    row = MailRequest.objects.create(
        purpose=purpose, email=email, language=language, next_url=next_url[:500], created_at=now
    )
    publish("account.mail_request", key=f"account.mail_request:{row.pk}", mail_request_id=row.pk)


@transaction.atomic
def answer_mail_request(*, mail_request_id: int) -> None:
    """Write to the address what its owner may know: nobody but them reads it."""
    row = MailRequest.objects.filter(pk=mail_request_id).first()
    if row is None or _is_flood(row):
        return
    owner = User.objects.filter(email=row.email, is_active=True).first()
    if row.purpose == MailPurpose.SIGN_UP:
        _answer_sign_up(row, owner)
    elif owner is not None:
        _mail(row, "password", to=owner.email or "", name=str(owner), link=password_link(owner))


def _is_flood(row: MailRequest) -> bool:
    """Whether somebody fills a mailbox: the links already in it go on working."""
    before = MailRequest.objects.filter(email=row.email, purpose=row.purpose, pk__lt=row.pk)
    return before.filter(created_at__gt=row.created_at - FLOOD).count() >= MAILS_AT_MOST


def _answer_sign_up(row: MailRequest, owner: User | None) -> None:
    if owner is None:
        _mail(row, "sign_up", link=sign_up_link(row.pk))
    else:
        _mail(row, "sign_up_known" if owner.is_citizen else "sign_up_agent", name=str(owner))


def _mail(row: MailRequest, template: str, *, to: str = "", **words) -> None:
    key = f"mail_request:{row.pk}"
    account_mail(template, to=to or row.email, key=key, language=row.language, **words)


def password_link(user: User) -> str:
    """The address that lets `user` choose a password, once, for `PASSWORD_RESET_TIMEOUT`."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return f"{settings.PUBLIC_URL}{path}"


def sign_up_request(mail_request_id: int | None) -> MailRequest:
    """Return the request for a mail that a link names, if it may still open an account.

    Raises:
        VoidLink: it was used, or its address has an account by now.
    """
    unused = MailRequest.objects.filter(purpose=MailPurpose.SIGN_UP, used_at=None)
    row = unused.filter(pk=mail_request_id).first() if mail_request_id else None
    if row is None or User.objects.filter(email=row.email).exists():
        raise VoidLink
    return row


@transaction.atomic
def open_account(
    *,
    mail_request_id: int,
    family_name: str,
    given_name: str,
    password: str,
    birth_date: date | None = None,
) -> CitizenAccount:
    """Open an account for whoever opened the mail, on the record that is surely theirs.

    The caller has read the signed link and checked the password.

    Raises:
        VoidLink: the link was used meanwhile.
    """
    MailRequest.objects.select_for_update().filter(pk=mail_request_id).first()
    row = sign_up_request(mail_request_id)
    now = timezone.now()
    citizen = record_of_proven_address(
        email=row.email, family_name=family_name, given_name=given_name, birth_date=birth_date
    ) or create_citizen(
        family_name=family_name,
        given_name=given_name,
        birth_date=birth_date,
        email=row.email,
        language=row.language,
    )
    user = User.objects.create_user(
        row.email,
        password,
        kind=UserKind.CITIZEN,
        first_name=given_name[:100],
        last_name=family_name[:100],
    )
    EmailAddress.objects.create(user=user, email=row.email, verified=True, primary=True)
    account = CitizenAccount.objects.create(
        user=user, citizen=citizen, terms_version=TERMS_VERSION, last_seen_at=now
    )
    row.used_at = now
    row.save(update_fields=["used_at"])
    publish("account.open", key=f"account.open:{account.pk}", account_id=account.pk)
    return account


def purge_mail_requests(*, now: datetime) -> int:
    """Forget addresses that asked for a mail days ago; return how many."""
    return MailRequest.objects.filter(created_at__lt=now - KEPT).delete()[0]
