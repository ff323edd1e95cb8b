"""The main navigation of the staff pages: each entry with the rights that open it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests.permissions import KNOWLEDGE_READERS, Right, Scope


@dataclass(frozen=True)
class Entry:
    """A page of the navigation; `rights` empty means every agent."""

    label: str | Promise
    url_name: str
    icon: str
    rights: frozenset[Right] = frozenset()


ENTRIES = (
    Entry(_("Ma journée"), "backoffice:home", "sun"),
    Entry(
        _("Demandes"),
        "backoffice:queue",
        "inbox",
        frozenset({Right.FRONT_OFFICE, Right.EXPERT_WORK, Right.SEE_DASHBOARD}),
    ),
    Entry(
        _("Accueil du public"),
        "backoffice:reception",
        "headset",
        frozenset({Right.LOG_REQUEST}),
    ),
    Entry(
        _("Citoyens"),
        "backoffice:citizens",
        "users",
        frozenset({Right.LOG_REQUEST}),
    ),
    Entry(
        _("Problèmes"),
        "backoffice:problems",
        "repeat",
        frozenset({Right.HANDLE_COMPLAINTS}),
    ),
    Entry(
        _("Courriers"),
        "backoffice:letters",
        "mail",
        frozenset({Right.FRONT_OFFICE}),
    ),
    Entry(
        _("Connaissance"),
        "backoffice:knowledge",
        "book-open",
        frozenset(KNOWLEDGE_READERS),
    ),
    Entry(
        _("Pilotage"),
        "backoffice:dashboard",
        "chart-column",
        frozenset({Right.SEE_DASHBOARD}),
    ),
    Entry(
        _("Données personnelles"),
        "backoffice:privacy",
        "shield-check",
        frozenset({Right.PROTECT_DATA}),
    ),
    Entry(
        _("Paramétrage"),
        "backoffice:settings",
        "settings",
        frozenset({Right.ADMINISTER, Right.SUPERVISE}),
    ),
)


def entries_for(scope: Scope, request: HttpRequest) -> list[dict]:
    """Return the navigation `scope` may see, with the current page marked."""
    shown = []
    for entry in ENTRIES:
        if entry.rights and not scope.rights & entry.rights:
            continue
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        shown.append({"label": entry.label, "url": url, "icon": entry.icon, "active": False})
    home = reverse("backoffice:home")
    for item in shown:
        url = str(item["url"])
        item["active"] = request.path == home if url == home else request.path.startswith(url)
    return shown
