"""Who inside the town hall is told what."""

from django.db.models import Q

from massy_grc.users.models import User
from prestations.enums import Role
from requests.models import ServiceRequest


def holders(service_request: ServiceRequest) -> list[User]:
    """Who must act: the case officer, else the citizen's interlocutor, else the supervisors."""
    officer = service_request.assignee or service_request.front_agent
    return [officer] if officer and officer.is_active else supervisors(service_request)


def holding(service_request: ServiceRequest) -> list[User]:
    """Whom the requester's words must reach: officer and interlocutor, else the supervisors."""
    agents = [service_request.assignee, service_request.front_agent]
    return [agent for agent in agents if agent and agent.is_active] or supervisors(service_request)


def followers(service_request: ServiceRequest) -> list[User]:
    """Who follows it at the front office: the interlocutor, else the supervisors."""
    agent = service_request.front_agent
    return [agent] if agent and agent.is_active else supervisors(service_request)


def heads(service_request: ServiceRequest) -> list[User]:
    """The heads of the department that has it; none while the front office holds it."""
    if service_request.department_id is None:
        return []
    return _people(
        memberships__role=Role.CHEF_SERVICE,
        memberships__department=service_request.department_id,
    )


def supervisors(service_request: ServiceRequest) -> list[User]:
    """The front office's managers: those of the team and of all teams, else any of them."""
    everyone = User.objects.filter(is_active=True, memberships__role=Role.SUPERVISEUR)
    own = everyone.filter(
        Q(memberships__team=service_request.team_id) | Q(memberships__team=None),
        memberships__role=Role.SUPERVISEUR,
    )
    return list(own.distinct()) or list(everyone.distinct())


def administrators() -> list[User]:
    """Who sets the town's own rules and keeps the servers."""
    return _people(memberships__role=Role.ADMINISTRATEUR)


def _people(**filters) -> list[User]:
    return list(User.objects.filter(is_active=True, **filters).distinct())
