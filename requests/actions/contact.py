"""The verb that corrects how a requester is reached."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from massy_grc.common.text import phone_digits
from massy_grc.outbox.api import redirect_unsent
from prestations.forms import Questionnaire, parse_address
from requests.actions.core import open_request, record, refresh_search
from requests.actions.residence import update_details
from requests.enums import Verb
from requests.exceptions import MissingInput
from requests.models import ServiceRequest

# What a request keeps -> the answer of the form it came from, and the record's own field.
_ANSWER = {
    "requester_email": "email",
    "requester_phone": "telephone",
    "requester_address": "adresse",
}
_RECORD = {
    "requester_email": "email",
    "requester_phone": "phone",
    "requester_address": "address",
}


@transaction.atomic
def correct_contact(
    *,
    request_id: int,
    version: int | None,
    actor,
    email: str,
    phone: str,
    address: str,
    resend: bool = False,
    record_too: bool = False,
    now: datetime | None = None,
) -> ServiceRequest:
    """Correct the addresses and the number by which the requester is reached.

    Args:
        email, phone, address: as they should be; blank when there is none. The phone in E.164.
        resend: the mails that did not reach the old address leave for the new one.
        record_too: the citizen's record gets the same correction.

    Raises:
        MissingInput: nothing differs from what is known.
    """
    service_request = open_request(
        request_id=request_id, verb=Verb.CORRECT_CONTACT, actor=actor, version=version
    )
    old_email = service_request.requester_email
    given = {
        "requester_email": email.strip(),
        "requester_phone": phone.strip()[:30],
        "requester_address": address.strip()[:300],
    }
    if phone_digits(phone) == phone_digits(service_request.requester_phone):
        del given["requester_phone"]  # the same number, written otherwise
    changed = {
        name: value for name, value in given.items() if value != getattr(service_request, name)
    }
    if not changed:
        raise MissingInput(_("Rien n’a changé : corrigez au moins une coordonnée."))
    for name, value in changed.items():
        setattr(service_request, name, value)
    _correct_answers(service_request, changed)
    if record_too and service_request.citizen_id:
        update_details(
            citizen_id=service_request.citizen_id,
            **{_RECORD[name]: value for name, value in changed.items()},
        )
    resent = 0
    if resend and old_email and changed.get("requester_email"):
        resent = redirect_unsent(
            about=f"request:{service_request.pk}",
            old=old_email,
            new=service_request.requester_email,
            now=now,
        )
    record(
        service_request,
        Verb.CORRECT_CONTACT,
        actor=actor,
        now=now,
        data={
            "changed": sorted(_RECORD[name] for name in changed),
            "resent": resent,
            "citizen": service_request.citizen_id if record_too else None,
        },
    )
    refresh_search(service_request)
    return service_request


@transaction.atomic
def follow_address(*, account_id: int, old: str, new: str, now: datetime | None = None) -> int:
    """Let the requests of a space be reached at the new address of its owner, confirmed by both.

    The old one opens them no more. A request that gave another address keeps it.

    Returns:
        How many changed.
    """
    own = ServiceRequest.objects.select_for_update(no_key=True, of=("self",)).filter(
        account=account_id, requester_email__iexact=old, anonymised_at=None
    )
    rows = list(own.select_related("form_version").order_by("pk"))
    for one in rows:
        one.due_before = one.due_at
        one.requester_email = new
        _correct_answers(one, {"requester_email": new})
        record(
            one,
            Verb.CORRECT_CONTACT,
            by_requester=True,
            now=now,
            data={"changed": ["email"], "resent": 0, "citizen": None},
        )
        refresh_search(one)
    return len(rows)


def _correct_answers(service_request: ServiceRequest, changed: dict[str, str]) -> None:
    """The form's own answers say the same, where it asked."""
    definition = Questionnaire(service_request.form_version, service_request.channel).definition
    asked = {question.name for question in definition.requester}
    block = {**service_request.answers.get("demandeur", {})}
    for name, value in changed.items():
        key = _ANSWER[name]
        if key not in asked:
            continue
        if value:
            block[key] = parse_address(value) if key == "adresse" else value
        else:
            block.pop(key, None)
    service_request.answers = {**service_request.answers, "demandeur": block}
