"""Mails about what citizens keep in their document space."""

from django.conf import settings
from django.urls import reverse

from citizens.mails import account_mail
from requests.enums import WalletKind
from requests.models import WalletDocument


def tell_owner(document: WalletDocument, template: str, **words) -> bool:
    """Queue a mail about a kept document to whom it belongs, if they have an address.

    Args:
        template: the mail's name, sent once for each document.
        words: what the mail says beside the document's kind.

    Returns:
        Whether there was somebody to write to.
    """
    account = document.account
    if not account.user.email:
        return False
    account_mail(
        template,
        to=account.user.email,
        key=f"{template.replace('_', '.', 1)}:{document.pk}",
        language=account.citizen.language,
        about=f"account:{account.pk}",
        name=account.citizen.letter_name,
        document=WalletKind(document.kind).label,
        link=f"{settings.PUBLIC_URL}{reverse('requests:wallet')}",
        **words,
    )
    return True
