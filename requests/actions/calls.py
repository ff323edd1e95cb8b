"""Notes taken while somebody speaks: several questions in one contact, qualified afterwards."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.models import Citizen
from citizens.names import clear_name
from massy_grc.common.text import is_phone, one_line
from massy_grc.common.words import moment_words
from prestations.enums import RequesterKind
from prestations.models import FormVersion, PostType, Prestation, Site
from prestations.models.catalogue import UNSORTED
from requests.actions.call_backs import promise_after
from requests.actions.core import require
from requests.actions.handling import add_note
from requests.actions.intake import intake
from requests.actions.missing import note_unanswered
from requests.actions.noted import make_room, noted_words, questions_in, require_room, words_of
from requests.enums import ContactOutcome
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import Contact, ServiceRequest
from requests.permissions import Right, scope_of


@transaction.atomic
def note_call(
    *,
    actor,
    channel: str,
    text: str,
    citizen: Citizen | None = None,
    caller: str = "",
    caller_phone: str = "",
    site: Site | None = None,
    post_type: PostType | None = None,
    key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> uuid.UUID:
    """Keep what was noted in one call or visit; each question waits to be qualified.

    Args:
        text: the notes; an empty line stands between two questions.
        caller: who they said they are, when no record was chosen; "" for nobody in particular.
        key: of the page they were typed on; noted twice, it is the same contact.

    Returns:
        What ties the questions together.

    Raises:
        NotAllowed: the person does not receive the public.
        MissingInput: nothing noted, or more questions than one contact holds.
    """
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    asked = questions_in(require(text, _("Écrivez ce qui était demandé.")))
    require_room(len(asked))
    conversation = key or uuid.uuid4()
    if Contact.objects.filter(conversation=conversation).exists():
        return conversation
    Contact.objects.bulk_create(
        Contact(
            agent=actor,
            channel=channel,
            place=place,
            **words_of(one),
            citizen=citizen,
            caller="" if citizen else caller.strip()[:150],
            caller_phone=" ".join(caller_phone.split())[:30],
            site=site,
            post_type=post_type,
            at=now or timezone.now(),
            outcome=ContactOutcome.OPEN,
            conversation=conversation,
        )
        for place, one in enumerate(asked)
    )
    return conversation


@transaction.atomic
def separate_questions(*, contact_id: int, actor, text: str, known: int) -> int:
    """What was noted as one question is several: each waits to be qualified, in its place.

    Words noted that the parts no longer say stay readable with the first of them.

    Args:
        text: the notes; an empty line stands between two questions.
        known: how many questions of the contact the actor's page showed; sent twice, it is
            refused the second time.

    Returns:
        How many it became.

    Raises:
        MissingInput: it is one question still, or more than one contact holds.
        IllegalTransition: it was separated or qualified meanwhile.
    """
    contact = _waiting(contact_id, actor)
    together = list(Contact.objects.filter(conversation=contact.conversation).in_turn())
    if len(together) != known:
        raise IllegalTransition(_("Ces questions ont déjà été séparées : relisez-les."))
    first, *others = questions_in(require(text, _("Écrivez ce qui était demandé.")))
    if not others:
        raise MissingInput(_("Laissez une ligne vide entre deux questions."))
    require_room(len(together) + len(others))
    was = noted_words(contact)
    noted = contact.noted or ("" if was.split() == text.split() else was)
    turn = make_room(len(others), together, together.index(contact))
    Contact.objects.filter(pk=contact.pk).update(**words_of(first), noted=noted)
    for place, words in enumerate(others, turn):
        contact.pk = None  # who asked, when and where, and who qualifies it, are the same
        contact.place = place
        for name, value in words_of(words).items():
            setattr(contact, name, value)
        contact.save(force_insert=True)
    return 1 + len(others)


@transaction.atomic
def answer_question(
    *, contact_id: int, actor, answer: str = "", prestation: Prestation | None = None
) -> Contact:
    """The question was answered in the conversation itself: an information given."""
    contact = _waiting(contact_id, actor)
    names = contact.citizen.search_name if contact.citizen else contact.caller
    note_unanswered(question=contact.question, channel=contact.channel, names=names)
    if answer := answer.strip():
        contact.noted, contact.answer = contact.noted or contact.answer, answer
    contact.prestation = prestation
    return _settled(contact, ContactOutcome.ANSWERED)


@transaction.atomic
def promise_answer(
    *, contact_id: int, actor, phone: str = "", now: datetime | None = None
) -> Contact:
    """Whoever asked will be called back, as soon as possible, by the actor.

    Raises:
        MissingInput: no number is known.
    """
    contact = _waiting(contact_id, actor)
    known = contact.citizen.phone if contact.citizen else None
    phone = phone.strip() or contact.caller_phone or (known.as_e164 if known else "")
    require(phone, _("Indiquez le numéro à rappeler."))
    promise_after(contact, phone=phone, owner=None, slot=None, now=now or timezone.now())
    return _settled(contact, ContactOutcome.CALL_BACK)


@transaction.atomic
def add_to_request(
    *, contact_id: int, actor, reference: str, now: datetime | None = None
) -> ServiceRequest:
    """The question is about a request that is there already: it goes on it as an internal note.

    Whoever holds the request is named in the note, so that they learn of it.

    Raises:
        MissingInput: no such request that the actor may see, or somebody else's.
        IllegalTransition: nothing can be noted on it, or the question was qualified meanwhile.
    """
    contact = _waiting(contact_id, actor)
    found = ServiceRequest.objects.visible_to(actor).filter(reference=reference.strip()).first()
    if found is None:
        raise MissingInput(_("Aucune demande n’a ce numéro."))
    if contact.citizen_id and contact.citizen_id != found.citizen_id:
        raise MissingInput(_("Cette demande n’est pas celle de cette personne."))
    holder = found.assignee or found.front_agent
    add_note(
        request_id=found.pk,
        actor=actor,
        body=_("Demandé le %(moment)s (%(channel)s) : %(words)s")
        % {
            "moment": moment_words(contact.at),
            "channel": contact.get_channel_display(),
            "words": noted_words(contact),
        },
        people=[holder] if holder and holder != actor else [],
        now=now,
    )
    contact.request, contact.citizen, contact.prestation = found, found.citizen, found.prestation
    _settled(contact, ContactOutcome.REQUEST)
    return found


@transaction.atomic
def take_over_call(*, conversation: uuid.UUID, actor) -> int:
    """Qualify in a colleague's place what they noted; returns how many questions that is."""
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    waiting = Contact.objects.of_calls(actor).to_qualify().filter(conversation=conversation)
    rows = waiting.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    return Contact.objects.filter(pk__in=list(rows)).update(taken_by=actor)


@transaction.atomic
def tie_caller(*, conversation: uuid.UUID, actor, citizen: Citizen) -> int:
    """Whoever spoke has this record: what the actor keeps of the call, and the requests opened
    from it, are theirs. What is tied already stays so; whoever gave no name stays anonymous.

    Returns:
        How many questions that is.
    """
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    rows = Contact.objects.kept_by(actor).filter(conversation=conversation, citizen=None)
    kept = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    opened = Contact.objects.filter(pk__in=kept, request__arrived_at=F("at")).values("request")
    ServiceRequest.objects.filter(pk__in=opened, citizen=None).exclude(
        requester_kind=RequesterKind.ANONYME
    ).update(citizen=citizen)
    return Contact.objects.filter(pk__in=kept).update(citizen=citizen)


@transaction.atomic
def open_request_of(*, contact_id: int, actor, now: datetime | None = None) -> ServiceRequest:
    """The question becomes a request to sort: the classifier proposes, its page lets choose.

    Its clocks start when it was asked. Without a record, it keeps the caller's name as it was
    typed: `tie_caller` gives them one. Done twice, it is the same request.
    """
    contact = _waiting(contact_id, actor, but=ContactOutcome.REQUEST)
    if contact.request is not None:
        return contact.request
    unsorted = Prestation.objects.get(pk=UNSORTED)
    form = FormVersion.objects.get(pk=str(unsorted.current_form_id))
    contact.request = intake(
        prestation=unsorted,
        form_version=form,
        channel=contact.channel,
        answers={
            "demandeur": _requester(contact),
            "reponses": {"texte": noted_words(contact)},
        },
        idempotency_key=f"contact:{contact.pk}",
        citizen=contact.citizen,
        recognise=False,
        arrived_at=contact.at,
        actor=actor,
        site=contact.site,
        post_type=contact.post_type,
        now=now,
    )
    _settled(contact, ContactOutcome.REQUEST)
    return contact.request


def _requester(contact: Contact) -> dict[str, str]:
    if contact.citizen:
        return {}  # the record says it
    if not contact.caller:
        return {"type_demandeur": str(RequesterKind.ANONYME)}
    given = {**_named(one_line(contact.caller)), "type_demandeur": str(RequesterKind.CITOYEN)}
    if contact.caller_phone:
        given["telephone"] = contact.caller_phone
    return given


def _named(caller: str) -> dict[str, str]:
    """The caller as a form names them; in the words that were typed, where they are not clear."""
    if is_phone(caller):
        return {"telephone": caller}
    if "@" in caller:
        return {"email": caller}
    if name := clear_name(caller):
        return {"nom_famille": name[0], "prenom": name[1]}
    return {"nom_famille": caller}


def _waiting(contact_id: int, actor, but: ContactOutcome | None = None) -> Contact:
    """A question that waits for the actor to qualify it.

    Args:
        but: a way in which it may have been settled already.

    Raises:
        Contact.DoesNotExist: unknown, or a colleague's to qualify.
        IllegalTransition: it was qualified meanwhile.
    """
    if not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    rows = Contact.objects.kept_by(actor).filter(conversation__isnull=False)
    contact = rows.select_for_update(of=("self",), no_key=True).get(pk=contact_id)
    if contact.outcome not in (ContactOutcome.OPEN, but):
        raise IllegalTransition(_("Cette question est déjà qualifiée."))
    return contact


def _settled(contact: Contact, outcome: ContactOutcome) -> Contact:
    contact.outcome = outcome
    contact.save(update_fields=["outcome", "answer", "noted", "prestation", "request", "citizen"])
    return contact
