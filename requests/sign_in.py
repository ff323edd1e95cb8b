"""What follows a citizen who signs in: the forms begun before in the same browser are theirs."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from citizens.models import CitizenAccount
from requests import actions
from requests.drafts import SESSION_KEY, begun_here, is_owned_by
from requests.typed import forget_typed, typed_in


@receiver(user_logged_in, dispatch_uid="requests.keep_begun_forms")
def keep_begun_forms(sender, request, user, **kwargs) -> None:
    """Attach the session's drafts to the account, where they wait on any device.

    What was typed too late in a draft waits on for its owner only.
    """
    tokens, typed = begun_here(request), typed_in(request)
    if not tokens and not typed:
        return
    account = CitizenAccount.objects.open().filter(user=user).first()
    if typed and (account is None or not is_owned_by(account, typed)):
        forget_typed(request)
    if tokens and account is not None:
        actions.adopt_drafts(account=account, tokens=tokens)
        request.session.pop(SESSION_KEY, None)
