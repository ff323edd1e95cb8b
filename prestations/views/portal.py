"""The portal's front page: the two services, each with the citizens' own groups (S30, S40)."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from prestations.models import Category, PortalEntry, PortalGroup, Prestation, Team
from prestations.views.places import reach_now

# The two services' own words for themselves (seed 002); another team shows its label alone.
ROLES = {
    "eas": (
        _("Toutes vos démarches"),
        _("Un guichet unique à votre service pour toutes vos démarches administratives."),
    ),
    "proximite": (
        _("Réclamations, interventions"),
        _(
            "Une équipe à votre écoute pour toutes vos réclamations et demandes"
            " d’intervention de la vie quotidienne."
        ),
    ),
}


MOST_REQUESTED = 6


@dataclass
class Door:
    """One of the services side by side."""

    team: Team
    accent: str
    headline: str
    role: str
    groups: list["Group"] = field(default_factory=list)
    others: list[Category] = field(default_factory=list)


@dataclass
class Group:
    """A group of the citizens' page under its own wording."""

    label: str
    entries: list[PortalEntry]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search box, the two services, what is open today, how to reach us."""
    reach = reach_now()
    return render(
        request,
        "prestations/home.html",
        {
            "doors": doors(),
            "places": reach.places,
            "line": reach.line,
            "most_requested": most_requested(),
        },
    )


def most_requested() -> list[Prestation]:
    """Return what people ask for most these days, among what is open online: one query.

    In a new town nobody has asked yet: then the first of the citizens' page.
    """
    online = Prestation.objects.open_on("web")
    return list(
        online.order_by("-demand", "portal_entries__group__order", "order")[:MOST_REQUESTED]
    )


def doors() -> list[Door]:
    """Return the services with their groups, in the order of the data: four queries.

    `others` are the categories without a group of their own in which something can be asked
    online.
    """
    found = {}
    for team in Team.objects.filter(is_active=True):
        headline, role = ROLES.get(team.code, (team.label, ""))
        accent = "second" if team.code == "proximite" else "primary"
        found[team.code] = Door(team, accent, str(headline), str(role))
    online = Prestation.objects.open_on("web")
    entries: dict[str, list[PortalEntry]] = {}
    shown = PortalEntry.objects.filter(prestation__in=online).select_related("prestation")
    for entry in shown.only("group_id", "portal_label", "prestation__label"):
        entries.setdefault(entry.group_id, []).append(entry)
    for group in PortalGroup.objects.filter(is_active=True):
        if group.code in entries and group.team_id in found:
            found[group.team_id].groups.append(Group(group.label, entries[group.code]))
    ungrouped = online.filter(portal_entries=None)
    for category in Category.objects.filter(is_active=True, prestations__in=ungrouped).distinct():
        if category.team_id in found and category.code not in entries:
            found[category.team_id].others.append(category)
    return list(found.values())
