"""The rights matrix: which role may do what, and who holds it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import get_resolver
from django.views.decorators.http import require_safe

from backoffice.access import AgentRequest, agent_page
from backoffice.configured.rights import agents_by_role, matrix
from massy_grc.users.models import User
from prestations.enums import Role
from requests.permissions import Right

SHOWN = 200


@require_safe
@agent_page(Right.ADMINISTER, needs_post=False)
def rights(request: AgentRequest) -> HttpResponse:
    """Roles against rights, as the code enforces them; ``?role=`` names the agents of one."""
    patterns = get_resolver("backoffice.urls").url_patterns
    asked = request.GET.get("role", "")
    role = Role(asked) if asked in Role.values else None
    holders = (
        User.objects.agents().filter(is_active=True, memberships__role=role).distinct()[:SHOWN]
        if role
        else ()
    )
    context = {
        "rows": matrix(patterns),
        "roles": agents_by_role(),
        "role": role,
        "holders": holders,
    }
    return render(request, "backoffice/rights.html", context)
