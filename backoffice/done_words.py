"""What an act on a request has done, as the page after it says so under « C’est fait »."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.act import Act
from backoffice.presenting import submitted_words
from backoffice.shown_tasks import asked_words
from backoffice.timeline import events_since
from massy_grc.common.words import date_words, time_words
from massy_grc.users.models import User
from prestations.translation import catalogue_text
from requests import actions
from requests.enums import Verb
from requests.models import ServiceRequest

# where the event's own name is no sentence of what somebody has done
DONE = {
    Verb.TAKE: gettext_lazy("Demande prise en charge"),
    Verb.RETURN: gettext_lazy("Demande rendue à l’accueil"),
    Verb.TREAT: gettext_lazy("Conclusion rendue à l’accueil"),
    Verb.WAIT_THIRD_PARTY: gettext_lazy("Demande mise en attente d’un tiers"),
    Verb.SUBMIT_APPROVAL: gettext_lazy("Demande soumise à validation"),
    Verb.SEND_BACK: gettext_lazy("Décision rendue à son auteur"),
    Verb.NOTE: gettext_lazy("Note ajoutée"),
    Verb.ASK_REASONS: gettext_lazy("Demande de motifs notée"),
    Verb.OBJECT: gettext_lazy("Opposition notée"),
    Verb.MERGE: gettext_lazy("Demande regroupée avec une autre"),
    Verb.LINK: gettext_lazy("Demande liée à une autre"),
}


def done_words(sr: ServiceRequest, act: Act, done: Any, user: User) -> str:
    """The act in words, without a final point; an answer that waits for its approval has not left.

    Args:
        sr: as it was before.
        done: what the act returned.
    """
    decides = act.verb in (Verb.ANSWER, Verb.CLOSE, Verb.READY)
    if decides and (decision := actions.pending_decision(sr)) is not None:
        return submitted_words(decision.outcome)
    match act.verb:
        case Verb.TRANSFER if done.department_since is None:
            words = _("La demande a trop changé de service : le responsable de l’accueil décidera.")
            return words.rstrip(".")
        case Verb.TRANSFER:
            service = catalogue_text(done.department.label)
            return _("Demande transmise au service « %(service)s »") % {"service": service}
        case Verb.ASSIGN if done.assignee:
            return _("Demande confiée à %(name)s") % {"name": done.assignee.get_full_name()}
        case Verb.ASSIGN:
            return _("Demande remise à l’équipe")
        case Verb.SET_URGENT if done.urgent:
            return _("Demande marquée urgente")
        case Verb.SET_URGENT:
            return _("Demande marquée non urgente")
        case Verb.REPEAT if done.repeats_on:
            return _("La demande reviendra le %(day)s") % {"day": date_words(done.repeats_on)}
        case Verb.REPEAT:
            return _("La demande ne reviendra plus")
        case Verb.SNOOZE:
            until = sr.snoozes.away().get(agent=user).until
            moment = {"day": date_words(until), "hour": time_words(until)}
            return _("Demande mise de côté jusqu’au %(day)s, %(hour)s") % moment
        case Verb.ASK_TASK:
            return asked_words(done)
        case Verb.REKEY:
            told = events_since(done, sr.event_count)
            return [one.words for one in told if one.what.verb == Verb.REKEY][-1]
        case Verb.SIGN if _was_favourable(sr):
            return _("Réponse approuvée")
    return str(DONE.get(act.verb, Verb(act.verb).label))


def _was_favourable(sr: ServiceRequest) -> bool:
    return sr.proposed_decisions.filter(approved=True).latest("decided_at").is_favourable
