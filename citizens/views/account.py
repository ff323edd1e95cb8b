"""The home of the citizen's account."""

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.shortcuts import render

from citizens.access import CitizenRequest, citizen_required


@citizen_required
def home(request: CitizenRequest) -> HttpResponse:
    """What the account offers."""
    context = {
        "account": request.account,
        "second_factor": is_mfa_enabled(request.user),
        "identities": request.account.identities.exists(),
        "device_count": request.user.devices.count(),
    }
    return render(request, "citizens/account_home.html", context)
