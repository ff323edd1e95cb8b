"""Why a request went where it did, in the words of the timeline."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


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
    if data.get("team"):
        team = names["teams"].get(data["team"], "")
        words.append(_("Suivie par : %(team)s.") % {"team": team})
    if data.get("nobody"):
        words.append(_("Personne n’est à la fois formé et présent : elle reste à prendre."))
    elif "among" in data:
        words.append(_chosen(person, data["load"], data["among"]))
    elif person:
        words.append(_("Confiée à %(person)s, que la règle désigne.") % {"person": person})
    return words


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
