"""What a routing rule asks of a request, and what a request has to show for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from massy_grc.common.text import fold
from prestations.enums import FieldType
from prestations.models import Closure, Department, Site, Street
from prestations.opening import closures_of, opening_at
from prestations.streets.names import number_and_suffix
from requests.enums import Opening
from requests.models import ServiceRequest
from requests.routing.areas import Ring, is_inside
from requests.routing.numbers import any_holds

NOTHING: tuple[Any, ...] = (None, "", [])
FREE_TEXTS = (FieldType.TEXT, FieldType.TEXTAREA)


class TownHall:
    """What a decision needs of the town, read once and only when it is asked for."""

    def __init__(self) -> None:
        self._departments: dict[str, Department | None] = {}

    def open_department(self, code: str | None) -> Department | None:
        """Return a department that takes requests; None when it is closed or unknown."""
        if code is None:
            return None
        if code not in self._departments:
            found = Department.objects.filter(pk=code, is_active=True).first()
            self._departments[code] = found
        return self._departments[code]

    def is_open(self, moment: datetime) -> bool:
        """Whether the main site receives the public at `moment`; never where none is known."""
        site, closures = self._hours
        return site is not None and opening_at(site.opening_hours, moment, closures).is_open

    @cached_property
    def _hours(self) -> tuple[Site | None, list[Closure]]:
        site = Site.objects.filter(is_active=True).first()
        return site, closures_of(site.pk, list(Closure.objects.announced())) if site else []


class Facts:
    """What rules may look at, of one request; texts and places are read when a rule asks."""

    def __init__(self, service_request: ServiceRequest, town_hall: TownHall) -> None:
        self.service_request = service_request
        self.town_hall = town_hall

    @cached_property
    def words(self) -> str:
        """The subject and what was written freely in the form, folded."""
        given = self.service_request.answers.get("reponses", {})
        free = {
            field["name"]
            for field in self.service_request.form_version.definition["fields"]
            if field["type"] in FREE_TEXTS
        }
        texts = [text for name, text in given.items() if name in free and isinstance(text, str)]
        return fold("\n".join([self.service_request.subject, *texts]))

    @cached_property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude: of the place itself, else of the middle of its street."""
        place: ServiceRequest | Street = self.service_request
        if place.longitude is None and self.service_request.street is not None:
            place = self.service_request.street
        if place.longitude is None or place.latitude is None:
            return None
        return place.longitude, place.latitude

    @cached_property
    def number(self) -> int | None:
        """The number in its street, without « bis »."""
        parts = number_and_suffix(self.service_request.street_number)
        return parts[0] if parts else None

    @cached_property
    def arrived_open(self) -> bool:
        """Whether the town hall was open when it arrived."""
        return self.town_hall.is_open(self.service_request.arrived_at)


@dataclass(frozen=True)
class Conditions:
    """All that is set must hold; what is empty holds for every request.

    Attributes:
        prestations, categories: codes; a request of either kind will do.
        sector: the name people give to the area and the streets below.
        area: rings of WGS 84 degrees; a request in it, or in one of `streets`, will do.
        streets: keys of the register.
        numbers: of those streets of which only a part counts, the spans of numbers
            (`requests.routing.numbers.Span`) by key.
        keywords: one of them is enough; whole words, also in the plural.
        urgent: None when it does not matter.
        opening: whether the town hall was open at the arrival.
    """

    prestations: Sequence[str] = ()
    categories: Sequence[str] = ()
    sector: str = ""
    area: Sequence[Ring] = ()
    streets: Sequence[str] = ()
    numbers: Mapping[str, Sequence[Sequence]] = field(default_factory=dict)
    requester_kinds: Sequence[str] = ()
    channels: Sequence[str] = ()
    keywords: Sequence[str] = ()
    urgent: bool | None = None
    opening: str = ""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Conditions":
        """Return the conditions of a rule's column.

        Raises:
            TypeError: a name that is no condition.
        """
        return cls(**{name: value for name, value in data.items() if value not in NOTHING})

    @property
    def is_empty(self) -> bool:
        """Whether it would hold for every request."""
        return self == Conditions(sector=self.sector)

    def hold(self, facts: Facts) -> bool:
        """Whether a request is one that the rule speaks of; what costs most is looked at last."""
        asked = facts.service_request
        return (
            self._of_kind(asked)
            and (not self.requester_kinds or asked.requester_kind in self.requester_kinds)
            and (not self.channels or asked.channel in self.channels)
            and (self.urgent is None or asked.urgent == self.urgent)
            and (not self.opening or (self.opening == Opening.OPEN) == facts.arrived_open)
            and self._in_sector(facts)
            and self._speaks_of(facts)
        )

    def _of_kind(self, asked: ServiceRequest) -> bool:
        if not self.prestations and not self.categories:
            return True
        return asked.prestation_id in self.prestations or asked.category_id in self.categories

    def _in_sector(self, facts: Facts) -> bool:
        if not self.area and not self.streets:
            return True
        if self.hold_house(facts.service_request.street_id, facts.number):
            return True
        return bool(self.area) and facts.point is not None and is_inside(self.area, *facts.point)

    def hold_house(self, street: str | None, number: int | None) -> bool:
        """Whether a house is in one of the streets, or in the part of it that counts."""
        if street is None or street not in self.streets:
            return False
        return street not in self.numbers or any_holds(self.numbers[street], number)

    def _speaks_of(self, facts: Facts) -> bool:
        return not self.keywords or self._pattern.search(facts.words) is not None

    @property
    def asked(self) -> list[str]:
        """What it looks at, words apart: ``kind``, ``place``, ``requester``…"""
        looked_at = {
            "kind": self.prestations or self.categories,
            "place": self.area or self.streets,
            "requester": self.requester_kinds,
            "channel": self.channels,
            "urgency": self.urgent is not None,
            "opening": self.opening,
        }
        return [name for name, value in looked_at.items() if value]

    def words_found(self, facts: Facts) -> list[str]:
        """The rule's words that the request says, each once, folded."""
        return list(dict.fromkeys(self._pattern.findall(facts.words))) if self.keywords else []

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = "|".join(re.escape(fold(word)) for word in self.keywords)
        return re.compile(rf"\b(?:{words})(?:s|x)?\b")
