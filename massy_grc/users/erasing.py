"""Erasing a log-in: the row stays for what refers to it, and names nobody."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from massy_grc.common.personal_data import blanks
from massy_grc.users.models import User, UserKind


def erase_log_in(user: User) -> None:
    """Empty the log-in of a citizen: no address, name, password or second factor is left.

    Its sessions end with the password that they were opened by.

    Raises:
        ValueError: the log-in of a member of staff.
    """
    if user.kind != UserKind.CITIZEN:
        raise ValueError("the log-in of a member of staff is the administrator's")
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(
        **blanks(User), password=make_password(None), is_active=False
    )
