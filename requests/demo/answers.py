"""Plausible valid answers to any form of the catalogue, drawn at random."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from prestations.enums import FieldType
from prestations.forms.conditions import holds
from prestations.forms.definition import Condition
from requests.demo.names import FAMILY_NAMES, GIVEN_NAMES, STREETS, invented_phone
from requests.demo.wording import DESCRIPTIONS, LONG_TEXTS

DESCRIBED = ("description", "explication", "detail", "question")
TOWNS = (
    "Massy",
    "Paris",
    "Palaiseau",
    "Lyon",
    "Lille",
    "Nantes",
    "Évry",
    "Alger",
    "Porto",
    "Dakar",
)
SHORT_TEXTS = {
    "motif": ("renouvellement", "dossier de retraite", "mariage", "succession", "emploi"),
    "annee_scolaire": ("2026-2027",),
    "immatriculation": ("AB-123-CD", "EF-456-GH", "JK-789-LM"),
    "horaires": ("8 h – 18 h", "la nuit", "le week-end"),
    "precision_lieu": ("devant l'entrée", "côté parking", "près de l'arrêt de bus", "à l'angle"),
    "pays": ("Maroc", "Portugal", "Tunisie", "Sénégal", "Viêt Nam"),
    "etablissement": ("École des Lilas", "Collège du Parc", "Lycée Beaulieu"),
    "niveau": ("CP", "6e", "Seconde", "débutant"),
    "materiel": ("20 tables et 60 chaises", "une sono et deux micros", "un vidéoprojecteur"),
    "salle": ("Salle des Tilleuls", "Salle du Moulin"),
    "requete_liee": ("2025-004512-7", "je ne l'ai plus"),
    "instrument": ("piano", "flûte", "violoncelle", "guitare"),
}
NUMBERS = {
    "taille": (150, 195),
    "nombre_participants": (15, 90),
    "nombre_exemplaires": (1, 4),
    "jours_semaine": (1, 5),
    "enfants_handicap": (0, 0),
    "revenu_fiscal_reference": (9000, 60000),
    "revenus_annuels": (9000, 60000),
}
# whose names and numbers a form asks: those of who fills it in, or of a child of theirs
OWN = ("titulaire", "electeur", "beneficiaire", "demandeur", "senior", "parent", "parent1", "p1")
OWN_CHILDREN = ("enfant", "jeune", "inscrit")
# how often they are ticked when answered
CHECKBOXES = {"mineur": 0.0, "danger": 0.05, "injurieux": 0.1}


class AnswerSheet:
    """Draws answers to one form; what depends only on the form is worked out once.

    Args:
        definition: a `FormVersion.definition`.
    """

    def __init__(self, definition: dict):
        self.block = definition["requester_block"]
        self.fields = [
            (field["name"], condition_of(field), field["required"], drawer_of(field))
            for field in definition["fields"]
            if field["type"] != "file"
        ]
        # The same rule as prestations.forms: the place is an address field, else one is added.
        addresses = [one["name"] for one in definition["fields"] if one["type"] == "address"]
        self.place_field = None
        if (definition.get("location") or "none") != "none":
            self.place_field = "lieu" if "lieu" in addresses or not addresses else addresses[0]
        self.place_added = self.place_field is not None and self.place_field not in addresses

    def draw(
        self, random: Random, arrived: date, who: dict, told: dict[str, str] | None = None
    ) -> dict:
        """Return the answers to the form's own fields: hidden ones are left out.

        Args:
            who: the requester, whose names stand where the form asks for them or their child's.
            told: what is answered already, by name of the field.
        """
        answers: dict = {}
        for name, condition, required, drawer in self.fields:
            if condition and not holds(condition, answers):
                continue
            if told and name in told:
                answers[name] = told[name]
            elif required or random.random() < 0.55:
                known = known_of(name, who)
                value = drawer(random, arrived) if known is None else known
                if value != "":
                    answers[name] = value
        if self.place_added or (self.place_field and self.place_field not in answers):
            answers[self.place_field] = draw_address(random)
        return answers

    def requester(self, who: dict) -> dict:
        """Return the requester block's answers for `who` (see `lives.requester_of`)."""
        given: dict = {}
        for field in self.block["fields"]:
            value = who.get(field["name"])
            condition = condition_of(field)
            if value and (not condition or holds(condition, given)):
                given[field["name"]] = value
        return given


def known_of(name: str, who: dict) -> str | None:
    """What the requester's own name says of a field; None when it is about somebody else."""
    prefix, _gap, asked = name.partition("_")
    if name == "telephone_sms":
        return who.get("telephone")
    if prefix in OWN:
        known = {
            "nom": who.get("nom_famille"),
            "nom_naissance": who.get("nom_famille"),
            "nom_usage": who.get("nom_usage"),
            "prenom": who.get("prenom"),
            "prenoms": who.get("prenom"),
        }
        return known.get(asked)
    return who.get("nom_famille") if prefix in OWN_CHILDREN and asked.startswith("nom") else None


def condition_of(field: dict) -> Condition | None:
    """Return the field's `visible_if`, on bare names."""
    when = field.get("visible_if")
    return Condition(when["field"], when["operator"], when["value"]) if when else None


def drawer_of(field: dict) -> Callable[[Random, date], object]:
    """Return the function that draws a value for one field of a form."""
    name, kind = field["name"], field["type"]
    if field.get("choices"):
        values = [choice["value"] for choice in field["choices"]]
        if FieldType(kind).many:
            least, most = field.get("least_answers", 1), field.get("most_answers", len(values))
            return lambda random, _: _some(random, values, random.randint(least, most))
        return lambda random, _: random.choice(values)
    match kind:
        case "checkbox":
            often = CHECKBOXES.get(name, 0.5)
            return lambda random, _: True if field["required"] else random.random() < often
        case "date":
            return _date_drawer(name)
        case "time":
            early, late = (18, 22) if "fin" in name.split("_") else (9, 17)
            return lambda random, _: (
                f"{random.randint(early, late):02}:{random.choice(('00', '30'))}"
            )
        case "integer":
            low, high = NUMBERS.get(name, (1, 5))
            return lambda random, _: random.randint(low, high)
        case "decimal":
            low, high = NUMBERS.get(name, (2, 400))
            return lambda random, _: f"{random.randint(low, high)}.00"
        case "phone":
            return lambda random, _: invented_phone(random)
        case "email":
            return lambda random, _: f"contact{random.randrange(10**5)}@massy.example"
        case "address":
            return lambda random, _: draw_address(random)
        case "textarea" if name in SHORT_TEXTS:
            return _text_drawer(name)
        case "textarea":
            texts = DESCRIPTIONS if name in DESCRIBED else LONG_TEXTS
            return lambda random, _: random.choice(texts)
    return _text_drawer(name)


def _some(random: Random, values: list[str], number: int) -> list[str]:
    """Draw so many answers, in the order in which they are proposed."""
    return sorted(random.sample(values, number), key=values.index)


def _text_drawer(name: str) -> Callable[[Random, date], object]:
    if name in SHORT_TEXTS:
        return lambda random, _: random.choice(SHORT_TEXTS[name])
    if "prenom" in name:
        return lambda random, _: random.choice(GIVEN_NAMES)
    if "nom" in name.split("_") or name in ("representant", "enfant", "eleve", "defunt"):
        return lambda random, _: random.choice(FAMILY_NAMES).replace("-", " ")
    if "lieu" in name or "commune" in name:
        return lambda random, _: random.choice(TOWNS)
    if "numero" in name or "code" in name or "reference" in name:
        return lambda random, _: f"{random.randrange(10**7):07d}"
    return lambda random, _: random.choice(("oui", "à préciser au guichet", "selon disponibilité"))


def _date_drawer(name: str) -> Callable[[Random, date], object]:
    if "naissance" in name:
        years = (3, 17) if "enfant" in name or "jeune" in name else (18, 88)
        return lambda random, arrived: _days_before(random, arrived, *(y * 365 for y in years))
    if name in ("date_debut", "date_fin", "date_evenement", "date_effet", "date_limite_retour"):
        return lambda random, arrived: _days_before(random, arrived, -90, -20)
    return lambda random, arrived: _days_before(random, arrived, 5, 900)


def _days_before(random: Random, arrived: date, least: int, most: int) -> str:
    return (arrived - timedelta(days=random.randint(least, most))).isoformat()


def draw_address(random: Random) -> dict:
    """Return a place in town, one in four without a number (S39)."""
    number = str(random.randrange(1, 120)) if random.random() < 0.75 else ""
    return {
        "numero": number,
        "voie": random.choice(STREETS),
        "code_postal": "91300",
        "commune": "Massy",
    }
