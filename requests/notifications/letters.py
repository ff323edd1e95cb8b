"""Which letter follows which act: one table, for the workers and for the preview."""

from requests.enums import Verb
from requests.models import RequestEvent
from requests.notifications import conversation, forwarding, outcome
from requests.notifications.sending import Letter

LETTERS = {
    Verb.ASK_PIECES: conversation.ask_pieces,
    Verb.ASK_QUESTION: conversation.ask_question,
    Verb.WRITE: conversation.write,
    Verb.EXTEND: conversation.extend,
    Verb.GIVE_REASONS: conversation.give_reasons,
    Verb.ANSWER: outcome.answer,
    Verb.CLOSE: outcome.close,
    Verb.FORWARD: forwarding.forward,
    Verb.READY: outcome.ready,
    Verb.SET_APPOINTMENT: outcome.appointment,
    Verb.WITHDRAW: outcome.withdraw,
    Verb.REOPEN: outcome.reopen,
    Verb.INTERIM: outcome.interim,
    Verb.REMIND: outcome.remind,
    Verb.MERGE: conversation.merge,
    Verb.RECALCULATE: outcome.tell_closure,
}


def letter_about(event: RequestEvent) -> Letter | None:
    """The letter to the requester that follows `event`; None when none does."""
    write = LETTERS.get(Verb(event.verb))
    return write(event) if write else None
