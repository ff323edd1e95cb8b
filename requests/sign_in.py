"""What follows a citizen who signs in: the forms begun before in the same browser are theirs."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from citizens.models import CitizenAccount
from requests import actions
from requests.drafts import SESSION_KEY, begun_here


@receiver(user_logged_in, dispatch_uid="requests.keep_begun_forms")
def keep_begun_forms(sender, request, user, **kwargs) -> None:
    """Attach the session's drafts to the account, where they wait on any device."""
    tokens = begun_here(request)
    if not tokens:
        return
    account = CitizenAccount.objects.open().filter(user=user).first()
    if account is not None:
        actions.adopt_drafts(account=account, tokens=tokens)
        request.session.pop(SESSION_KEY, None)
