"""Why the date announced to the requester moved, told with the act that moved it."""

from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massy_grc.common.words import date_words
from requests.enums import Verb
from requests.models import RequestEvent

# What a requester reads; a date moved by another act is told without a reason.
REASONS = {
    Verb.SUPPLY: gettext_lazy("Le délai était suspendu en attendant votre envoi."),
    Verb.RESUME: gettext_lazy("Le délai était suspendu en attendant votre envoi."),
    Verb.RECEIVE: gettext_lazy("Le délai était suspendu en attendant votre envoi."),
    Verb.QUALIFY: gettext_lazy("Votre demande relève d’une autre démarche, au délai différent."),
    Verb.SET_URGENT: gettext_lazy("L’urgence de votre demande a changé."),
    Verb.RECALCULATE: gettext_lazy("La mairie sera fermée des jours qui comptaient."),
    Verb.INTERIM: gettext_lazy("Le traitement demande plus de temps que prévu."),
    Verb.EXTEND: gettext_lazy(
        "La loi nous laisse deux mois de plus : lisez ci-dessous pourquoi nous les prenons."
    ),
    Verb.REOPEN: gettext_lazy("Nous reprenons votre demande."),
}


def moved_to(event: RequestEvent) -> datetime | None:
    """The date announced since this act, or None when it did not move."""
    return parse_datetime((event.data or {}).get("due_to", ""))


def moved_words(event: RequestEvent) -> str:
    """« Nouvelle date de réponse prévue : lundi 30 novembre. » and why; empty if it stayed."""
    due = moved_to(event)
    if due is None:
        return ""
    words = _("Nouvelle date de réponse prévue : %(day)s.") % {"day": date_words(due)}
    reason = REASONS.get(Verb(event.verb))
    if event.verb == Verb.RECALCULATE and not event.data.get("adds", True):
        reason = gettext_lazy("La mairie ouvrira des jours annoncés fermés.")
    return f"{words} {reason}" if reason else words
