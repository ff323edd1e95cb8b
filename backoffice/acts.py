"""What an agent may do to a request: words, icon, form and action of each verb."""

from django.utils.translation import gettext_lazy as _

from backoffice import act_calls
from backoffice.act import Act
from backoffice.check_acts import CHECK_ACTS
from backoffice.forms import letters
from backoffice.forms import verbs as forms
from backoffice.forms.answers import CorrectAnswersForm
from backoffice.link_acts import LINK_ACTS
from backoffice.question_acts import QUESTION_ACTS
from backoffice.rekey_acts import REKEY_ACTS
from backoffice.task_acts import TASK_ACTS
from prestations.models.catalogue import UNSORTED
from requests import actions
from requests.enums import Verb
from requests.models import ServiceRequest


def _is_unsorted(sr: ServiceRequest) -> bool:
    return sr.prestation.is_unsorted


def _is_sorted(sr: ServiceRequest) -> bool:
    return not sr.prestation.is_unsorted


def _lacks_answers(sr: ServiceRequest) -> bool:
    """Whether answers are owed, or the form that came is another one: an agent fills it in."""
    return sr.has_other_form or any(
        piece.is_answer and not piece.received_at for piece in sr.pieces.all()
    )


def _has_answers(sr: ServiceRequest) -> bool:
    """Whether a form was answered: what arrived unsorted stays as it was written."""
    return sr.form_version.prestation_id != UNSORTED


ACTS = {
    act.slug: act
    for act in (
        Act(
            "take",
            Verb.TAKE,
            _("Prendre en charge"),
            "hand",
            forms.VerbForm,
            act_calls.plain(actions.take_request),
            hint=_("Vous devenez chargé de dossier."),
            at_once=True,
        ),
        Act(
            "answer",
            Verb.ANSWER,
            _("Envoyer la réponse"),
            "reply",
            letters.AnswerForm,
            act_calls.letter(actions.answer_request),
            sends=True,
        ),
        Act(
            "treat",
            Verb.TREAT,
            _("Rendre la conclusion"),
            "file-check",
            forms.TreatForm,
            act_calls.plain(actions.treat_request),
            hint=_("La demande revient à l’accueil, qui répond au citoyen."),
        ),
        Act(
            "sort",
            Verb.QUALIFY,
            _("Qualifier"),
            "tags",
            forms.SortForm,
            act_calls.sort,
            hint=_("Choisissez la prestation : son formulaire s’ouvre avec ce qui est connu."),
            fits=_is_unsorted,
        ),
        Act(
            "qualify",
            Verb.QUALIFY,
            _("Qualifier"),
            "tags",
            forms.QualifyForm,
            act_calls.plain(actions.qualify_request),
            hint=_("Changer de prestation recalcule les délais et l’orientation."),
            fits=_is_sorted,
        ),
        Act(
            "complete",
            Verb.COMPLETE,
            _("Compléter les réponses"),
            "list-todo",
            forms.VerbForm,
            act_calls.complete,
            at_once=True,
            fits=_lacks_answers,
        ),
        Act(
            "transfer",
            Verb.TRANSFER,
            _("Transmettre à un service"),
            "corner-up-right",
            forms.TransferForm,
            act_calls.plain(actions.transfer_request),
        ),
        *CHECK_ACTS,
        *TASK_ACTS,
        *LINK_ACTS,
        *REKEY_ACTS,
        *QUESTION_ACTS,
        Act(
            "resume",
            Verb.RESUME,
            _("Reprendre le traitement"),
            "circle-play",
            forms.VerbForm,
            act_calls.plain(actions.resume_request),
            at_once=True,
        ),
        Act(
            "wait_third_party",
            Verb.WAIT_THIRD_PARTY,
            _("Attendre un tiers"),
            "hourglass",
            forms.WaitForm,
            act_calls.plain(actions.wait_third_party),
        ),
        Act(
            "set_appointment",
            Verb.SET_APPOINTMENT,
            _("Fixer un rendez-vous"),
            "calendar-plus",
            forms.AppointmentForm,
            act_calls.plain(actions.set_appointment),
            sends=True,
        ),
        Act(
            "snooze",
            Verb.SNOOZE,
            _("Mettre de côté"),
            "moon",
            forms.SnoozeForm,
            act_calls.without_version(actions.snooze_request),
            hint=_(
                "Elle quitte vos demandes jusqu’au moment choisi, et revient avant si le demandeur "
                "écrit, si un service répond ou si elle change de mains. Vos collègues la voient "
                "toujours, et les délais courent."
            ),
        ),
        Act(
            "submit_approval",
            Verb.SUBMIT_APPROVAL,
            _("Soumettre à validation"),
            "file-pen-line",
            forms.VerbForm,
            act_calls.plain(actions.submit_approval),
            at_once=True,
        ),
        Act(
            "ready",
            Verb.READY,
            _("Document prêt à retirer"),
            "package-check",
            letters.ReadyForm,
            act_calls.letter(actions.mark_ready),
            sends=True,
            hint=_("Le citoyen est prévenu que son document l’attend."),
        ),
        Act(
            "sign",
            Verb.SIGN,
            _("Signer et envoyer"),
            "file-pen-line",
            forms.DecisionOfThisRequest,
            act_calls.sign,
            in_menu=False,
            sends=True,
        ),
        Act(
            "send_back",
            Verb.SEND_BACK,
            _("Rendre à l’auteur"),
            "corner-up-left",
            forms.SendBackForm,
            act_calls.send_back,
            in_menu=False,
        ),
        Act(
            "ask_reasons",
            Verb.ASK_REASONS,
            _("Noter une demande de motifs"),
            "gavel",
            forms.VerbForm,
            act_calls.plain(actions.ask_reasons),
            hint=_(
                "Le demandeur veut savoir pourquoi le silence a refusé, et l’a dit au guichet, au "
                "téléphone ou par courrier. La mairie lui doit ces motifs dans le mois."
            ),
        ),
        Act(
            "give_reasons",
            Verb.GIVE_REASONS,
            _("Donner les motifs du refus"),
            "gavel",
            forms.ReasonsForm,
            act_calls.plain(actions.give_reasons),
            sends=True,
            hint=_(
                "Le silence a refusé la demande et le citoyen veut savoir pourquoi. Les voies de "
                "recours sont ajoutées."
            ),
        ),
        Act(
            "attach",
            Verb.ATTACH,
            _("Ajouter un document"),
            "paperclip",
            forms.AttachForm,
            act_calls.attach,
        ),
        Act(
            "assign",
            Verb.ASSIGN,
            _("Confier à un collègue"),
            "user-plus",
            forms.AssignForm,
            act_calls.plain(actions.assign_request),
        ),
        Act(
            "return",
            Verb.RETURN,
            _("Rendre à l’accueil"),
            "corner-up-left",
            forms.ReturnForm,
            act_calls.plain(actions.return_request),
        ),
        Act(
            "set_urgent",
            Verb.SET_URGENT,
            _("Changer l’urgence"),
            "zap",
            forms.UrgentForm,
            act_calls.set_urgent,
        ),
        Act(
            "correct_contact",
            Verb.CORRECT_CONTACT,
            _("Corriger les coordonnées"),
            "contact-round",
            forms.ContactForm,
            act_calls.correct_contact,
        ),
        Act(
            "correct_answers",
            Verb.CORRECT,
            _("Corriger les réponses"),
            "pencil",
            CorrectAnswersForm,
            act_calls.correct_answers,
            in_menu=False,
            fits=_has_answers,
        ),
        Act(
            "tell_concerned",
            Verb.TELL_CONCERNED,
            _("Noter la personne concernée prévenue"),
            "phone-call",
            forms.VerbForm,
            act_calls.plain(actions.note_called),
            hint=_("Vous lui avez dit au téléphone ce qui a été demandé pour elle, et par qui."),
        ),
        Act(
            "object",
            Verb.OBJECT,
            _("Noter son opposition"),
            "triangle-alert",
            forms.VerbForm,
            act_calls.plain(actions.object_to_request),
            hint=_(
                "La personne concernée ne veut pas de cette demande : elle ne pourra plus être "
                "acceptée."
            ),
            danger=True,
        ),
        Act(
            "forward",
            Verb.FORWARD,
            _("Transmettre à une autre administration"),
            "forward",
            forms.ForwardForm,
            act_calls.plain(actions.forward_request),
            sends=True,
            hint=_(
                "La demande ne relève pas de la ville : l’administration compétente la reçoit et "
                "y répondra, le citoyen sait à qui elle est allée et pourquoi. Elle est close ici, "
                "et le délai du silence ne court plus contre la ville (CRPA L114-2)."
            ),
        ),
        Act(
            "close",
            Verb.CLOSE,
            _("Clore la demande"),
            "circle-check",
            letters.CloseForm,
            act_calls.letter(actions.close_request),
            sends=True,
        ),
        Act(
            "reopen",
            Verb.REOPEN,
            _("Rouvrir la demande"),
            "rotate-ccw",
            forms.ReopenForm,
            act_calls.plain(actions.reopen_request),
            sends=True,
        ),
        Act(
            "withdraw",
            Verb.WITHDRAW,
            _("Noter le désistement"),
            "user-minus",
            forms.VerbForm,
            act_calls.withdraw,
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
            act_calls.plain(actions.cancel_request),
            hint=_("Pour une demande enregistrée par erreur."),
            danger=True,
        ),
        Act(
            "write",
            Verb.WRITE,
            _("Envoyer le message"),
            "send",
            letters.MessageForm,
            act_calls.letter(actions.write_message),
            in_menu=False,
            sends=True,
        ),
        Act(
            "note",
            Verb.NOTE,
            _("Ajouter la note interne"),
            "lock",
            forms.NoteForm,
            act_calls.without_version(actions.add_note),
            in_menu=False,
        ),
    )
}
