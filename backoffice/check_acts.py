"""What agents may do about what bars a favourable answer: check, hand over, let pass."""

from django.utils.translation import gettext_lazy as _

from backoffice import act_calls
from backoffice.act import Act
from backoffice.forms import checks
from prestations.forms import Questionnaire
from requests import actions
from requests.blocking import Standing, pieces_of
from requests.enums import State, Verb
from requests.models import ServiceRequest


def _has_checks(sr: ServiceRequest) -> bool:
    """Whether there is anything to make sure of."""
    asked = Questionnaire(sr.form_version, sr.channel).documents_asked(sr.answers)
    return bool(sr.prestation.checks or asked)


def _is_collected(sr: ServiceRequest) -> bool:
    """Whether somebody comes for it."""
    return sr.state == State.A_RETIRER or sr.prestation.delivery_modes == ["retrait"]


def _asks_again(sr: ServiceRequest) -> str:
    """After a refusal the page opens that asks for the document again."""
    refused = any(piece.standing == Standing.REFUSED for piece in pieces_of(sr))
    return "ask_pieces" if refused else ""


def _check(common, form):
    return actions.check_file(**common, **form.findings())


def _hand_over(common, form):
    return actions.hand_over(**common, **form.handing())


CHECK_ACTS = (
    Act(
        "check",
        Verb.CHECK,
        _("Vérifier le dossier"),
        "clipboard-check",
        checks.CheckForm,
        _check,
        hint=_("Ce que vous acceptez compte comme reçu. Ce que vous refusez est à redemander."),
        fits=_has_checks,
        then=_asks_again,
    ),
    Act(
        "hand_over",
        Verb.HAND_OVER,
        _("Remettre le document"),
        "package-check",
        checks.HandOverForm,
        _hand_over,
        hint=_("La demande est close en même temps."),
        fits=_is_collected,
    ),
    Act(
        "override",
        Verb.OVERRIDE,
        _("Lever un blocage"),
        "lock-open",
        checks.OverrideForm,
        act_calls.plain(actions.override_obstacles),
        danger=True,
    ),
)
