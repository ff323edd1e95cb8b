"""Changes of the configuration in one line each: what was done, and which fields say what now."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from backoffice.configured.differences import Labels, differences
from massy_grc.common.words import semicolons
from prestations.configuration import all_kinds
from prestations.enums import PrestationStatus
from prestations.models import ConfigurationChange

MOST_FIELDS = 2  # told in a line; the rest is counted
LONGEST = 60  # characters of a value told in a line
RULES = "routing_rules"
# what is said or decided once more, rather than opened or put in service
SAID = {
    "closures",
    "campaigns",
    "contracts",
    "opening_views",
    "service_levels",
    "thresholds",
    "holders",
    "regimes",
}


class Act(Enum):
    """What a change did to its object: an icon and words."""

    icon: str
    words: str | Promise

    def __init__(self, icon: str, words: str | Promise) -> None:
        self.icon, self.words = icon, words

    BACK = "undo-2", gettext_lazy("Retour en arrière")
    DRAFTED = "square-pen", gettext_lazy("Brouillon commencé")
    REDRAFTED = "pencil", gettext_lazy("Brouillon modifié")
    DROPPED = "x", gettext_lazy("Brouillon abandonné")
    PUBLISHED = "plus", gettext_lazy("Mise en service")
    MADE = "plus", gettext_lazy("Création")
    FORM = "circle-check", gettext_lazy("Publication")
    ADDED = "plus", gettext_lazy("Ajout")
    WITHDRAWN = "x", gettext_lazy("Retrait")
    FILED = "archive", pgettext_lazy("une règle", "Classée")
    TAKEN_UP = "rotate-ccw", pgettext_lazy("une règle", "Remise")
    CHANGED = "pencil", gettext_lazy("Modification")


@dataclass(frozen=True)
class Told:
    """A change as a list shows it."""

    change: ConfigurationChange
    kind: str | Promise
    act: Act
    fields: str


def act_of(change: ConfigurationChange, again: Container[int] = ()) -> Act:
    """Return what a change did; a prestation that is being made is in nobody's use yet.

    Args:
        again: those that took up what was filed away (`taken_up`).
    """
    before, after = (_is_draft(one) for one in (change.before, change.after))
    if change.reverts_id:
        return Act.BACK
    if change.kind == RULES and change.after is None:
        return Act.FILED
    if change.before is None:
        if after or change.kind in SAID:
            return Act.DRAFTED if after else Act.ADDED
        if change.pk in again:
            return Act.TAKEN_UP
        return Act.MADE if _is_off(change.after) else Act.PUBLISHED
    if change.after is None:
        return Act.DROPPED if before else Act.WITHDRAWN
    if before:
        return Act.REDRAFTED if after else Act.PUBLISHED
    return Act.FORM if _asks_anew(change) else Act.CHANGED


def told(changes: Iterable[ConfigurationChange]) -> list[Told]:
    """Tell changes; the names that their codes stand for are read once for all of them."""
    changes, labels = list(changes), Labels()
    again = taken_up(changes)
    kinds = {kind.code: kind.label for kind in all_kinds()}
    return [
        Told(one, kinds.get(one.kind, one.kind), act_of(one, again), changed_fields(one, labels))
        for one in changes
    ]


def taken_up(changes: Iterable[ConfigurationChange]) -> set[int]:
    """Return the changes that put a rule back which had been filed away, in one query."""
    made = [one for one in changes if one.kind == RULES and one.before is None]
    if not made:
        return set()
    filed = ConfigurationChange.objects.filter(
        kind=RULES, key__in={one.key for one in made}, after__isnull=True
    )
    first = dict(filed.order_by("-pk").values_list("key", "pk"))
    return {one.pk for one in made if first.get(one.key, one.pk) < one.pk}


def changed_fields(change: ConfigurationChange, labels: Labels | None = None) -> str:
    """Say which fields of an object a change moved, from what to what; "" for one made or gone."""
    if change.before is None or change.after is None:
        return ""
    found = differences(change.before, change.after, labels)
    parts = [
        _("%(field)s : %(before)s → %(after)s")
        % {"field": one.label, "before": _short(one.before), "after": _short(one.after)}
        for one in found[:MOST_FIELDS]
    ]
    if (more := len(found) - MOST_FIELDS) > 0:
        words = ngettext("et %(n)d autre champ", "et %(n)d autres champs", more)
        parts.append(words % {"n": more})
    return semicolons(parts)


def _short(text: str) -> str:
    if not text:
        return "–"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _asks_anew(change: ConfigurationChange) -> bool:
    """Whether a prestation has other questions: a version of its form was published."""
    return (change.before or {}).get("form_fields") != (change.after or {}).get("form_fields")


def _is_off(state: dict | None) -> bool:
    """Whether it waits to be switched on, as a rule does until it is replayed."""
    return state is not None and state.get("enabled") is False


def _is_draft(state: dict | None) -> bool:
    return state is not None and state.get("status") == PrestationStatus.DRAFT
