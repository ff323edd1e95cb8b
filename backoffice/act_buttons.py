"""Which of the acts the page of a request shows first, beside it, and in the menu."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.acts import ACTS, Act
from requests import actions
from requests.enums import OPEN_STATES, PAUSED_STATES, State, Verb
from requests.models import ServiceRequest
from requests.permissions import Right, scope_of


@dataclass(frozen=True)
class Buttons:
    """The lawful acts on one request: the obvious next, some beside it, the rest in a menu."""

    first: Act | None
    beside: list[Act]
    more: list[Act]

    @property
    def grouped(self) -> list[tuple[str, list[Act]]]:
        """The menu under its headings; first what concerns the file alone."""
        named = frozenset[Verb]().union(*(verbs for _label, verbs in GROUPS))
        found = [(_("Le dossier"), [act for act in self.more if act.verb not in named])]
        for label, verbs in GROUPS:
            found.append((str(label), [act for act in self.more if act.verb in verbs]))
        return [(label, some) for label, some in found if some]


BESIDE = 2
GROUPS = (
    (
        gettext_lazy("Avec le citoyen"),
        frozenset(
            {
                *(Verb.ANSWER, Verb.ASK_PIECES, Verb.ASK_QUESTION, Verb.SUPPLY, Verb.COMPLETE),
                *(Verb.SET_APPOINTMENT, Verb.READY, Verb.HAND_OVER, Verb.ASK_REASONS),
                *(Verb.GIVE_REASONS, Verb.CORRECT_CONTACT, Verb.TELL_CONCERNED, Verb.OBJECT),
            }
        ),
    ),
    (
        gettext_lazy("Avec les services"),
        frozenset(
            {
                *(Verb.TRANSFER, Verb.RETURN, Verb.ASSIGN, Verb.TREAT, Verb.PROPOSE_QUESTION),
                *(Verb.WAIT_THIRD_PARTY, Verb.SUBMIT_APPROVAL, Verb.SIGN, Verb.SEND_BACK),
                *(Verb.ASK_TASK, Verb.ACCEPT_TASK, Verb.DECLINE_TASK, Verb.CONCLUDE_TASK),
                Verb.CANCEL_TASK,
            }
        ),
    ),
    (
        gettext_lazy("Liens"),
        frozenset({Verb.MERGE, Verb.UNMERGE, Verb.LINK, Verb.UNLINK, Verb.SPLIT, Verb.REPEAT}),
    ),
    (
        gettext_lazy("Fin"),
        frozenset({Verb.FORWARD, Verb.CLOSE, Verb.REOPEN, Verb.WITHDRAW, Verb.CANCEL}),
    ),
)


def buttons_for(sr: ServiceRequest, user, verbs: list[Verb]) -> Buttons:
    """Sort the allowed acts by what is most likely next."""
    if actions.has_taken(sr, user):
        verbs = [verb for verb in verbs if verb != Verb.TAKE]
    possible = [act for act in ACTS.values() if act.in_menu and act.verb in verbs and act.fits(sr)]
    by_slug = {act.slug: act for act in possible}
    first = next((by_slug[slug] for slug in _likely(sr, user) if slug in by_slug), None)
    rest = [act for act in possible if act is not first]
    plain = [act for act in rest if not act.danger]
    plain.sort(key=lambda act: act.slug == "take" and sr.assignee_id is not None)
    return Buttons(first, plain[:BESIDE], plain[BESIDE:] + [act for act in rest if act.danger])


def worded(act: Act, sr: ServiceRequest) -> Act:
    """The act in the words of its case: a favourable answer is approved, a refusal is signed."""
    decision = sr.proposed_decisions.last() if act.verb == Verb.SIGN else None
    if decision and decision.is_favourable:
        return replace(act, label=_("Approuver et envoyer"), icon="circle-check")
    return act


def _likely(sr: ServiceRequest, user) -> tuple[str, ...]:
    """Which acts are the obvious next ones, best first."""
    mine = user.pk in (sr.assignee_id, sr.front_agent_id)
    if sr.state == State.A_QUALIFIER:
        return ("sort", "qualify")
    if sr.state in PAUSED_STATES:
        return ("supply",)
    if sr.state == State.A_RETIRER:
        return ("hand_over", "close")
    if sr.state in (State.A_REPONDRE, State.A_VALIDER):
        return ("answer",)
    if sr.department_since and scope_of(user).may(Right.FRONT_OFFICE):
        return ()  # the department works: the front office follows
    if sr.state in OPEN_STATES and not mine:
        return ("take",)
    return ("treat", "answer", "resume")
