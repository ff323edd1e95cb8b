"""The keys that work on staff pages, and the switch for those of one letter (use bar 29)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import AgentRequest, agent_page
from backoffice.actions.preferences import choose_letter_keys


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page(needs_post=False)
def keys(request: AgentRequest) -> HttpResponse:
    """List the keys; a POST switches those of one letter on or off for this person."""
    if request.method == "POST":
        choose_letter_keys(user=request.user, on=request.POST.get("keys") == "on")
        messages.success(request, _("Votre choix est enregistré."))
        return redirect("backoffice:keys")
    return render(request, "backoffice/keys.html")
