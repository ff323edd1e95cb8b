"""What the tests of routing ask again and again."""

from django.utils import timezone

from backoffice.timeline import timeline_of
from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import Training
from requests import actions
from requests.models import ServiceRequest
from tests.factories.users import make_agent

GRAFFITI = "voirie-graffitis"
ROADS, PARKS = "voirie-assainissement", "espaces-verts"


def route(sr) -> ServiceRequest:
    return actions.route_request(request_id=sr.pk)


def words_of(sr) -> str:
    return "\n".join(item.words for item in timeline_of(sr))


def colleague(*, name: str, seen=True, trained=True, department=ROADS) -> User:
    """An agent of the roads, at work today and trained for graffiti."""
    agent = make_agent(
        Role.AGENT_EXPERT, first_name="Agent", last_name=name, department_id=department
    )
    if seen:
        User.objects.filter(pk=agent.pk).update(seen_at=timezone.now())
    if trained:
        Training.objects.create(user=agent, prestation_id=GRAFFITI)
    return agent
