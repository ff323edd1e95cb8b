"""Invented places on the plan: the demo's streets where the street register has them."""

from collections import defaultdict
from random import Random

from prestations.forms.register import HOUSE, PIN, STREET
from prestations.models import Address, Street
from prestations.streets.lookup import active_streets
from prestations.streets.names import canonical

PINNED = 0.6  # of the places without number: somebody showed them on the plan


class Register:
    """The street register in memory; places stay as they were drawn while it is empty."""

    def __init__(self):
        self.streets: dict[str, Street] = {row.folded: row for row in active_streets()}
        self.houses: dict[str, list[Address]] = defaultdict(list)
        for row in Address.objects.filter(is_active=True):
            self.houses[row.street_id].append(row)

    def place(self, random: Random, drawn: dict) -> dict:
        """Return the address as the form keeps it once the register knows it.

        A number that does not exist becomes the nearest one that does.
        """
        street = self.streets.get(canonical(drawn["voie"]))
        if street is None:
            return drawn
        houses = self.houses[street.pk]
        place = drawn | {"voie": street.name, "rue": street.key, "adresse": None}
        spot: Street | Address = street
        if drawn["numero"] and houses:
            wanted = int(drawn["numero"])
            spot = house = min(houses, key=lambda row: abs(row.number - wanted))
            place |= {"numero": house.label, "adresse": house.key, "precision": HOUSE}
        elif houses and random.random() < PINNED:
            spot = random.choice(houses)
            place["precision"] = PIN
        else:
            place["precision"] = STREET
        return place | {"latitude": spot.latitude, "longitude": spot.longitude}
