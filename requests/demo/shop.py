"""What the lives draw from: the catalogue with its weights, the people, the words."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from citizens.enums import ResidenceKind
from citizens.models import Citizen, Organisation
from prestations.enums import Channel, Handling, RequesterKind
from prestations.forms.address import parse_address
from prestations.models import FormVersion, Prestation
from requests.demo.answers import AnswerSheet

CHANNELS = {
    Channel.WEB: 30,
    Channel.GUICHET: 38,
    Channel.TELEPHONE: 17,
    Channel.COURRIER: 8,
    Channel.EMAIL: 6,
    Channel.SMS: 2,
}
# Share of each prestation: certificates and identity papers dominate, Proximité is a tenth.
WEIGHTS = {
    "acte-naissance-filiation": 90,
    "acte-naissance-sans-filiation": 55,
    "acte-mariage-filiation": 22,
    "acte-mariage-sans-filiation": 10,
    "acte-deces": 26,
    "acte-reconnaissance": 9,
    "acte-a-remettre": 12,
    "certificat-domicile": 12,
    "certificat-vie": 14,
    "cni-mairie-principale": 75,
    "cni-mairie-annexe": 48,
    "passeport-mairie-principale": 62,
    "passeport-mairie-annexe": 38,
    "information-generale": 50,
    "recensement-militaire": 26,
    "legalisation-signature": 22,
    "certification-conforme": 10,
    "attestation-accueil": 22,
    "election-inscription": 16,
    "stationnement-vilmorin-graviers": 24,
    "stationnement-macaron": 14,
    "qf-calcul": 36,
    "qf-verification": 6,
    "famille-premiere-inscription": 22,
    "famille-inscription-periscolaire": 34,
    "scolaire-inscription": 26,
    "facture-contestation": 12,
    "dechets-bons-deversement": 18,
    "dechets-conteneur": 16,
    "logement-demande": 16,
    "logement-modification": 10,
    "voirie-intervention-rapide": 22,
    "voirie-graffitis": 9,
    "voirie-mobilier-urbain": 8,
    "eclairage-equipement-defectueux": 12,
    "proprete-depot-sauvage": 19,
    "proprete-nettoyage": 13,
    "espaces-verts-entretien": 9,
    "nuisances-voisinage": 10,
    "reclamation-service-municipal": 10,
}
USUAL = 4
# Who does not live in town: born or married here, passing through, or at the nearest counter that
# makes identity papers (S86).
OUTSIDERS = {
    **dict.fromkeys((code for code in WEIGHTS if code.startswith("acte-")), 0.35),
    **dict.fromkeys((code for code in WEIGHTS if code.startswith(("cni-", "passeport-"))), 0.2),
    **dict.fromkeys((code for code in WEIGHTS if code.startswith(("voirie-", "eclairage-"))), 0.3),
    "proprete-depot-sauvage": 0.2,
    "information-generale": 0.25,
}
FEW_OUTSIDERS = 0.03


@dataclass
class Offer:
    """A prestation as the lives need it."""

    prestation: Prestation
    form: FormVersion
    sheet: AnswerSheet
    channels: list[str]
    shares: list[int]
    weight: float
    documents: list[dict]

    @property
    def complex(self) -> bool:
        return self.prestation.handling == Handling.COMPLEXE


def read_offers() -> list[Offer]:
    """Return the open prestations with their forms; the catalogue must be loaded."""
    offers = []
    open_ones = Prestation.objects.filter(status="active", is_active=True)
    for prestation in open_ones.select_related("current_form", "category", "team").order_by("pk"):
        channels = [str(one) for one in CHANNELS if one in prestation.channels]
        form = prestation.current_form
        if not channels or form is None:
            continue
        definition = form.definition
        offers.append(
            Offer(
                prestation=prestation,
                form=form,
                sheet=AnswerSheet(definition),
                channels=channels,
                shares=[CHANNELS[Channel(one)] for one in channels],
                weight=WEIGHTS.get(prestation.pk, USUAL),
                documents=definition.get("documents") or [],
            )
        )
    return offers


class Crowd:
    """Who may ask by which channel: online one needs an address, by SMS a phone."""

    def __init__(self, citizens: Iterable[Citizen], organisations: Iterable[Organisation]):
        everyone = list(citizens)
        elsewhere = [one for one in everyone if one.residence == ResidenceKind.EXTERIEUR]
        in_town = [one for one in everyone if one.residence != ResidenceKind.EXTERIEUR]
        self.in_town = _by_means(in_town)
        self.elsewhere = _by_means(elsewhere or everyone)
        self.associations = [o for o in organisations if o.kind == RequesterKind.ASSOCIATION]
        self.companies = [o for o in organisations if o.kind == RequesterKind.ENTREPRISE]

    def citizen(self, random: Random, channel: str, prestation: str) -> Citizen:
        outside = random.random() < OUTSIDERS.get(prestation, FEW_OUTSIDERS)
        with_email, with_phone, everyone = self.elsewhere if outside else self.in_town
        if channel in (Channel.WEB, Channel.EMAIL):
            return random.choice(with_email or everyone)
        return random.choice(with_phone or everyone if channel == Channel.SMS else everyone)


def _by_means(people: list[Citizen]) -> tuple[list[Citizen], list[Citizen], list[Citizen]]:
    """Those with an address, those with a phone, all of them."""
    return [one for one in people if one.email], [one for one in people if one.phone], people


def requester_of(
    random: Random, crowd: Crowd, offer: Offer, channel: str
) -> tuple[dict, Citizen | None, Organisation | None]:
    """Draw who asks: the values for the requester block, and whose record it is."""
    block = offer.sheet.block["code"]
    if block == "contact_facultatif" and random.random() < 0.28:
        return {}, None, None
    organisation = None
    if block == "association":
        organisation = random.choice(crowd.associations)
    elif block == "organisme_ou_citoyen" and random.random() < 0.4:
        organisation = random.choice([*crowd.associations, *crowd.companies])
    if organisation:
        return _organisation_values(organisation), None, organisation
    citizen = crowd.citizen(random, channel, offer.prestation.pk)
    values = _citizen_values(citizen)
    if block == "autre_administration":
        return _court_values(values["prenom"]), None, None
    return values, citizen, None


def _court_values(contact: str) -> dict:
    return {
        "administration": "Tribunal de proximité",
        "service": "Greffe",
        "contact": contact,
        "email": "greffe@massy.example",
    }


def _citizen_values(citizen: Citizen) -> dict:
    return {
        "type_demandeur": "citoyen",
        "nom_famille": citizen.family_name,
        "nom_usage": citizen.usage_name,
        "prenom": citizen.given_name,
        "email": citizen.email,
        "telephone": str(citizen.phone or ""),
        "adresse": parse_address(citizen.address),
        "canal_reponse": citizen.reply_channel,
    }


def _organisation_values(organisation: Organisation) -> dict:
    return {
        "type_demandeur": organisation.kind,
        "raison_sociale": organisation.name,
        "association_nom": organisation.name,
        "rna": organisation.rna,
        "siret": organisation.siret,
        "representant": organisation.representative,
        "nom_famille": organisation.representative.split()[-1],
        "prenom": organisation.representative.split()[0],
        "email": organisation.email,
        "telephone": str(organisation.phone or ""),
        "adresse": parse_address(organisation.address),
    }
