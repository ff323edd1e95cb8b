"""Why the date announced to the requester moved, told with the act that moved it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massy_grc.common.words import date_words
from prestations.models import Closure
from prestations.translation import catalogue_text
from requests.enums import Verb
from requests.models import RequestEvent

# What a requester reads; a date moved by another act is told without a reason.
REASONS = {
    Verb.SUPPLY: gettext_lazy("Le délai était suspendu en attendant votre envoi."),
    Verb.RESUME: gettext_lazy("Le délai était suspendu en attendant votre envoi."),
    Verb.RECEIVE: gettext_lazy("Le délai était suspendu en attendant votre envoi."),
    Verb.QUALIFY: gettext_lazy("Votre demande relève d’une autre démarche, au délai différent."),
    Verb.SET_URGENT: gettext_lazy("L’urgence de votre demande a changé."),
    Verb.RECALCULATE: gettext_lazy("Les jours de fermeture de la mairie ont changé."),
    Verb.INTERIM: gettext_lazy("Le traitement demande plus de temps que prévu."),
    Verb.EXTEND: gettext_lazy(
        "La loi nous laisse deux mois de plus : lisez ci-dessous pourquoi nous les prenons."
    ),
    Verb.REOPEN: gettext_lazy("Nous reprenons votre demande."),
}


def moved_to(event: RequestEvent) -> datetime | None:
    """The date announced since this act, or None when it did not move."""
    return parse_datetime((event.data or {}).get("due_to", ""))


def closures_behind(events: Iterable[RequestEvent]) -> dict[int, Closure]:
    """The closures that moved a date, by key; no query where none did."""
    keys = {one.data["closure"] for one in events if one.verb == Verb.RECALCULATE}
    return Closure.objects.in_bulk(keys) if keys else {}


def moved_words(event: RequestEvent, closures: Mapping[int, Closure]) -> str:
    """« Nouvelle date de réponse prévue : lundi 30 novembre. » and why; empty if it stayed.

    Args:
        closures: as `closures_behind` returns them.
    """
    due = moved_to(event)
    if due is None:
        return ""
    words = _("Nouvelle date de réponse prévue : %(day)s.") % {"day": date_words(due)}
    reason = str(REASONS.get(Verb(event.verb), ""))
    if event.verb == Verb.RECALCULATE and (closure := closures.get(event.data["closure"])):
        reason = _closure_words(closure, adds=event.data.get("adds", True))
    return f"{words} {reason}" if reason else words


def _closure_words(closure: Closure, *, adds: bool) -> str:
    """Which days, and why, as the letter says it."""
    days = _("le %(day)s") % {"day": date_words(closure.start)}
    if closure.end != closure.start:
        ends = {"start": date_words(closure.start), "end": date_words(closure.end)}
        days = _("du %(start)s au %(end)s") % ends
    words = (
        _("Fermeture de la mairie %(days)s : %(label)s.")
        if adds
        else _("La mairie ouvre finalement %(days)s : %(label)s, fermeture retirée.")
    )
    return words % {"days": days, "label": catalogue_text(closure.label)}
