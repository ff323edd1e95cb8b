"""Who may see a request: `visible_to`, read the other way round."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from massy_grc.users.models import User
from prestations.models import Membership
from requests.models import ServiceRequest
from requests.permissions import named_for
from requests.querysets import NOT_WORKED_ON
from requests.routing.people import EXPERT_ROLES, FRONT_ROLES


def readers_of(service_request: ServiceRequest) -> QuerySet[User]:
    """The agents whom their roles, departments and names give the request today."""
    asked = service_request.tasks.filter(started_at__isnull=False).exclude(end__in=NOT_WORKED_ON)
    places = Q(department__in=asked.values("department"))
    if service_request.department_id:
        places |= Q(department=service_request.department_id)
    posts = Membership.objects.filter(
        Q(role__in=FRONT_ROLES) | (Q(role__in=EXPERT_ROLES) & places), user=OuterRef("pk")
    )
    people = User.objects.agents().filter(Exists(posts), is_active=True)
    return named_for(people, service_request.prestation)
