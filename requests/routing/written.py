"""Conditions of a rule as a file writes them: their shape, what cannot be read, unknown codes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from massy_grc.common.text import fold
from prestations.enums import Channel, RequesterKind
from prestations.loading.shapes import CODE, array, mapping, maybe, one_of, text
from prestations.models import Category, Prestation, Street
from requests.enums import Opening
from requests.routing.areas import read_area
from requests.routing.conditions import Conditions
from requests.routing.numbers import EVEN, LAST, ODD
from requests.routing.sectors import size_words

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


def tidied(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Return conditions with each corner of the outline once, as the pages write it."""
    area = conditions.get("area")
    return {**conditions, "area": read_area(area)} if area else dict(conditions)


def unreadable(conditions: Mapping[str, Any]) -> list[str]:
    """Return what of conditions in the right shape still makes no sense, in words."""
    faults = []
    try:
        if large := size_words(tidied(conditions).get("area") or ()):
            faults.append(large)
    except ValueError:
        faults.append(
            _(
                "Le contour ne se lit pas : chacun a trois points différents au moins, longitude"
                " puis latitude en degrés."
            )
        )
    numbers = conditions.get("numbers") or {}
    wrong = [key for key, spans in numbers.items() if not spans or not all(map(_is_span, spans))]
    faults += [
        _(
            "Les numéros de la rue « %(code)s » ne se lisent pas : chaque partie dit le premier,"
            " le dernier, puis « even », « odd » ou rien."
        )
        % {"code": one}
        for one in wrong
    ]
    faults += [
        _("La rue « %(code)s » a des numéros sans être dans le secteur.") % {"code": one}
        for one in numbers
        if one not in (conditions.get("streets") or ())
    ]
    if not all(fold(word).strip() for word in conditions.get("keywords") or ()):
        faults.append(_("Un mot de la règle est vide."))
    return faults


def _is_span(span: list) -> bool:
    if len(span) != 3 or any(type(one) is not int for one in span[:2]):
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
