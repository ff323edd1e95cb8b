"""People found by a name as the agent heard it, or by part of a number."""

import pytest

from citizens.models import Citizen
from tests.factories.citizens import CitizenFactory

pytestmark = pytest.mark.django_db

PEOPLE = (
    ("Larroque", "Malika"),
    ("Bouchard", "Hugo"),
    ("Da Silva", "Maria"),
    ("N'Diaye", "Awa"),
    ("El Fassi", "Nadia"),
    ("Mayard", "Idriss"),
    ("Lambert", "Michel"),
    ("Martin", "Paul"),
)


@pytest.mark.parametrize(
    ("heard", "family_name"),
    [
        ("larok malica", "Larroque"),
        ("bouchar ugo", "Bouchard"),
        ("dasilva", "Da Silva"),
        ("da silva", "Da Silva"),
        ("ndiaye", "N'Diaye"),
        ("N’Diaye", "N'Diaye"),
        ("elfassi", "El Fassi"),
        ("mayar driss", "Mayard"),
        ("Martin", "Martin"),
    ],
)
def test_a_name_as_heard_comes_first(heard, family_name):
    for family, given in PEOPLE:
        CitizenFactory(family_name=family, given_name=given)
    assert Citizen.objects.living().matching(heard)[0].family_name == family_name


def test_a_name_with_a_street_finds_who_lives_there_and_names_only_alike_come_apart():
    home = CitizenFactory(
        family_name="Larroque", given_name="Awa", address="9 rue Ampère, 91300 Massy"
    )
    alike = CitizenFactory(family_name="Laroque", given_name="Paul", address="3 rue du Clos")
    CitizenFactory(family_name="Martin", given_name="Paul", address="9 rue Ampère, 91300 Massy")
    for typed in ("larroque rue ampere", "Ampère Larroque", "larroque"):
        found = Citizen.objects.living().matching(typed)
        assert [(one.pk, one.as_written) for one in found] == [(home.pk, True), (alike.pk, False)]


def test_nobody_has_such_a_name():
    CitizenFactory(family_name="Martin", given_name="Paul")
    assert not Citizen.objects.matching("Zwxkj")
    assert not Citizen.objects.matching("''")


@pytest.mark.parametrize(
    "typed",
    ["035301", "03 53 01 42", "0033 3 53 01 42", "+33 3 53 01 42 77", "+33 (0)3 53 01", "0142"],
)
def test_part_of_a_number_finds_the_caller(typed):
    CitizenFactory(family_name="Martin", phone="+33353014277")
    CitizenFactory(family_name="Durand", phone="+33612345678")
    assert [one.family_name for one in Citizen.objects.matching(typed)] == ["Martin"]
