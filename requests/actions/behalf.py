"""Verbs of filing for somebody else: name them, tell them, and let them object."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.common.text import fold
from prestations.behalf import PERSON, fills_in, named_in_form
from requests.actions.core import open_request, record
from requests.enums import Relation, Verb
from requests.exceptions import IllegalTransition, MissingInput
from requests.models import ConcernedPerson, FilingDraft, ServiceRequest


@transaction.atomic
def name_person(*, token, person: Mapping[str, str]) -> FilingDraft:
    """Keep for whom a draft is filled in; the form's own questions about them are answered by it.

    Args:
        person: `PERSON` and ``relation``, checked by the page's form.

    Raises:
        FilingDraft.DoesNotExist: unknown, purged or filed.
    """
    drafts = FilingDraft.objects.select_for_update(of=("self",)).select_related("prestation")
    draft = drafts.get(token=token, filed_request=None)
    draft.person = {part: person.get(part, "") for part in (*PERSON, "relation")}
    answers = {**draft.answers.get("reponses", {}), **fills_in(draft.prestation, draft.person)}
    draft.answers = {**draft.answers, "reponses": answers}
    draft.revision += 1
    draft.save(update_fields=["person", "answers", "revision", "updated_at"])
    return draft


def keep_concerned(
    service_request: ServiceRequest, person: Mapping[str, str] | None
) -> ConcernedPerson | None:
    """Note for whom a new request is, when not for whoever files it. Runs inside `intake`.

    Args:
        person: whom the draft names; None: whom the form itself names, if anybody.
    """
    known = person or named_in_form(service_request.prestation, service_request.answers)
    if not known or not known.get("family_name"):
        return None
    name = f"{known['family_name']} {known.get('given_name', '')}"
    if fold(name) == fold(service_request.requester_name) and not person:
        return None  # the form is about whoever fills it in
    return ConcernedPerson.objects.create(
        request=service_request,
        family_name=known["family_name"][:150],
        given_name=known.get("given_name", "")[:150],
        email=known.get("email", ""),
        phone=known.get("phone", "")[:30],
        address=known.get("address", "")[:300],
        relation=known.get("relation", ""),
    )


def concerned_of(service_request: ServiceRequest) -> ConcernedPerson | None:
    """The person concerned, when somebody else filed."""
    return getattr(service_request, "concerned", None)


def is_told(person: ConcernedPerson) -> bool:
    """Whether the town tells this person itself; a minor child's parent is who filed."""
    return person.relation != Relation.CHILD


@transaction.atomic
def note_told(*, request_id: int, now: datetime | None = None) -> None:
    """The town has written to the person concerned."""
    person = ConcernedPerson.objects.filter(request=request_id, told_at=None)
    person.update(told_at=now or timezone.now())


@transaction.atomic
def note_called(
    *, request_id: int, version: int | None, actor, now: datetime | None = None
) -> ServiceRequest:
    """An agent has told the person concerned by telephone: no mail or letter could.

    Raises:
        IllegalTransition: nobody is to be called (any more).
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.TELL_CONCERNED, actor=actor, version=version
    )
    person = concerned_of(service_request)
    if person is None or not person.is_to_be_called:
        raise IllegalTransition(_("Personne n’est à prévenir par téléphone."))
    person.called_at = now
    person.save(update_fields=["called_at"])
    record(service_request, Verb.TELL_CONCERNED, actor=actor, now=now)
    return service_request


@transaction.atomic
def object_to_request(
    *,
    request_id: int,
    version: int | None = None,
    actor=None,
    now: datetime | None = None,
) -> ServiceRequest:
    """The person concerned does not want what was asked in their name; said twice, noted once.

    The request then cannot be answered favourably (`refuse_when_objected`); who holds it is told.

    Args:
        actor: the agent to whom they said it; None: by the link of their mail.

    Raises:
        IllegalTransition: nobody is concerned, or the request is over.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.OBJECT, actor=actor, version=version
    )
    person = concerned_of(service_request)
    if person is None:
        raise IllegalTransition(_("Cette demande ne concerne que la personne qui l’a faite."))
    if person.objected_at is None:
        person.objected_at = now
        person.save(update_fields=["objected_at"])
        record(service_request, Verb.OBJECT, actor=actor, now=now)
    return service_request


def is_objected(service_request: ServiceRequest) -> bool:
    """Whether the person concerned does not want what is asked for them."""
    person = concerned_of(service_request)
    return bool(person and person.objected_at)


def refuse_when_objected(service_request: ServiceRequest) -> None:
    """Bar a favourable answer to what the person concerned does not want.

    Raises:
        MissingInput: they object (for the heat register, CASF R121-4).
    """
    if is_objected(service_request):
        raise MissingInput(
            _("La personne concernée s’oppose à cette demande : elle ne peut pas être acceptée.")
        )
