"""What an agent may do to a request: words, icon, form and action of each verb."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.actions.uploads import attach_uploads
from backoffice.forms import letters
from backoffice.forms import verbs as forms
from requests import actions
from requests.enums import OPEN_STATES, PAUSED_STATES, State, Verb
from requests.models import ServiceRequest
from requests.permissions import Right, scope_of


@dataclass(frozen=True)
class Act:
    """One button and the page behind it.

    Attributes:
        verb: whose right and states decide whether the button is there.
        perform: called with ``(request_id, actor, version)`` and the valid form.
        at_once: the button on the request page acts without a page of its own.
        fits: whether the request is one that the act is for.
        sends: a letter may leave; the agent reads it first, as it leaves.
    """

    slug: str
    verb: Verb
    label: str | Promise
    icon: str
    form: type[forms.VerbForm]
    perform: Callable[[dict[str, Any], forms.VerbForm], object]
    hint: str | Promise = ""
    at_once: bool = False
    danger: bool = False
    in_menu: bool = True
    fits: Callable[[ServiceRequest], bool] = lambda sr: True
    sends: bool = False


def _plain(action: Callable) -> Callable:
    """Call `action` with the form's values as they are."""
    return lambda common, form: action(**common, **form.cleaned_data)


def _without_version(action: Callable, **more) -> Callable:
    def perform(common, form):
        common.pop("version")
        return action(**common, **form.cleaned_data, **more)

    return perform


def _approve(common, form):
    common.pop("request_id")
    data = form.cleaned_data
    return actions.approve_question(**common, question_id=data["question"], body=data["body"])


def _refuse(common, form):
    common.pop("request_id")
    return actions.refuse_question(**common, question_id=form.cleaned_data["question"])


def _letter(action: Callable) -> Callable:
    """Call `action` with the form's own values and the letter's."""

    def perform(common, form):
        own = {name: form.cleaned_data[name] for name in type(form).base_fields}
        return action(**common, **{**own, **form.letter()})

    return perform


def _sign(common, form):
    common.pop("request_id")
    return actions.sign_decision(**common, decision_id=form.cleaned_data["decision"])


def _send_back(common, form):
    common.pop("request_id")
    data = form.cleaned_data
    return actions.send_back_decision(**common, decision_id=data["decision"], reason=data["reason"])


def _ask_pieces(common, form):
    return actions.ask_pieces(**common, pieces=form.pieces(), due_on=form.cleaned_data["due_on"])


def _sort(common, form):
    return actions.start_completion(
        request_id=common["request_id"],
        actor=common["actor"],
        prestation=form.cleaned_data["prestation"],
    )


def _complete(common, form):
    return actions.start_completion(request_id=common["request_id"], actor=common["actor"])


def _correct_contact(common, form):
    data = form.cleaned_data
    return actions.correct_contact(
        **common,
        email=data["email"],
        phone=data["phone"],
        address=data["address"],
        resend=data.get("resend", False),
        record_too=data.get("record_too", False),
    )


def _is_unsorted(sr: ServiceRequest) -> bool:
    return sr.prestation.is_unsorted


def _is_sorted(sr: ServiceRequest) -> bool:
    return not sr.prestation.is_unsorted


def _lacks_answers(sr: ServiceRequest) -> bool:
    """Whether the requester owes answers of the form, which an agent then fills in."""
    return any(piece.is_answer and not piece.received_at for piece in sr.pieces.all())


def _set_urgent(common, form):
    return actions.set_urgent(**common, urgent=not form.sr.urgent)


def _attach(common, form):
    data = form.cleaned_data
    return attach_uploads(
        request_id=common["request_id"],
        actor=common["actor"],
        uploads=[data["file"]],
        label=data["label"],
        by_requester=data["by_requester"],
    )


def _withdraw(common, form):
    return actions.withdraw_request(**common, by_requester=False)


ACTS = {
    act.slug: act
    for act in (
        Act(
            "take",
            Verb.TAKE,
            _("Prendre en charge"),
            "hand",
            forms.VerbForm,
            _plain(actions.take_request),
            hint=_("Vous devenez chargé de dossier."),
            at_once=True,
        ),
        Act(
            "answer",
            Verb.ANSWER,
            _("Envoyer la réponse"),
            "reply",
            letters.AnswerForm,
            _letter(actions.answer_request),
            sends=True,
        ),
        Act(
            "treat",
            Verb.TREAT,
            _("Rendre la conclusion"),
            "file-check",
            forms.TreatForm,
            _plain(actions.treat_request),
            hint=_("La demande revient à l’accueil, qui répond au citoyen."),
        ),
        Act(
            "sort",
            Verb.QUALIFY,
            _("Qualifier"),
            "tags",
            forms.SortForm,
            _sort,
            hint=_("Choisissez la prestation : son formulaire s’ouvre avec ce qui est connu."),
            fits=_is_unsorted,
        ),
        Act(
            "qualify",
            Verb.QUALIFY,
            _("Qualifier"),
            "tags",
            forms.QualifyForm,
            _plain(actions.qualify_request),
            hint=_("Changer de prestation recalcule les délais et l’orientation."),
            fits=_is_sorted,
        ),
        Act(
            "complete",
            Verb.COMPLETE,
            _("Compléter les réponses"),
            "list-todo",
            forms.VerbForm,
            _complete,
            at_once=True,
            fits=_lacks_answers,
        ),
        Act(
            "transfer",
            Verb.TRANSFER,
            _("Transmettre à un service"),
            "corner-up-right",
            forms.TransferForm,
            _plain(actions.transfer_request),
        ),
        Act(
            "ask_pieces",
            Verb.ASK_PIECES,
            _("Demander des pièces"),
            "file-question-mark",
            forms.AskPiecesForm,
            _ask_pieces,
            sends=True,
            hint=_("Le citoyen reçoit la liste. Le délai s’arrête jusqu’à leur arrivée."),
        ),
        Act(
            "ask_question",
            Verb.ASK_QUESTION,
            _("Poser une question"),
            "message-circle-question-mark",
            forms.QuestionForm,
            _plain(actions.ask_question),
            sends=True,
        ),
        Act(
            "propose_question",
            Verb.PROPOSE_QUESTION,
            _("Faire poser une question"),
            "message-circle-question-mark",
            forms.ProposedQuestionForm,
            _plain(actions.propose_question),
        ),
        Act(
            "approve",
            Verb.ASK_QUESTION,
            _("Envoyer la question"),
            "send",
            forms.ApproveForm,
            _approve,
            in_menu=False,
            sends=True,
        ),
        Act(
            "refuse",
            Verb.REFUSE_QUESTION,
            _("Ne pas envoyer"),
            "x",
            forms.RefuseForm,
            _refuse,
            in_menu=False,
        ),
        Act(
            "supply",
            Verb.SUPPLY,
            _("Noter ce qui est arrivé"),
            "inbox",
            forms.SupplyForm,
            _without_version(actions.supply, by_requester=False),
            hint=_("Une réponse ou des pièces données au guichet, au téléphone ou par courrier."),
        ),
        Act(
            "resume",
            Verb.RESUME,
            _("Reprendre le traitement"),
            "circle-play",
            forms.VerbForm,
            _plain(actions.resume_request),
            at_once=True,
        ),
        Act(
            "wait_third_party",
            Verb.WAIT_THIRD_PARTY,
            _("Attendre un tiers"),
            "hourglass",
            forms.WaitForm,
            _plain(actions.wait_third_party),
        ),
        Act(
            "set_appointment",
            Verb.SET_APPOINTMENT,
            _("Fixer un rendez-vous"),
            "calendar-plus",
            forms.AppointmentForm,
            _plain(actions.set_appointment),
            sends=True,
        ),
        Act(
            "submit_approval",
            Verb.SUBMIT_APPROVAL,
            _("Soumettre à validation"),
            "file-pen-line",
            forms.VerbForm,
            _plain(actions.submit_approval),
            at_once=True,
        ),
        Act(
            "ready",
            Verb.READY,
            _("Document prêt à retirer"),
            "package-check",
            letters.ReadyForm,
            _letter(actions.mark_ready),
            sends=True,
            hint=_("Le citoyen est prévenu que son document l’attend."),
        ),
        Act(
            "sign",
            Verb.SIGN,
            _("Signer et envoyer"),
            "file-pen-line",
            forms.DecisionOfThisRequest,
            _sign,
            in_menu=False,
            sends=True,
        ),
        Act(
            "send_back",
            Verb.SEND_BACK,
            _("Rendre à l’auteur"),
            "corner-up-left",
            forms.SendBackForm,
            _send_back,
            in_menu=False,
        ),
        Act(
            "attach",
            Verb.ATTACH,
            _("Ajouter un document"),
            "paperclip",
            forms.AttachForm,
            _attach,
        ),
        Act(
            "assign",
            Verb.ASSIGN,
            _("Confier à un collègue"),
            "user-plus",
            forms.AssignForm,
            _plain(actions.assign_request),
        ),
        Act(
            "return",
            Verb.RETURN,
            _("Rendre à l’accueil"),
            "corner-up-left",
            forms.ReturnForm,
            _plain(actions.return_request),
        ),
        Act(
            "set_urgent",
            Verb.SET_URGENT,
            _("Changer l’urgence"),
            "zap",
            forms.UrgentForm,
            _set_urgent,
        ),
        Act(
            "correct_contact",
            Verb.CORRECT_CONTACT,
            _("Corriger les coordonnées"),
            "contact-round",
            forms.ContactForm,
            _correct_contact,
        ),
        Act(
            "tell_concerned",
            Verb.TELL_CONCERNED,
            _("Noter la personne concernée prévenue"),
            "phone-call",
            forms.VerbForm,
            _plain(actions.note_called),
            hint=_("Vous lui avez dit au téléphone ce qui a été demandé pour elle, et par qui."),
        ),
        Act(
            "object",
            Verb.OBJECT,
            _("Noter son opposition"),
            "triangle-alert",
            forms.VerbForm,
            _plain(actions.object_to_request),
            hint=_(
                "La personne concernée ne veut pas de cette demande : elle ne pourra plus être "
                "acceptée."
            ),
            danger=True,
        ),
        Act(
            "close",
            Verb.CLOSE,
            _("Clore la demande"),
            "circle-check",
            letters.CloseForm,
            _letter(actions.close_request),
            sends=True,
        ),
        Act(
            "reopen",
            Verb.REOPEN,
            _("Rouvrir la demande"),
            "rotate-ccw",
            forms.ReopenForm,
            _plain(actions.reopen_request),
            sends=True,
        ),
        Act(
            "withdraw",
            Verb.WITHDRAW,
            _("Noter le désistement"),
            "user-minus",
            forms.VerbForm,
            _withdraw,
            sends=True,
            hint=_("Le demandeur renonce : rien de plus ne sera fait."),
            danger=True,
        ),
        Act(
            "cancel",
            Verb.CANCEL,
            _("Annuler la demande"),
            "ban",
            forms.ReasonForm,
            _plain(actions.cancel_request),
            hint=_("Pour une demande enregistrée par erreur."),
            danger=True,
        ),
        Act(
            "write",
            Verb.WRITE,
            _("Envoyer le message"),
            "send",
            letters.MessageForm,
            _letter(actions.write_message),
            in_menu=False,
            sends=True,
        ),
        Act(
            "note",
            Verb.NOTE,
            _("Ajouter la note interne"),
            "lock",
            forms.NoteForm,
            _without_version(actions.add_note),
            in_menu=False,
        ),
    )
}


@dataclass(frozen=True)
class Buttons:
    """The lawful acts on one request: the obvious next one, some beside it, the rest in a menu."""

    first: Act | None
    beside: list[Act]
    more: list[Act]


BESIDE = 2


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


def _likely(sr: ServiceRequest, user) -> tuple[str, ...]:
    """Which acts are the obvious next ones, best first."""
    mine = user.pk in (sr.assignee_id, sr.front_agent_id)
    if sr.state == State.A_QUALIFIER:
        return ("sort", "qualify")
    if sr.state in PAUSED_STATES:
        return ("supply",)
    if sr.state == State.A_RETIRER:
        return ("close",)
    if sr.state in (State.A_REPONDRE, State.A_VALIDER):
        return ("answer",)
    if sr.department_since and scope_of(user).may(Right.FRONT_OFFICE):
        return ()  # the department works: the front office follows
    if sr.state in OPEN_STATES and not mine:
        return ("take",)
    return ("treat", "answer", "resume")
