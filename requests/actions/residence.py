"""Whether somebody lives in town, said anew by each new address of theirs (S86)."""

from django.db import transaction

from citizens.actions import residence_of, update_citizen
from citizens.enums import ResidenceKind
from citizens.models import Citizen
from prestations.forms.definition import REQUESTER
from prestations.models import Town
from requests.models import FilingDraft, ServiceRequest
from requests.requester import read_requester


def residence_by_address(address: str) -> str:
    """What a postal address says: a `ResidenceKind` code. One query."""
    town = Town.objects.first()
    if town is None:
        return ResidenceKind.INCONNU
    return residence_of(address, postcode=town.postcode, town=town.name)


def draft_from_outside(draft: FilingDraft, answers: dict) -> bool:
    """Whether what is for residents is about to be asked for from an address outside town.

    Only ever a warning: the address may be new. Of somebody else, it is theirs that counts.

    Args:
        answers: of the form, already validated.
    """
    if not draft.prestation.residents_only or draft.organisation:
        return False
    if draft.person:
        address = draft.person["address"]
    else:
        given = answers.get(REQUESTER, {})
        address = read_requester(draft.form_version.definition, given).address
    return residence_by_address(address) == ResidenceKind.EXTERIEUR


def is_from_outside(service_request: ServiceRequest) -> bool:
    """Whether the requester of what is for residents lives elsewhere, by address or by an agent."""
    if not service_request.prestation.residents_only or service_request.organisation_id:
        return False
    known = service_request.citizen.residence if service_request.citizen else ""
    told = known if known not in ("", ResidenceKind.INCONNU) else service_request.residence
    return told == ResidenceKind.EXTERIEUR


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
