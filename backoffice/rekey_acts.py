"""What agents note of a request that they type again in a department's own program."""

from django.utils.translation import gettext_lazy as _

from backoffice import act_calls
from backoffice.act import Act
from backoffice.forms.rekeying import RekeyForm
from backoffice.forms.verbs import VerbForm
from requests import actions
from requests.enums import Verb
from requests.models import ServiceRequest


def _is_typed_again(sr: ServiceRequest) -> bool:
    return sr.prestation.double_entry_in is not None


def _was_typed_again(sr: ServiceRequest) -> bool:
    return sr.rekeyings.standing().exists()


REKEY_ACTS = (
    Act(
        "rekey",
        Verb.REKEY,
        _("Noter la ressaisie"),
        "keyboard",
        RekeyForm,
        act_calls.plain(actions.note_rekeying),
        hint=_("Le pilotage compte ces doubles saisies. Le citoyen n’en lit rien."),
        fits=_is_typed_again,
    ),
    Act(
        "unrekey",
        Verb.REKEY,
        _("Retirer la ressaisie notée"),
        "undo-2",
        VerbForm,
        act_calls.plain(actions.take_back_rekeying),
        hint=_("Elle n’est plus comptée. Le fil garde la trace des deux."),
        fits=_was_typed_again,
        in_menu=False,
    ),
)
