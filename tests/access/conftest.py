"""The town of the walk is made once for the module; each test's changes are undone."""

import pytest
from django.db import transaction
from django.test import override_settings

from prestations.enums import Role
from tests.access.world import World, make_world
from tests.backoffice.views.test_access import EXPERTS
from tests.conftest import put_town_back
from tests.factories.users import make_agent

ROADS, PARKS = "voirie-assainissement", "espaces-verts"


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world and its staff by name of the actor."""
    settings = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), settings, transaction.atomic():
        put_town_back()
        staff = {str(role): _agent(role, ROADS) for role in Role}
        staff |= {f"{role}-parks": _agent(role, PARKS) for role in EXPERTS}
        staff["suspended"] = _agent(Role.AGENT_EAS, ROADS)
        world = make_world(staff[Role.AGENT_PROXIMITE])
        yield world, staff
        transaction.set_rollback(True)


@pytest.fixture
def world(town, db) -> World:
    return town[0]


@pytest.fixture
def staff(town, db) -> dict:
    return town[1]


def _agent(role: Role, department: str):
    place = {"department_id": department} if role in EXPERTS else {}
    return make_agent(role, first_name="Une", last_name="Personne", **place)
