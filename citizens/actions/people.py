"""The verbs on people: every write of a citizen record or an organisation."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from citizens.enums import ResidenceKind
from citizens.models import Citizen, Organisation
from massy_grc.common.text import fold, phone_digits

CITIZEN_FIELDS = (
    "family_name",
    "usage_name",
    "given_name",
    "birth_date",
    "birth_place",
    "gender",
    "email",
    "phone",
    "address",
    "residence",
    "reply_channel",
    "progress_channel",
    "documents_channel",
    "language",
)


@transaction.atomic
def create_citizen(*, family_name: str, **fields) -> Citizen:
    """Create a citizen record.

    Args:
        family_name: as on the civil-status certificate.
        **fields: any other of `CITIZEN_FIELDS`.

    Raises:
        TypeError: for a field a record has not got.
    """
    _check_fields(fields)
    return Citizen.objects.create(family_name=family_name, **fields)


@transaction.atomic
def update_citizen(*, citizen_id: int, **fields) -> Citizen:
    """Change the given fields of a record, under its lock.

    Raises:
        Citizen.DoesNotExist: when there is none.
        TypeError: for a field a record has not got.
    """
    _check_fields(fields)
    citizen = Citizen.objects.select_for_update(no_key=True).get(pk=citizen_id)
    for name, value in fields.items():
        setattr(citizen, name, value)
    citizen.save()
    return citizen


@transaction.atomic
def recognise_citizen(*, family_name: str, given_name: str = "", **fields) -> Citizen:
    """Return the record of someone who names themselves, creating it when nobody matches.

    Two filings are the same person only when the folded names are equal and the e-mail
    address or the phone number too; anything less makes a new record (duplicates are
    proposed to agents, never merged by themselves). What the town holds is not overwritten:
    only blanks are filled.
    """
    _check_fields(fields)
    email = fields.get("email", "")
    phone_key = phone_digits(str(fields.get("phone") or ""))
    same_contact = Q()
    if email:
        same_contact |= Q(email__iexact=email)
    if phone_key:
        same_contact |= Q(phone_key=phone_key)
    if same_contact:
        for known in Citizen.objects.living().filter(same_contact).order_by("id")[:20]:
            if fold(known.family_name) == fold(family_name) and fold(known.given_name) == fold(
                given_name
            ):
                return _fill_blanks(known, fields)
    return create_citizen(family_name=family_name, given_name=given_name, **fields)


@transaction.atomic
def recognise_organisation(
    *, name: str, kind: str, rna: str = "", siret: str = "", **fields
) -> Organisation:
    """Return the organisation with this SIRET or RNA number, creating it when there is none.

    Args:
        name: its usual name.
        kind: a requester kind (association, entreprise, autre_administration).
        rna: ``W`` and nine digits, or blank.
        siret: fourteen digits, or blank.
    """
    if known := _organisation_of(siret=siret, rna=rna):
        return known
    try:
        with transaction.atomic():
            return Organisation.objects.create(name=name, kind=kind, rna=rna, siret=siret, **fields)
    except IntegrityError:  # declared by somebody else at the same instant
        known = _organisation_of(siret=siret, rna=rna)
        if known is None:
            raise
        return known


@transaction.atomic
def update_organisation(*, organisation_id: int, name: str, address: str) -> None:
    """Give the town's record of an organisation another name and seat; its numbers stay."""
    record = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    record.name, record.address = name, address
    record.save()


def _organisation_of(*, siret: str, rna: str) -> Organisation | None:
    rows = Organisation.objects.select_for_update(no_key=True)
    by_siret = rows.filter(siret=siret).first() if siret else None
    return by_siret or (rows.filter(rna=rna).first() if rna else None)


def residence_of(address: str, *, postcode: str, town: str) -> str:
    """Tell a resident from an outsider by the postal address (S86).

    Returns:
        A `ResidenceKind` code; "inconnu" when the address says neither.
    """
    folded = fold(address)
    if not folded:
        return ResidenceKind.INCONNU
    if postcode in folded or fold(town) in folded.split():
        return ResidenceKind.MASSICOIS
    has_other_postcode = any(len(word) == 5 and word.isdigit() for word in folded.split())
    return ResidenceKind.EXTERIEUR if has_other_postcode else ResidenceKind.INCONNU


def _fill_blanks(citizen: Citizen, fields: dict) -> Citizen:
    blanks = {name: value for name, value in fields.items() if value and not getattr(citizen, name)}
    if citizen.residence == ResidenceKind.INCONNU and fields.get("residence"):
        blanks["residence"] = fields["residence"]
    return update_citizen(citizen_id=citizen.pk, **blanks) if blanks else citizen


def _check_fields(fields: dict) -> None:
    unknown = set(fields) - set(CITIZEN_FIELDS)
    if unknown:
        raise TypeError(f"a citizen record has no {', '.join(sorted(unknown))}")
