"""Conditions of a rule as a file or a column has them: their shape, what cannot be understood."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from massy_grc.common.text import fold
from prestations.configuration.wording import part_words, place_words
from prestations.enums import Channel, RequesterKind
from prestations.loading.files import check_schema
from prestations.loading.problems import Fault
from prestations.loading.shapes import CODE, array, mapping, maybe, one_of, text
from prestations.loading.words import told
from prestations.models import Category, Prestation, Street
from requests.enums import Opening
from requests.models import RoutingRule
from requests.routing.areas import read_area
from requests.routing.conditions import Conditions
from requests.routing.numbers import EVEN, LAST, ODD
from requests.routing.shapes import size_words

_NUMBERS = {"type": "object", "additionalProperties": array(array({}))}
_RINGS = array(array(array({"type": "number"})))

CONDITIONS = mapping(
    {},
    optional={
        "prestations": maybe(array(CODE, unique=True)),
        "categories": maybe(array(CODE, unique=True)),
        "sector": maybe(text(80, empty=True)),
        "area": maybe(_RINGS),
        "streets": maybe(array(text(), unique=True)),
        "numbers": maybe(_NUMBERS),
        "requester_kinds": maybe(array(one_of(RequesterKind.values), unique=True)),
        "channels": maybe(array(one_of(Channel.values), unique=True)),
        "keywords": maybe(array(text(2000), unique=True)),
        "urgent": {"type": ["boolean", "null"]},
        "opening": maybe(one_of(["", *Opening.values])),
    },
)
# of what is kept already: the outline is looked at by itself, a list may say something twice
_KEPT = CONDITIONS | {"properties": CONDITIONS["properties"] | {"area": {}}}
_HARMLESS = (Fault.LISTED_TWICE, Fault.TOO_LONG)


def tidied(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Return conditions with each corner of the outline once, as the pages write it."""
    area = conditions.get("area")
    return {**conditions, "area": read_area(area)} if area else dict(conditions)


def unreadable(conditions: Mapping[str, Any]) -> list[str]:
    """Return what of conditions in the right shape still makes no sense, in words."""
    faults = [words for _name, words in _nonsense(conditions)]
    try:
        if large := size_words(tidied(conditions).get("area") or ()):
            faults.append(large)
    except ValueError:
        faults.append(_area_words())
    return faults


def misread(conditions: Any) -> dict[str, str]:
    """Return which of the conditions that a rule's column holds nobody understands, and why.

    The pages write none such; a file may have, before files were read strictly.

    Returns:
        Sentences by the name of the condition; "" for all of them at once.
    """
    found: dict[str, str] = {}
    for problem in check_schema(conditions, _KEPT):
        if problem.fault not in _HARMLESS:
            name = re.split(r"[.\[]", problem.path, maxsplit=1)[0]
            place = " › ".join(place_words(conditions, problem.path))
            found.setdefault(name, told(replace(problem, path=place)))
    if "" in found:
        return found
    left = {name: one for name, one in conditions.items() if name not in found}
    if not is_outline(left.get("area") or []):
        found["area"] = _area_words()
    for name, words in _nonsense(left):
        found.setdefault(name, f"{part_words(name)}\u00a0: {words}")
    return found


def is_misread(rule: RoutingRule) -> bool:
    """Whether one of its conditions cannot be understood; quick where it was asked before."""
    return _is_misread(json.dumps(rule.conditions))


@lru_cache(maxsize=256)
def _is_misread(conditions: str) -> bool:
    return bool(misread(json.loads(conditions)))


def conditions_of(rule: RoutingRule) -> Conditions:
    """Return what of a rule's conditions is understood, for pages; one that is not has no force."""
    wrong = misread(rule.conditions)
    if "" in wrong:
        return Conditions()
    return Conditions.read({k: one for k, one in rule.conditions.items() if k not in wrong})


def _nonsense(conditions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What of conditions in the right shape makes no sense, the outline apart."""
    numbers = conditions.get("numbers") or {}
    for key, spans in numbers.items():
        if not spans or not all(map(is_span, spans)):
            yield (
                "numbers",
                _(
                    "Les numéros de la rue « %(code)s » ne se lisent pas : chaque partie dit le"
                    " premier, le dernier, puis « even », « odd » ou rien."
                )
                % {"code": key},
            )
    for key in numbers:
        if key not in (conditions.get("streets") or ()):
            words = _("La rue « %(code)s » a des numéros sans être dans le secteur.")
            yield "numbers", words % {"code": key}
    if not all(fold(word).strip() for word in conditions.get("keywords") or ()):
        yield "keywords", _("Un mot de la règle est vide.")


def _area_words() -> str:
    return _(
        "Le contour ne se lit pas : chacun a trois points différents au moins, longitude"
        " puis latitude en degrés."
    )


def is_outline(area: Any) -> bool:
    """Whether an outline is as the pages keep it: rings of corners of two numbers."""
    try:
        read_area(area) if area else []
    except ValueError:
        return False
    return isinstance(area, list) and all(
        isinstance(corner, list) and len(corner) == 2 for ring in area for corner in ring
    )


def is_span(span: Any) -> bool:
    """Whether it says the numbers of a part of a street."""
    if (
        not isinstance(span, list)
        or len(span) != 3
        or any(type(one) is not int for one in span[:2])
    ):
        return False
    first, last, side = span
    return 0 <= first <= last <= LAST and side in ("", EVEN, ODD)


def unknown_codes(conditions: Conditions) -> list[str]:
    """Return which codes nothing has, in words."""
    named = (
        (Prestation, conditions.prestations, _("La prestation « %(code)s » n’existe pas.")),
        (Category, conditions.categories, _("La catégorie « %(code)s » n’existe pas.")),
        (Street, conditions.streets, _("La rue « %(code)s » n’est pas au répertoire.")),
    )
    return [
        words % {"code": code} for model, codes, words in named for code in _missing(model, codes)
    ]


def _missing(model: Any, codes: Iterable[str]) -> list[str]:
    wanted = list(codes)
    known = set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else ()
    return [code for code in wanted if code not in known]
