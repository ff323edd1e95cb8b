"""What became of an answer that waited to be let go, for whoever comes to it afterwards."""

from django.utils.translation import gettext as _

from massy_grc.common.posted import posted_id
from massy_grc.common.words import day_and_time
from requests.models import ServiceRequest


def decided_words(sr: ServiceRequest, named: str | None) -> str:
    """Who decided of an answer of `sr`, and when, in one sentence; "" while it waits.

    Args:
        named: its number, as a page gave it.
    """
    decided = sr.proposed_decisions.filter(pk=posted_id(named) or 0, decided_at__isnull=False)
    decision = decided.select_related("decided_by").first()
    if decision is None or decision.decided_at is None:
        return ""
    if not decision.approved:
        words = _("Cette réponse a été rendue à son auteur ou retirée par %(who)s, %(when)s.")
    elif decision.is_favourable:
        words = _("Cette réponse a déjà été approuvée par %(who)s, %(when)s.")
    else:
        words = _("Cette décision a déjà été signée par %(who)s, %(when)s.")
    who = decision.decided_by.get_full_name() if decision.decided_by else _("un collègue")
    return words % {"who": who, "when": day_and_time(decision.decided_at)}
