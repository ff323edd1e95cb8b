"""Routing in words: why a request went where it did, and what a rule says."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.sector_streets import streets_written
from massy_grc.users.models import User
from prestations.enums import Channel, RequesterKind
from prestations.models import Category, Department, Prestation, Team
from prestations.translation import catalogue_text
from requests.enums import Opening
from requests.models import RoutingRule
from requests.routing.conditions import Conditions
from requests.routing.written import conditions_of, misread

STREETS_NAMED = 6
CONDITIONS = {
    "kind": gettext_lazy("la prestation"),
    "place": gettext_lazy("le lieu"),
    "requester": gettext_lazy("la qualité du demandeur"),
    "channel": gettext_lazy("le canal"),
    "urgency": gettext_lazy("l’urgence"),
    "opening": gettext_lazy("l’heure d’arrivée"),
}


def why_routed(data: dict, names: dict[str, dict]) -> str:
    """Return the reason of an automatic step as sentences; "" for one that needs none.

    Args:
        data: of the event (`requests.routing.deciding.Destination.as_data`).
        names: labels of what the event names: rules, departments, teams, users.
    """
    person = names["users"].get(data.get("assignee"), "")
    if data.get("moves"):
        return _given(_("Elle est passée de service en service"), person)
    if data.get("closed_department"):
        closed = names["departments"].get(data["closed_department"], data["closed_department"])
        return _given(_("Le service « %(name)s » est fermé") % {"name": closed}, person)
    if "routing_rule" in data:
        return " ".join(_by_rule(data, names, person))
    if data.get("rule") is not None:
        return _("D’après les réponses au formulaire.")
    return ""


def where_to_go(data: dict, names: dict[str, dict]) -> str:
    """Return where a request would go by its corrected answers, as a sentence without its stop.

    Args:
        data, names: as `why_routed` takes them.
    """
    if code := data.get("would_go"):
        return _("Par ces réponses, elle irait au service « %(name)s »") % {
            "name": names["departments"].get(code, code)
        }
    team = data.get("would_team")
    return _("Par ces réponses, elle irait à l’équipe « %(name)s »") % {
        "name": names["teams"].get(team, team)
    }


def _given(reason: str, person: str) -> str:
    """What no rule can place is the manager's."""
    if not person:
        return _("%(reason)s : l’accueil la garde.") % {"reason": reason}
    return _("%(reason)s : confiée à %(person)s, qui décide de la suite.") % {
        "reason": reason,
        "person": person,
    }


def _by_rule(data: dict, names: dict[str, dict], person: str) -> list[str]:
    rule = names["rules"].get(data["routing_rule"], "")
    words = [_("D’après la règle « %(rule)s ».") % {"rule": rule}]
    if met := _met(data):
        words.append(_("Elle remplit ses conditions : %(conditions)s.") % {"conditions": met})
    if data.get("team"):
        team = names["teams"].get(data["team"], "")
        words.append(_("Suivie par : %(team)s.") % {"team": team})
    if data.get("absent"):
        away = names["users"].get(data["absent"], "")
        words.append(_stood_in(away, person))
    elif data.get("nobody"):
        words.append(_("Personne n’est à la fois formé et présent : elle reste à prendre."))
    elif "among" in data:
        words.append(_chosen(person, data["load"], data["among"]))
    elif person:
        words.append(_("Confiée à %(person)s, que la règle désigne.") % {"person": person})
    return words


def _met(data: dict) -> str:
    """What the rule asked of the request; "" in events from before this was kept."""
    named = [str(CONDITIONS[name]) for name in data.get("met", ()) if name in CONDITIONS]
    if said := data.get("words"):
        quoted = ", ".join(_("« %(word)s »") % {"word": word} for word in said)
        named.append(
            ngettext("le mot %(words)s", "les mots %(words)s", len(said)) % {"words": quoted}
        )
    return ", ".join(named)


def _stood_in(away: str, person: str) -> str:
    if person:
        return _("%(away)s, que la règle désigne, est en absence : confiée à %(person)s.") % {
            "away": away,
            "person": person,
        }
    return _("%(away)s, que la règle désigne, est en absence : elle reste à prendre.") % {
        "away": away
    }


def _chosen(person: str, load: int, among: int) -> str:
    if among == 1:
        return _("Confiée à %(person)s, seule personne formée et présente.") % {"person": person}
    return ngettext(
        "Confiée à %(person)s, qui a le moins de demandes ouvertes (%(load)d) des %(among)d"
        " personnes formées et présentes.",
        "Confiée à %(person)s, qui a le moins de demandes ouvertes (%(load)d) des %(among)d"
        " personnes formées et présentes.",
        among,
    ) % {"person": person, "load": load, "among": among}


class RuleWords:
    """What rules say, in words; the labels of the catalogue are read once for all of them."""

    def told(self, rule: RoutingRule) -> dict[str, Any]:
        """Return the conditions as ``(label, value)`` pairs, those that nobody understands, and
        where it leads."""
        place = {
            "department": rule.department_id,
            "team": rule.team_id,
            "person": rule.person_id,
            "to_colleague": rule.to_colleague,
        }
        return {
            "conditions": self._conditions(rule),
            "misread": [*misread(rule.conditions).values()],
            "destination": self.place(place),
        }

    def place(self, place: dict) -> str:
        """Return a destination in words.

        Args:
            place: codes, as a replay keeps them (`requests.routing.replay.place_of`).
        """
        if place["team"] and not place["department"]:
            words = self._teams.get(place["team"], place["team"])
        else:
            words = self.department(place["department"])
        if place["person"]:
            return f"{words}, {self._people.get(place['person'], '')}"
        if place["to_colleague"]:
            return _("%(place)s, à une personne formée et présente") % {"place": words}
        return words

    def department(self, code: str | None) -> str:
        """Return the name of a department; of the front office without one."""
        return self._departments.get(code, code) if code else _("l’accueil")

    def prestation(self, code: str) -> str:
        """Return the name of a prestation."""
        return self._prestations.get(code, code)

    def _conditions(self, rule: RoutingRule) -> list[tuple[str, str]]:
        known = conditions_of(rule)
        kinds = [
            *(self._prestations.get(code, code) for code in known.prestations),
            *(self._categories.get(code, code) for code in known.categories),
        ]
        urgency = {True: _("urgente"), False: _("non urgente")}
        pairs = [
            (_("Prestation"), ", ".join(kinds)),
            (_("Secteur"), self._sector(known)),
            (_("Demandeur"), _labels(RequesterKind, known.requester_kinds)),
            (_("Canal"), _labels(Channel, known.channels)),
            (_("Mots"), ", ".join(known.keywords)),
            (_("Urgence"), urgency[known.urgent] if known.urgent is not None else ""),
            (_("Arrivée"), str(Opening(known.opening).label) if known.opening else ""),
        ]
        return [(label, value) for label, value in pairs if value]

    def _sector(self, known: Conditions) -> str:
        if not known.area and not known.streets:
            return ""
        names = streets_written(known)
        parts = [_("contour dessiné")] if known.area else []
        parts += names[:STREETS_NAMED]
        if len(names) > STREETS_NAMED:
            parts.append("…")
        what = ", ".join(parts)
        return f"{known.sector} ({what})" if known.sector else what

    @cached_property
    def _prestations(self) -> dict[str, str]:
        return _labels_of(Prestation)

    @cached_property
    def _categories(self) -> dict[str, str]:
        return _labels_of(Category)

    @cached_property
    def _departments(self) -> dict[str, str]:
        return _labels_of(Department)

    @cached_property
    def _teams(self) -> dict[str, str]:
        return _labels_of(Team)

    @cached_property
    def _people(self) -> dict[int, str]:
        named = RoutingRule.objects.exclude(person=None).values("person")
        return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=named)}


def _labels(choices, codes: Iterable[str]) -> str:
    return ", ".join(str(choices(code).label) for code in codes)


def _labels_of(model) -> dict[str, str]:
    return {pk: catalogue_text(label) for pk, label in model.objects.values_list("pk", "label")}
