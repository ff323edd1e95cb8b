"""Which state may follow which, and which verb works where: two tables a clerk can review.

`TRANSITIONS` is reference.yaml's `state_transitions` (a test proves them equal); `VERBS` says
from which states each verb works and who may use it.
"""

from dataclasses import dataclass
from datetime import datetime

from requests.enums import OPEN_STATES, PAUSED_STATES, State, Verb
from requests.permissions import Right

S = State

TRANSITIONS: dict[State, frozenset[State]] = {
    S.ENREGISTREE: frozenset(
        {S.A_QUALIFIER, S.EN_COURS, S.TRANSMISE, S.RENDEZ_VOUS, S.CLOSE, S.ANNULEE}
    ),
    S.A_QUALIFIER: frozenset({S.EN_COURS, S.TRANSMISE, S.CLOSE, S.ANNULEE}),
    S.EN_COURS: frozenset(
        {
            S.TRANSMISE,
            S.ATTENTE_PIECES,
            S.ATTENTE_DEMANDEUR,
            S.ATTENTE_TIERS,
            S.RENDEZ_VOUS,
            S.A_VALIDER,
            S.A_RETIRER,
            S.A_REPONDRE,
            S.CLOSE,
            S.ANNULEE,
        }
    ),
    S.TRANSMISE: frozenset(
        {
            S.EN_COURS,
            S.ATTENTE_PIECES,
            S.ATTENTE_DEMANDEUR,
            S.ATTENTE_TIERS,
            S.A_REPONDRE,
            S.ANNULEE,
        }
    ),
    S.ATTENTE_PIECES: frozenset({S.EN_COURS, S.TRANSMISE, S.CLOSE, S.ANNULEE}),
    S.ATTENTE_DEMANDEUR: frozenset({S.EN_COURS, S.TRANSMISE, S.CLOSE, S.ANNULEE}),
    S.ATTENTE_TIERS: frozenset(
        {S.EN_COURS, S.TRANSMISE, S.A_REPONDRE, S.A_RETIRER, S.CLOSE, S.ANNULEE}
    ),
    S.RENDEZ_VOUS: frozenset({S.EN_COURS, S.ATTENTE_PIECES, S.CLOSE, S.ANNULEE}),
    S.A_VALIDER: frozenset({S.EN_COURS, S.A_RETIRER, S.A_REPONDRE, S.CLOSE, S.ANNULEE}),
    S.A_REPONDRE: frozenset(
        {
            S.EN_COURS,
            S.TRANSMISE,
            S.ATTENTE_DEMANDEUR,
            S.A_VALIDER,
            S.A_RETIRER,
            S.CLOSE,
            S.ANNULEE,
        }
    ),
    S.A_RETIRER: frozenset({S.CLOSE, S.EN_COURS, S.ANNULEE}),
    S.CLOSE: frozenset({S.EN_COURS}),  # reopening, reason required
    S.ANNULEE: frozenset(),
}


@dataclass(frozen=True)
class VerbRule:
    """Where a verb works and for whom.

    Attributes:
        states: the states it may start from.
        rights: any one of these is enough; an expert's counts only in their department.
    """

    states: frozenset[State]
    rights: frozenset[Right]


_FRONT = frozenset({Right.FRONT_OFFICE})
_EXPERT = frozenset({Right.EXPERT_WORK})
_BOTH = _FRONT | _EXPERT
_OFFICER = frozenset({Right.PROTECT_DATA})
_SIGNING = frozenset({Right.SIGN, Right.SIGN_IN_DEPARTMENT})
_OPEN = frozenset(OPEN_STATES)
_WORK = frozenset({S.EN_COURS, S.TRANSMISE})


def _to(*targets: State) -> frozenset[State]:
    """The states from which one of `targets` may follow."""
    return frozenset(state for state, allowed in TRANSITIONS.items() if allowed & set(targets))


VERBS: dict[Verb, VerbRule] = {
    Verb.QUALIFY: VerbRule(
        frozenset({S.ENREGISTREE, S.A_QUALIFIER, S.EN_COURS, S.TRANSMISE}), _FRONT
    ),
    Verb.TAKE: VerbRule(_OPEN, _BOTH),
    Verb.ASSIGN: VerbRule(_OPEN, _FRONT | {Right.ASSIGN_IN_DEPARTMENT}),
    # not while the requester owes something: the pause and what is missing would be lost
    Verb.TRANSFER: VerbRule((_to(S.TRANSMISE) | {S.TRANSMISE}) - set(PAUSED_STATES), _FRONT),
    Verb.RETURN: VerbRule(frozenset({S.TRANSMISE}), _BOTH),
    Verb.ASK_PIECES: VerbRule(_WORK, _BOTH),
    Verb.ASK_QUESTION: VerbRule(frozenset({S.EN_COURS, S.TRANSMISE, S.A_REPONDRE}), _FRONT),
    Verb.PROPOSE_QUESTION: VerbRule(frozenset({S.TRANSMISE}), _EXPERT),
    Verb.REFUSE_QUESTION: VerbRule(_OPEN, _FRONT),
    Verb.SUPPLY: VerbRule(_OPEN, _BOTH),  # while something is awaited: `actions.core.awaits`
    # what arrived unsorted is completed by its qualification
    Verb.COMPLETE: VerbRule(_OPEN - {S.A_QUALIFIER, S.A_RETIRER}, _FRONT),
    Verb.RESUME: VerbRule(
        frozenset(
            {
                *PAUSED_STATES,
                *(S.ATTENTE_TIERS, S.RENDEZ_VOUS, S.A_VALIDER, S.A_REPONDRE, S.A_RETIRER),
            }
        ),
        _BOTH,
    ),
    Verb.WAIT_THIRD_PARTY: VerbRule(_WORK, _BOTH),
    Verb.SET_APPOINTMENT: VerbRule(frozenset({S.ENREGISTREE, S.EN_COURS}), _FRONT),
    Verb.SUBMIT_APPROVAL: VerbRule(frozenset({S.EN_COURS, S.A_REPONDRE}), _FRONT),
    Verb.CHECK: VerbRule(_OPEN - {S.A_QUALIFIER}, _BOTH),
    # in the department's own program, which may be after the answer: `actions.rekeying`
    Verb.REKEY: VerbRule(frozenset(State) - {S.A_QUALIFIER, S.ANNULEE}, _BOTH),
    Verb.HAND_OVER: VerbRule(_to(S.CLOSE), _FRONT),
    Verb.OVERRIDE: VerbRule(_OPEN - {S.A_QUALIFIER}, frozenset({Right.OVERRIDE})),
    Verb.SIGN: VerbRule(frozenset({S.A_VALIDER}), _SIGNING),
    Verb.SEND_BACK: VerbRule(frozenset({S.A_VALIDER}), _SIGNING),
    Verb.TREAT: VerbRule(frozenset({S.TRANSMISE, S.ATTENTE_TIERS}), _EXPERT),
    Verb.READY: VerbRule(_to(S.A_RETIRER), _FRONT),
    Verb.WRITE: VerbRule(_OPEN, _FRONT),
    Verb.NOTE: VerbRule(frozenset(State), _BOTH),
    Verb.ATTACH: VerbRule(_OPEN, _BOTH),
    Verb.SET_URGENT: VerbRule(_OPEN - {S.A_RETIRER}, _FRONT),
    Verb.CORRECT: VerbRule(_OPEN, _BOTH),
    Verb.CORRECT_CONTACT: VerbRule(frozenset(State) - {S.ANNULEE}, _FRONT),
    Verb.ANSWER: VerbRule(
        frozenset({S.ENREGISTREE, S.EN_COURS, S.RENDEZ_VOUS, S.A_VALIDER, S.A_REPONDRE}), _FRONT
    ),
    Verb.CLOSE: VerbRule(_to(S.CLOSE), _FRONT),
    Verb.FORWARD: VerbRule((_to(S.CLOSE) | {S.TRANSMISE}) - {S.A_RETIRER}, _FRONT),
    Verb.REOPEN: VerbRule(frozenset({S.CLOSE}), _FRONT),
    Verb.WITHDRAW: VerbRule(_OPEN, _FRONT),
    Verb.CANCEL: VerbRule(_OPEN, frozenset({Right.SUPERVISE})),
    # for whom it was filed: somebody else, who is told and may object (`actions.behalf`)
    Verb.TELL_CONCERNED: VerbRule(_OPEN, _FRONT),
    Verb.OBJECT: VerbRule(_OPEN, _FRONT),
    # other departments beside the one that leads: which task, `actions.tasks` checks
    Verb.ASK_TASK: VerbRule(_OPEN - {S.A_QUALIFIER, S.A_RETIRER}, _BOTH),
    Verb.ACCEPT_TASK: VerbRule(_OPEN, _EXPERT),
    Verb.DECLINE_TASK: VerbRule(_OPEN, _EXPERT),
    Verb.CONCLUDE_TASK: VerbRule(_OPEN, _EXPERT),
    Verb.CANCEL_TASK: VerbRule(_OPEN, _BOTH),
    # of a tacit refusal, asked on their page or noted by an agent: `actions.reasons`
    Verb.ASK_REASONS: VerbRule(_OPEN, _FRONT),
    Verb.GIVE_REASONS: VerbRule(_OPEN, _FRONT),
    # one follows another: nothing is owed on it meanwhile, so nothing may be under way either
    Verb.MERGE: VerbRule(
        frozenset(
            {S.ENREGISTREE, S.A_QUALIFIER, S.EN_COURS, S.TRANSMISE, S.ATTENTE_TIERS, S.A_REPONDRE}
        ),
        _FRONT,
    ),
    Verb.UNMERGE: VerbRule(_OPEN, _FRONT),
    Verb.SPLIT: VerbRule(_OPEN, _FRONT),
    Verb.LINK: VerbRule(frozenset(State), _FRONT),
    Verb.UNLINK: VerbRule(frozenset(State), _FRONT),
    Verb.REPEAT: VerbRule(frozenset(State) - {S.ANNULEE}, _FRONT),
    Verb.SNOOZE: VerbRule(_OPEN - {S.A_RETIRER}, _BOTH),  # for whoever has it: `actions.may`
    Verb.EXTEND: VerbRule(_OPEN, _EXPERT | _OFFICER),
    Verb.HOLD: VerbRule(frozenset(State), _OFFICER),
    Verb.RELEASE: VerbRule(frozenset(State), _OFFICER),
}

# by these a person of the town writes to the requester: the first one is the first answer
FIRST_WORDS = frozenset(
    {
        *(Verb.ASK_PIECES, Verb.ASK_QUESTION, Verb.WRITE, Verb.SET_APPOINTMENT),
        *(Verb.READY, Verb.ANSWER, Verb.CLOSE, Verb.EXTEND, Verb.GIVE_REASONS),
        Verb.FORWARD,
    }
)

# by these the requester sends something that an agent should read
SENDINGS = frozenset(
    {
        *(Verb.RECEIVE, Verb.SUPPLY, Verb.REOPEN, Verb.ATTACH, Verb.ASK_REASONS),
        Verb.RECEIVE_MERGED,
    }
)

# by these a department, or whoever signs, gives the agent something to go on with
RETURNS = frozenset(
    {
        *(Verb.TREAT, Verb.RETURN, Verb.PROPOSE_QUESTION, Verb.CONCLUDE_TASK, Verb.DECLINE_TASK),
        *(Verb.SIGN, Verb.SEND_BACK),
    }
)

# what may be done to a request that follows another one; the rest is done to its lead
ON_MERGED = frozenset(
    {
        Verb.UNMERGE,
        # its requester's acts, and those of whoever notes them in their place
        *(Verb.RECEIVE, Verb.SUPPLY, Verb.ATTACH, Verb.RATE, Verb.ADOPT, Verb.REOPEN),
        *(Verb.ASK_REASONS, Verb.WITHDRAW, Verb.OBJECT),
        # what is owed to this one person, whoever leads: a word in return, reasons, their rights
        *(Verb.WRITE, Verb.GIVE_REASONS, Verb.CORRECT_CONTACT, Verb.TELL_CONCERNED),
        *(Verb.LINK, Verb.UNLINK, Verb.HOLD, Verb.RELEASE),
    }
)


def unread_since(
    before: datetime | None, verb: str, at: datetime, *, by_agent: bool, by_requester: bool
) -> datetime | None:
    """Return since when what the requester sent waits for an agent, after an act.

    Whoever acts on a request has its page before them, and has read it.

    Args:
        before: the same before the act; None when all was read.
        at: the moment of the act.
    """
    if verb == Verb.UNSEND:
        return before
    if by_agent:
        return None
    if verb == Verb.OBJECT or (by_requester and verb in SENDINGS):
        return before or at
    return before
