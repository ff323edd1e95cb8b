"""Which look the account's pages have: the agents' workplace or the citizens' portal."""

from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from massy_grc.users.models import User

STAFF_PREFIXES = ("/agent/", "/pilotage/", "/technique/")
ACCOUNT_PREFIX = "/compte/"


def account_pages(request: HttpRequest) -> dict:
    """Context of the pages below `/compte/`: base template, and the address to go back to.

    A request that was refused before anyone was recognised has no user, and gets none of it.
    """
    if not request.path.startswith(ACCOUNT_PREFIX) or not hasattr(request, "user"):
        return {}
    stage = get_pending_stage(request)
    signing_in = stage.login.user if stage else None
    for_agents = _is_for_agents(request, signing_in)
    skin = "agents" if for_agents else "citizens"
    return {
        "for_agents": for_agents,
        "account_base": f"account/base_{skin}.html",
        "account_home": reverse("backoffice:home" if for_agents else "citizens:account"),
        "franceconnect": bool(settings.FRANCECONNECT),
        "factors": factors_of(signing_in) if signing_in else set(),
    }


def factors_of(user) -> set[str]:
    """The kinds of second factor that a person has (codes of allauth)."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def _is_for_agents(request: HttpRequest, signing_in) -> bool:
    """Whether an agent reads this page, or somebody on the way to an agents' page."""
    user = signing_in or request.user
    if isinstance(user, User):
        return not user.is_citizen
    going_to = request.POST.get("next") or request.GET.get("next") or ""
    return going_to.startswith(STAFF_PREFIXES)
