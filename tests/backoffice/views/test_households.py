"""Who belongs to a household: proposed, noted by agents, read with the record that is kept."""

import pytest
from django.utils import timezone

from citizens.actions import merge_citizens, unmerge_citizens
from citizens.models import Citizen, HouseholdTie
from requests import actions
from tests.backoffice.conftest import client_of
from tests.backoffice.views.test_records import citizen, page_of, text, tie
from tests.factories.citizens import CitizenFactory

__all__ = ["citizen"]
pytestmark = pytest.mark.django_db


def test_a_household_is_proposed_noted_by_an_agent_and_ended(front, citizen, eas_agent):
    child = CitizenFactory(family_name="Trévidic", given_name="Malo")
    page = text(front.get(page_of(citizen)))
    assert "Peut-être du même foyer" in page
    assert f"?autre={child.pk}" in page
    assert not HouseholdTie.objects.exists()  # never by itself
    add = page_of(citizen, "household")
    assert "TRÉVIDIC Malo" in text(front.get(f"{add}?q=malo"))
    far = CitizenFactory(family_name="Trévidic", given_name="Alma", address="1 rue du Loing")
    found = [(one, shared) for one, _known, shared in front.get(add).context["found"]]
    # who lives there, before the alphabet
    name = "même nom de famille"
    assert found == [(child, f"{name}, même adresse postale"), (far, name)]
    data = {"autre": child.pk, "quality": "child", "shares_home": "on", "ground": "proof"}
    assert "quality" in front.post(add, data | {"quality": ""}).context["form"].errors
    front.post(add, data)
    assert "déjà notées du même foyer" in text(front.post(add, data))
    (member,) = front.get(page_of(child)).context["members"]
    assert (member.citizen, member.quality) == (citizen, "parent")
    assert front.get(page_of(citizen)).context["proposed"] == []
    front.post(page_of(child, "household_end", tie_id=member.tie.pk))
    page = front.get(page_of(citizen))
    assert page.context["members"] == []
    assert [one.citizen for one in page.context["former"]] == [child]
    stranger = CitizenFactory(family_name="Autre")
    foreign = page_of(stranger, "household_end", tie_id=member.tie.pk)
    assert front.post(foreign).status_code == 404


def test_a_household_is_read_with_the_kept_record_until_the_merge_is_undone(
    front, citizen, eas_agent, proximite_agent
):
    twice, child = CitizenFactory(family_name="Trevidic"), CitizenFactory(family_name="Enfant")
    tie(twice, child, eas_agent)
    note = {"level": "team", "circle": "eas", "body": "Sourde", "now": timezone.now()}
    actions.write_record_note(citizen_id=twice.pk, actor=eas_agent, **note)
    both = Citizen.objects.filter(pk__in=[citizen.pk, twice.pk])
    merge = merge_citizens(
        kept_id=citizen.pk,
        gone_id=twice.pk,
        taken=[],
        ground="proof",
        actor=eas_agent,
        seen=list(both.values_list("updated_at", flat=True)),
        now=timezone.now(),
    )
    assert [one.citizen for one in front.get(page_of(citizen)).context["members"]] == [child]
    assert [one.citizen for one in front.get(page_of(child)).context["members"]] == [citizen]
    # the note went over too; who may not read it is not told that there is one
    told = [
        client.get(f"/agent/citoyens/reunies/{merge.pk}/").context["others"]
        for client in (front, client_of(proximite_agent))
    ]
    assert told == [1, 0]
    unmerge_citizens(merge_id=merge.pk, actor=eas_agent, now=timezone.now())
    assert front.get(page_of(citizen)).context["members"] == []
    assert [one.citizen for one in front.get(page_of(child)).context["members"]] == [twice]
