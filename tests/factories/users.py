"""People who log in. `AgentFactory(role=…)` gives a membership that fits the role."""

import factory
from factory.django import DjangoModelFactory

from massy_grc.users.models import User
from prestations.enums import Role
from tests.factories.prestations import DepartmentFactory, MembershipFactory, TeamFactory

PASSWORD = "un-mot-de-passe-long"
_FRONT_TEAM = {Role.AGENT_EAS: "eas", Role.AGENT_PROXIMITE: "proximite", Role.SUPERVISEUR: "eas"}


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"agent{n}@massy.example")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Martin{n}")
    job_title = "Agent"

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])


class AgentFactory(UserFactory):
    """An agent with one membership: its role, and the team or department the role needs."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        role = Role(extracted or Role.AGENT_EAS)
        department = kwargs.get("department")
        team = None
        if role in (Role.AGENT_EXPERT, Role.CHEF_SERVICE):
            department = department or DepartmentFactory()
        if role in _FRONT_TEAM:
            team = TeamFactory(code=_FRONT_TEAM[role])
        MembershipFactory(user=self, role=role, team=team, department=department)


def make_agent(role: str, *, first_name: str, last_name: str, **place) -> User:
    """Return a person who holds `role` at `place` (team_id, department_id, site_id)."""
    user = UserFactory(first_name=first_name, last_name=last_name, job_title=str(Role(role).label))
    if role in _FRONT_TEAM:
        place.setdefault("team_id", _FRONT_TEAM[role])
    MembershipFactory(user=user, role=role, **place)
    return user
