"""Who asks, read from the requester block's answers, whatever the block."""

from dataclasses import dataclass, replace

from citizens.models import Citizen, OrganisationAccount
from prestations.enums import RequesterKind
from prestations.forms.address import address_text


@dataclass(frozen=True)
class Requester:
    """The requester as the form names them."""

    kind: str
    name: str = ""
    family_name: str = ""
    usage_name: str = ""
    given_name: str = ""
    organisation_name: str = ""
    rna: str = ""
    siret: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    reply_channel: str = ""

    def for_organisation(self, organisation: OrganisationAccount) -> "Requester":
        """The same person, who asks in an organisation's name."""
        person = f"{self.family_name.upper()} {self.given_name}".strip()
        return replace(
            self,
            kind=organisation.kind,
            name=" · ".join(part for part in (organisation.name, person) if part),
            organisation_name=organisation.name,
            siret=organisation.siret,
            rna=organisation.rna,
        )

    @classmethod
    def of_citizen(cls, citizen: Citizen) -> "Requester":
        """The requester an agent chose by their record."""
        return cls(
            kind=RequesterKind.CITOYEN,
            name=citizen.list_name,
            family_name=citizen.family_name,
            usage_name=citizen.usage_name,
            given_name=citizen.given_name,
            email=citizen.email,
            phone=str(citizen.phone or ""),
            address=citizen.address,
            reply_channel=citizen.reply_channel,
        )


def read_requester(definition: dict, answers: dict) -> Requester:
    """Return who asks, from the form's requester block and the answers to it.

    Args:
        definition: a `FormVersion.definition`.
        answers: the values under ``demandeur``, already validated.
    """
    text = {name: address_text(value) for name, value in answers.items()}
    block = definition["requester_block"]["code"]
    family, given = text.get("nom_famille", ""), text.get("prenom", "")
    person = f"{family.upper()} {given}".strip()
    organisation = (
        text.get("association_nom")
        or text.get("raison_sociale")
        or text.get("administration")
        or text.get("organisme", "")
    )
    kind = {
        "association": RequesterKind.ASSOCIATION,
        "autre_administration": RequesterKind.AUTRE_ADMINISTRATION,
        "organisme_ou_citoyen": text.get("type_demandeur") or RequesterKind.CITOYEN,
    }.get(block, RequesterKind.CITOYEN)
    if not person and not organisation:
        kind = RequesterKind.ANONYME
    contact = text.get("representant") or text.get("contact", "")
    return Requester(
        kind=str(kind),
        name=" · ".join(part for part in (organisation, person or contact) if part),
        family_name=family,
        usage_name=text.get("nom_usage", ""),
        given_name=given,
        organisation_name=organisation,
        rna=text.get("rna", ""),
        siret=text.get("siret", ""),
        email=text.get("email", ""),
        phone=text.get("telephone", ""),
        address=text.get("adresse", ""),
        reply_channel=text.get("canal_reponse", ""),
    )
