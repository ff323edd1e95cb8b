"""Verbs of the copy of one's data: asked for, made by a worker, deleted after seven days."""

import json
import tempfile
import zipfile
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from citizens.models import Citizen, CitizenMerge
from massy_grc.outbox.api import publish
from requests.actions.erasure import delete_stored
from requests.copies import gather, plain, stored_files
from requests.enums import ExportState, IdentityCheck
from requests.exceptions import MissingInput, NotAllowed
from requests.letters.copy import copy_pdfs
from requests.letters.pdf import PdfUnavailable
from requests.models import DataExport
from requests.notifications.privacy import tell_person
from requests.permissions import Right, scope_of

logger = structlog.get_logger(__name__)

EXPORT_LIFE = timedelta(days=7)
A_DAY = timedelta(days=1)
MOST_A_DAY = 3


@transaction.atomic
def ask_export(
    *, citizen_id: int, actor, identity: str = "", now: datetime | None = None
) -> DataExport:
    """Ask for a copy of everything the town holds about a person; a worker makes it.

    Args:
        actor: the person themselves, logged in; or the officer, who made sure who asks.
        identity: for the officer, an `IdentityCheck` code: how.

    Raises:
        NotAllowed: neither the person nor the officer.
        MissingInput: the officer did not say how; or three copies in a day; or the record has
            just been merged with another, and the merge may be a mistake.
    """
    now = now or timezone.now()
    citizen = Citizen.objects.living().select_for_update(no_key=True).get(pk=citizen_id)
    own = citizen.accounts.open().filter(user=actor).exists()
    if not own and not scope_of(actor).may(Right.PROTECT_DATA):
        raise NotAllowed
    if not own:
        require_identity(identity)
    elif _just_merged(citizen.pk):
        raise MissingInput(
            _(
                "Votre fiche vient d’être réunie avec une autre à la mairie. Pendant trente jours, "
                "la copie est remise par le délégué à la protection des données, qui vérifie "
                "d’abord votre identité."
            )
        )
    waiting = citizen.exports.filter(state=ExportState.ASKED).first()
    if waiting:
        return waiting
    if citizen.exports.filter(asked_at__gt=now - A_DAY).count() >= MOST_A_DAY:
        raise MissingInput(_("Trois copies ont déjà été préparées aujourd’hui. Revenez demain."))
    export = DataExport.objects.create(
        citizen=citizen, asked_by=actor, identity="" if own else identity, asked_at=now
    )
    publish("privacy.export", key=f"privacy.export:{export.pk}", export_id=export.pk)
    return export


def require_identity(identity: str) -> None:
    """Make sure that the officer said how they know who asks.

    Args:
        identity: an `IdentityCheck` code.

    Raises:
        MissingInput: they did not.
    """
    if identity not in IdentityCheck.values:
        raise MissingInput(_("Dites comment l’identité de la personne a été vérifiée."))


@transaction.atomic
def make_export(*, export_id: int, now: datetime | None = None) -> DataExport:
    """Make the archive: JSON, readable PDF, and the files. A second call changes nothing."""
    now = now or timezone.now()
    export = (
        DataExport.objects.select_for_update(of=("self",))
        .select_related("citizen", "asked_by")
        .get(pk=export_id)
    )
    if export.state != ExportState.ASKED:
        return export
    Citizen.objects.select_for_update(no_key=True).get(pk=export.citizen_id)
    if not export.identity and _just_merged(export.citizen_id):  # since it was asked for
        export.state = ExportState.EXPIRED
        export.save(update_fields=["state"])
        return export
    with tempfile.TemporaryFile() as archive:
        _fill(archive, export.citizen, now)
        export.size = archive.tell()
        archive.seek(0)
        export.file.save("copie.zip", File(archive), save=False)
    export.state, export.ready_at, export.expires_at = ExportState.READY, now, now + EXPORT_LIFE
    export.save()
    if not export.identity and export.asked_by.email:
        tell_person(
            "copy_ready",
            to=export.asked_by.email,
            key=f"privacy.export:{export.pk}",
            about=f"citizen:{export.citizen_id}",
            url=f"{settings.PUBLIC_URL}{reverse('requests:my_data')}",
        )
    return export


def _just_merged(citizen_id: int) -> bool:
    """Whether another record's requests came here so lately that they may go back."""
    return CitizenMerge.objects.fresh().filter(kept=citizen_id).exists()


def _fill(archive, citizen: Citizen, now: datetime) -> None:
    data = gather(citizen)
    files = stored_files(citizen)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(
            "donnees.json", json.dumps(data, ensure_ascii=False, indent=1, default=plain)
        )
        try:
            for number, part in enumerate(copy_pdfs(citizen, data, now), start=1):
                bundle.writestr(f"donnees-{number}.pdf" if number > 1 else "donnees.pdf", part)
        except PdfUnavailable as error:
            logger.warning("pdf_unavailable", error=str(error)[:200])
        for name, stored in files:
            if stored.storage.exists(stored.name):
                entry_of = zipfile.ZipInfo(name, now.timetuple()[:6])  # stored: compressed already
                with stored.open() as content, bundle.open(entry_of, "w") as entry:
                    for chunk in content.chunks():
                        entry.write(chunk)


def sweep_exports(*, now: datetime | None = None) -> int:
    """Delete the files of the copies that are over; returns how many."""
    now = now or timezone.now()
    swept = 0
    for export in DataExport.objects.filter(expires_at__lt=now).exclude(file=""):
        with transaction.atomic():
            export.file.delete(save=False)
            export.state = ExportState.EXPIRED
            export.save(update_fields=["file", "state"])
        swept += 1
    return swept


def delete_exports(citizen: Citizen) -> None:
    """Delete every copy of a person's data, for their erasure."""
    delete_stored(DataExport.objects.filter(citizen=citizen))
