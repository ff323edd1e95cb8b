"""The verb by which an agent corrects an answer that was given."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from massy_grc.common.text import one_line
from prestations.forms import Questionnaire
from prestations.forms.answers import flatten
from prestations.forms.definition import REQUESTER, Definition
from prestations.forms.summary import display_answer
from prestations.forms.wording import said
from requests.actions.completion import once_whole, put_answers, put_place, receive_held
from requests.actions.core import open_request, record, refresh_search, require
from requests.actions.filled import FilledForm, filled_with
from requests.corrections import FIRST, back_at_first, first_answers
from requests.enums import State, Verb
from requests.exceptions import MissingInput
from requests.models import InternalNote, ServiceRequest
from requests.requester import read_requester
from requests.routing.catalogue import is_urgent
from requests.routing.conditions import Facts, TownHall
from requests.routing.deciding import destination_by, rules_on

LONGEST_REASON = 200
# how the requester is reached: mails on their way follow (`actions.contact`)
CONTACT = tuple(f"{REQUESTER}.{name}" for name in ("email", "telephone", "adresse"))
NOT_ROUTED = (State.ENREGISTREE, State.A_QUALIFIER)


@transaction.atomic
def correct_answers(
    *,
    request_id: int,
    version: int | None,
    actor,
    given: Mapping[str, Any],
    reason: str,
    now: datetime | None = None,
) -> ServiceRequest:
    """Put right what was answered: what follows from the answers follows, but nobody else's hands.

    Where the corrected answers would have led elsewhere, or would be urgent, the event says so and
    an agent decides. The old answers stay in an internal note, with the reason.

    Args:
        given: the answers that change, by key, checked by the form that shows them
            (`Questionnaire.correction_form`); None takes one away.
        reason: who says so, or after what; one line.

    Raises:
        MissingInput: nothing changes, or nobody says why.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.CORRECT, actor=actor, version=version
    )
    reason = require(one_line(reason), _("Dites d’où vient la correction."))[:LONGEST_REASON]
    if not given:
        raise MissingInput(_("Rien n’a changé : corrigez au moins une réponse."))
    definition = Questionnaire(service_request.form_version, service_request.channel).definition
    first = first_answers(service_request, given)
    restored = back_at_first(definition, given, first)
    given = {**given, **restored}
    led_to, was_urgent = _leads_to(service_request), _says_urgent(service_request)
    note = _keep_old_answers(service_request, definition, given, reason, actor, now)
    form = filled_with(service_request, given)
    put_answers(service_request, form)
    service_request.answers[FIRST] = {
        key: value for key, value in first.items() if key not in restored
    }
    if definition.place_key in given:
        put_place(service_request, form)
    if any(key.startswith(f"{REQUESTER}.") for key in given):
        _name_anew(service_request, form, given)
    receive_held(service_request, form, now)
    record(
        service_request,
        Verb.CORRECT,
        actor=actor,
        to=once_whole(service_request),
        now=now,
        data={
            "corrected": list(given),
            "restored": list(restored),
            "form_version": form.version.pk,
            "note": note.pk,
            **_drawn_anew(service_request, led_to, was_urgent),
        },
    )
    refresh_search(service_request)
    return service_request


def _leads_to(service_request: ServiceRequest) -> tuple[str | None, str | None]:
    """The department to which its answers lead; else the team, where the front office keeps it."""
    where = destination_by(rules_on(), Facts(service_request, TownHall()))
    if where.department:
        return where.department.pk, None
    return None, where.team.pk if where.team else service_request.prestation.team_id


def _says_urgent(service_request: ServiceRequest) -> bool:
    return is_urgent(service_request.prestation, service_request.answers)


def _drawn_anew(
    service_request: ServiceRequest, led_to: tuple[str | None, str | None], was_urgent: bool
) -> dict[str, Any]:
    """Where its answers lead, and whether it is urgent by them, when they said otherwise before.

    Args:
        led_to, was_urgent: what they said before.
    """
    found: dict[str, Any] = {}
    leads_to, urgent = _leads_to(service_request), _says_urgent(service_request)
    if service_request.state not in NOT_ROUTED and leads_to != led_to:
        found["would_go"], found["would_team"] = leads_to
    if urgent != was_urgent:
        found["would_be_urgent"] = urgent
    return found


def _keep_old_answers(
    service_request: ServiceRequest,
    definition: Definition,
    given: Mapping[str, Any],
    reason: str,
    actor,
    now: datetime,
) -> InternalNote:
    """The answers before and after, in the town's words, where an erasure finds them."""
    old = flatten(service_request.answers)
    with override(settings.LANGUAGE_CODE):
        blank = _("Non renseigné")
        rows = [
            _("%(question)s : %(now)s (avant : %(before)s)")
            % {
                "question": said(definition.by_key[key].label),
                "now": display_answer(definition.by_key[key], value) or blank,
                "before": display_answer(definition.by_key[key], old.get(key)) or blank,
            }
            for key, value in given.items()
        ]
        head = _("Réponses corrigées, d’après : %(reason)s") % {"reason": reason}
    return InternalNote.objects.create(
        request=service_request, author=actor, body="\n".join([head, *rows]), at=now
    )


def _name_anew(service_request: ServiceRequest, form: FilledForm, given: Mapping[str, Any]) -> None:
    """Who asks, as the answers say it now; their record is corrected on its own page."""
    requester = read_requester(form.version.definition, form.answers[REQUESTER])
    if service_request.organisation_account is not None:
        requester = requester.for_organisation(service_request.organisation_account)
    if requester.name or service_request.citizen_id is None:
        service_request.requester_kind = requester.kind
        service_request.requester_name = requester.name[:250]
    if f"{REQUESTER}.canal_reponse" in given:
        service_request.reply_channel = requester.reply_channel
