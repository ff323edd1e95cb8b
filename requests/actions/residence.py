"""Whether somebody lives in town, said anew by each new address of theirs (S86)."""

from django.db import transaction

from citizens.actions import residence_of, update_citizen
from citizens.enums import ResidenceKind
from citizens.models import Citizen
from prestations.models import Town


def residence_by_address(address: str) -> str:
    """What a postal address says: a `ResidenceKind` code. One query."""
    town = Town.objects.first()
    if town is None:
        return ResidenceKind.INCONNU
    return residence_of(address, postcode=town.postcode, town=town.name)


@transaction.atomic
def update_details(*, citizen_id: int, **fields) -> Citizen:
    """Change a record; another address decides on the residence, where it says it.

    The same address leaves what an agent noted.

    Raises:
        Citizen.DoesNotExist: when there is none.
        TypeError: for a field a record has not got.
    """
    address = fields.get("address", "")
    if address and not Citizen.objects.filter(pk=citizen_id, address=address).exists():
        told = residence_by_address(address)
        if told != ResidenceKind.INCONNU:
            fields["residence"] = told
    return update_citizen(citizen_id=citizen_id, **fields)
