"""The one door: whatever the channel, a request begins here."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.actions import recognise_citizen, recognise_organisation, residence_of
from citizens.models import Citizen, CitizenAccount, Organisation, OrganisationAccount
from massy_grc.common.text import fold
from prestations.audiences import audience_of
from prestations.calendars import PARIS, town_calendar
from prestations.enums import Channel, RequesterKind
from prestations.models import Campaign, FormVersion, Prestation, Town
from requests import deadlines
from requests.actions.behalf import keep_concerned
from requests.actions.core import record, refresh_search
from requests.actions.filled import ask_missing
from requests.enums import State, Verb
from requests.exceptions import MissingInput, NotAllowed, PrestationClosed, WrongAudience
from requests.models import Attachment, ServiceRequest
from requests.permissions import Right, scope_of
from requests.references import new_tracking_code, next_reference
from requests.requester import Requester, read_requester
from requests.routing.catalogue import is_urgent
from requests.spots import spot_columns
from requests.subjects import subject_of

DOOR_OF_TECHNICAL_CHANNEL = {Channel.SVI: Channel.TELEPHONE, Channel.API: Channel.WEB}


def intake(
    *,
    prestation: Prestation,
    form_version: FormVersion,
    channel: str,
    answers: dict,
    idempotency_key: str,
    place: str = "",
    missing_documents: Sequence[str] = (),
    missing_answers: Sequence[str] = (),
    papers: Sequence[str] = (),
    citizen: Citizen | None = None,
    recognise: bool = True,
    account: CitizenAccount | None = None,
    organisation: Organisation | None = None,
    organisation_account: OrganisationAccount | None = None,
    person: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    campaign: Campaign | None = None,
    subject: str = "",
    arrived_at: datetime | None = None,
    actor=None,
    site=None,
    post_type=None,
    language: str = "fr",
    urgent: bool = False,
    to_qualify: bool = False,
    automatic: bool = False,
    now: datetime | None = None,
) -> ServiceRequest:
    """File a request, once per `idempotency_key`.

    Args:
        answers: ``{"demandeur": {…}, "reponses": {…}}``, already validated by the form.
        idempotency_key: the form's token, a mail's digest…; a second call with the same key
            returns the first call's request and changes nothing (R10).
        place: where it is about, in words; a street alone is enough (S39).
        missing_documents: codes of the mandatory documents not there yet; while there are
            any, an acceptance by silence has no date (CRPA L114-5).
        missing_answers: keys of the mandatory questions that an agent could not fill in; they
            are owed like the documents.
        papers: codes of the documents an agent saw, or received on paper.
        attachments: files of the draft; they become the request's.
        recognise: whether whoever the answers name gets a record without `citizen`; otherwise the
            request keeps the name alone, and an agent ties it to one.
        account: of whoever files it signed in; the request belongs to their record and stands in
            their space. Whoever leaves the names blank, where one may, stays anonymous.
        organisation_account: in whose space it stands: it is filed in the organisation's name, by
            `account`, a member.
        person: for whom, when for somebody else (`requests.actions.behalf`).
        arrived_at: when it really arrived (a letter, a note taken on paper); every clock
            starts there. Defaults to `now`; never in the future.
        campaign: whose page the browser had opened before the form was begun (S64).
        urgent: an agent says so; the answers may say so too (the prestation's `urgent_if`).
        actor: the agent who logs it; None when the requester files alone.
        to_qualify: a free text nobody has read yet; always so for what is not sorted.
        automatic: the system files it, because it comes back on a day.

    Raises:
        PrestationClosed: the prestation takes no request by this channel.
        WrongAudience: not open to whoever asks; an agent may log it all the same.
        NotAllowed: the agent may not log requests.
        MissingInput: an arrival in the future, or nobody named where somebody must be.
    """
    now = now or timezone.now()
    arrived_at = arrived_at or now
    known = ServiceRequest.objects.filter(idempotency_key=idempotency_key).first()
    if known:
        return known
    if actor is not None and not scope_of(actor).may(Right.LOG_REQUEST):
        raise NotAllowed
    door = DOOR_OF_TECHNICAL_CHANNEL.get(Channel(channel), channel)
    alone = actor is None and not automatic
    sorting = prestation.is_unsorted and not alone  # by hand, whichever way it came
    if not sorting and not prestation.open_on(door):
        raise PrestationClosed
    urgent = urgent or is_urgent(prestation, answers)
    to_qualify = to_qualify or prestation.is_unsorted
    missing = [*missing_answers, *missing_documents]
    if arrived_at > now:
        raise MissingInput(_("La date d'arrivée ne peut pas être dans l'avenir."))
    requester = read_requester(form_version.definition, answers.get("demandeur", {}))
    if organisation_account is not None:
        requester = requester.for_organisation(organisation_account)
        organisation = organisation_account.organisation
    if alone and audience_of(requester.kind) not in prestation.audiences:
        raise WrongAudience
    if requester.kind == RequesterKind.ANONYME and prestation.anonymous_allowed:
        account = None
    elif account is not None:
        citizen = citizen or account.citizen
    if citizen is not None and not requester.name:
        requester = Requester.of_citizen(citizen)
    if requester.kind == RequesterKind.ANONYME and not prestation.anonymous_allowed:
        raise MissingInput(_("Cette prestation demande de connaître le demandeur."))
    try:
        with transaction.atomic():
            town = Town.objects.first()
            if recognise:
                citizen, organisation = who_asks(requester, citizen, organisation, language, town)
            dates = deadlines.dates_for(
                prestation,
                arrived_at=arrived_at,
                urgent=urgent,
                complete=not missing,
                calendar=town_calendar(),
            )
            service_request = ServiceRequest(
                reference=next_reference(arrived_at.astimezone(PARIS).year),
                tracking_code=new_tracking_code(),
                idempotency_key=idempotency_key,
                version=0,
                state="",
                prestation=prestation,
                form_version=form_version,
                category=prestation.category,
                subject=(subject.strip() or subject_of(prestation, answers))[:250],
                answers=answers,
                papers=list(papers),
                channel=channel,
                citizen=citizen,
                account=account,
                organisation=organisation,
                organisation_account=organisation_account,
                campaign=campaign,
                **requester_columns(requester, citizen, town),
                language=language,
                place=place[:300],
                outside_town=is_outside(place, town),
                **spot_columns(form_version, answers),
                urgent=urgent,
                team=prestation.team,
                front_agent=actor,
                assignee=actor,
                site=site,
                post_type=post_type,
                created_by=actor,
                arrived_at=arrived_at,
                filed_at=now,
                due_at=dates.due_at,
                silence_effect=dates.silence_effect,
                implicit_decision_at=dates.implicit_decision_at,
                legal_paused_at=arrived_at if missing else None,
                interim_due_at=dates.interim_due_at,
            )
            record(
                service_request,
                Verb.FILE,
                actor=actor,
                by_requester=alone,
                to=State.A_QUALIFIER if to_qualify else State.ENREGISTREE,
                now=now,
                data={
                    "channel": channel,
                    "prestation": prestation.pk,
                    "arrived_at": arrived_at.isoformat(),
                    "missing_documents": list(missing_documents),
                    "missing_answers": list(missing_answers),
                    "papers": list(papers),
                    **({"campaign": campaign.code} if campaign else {}),
                },
            )
            ask_missing(service_request, missing, arrived_at, now)
            keep_concerned(service_request, person)
            refresh_search(service_request)
            Attachment.objects.filter(pk__in=[file.pk for file in attachments]).update(
                request=service_request, draft=None
            )
    except IntegrityError:
        twin = ServiceRequest.objects.filter(idempotency_key=idempotency_key).first()
        if twin is None:
            raise
        return twin
    return service_request


def requester_columns(
    requester: Requester, citizen: Citizen | None, town: Town | None
) -> dict[str, str]:
    """What a request keeps of who asks, cut to its columns."""
    return {
        "requester_kind": requester.kind,
        "requester_name": requester.name[:250],
        "requester_email": requester.email,
        "requester_phone": requester.phone[:30],
        "requester_address": requester.address[:300],
        "reply_channel": requester.reply_channel,
        "residence": _residence(requester, citizen, town),
    }


def who_asks(requester: Requester, citizen, organisation, language: str, town):
    """Link the person or the organisation the form names; nobody for an anonymous one."""
    if requester.organisation_name and organisation is None:
        organisation = recognise_organisation(
            name=requester.organisation_name,
            kind=requester.kind,
            rna=requester.rna,
            siret=requester.siret,
            email=requester.email,
            phone=requester.phone,
            address=requester.address,
        )
    if requester.family_name and citizen is None:
        citizen = recognise_citizen(
            family_name=requester.family_name,
            given_name=requester.given_name,
            usage_name=requester.usage_name,
            email=requester.email,
            phone=requester.phone,
            address=requester.address,
            reply_channel=requester.reply_channel,
            language=language,
            residence=_residence(requester, None, town),
        )
    return citizen, organisation


def _residence(requester: Requester, citizen: Citizen | None, town: Town | None) -> str:
    address = requester.address or (citizen.address if citizen else "")
    if town is None:
        return "inconnu"
    return residence_of(address, postcode=town.postcode, town=town.name)


def is_outside(place: str, town: Town | None) -> bool:
    """Whether a place names another postcode than the town's (CRPA L114-2: to be forwarded)."""
    codes = [word for word in fold(place).split() if len(word) == 5 and word.isdigit()]
    return bool(town and codes and town.postcode not in codes)
