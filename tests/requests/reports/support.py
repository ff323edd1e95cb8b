"""Reports at places of the small register."""

from prestations.forms.address import AddressField
from tests.factories.requests import make_request

CANARIES = (
    "Zoé Canari",
    "canari@courriel.example",
    "0612345678",
    "Texte du canari",
    "Repère canari",
)
LIGHT = "eclairage-equipement-defectueux"
ROADS = "voirie-intervention-rapide"


def report(catalogue, code=ROADS, *, voie="rue Jean Mermoz", numero="12", **fields):
    """A report of somebody whose name, address and words must appear nowhere in public."""
    place = AddressField(spot=True).clean([voie, numero, ""])
    place["complement"] = CANARIES[4]
    answers = {
        "demandeur": {
            "nom": CANARIES[0],
            "email": CANARIES[1],
            "telephone": "+33612345678",
        },
        "reponses": {"lieu": place, "description": CANARIES[3]},
    }
    return make_request(
        prestation=catalogue[code],
        answers=answers,
        subject=CANARIES[3],
        place=f"{numero} {voie}, {CANARIES[4]}",
        requester_name=fields.pop("requester_name", CANARIES[0]),
        requester_email=CANARIES[1],
        **fields,
    )


def assert_nobody_in(text: str) -> None:
    for canary in CANARIES:
        assert canary not in text
