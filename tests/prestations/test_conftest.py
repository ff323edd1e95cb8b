"""The shared fixtures keep their promise."""

import pytest

from prestations.models import Prestation, Town


@pytest.mark.django_db(transaction=True)
def test_catalogue_is_there_for_a_test_that_flushes():
    assert Prestation.objects.listed().count() == 65


@pytest.mark.django_db(transaction=True)
def test_catalogue_is_there_after_a_test_that_flushed():
    assert Town.objects.count() == 1


def test_cast_holds_its_roles(expert, other_expert, eas_agent):
    assert expert.memberships.get().department_id == "voirie-assainissement"
    assert other_expert.memberships.get().department_id == "espaces-verts"
    assert eas_agent.memberships.get().team_id == "eas"


def test_prestations_come_by_code(catalogue):
    assert catalogue["voirie-graffitis"].team_id == "proximite"
