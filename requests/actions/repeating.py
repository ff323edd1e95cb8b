"""Requests that come back: each is opened again on its day, beside the one before."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from prestations.calendars import PARIS
from prestations.models import FormVersion, Prestation
from prestations.models.catalogue import UNSORTED
from requests.actions.core import open_request, record
from requests.actions.intake import intake
from requests.actions.linking import link
from requests.corrections import FIRST
from requests.enums import LinkKind, Rhythm, Verb
from requests.exceptions import IllegalTransition, MissingInput, RequestError
from requests.models import ServiceRequest

LAST_DAY = 28  # every month has it


@transaction.atomic
def repeat_request(
    *,
    request_id: int,
    version: int | None,
    actor,
    rhythm: str,
    first_on: date | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Say how often a request is opened again, and on which day first; "" stops it.

    Raises:
        MissingInput: no day, one that is past, or one that a month may lack; nothing to stop.
        IllegalTransition: it needs documents, which are new each time.
    """
    now = now or timezone.now()
    service_request = open_request(
        request_id=request_id, verb=Verb.REPEAT, actor=actor, version=version
    )
    if rhythm:
        _check(service_request, first_on, now)
    elif not service_request.repeats:
        raise MissingInput(_("Cette demande ne revient pas : rien n’est à arrêter."))
    service_request.repeats = Rhythm(rhythm) if rhythm else ""
    service_request.repeats_on = first_on if rhythm else None
    data = {"rhythm": rhythm, "on": first_on.isoformat() if rhythm and first_on else None}
    record(service_request, Verb.REPEAT, actor=actor, now=now, data=data)
    return service_request


def due_repeats(*, now: datetime, limit: int) -> list[int]:
    """Return the ids of the requests whose day to be opened again has come, oldest first."""
    today = now.astimezone(PARIS).date()
    coming = ServiceRequest.objects.coming_back().filter(repeats_on__lte=today)
    return list(coming.order_by("repeats_on", "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def open_again(*, request_id: int, now: datetime | None = None) -> ServiceRequest | None:
    """Open a request again, of the same words and requester; the new one has the rule from now on.

    Late or done twice it opens one, and the next day is still to come. Where the prestation takes
    no request any more, the new one is to be sorted.

    Returns:
        The new request; None when the day has not come, or somebody changed it meanwhile.
    """
    now = now or timezone.now()
    today = now.astimezone(PARIS).date()
    first = open_request(request_id=request_id, verb=Verb.REPEAT)
    on, rhythm = first.repeats_on, first.repeats
    if on is None or on > today:
        return None
    key = f"repeat:{first.pk}:{on.isoformat()}"
    try:
        with transaction.atomic():
            second = _file(first, key, now, first.prestation, first.form_version, first.answers)
    except RequestError:
        second = _to_sort(first, key, now)
    while on <= today:
        on += relativedelta(months=Rhythm(rhythm).months)
    first.repeats, first.repeats_on = "", None
    second.repeats, second.repeats_on = rhythm, on
    link(second, first, LinkKind.REPEAT, None, now, verb=Verb.REPEAT)
    return second


def needs_documents(service_request: ServiceRequest) -> bool:
    """Whether its form may ask for documents that must be there."""
    documents = service_request.form_version.definition.get("documents") or []
    return any(one.get("mode") != "optional" for one in documents)


def _check(service_request: ServiceRequest, first_on: date | None, now: datetime) -> None:
    if first_on is None:
        raise MissingInput(_("Dites quel jour elle revient."))
    if first_on <= now.astimezone(PARIS).date():
        raise MissingInput(_("Choisissez un jour à venir."))
    if first_on.day > LAST_DAY:
        raise MissingInput(_("Choisissez un jour du 1er au 28 : tous les mois l’ont."))
    if needs_documents(service_request):
        raise IllegalTransition(
            _(
                "Cette démarche demande des pièces, à fournir chaque fois : elle ne revient "
                "pas seule."
            )
        )


def _to_sort(first: ServiceRequest, key: str, now: datetime) -> ServiceRequest:
    unsorted = Prestation.objects.get(pk=UNSORTED)
    form = FormVersion.objects.get(pk=str(unsorted.current_form_id))
    words = f"Demande à renouveler : {first.subject} ({first.reference})."
    answers = {**first.answers, "reponses": {"texte": words}}
    return _file(first, key, now, unsorted, form, answers)


def _file(
    first: ServiceRequest, key: str, now: datetime, prestation, form: FormVersion, answers: dict
) -> ServiceRequest:
    return intake(
        prestation=prestation,
        form_version=form,
        channel=first.channel,
        answers={name: kept for name, kept in answers.items() if name != FIRST},
        idempotency_key=key,
        place=first.place,
        citizen=first.citizen,
        account=first.account,
        organisation=first.organisation,
        organisation_account=first.organisation_account,
        language=first.language,
        automatic=True,
        now=now,
    )
