"""The town, its organisation and its places, as reference.yaml writes them."""

from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prestations.configuration.coded import coded
from prestations.configuration.kinds import Kind, State
from prestations.loading.checks_reference import check_hours
from prestations.loading.problems import Problems
from prestations.loading.reference import (
    TOWN_COLUMNS,
    department_columns,
    facility_columns,
    site_columns,
    team_columns,
)
from prestations.loading.rows import keep_row
from prestations.loading.schema_reference import CONTACT, TOWN, VISIT, WEEK
from prestations.loading.shapes import (
    CODE,
    COUNT,
    POSITIVE,
    Schema,
    loose_mapping,
    mapping,
    maybe,
    text,
)
from prestations.models import (
    Department,
    Direction,
    Facility,
    PostType,
    ServiceContract,
    Site,
    Team,
    Town,
)

_BLANK = text(empty=True)
_CONTACT: dict[str, Schema] = dict.fromkeys(CONTACT, _BLANK)
# What the program reads of them; the rest is the town's.
_FACTS = loose_mapping(
    {
        "phone_hours": WEEK,
        "review_months": POSITIVE,
        "deaf_relay": TOWN["properties"]["deaf_relay"],
    }
)


def _contact(row: Any) -> State:
    return {name: getattr(row, name) for name in CONTACT}


def _town(key: str) -> State | None:
    town = Town.objects.filter(pk=key).first()
    if town is None:
        return None
    return {name: getattr(town, name) for name in sorted(TOWN_COLUMNS)} | {"facts": town.facts}


def _keep_town(key: str, state: State | None, *, actor) -> None:
    if state is not None:
        keep_row(Town, key, state)
        transaction.on_commit(lambda: cache.delete("town"))


def _needs(model: Any, name: str, words: Any):
    """Return the check that what a state names is in use."""

    def faults(key: str, state: State | None) -> list[str]:
        code = state.get(name) if state else None
        if code is None or model.objects.filter(pk=code, is_active=True).exists():
            return []
        return [words % {"code": code}]

    return faults


_NO_DIRECTION = gettext_lazy("La direction « %(code)s » n’existe plus.")
_NO_SITE = gettext_lazy("Le site « %(code)s » n’est plus ouvert.")


def _week_faults(week: dict[str, Any]) -> list[str]:
    problems = Problems()
    check_hours("", week, problems)
    wrong = bool(problems)
    return [_("Les horaires ne se suivent pas : chacun finit après son début.")] if wrong else []


def _hours_faults(key: str, state: State | None) -> list[str]:
    return _week_faults(state["opening_hours"]) if state is not None else []


def _town_faults(key: str, state: State | None) -> list[str]:
    week = state["facts"].get("phone_hours") if state is not None else None
    return _week_faults(week) if week else []


def _facility_faults(key: str, state: State | None) -> list[str]:
    return [*_needs(Site, "site", _NO_SITE)(key, state), *_hours_faults(key, state)]


def _departments() -> Kind:
    """Departments; one taken out of use has no contract any more."""
    kind = coded(
        Department,
        "departments",
        gettext_lazy("Service"),
        item=lambda row: {
            "direction": row.direction_id,
            "target_return_days": row.target_return_days,
            **_contact(row),
        },
        columns=department_columns,
        schema={"direction": CODE, "target_return_days": POSITIVE, **_CONTACT},
        faults=_needs(Direction, "direction", _NO_DIRECTION),
    )

    def restore(key: str, state: State | None, *, actor) -> None:
        assert kind.restore is not None
        kind.restore(key, state, actor=actor)
        if state is None:
            ServiceContract.objects.filter(department=key).update(is_active=False)

    return replace(kind, restore=restore)


KINDS = [
    Kind(
        code="town",
        label=gettext_lazy("Ville"),
        keys=lambda: Town.objects.values_list("pk", flat=True),
        snapshot=_town,
        name=lambda state: state["name"],
        stays=True,
        key_of=lambda state: "town",
        restore=_keep_town,
        faults=_town_faults,
        schema=mapping({"facts": _FACTS, **dict.fromkeys(sorted(TOWN_COLUMNS), _BLANK)}),
    ),
    coded(Direction, "directions", gettext_lazy("Direction"), english=True),
    _departments(),
    coded(
        Team,
        "teams",
        gettext_lazy("Équipe de l’accueil"),
        item=lambda row: {"direction": row.direction_id, "role": row.role_text, **_contact(row)},
        columns=team_columns,
        schema={"direction": CODE, "role": _BLANK, **_CONTACT},
        faults=_needs(Direction, "direction", _NO_DIRECTION),
        english=True,
    ),
    coded(
        Site,
        "sites",
        gettext_lazy("Site"),
        item=lambda row: {
            "counters": row.counters,
            "opening_hours": row.opening_hours,
            "visit": row.visit,
            **_contact(row),
        },
        columns=site_columns,
        schema={"counters": COUNT, "opening_hours": WEEK, "visit": VISIT, **_CONTACT},
        faults=_hours_faults,
        searched=True,
    ),
    coded(
        PostType,
        "post_types",
        gettext_lazy("Poste de travail"),
        item=lambda row: {"task": row.task},
        columns=lambda state: {"task": state["task"]},
        schema={"task": _BLANK},
        english=True,
    ),
    coded(
        Facility,
        "facilities",
        gettext_lazy("Équipement public"),
        item=lambda row: {
            "kind": row.kind,
            "site": row.site_id,
            "opening_hours": row.opening_hours,
            **_contact(row),
        },
        columns=facility_columns,
        schema={"kind": text(40), "site": maybe(CODE), "opening_hours": WEEK, **_CONTACT},
        faults=_facility_faults,
        searched=True,
        english=True,
    ),
]
