"""Verbs of erasure: documents first, then every text of a request. What stays counts, unnamed."""

from datetime import datetime
from functools import partial

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen, Organisation
from massy_grc.common.personal_data import Fate, blanks, holdings
from massy_grc.outbox.erasing import forget
from requests.actions.core import record, refresh_search
from requests.actions.posting import drop_batches_of
from requests.enums import FINAL_STATES, Verb
from requests.exceptions import Held, StillOpen
from requests.models import Attachment, FilingDraft, ServiceRequest

REQUEST_TABLE = ServiceRequest._meta.label
BY_REQUEST = "rights"  # the rule named by an erasure that a person asked for


@transaction.atomic
def delete_request_files(*, request_id: int, rule: str, now: datetime | None = None) -> int:
    """Delete the documents sent for a closed request, rows and files; returns how many.

    Args:
        rule: code of the processing whose term is over.

    Raises:
        StillOpen, Held: nothing may be erased.
    """
    now = now or timezone.now()
    service_request = _erasable(request_id)
    if service_request.files_deleted_at:
        return 0
    count = delete_stored(service_request.attachments.all())
    service_request.files_deleted_at = now
    record(
        service_request,
        Verb.PURGE_FILES,
        now=now,
        data={"rule": rule, "files": count},
        quiet=True,
    )
    return count


@transaction.atomic
def anonymise_request(
    *, request_id: int, rule: str, actor=None, now: datetime | None = None
) -> bool:
    """Empty a closed request of everything personal, in place: the figures stay true.

    The registry says which columns of which tables (`massy_grc.common.personal_data`). The event
    log is not touched: it holds no text. Done twice, it changes nothing.

    Args:
        rule: code of the processing whose term is over, or `BY_REQUEST`.
        actor: the officer, when a person asked for it.

    Returns:
        Whether something was done.

    Raises:
        StillOpen, Held: nothing may be erased.
    """
    now = now or timezone.now()
    service_request = _erasable(request_id)
    if service_request.anonymised_at:
        return False
    person, organisation = service_request.citizen, service_request.organisation
    drop_batches_of(service_request)
    _empty_what_hangs_on(service_request)
    for name, value in blanks(ServiceRequest).items():
        setattr(service_request, name, value)
    service_request.subject = service_request.prestation.label
    service_request.anonymised_at = now
    service_request.files_deleted_at = service_request.files_deleted_at or now
    record(service_request, Verb.ANONYMISE, actor=actor, now=now, data={"rule": rule}, quiet=True)
    refresh_search(service_request)
    forget(f"request:{service_request.pk}", request_id=service_request.pk)
    # Their own term begins when their last request is gone.
    if person:
        Citizen.objects.filter(pk=person.pk).update(updated_at=now)
    if organisation:
        Organisation.objects.filter(pk=organisation.pk).update(updated_at=now)
    return True


def delete_stored(rows) -> int:
    """Delete rows that have a file, and their files once that is committed; returns how many."""
    files = [(row.file.storage, row.file.name) for row in rows if row.file]
    count = len(rows)
    rows.delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))
    return count


def _erasable(request_id: int) -> ServiceRequest:
    service_request = (
        ServiceRequest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("prestation", "citizen", "organisation")
        .get(pk=request_id)
    )
    if service_request.state not in FINAL_STATES:
        raise StillOpen
    if service_request.holds.filter(lifted_at=None).exists():
        raise Held
    return service_request


def _empty_what_hangs_on(service_request: ServiceRequest) -> None:
    """Every table of the registry with a key to the request, as it is declared there."""
    for label, holding in holdings().items():
        if holding.fate == Fate.KEPT or label == REQUEST_TABLE:
            continue
        model = apps.get_model(label)
        keys = [f.name for f in model._meta.fields if f.related_model is ServiceRequest]
        for key in keys:
            rows = model._default_manager.filter(**{key: service_request})
            if holding.fate == Fate.EMPTIED:
                rows.update(**holding.emptied)
            elif model is FilingDraft:
                delete_stored(Attachment.objects.filter(draft__in=rows))
                rows.delete()
            elif any(field.name == "file" for field in model._meta.fields):
                delete_stored(rows)
            else:
                rows.delete()


def why_not(service_request: ServiceRequest) -> str:
    """Say why a request cannot be erased now, as a code; empty when it can."""
    if service_request.anonymised_at:
        return "gone"
    if service_request.state not in FINAL_STATES:
        return "open"
    return "held" if service_request.holds.filter(lifted_at=None).exists() else ""


REASONS = {
    "gone": _("déjà effacée"),
    "open": _("encore en cours"),
    "held": _("gelée pour une raison juridique"),
    "law": _("la loi nous demande de la garder"),
}
