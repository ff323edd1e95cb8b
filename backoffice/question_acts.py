"""The acts by which the requester is asked for something, and what comes is noted."""

from django.utils.translation import gettext_lazy as _

from backoffice import act_calls
from backoffice.act import Act
from backoffice.forms import pieces, questions
from requests import actions
from requests.enums import Verb

QUESTION_ACTS = (
    Act(
        "ask_pieces",
        Verb.ASK_PIECES,
        _("Demander des pièces"),
        "file-question-mark",
        pieces.AskPiecesForm,
        act_calls.ask_pieces,
        sends=True,
        hint=_("Le citoyen reçoit la liste. Le délai s’arrête jusqu’à leur arrivée."),
    ),
    Act(
        "ask_question",
        Verb.ASK_QUESTION,
        _("Poser une question"),
        "message-circle-question-mark",
        questions.QuestionForm,
        act_calls.plain(actions.ask_question),
        sends=True,
    ),
    Act(
        "propose_question",
        Verb.PROPOSE_QUESTION,
        _("Faire poser une question"),
        "message-circle-question-mark",
        questions.ProposedQuestionForm,
        act_calls.plain(actions.propose_question),
    ),
    Act(
        "approve",
        Verb.ASK_QUESTION,
        _("Envoyer la question"),
        "send",
        questions.ApproveForm,
        act_calls.approve,
        in_menu=False,
        sends=True,
    ),
    Act(
        "refuse",
        Verb.REFUSE_QUESTION,
        _("Ne pas envoyer"),
        "x",
        questions.RefuseForm,
        act_calls.refuse,
        in_menu=False,
    ),
    Act(
        "supply",
        Verb.SUPPLY,
        _("Noter ce qui est arrivé"),
        "inbox",
        pieces.SupplyForm,
        act_calls.without_version(actions.supply, by_requester=False),
        hint=_("Une réponse ou des pièces données au guichet, au téléphone ou par courrier."),
    ),
)
