"""Files that change settings: kept, examined and put in force by workers, given up, swept.

A worker's transaction holds what it does and that it is done: one that dies leaves nothing, and the
next one begins again. A file given up meanwhile is not put in force.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backoffice.actions.accesses import record_access
from backoffice.enums import ImportKind, ImportState
from backoffice.imported.progress import following
from backoffice.imported.reading import MOST_BYTES
from backoffice.imported.report import concluded, error_file, report
from backoffice.imported.trying import Looked, change_settings
from backoffice.models import SettingsImport
from massy_grc.outbox.api import publish
from prestations.configuration import one_act
from prestations.configuration.undoing import is_kept
from prestations.exceptions import PreviewMoved
from requests.exceptions import MissingInput, NotAllowed
from requests.permissions import Right, scope_of

logger = structlog.get_logger(__name__)
KEPT = timedelta(days=1)
EXAMINE, CARRY_OUT = "settings.examine", "settings.import"


class _NotDone(Exception):
    """What was tried is taken back."""


@transaction.atomic
def keep_import(
    *,
    actor,
    kind: str,
    file_name: str,
    content: bytes,
    language: str = "fr",
    now: datetime | None = None,
) -> SettingsImport:
    """Keep a file until it is put in force, for a day at most; a worker examines it.

    Sent twice, it is the same.

    Raises:
        NotAllowed: no administrator acts.
        MissingInput: it is too large.
    """
    _check(actor)
    if len(content) > MOST_BYTES:
        raise MissingInput(_("Le fichier dépasse 10 Mo."))
    what = {"actor": actor, "kind": ImportKind(kind), "file_name": Path(file_name).name[:100]}
    running = SettingsImport.objects.filter(**what, state=ImportState.EXAMINING, content=content)
    if known := running.first():
        return known
    known = SettingsImport.objects.create(
        **what, content=content, language=language, at=now or timezone.now()
    )
    publish(EXAMINE, key=f"{EXAMINE}:{known.pk}", import_id=known.pk)
    return known


def examine_import(*, import_id: int) -> None:
    """Find out what a file would do, by doing it and taking it back. Again, it changes nothing.

    One on which something breaks is refused, not tried for ever.
    """
    known = _waiting(import_id, ImportState.EXAMINING)
    if known is not None:
        _or_refused(known, lambda: _examine(known))


def _examine(known: SettingsImport) -> None:
    with _taken_back(), translation.override(known.language):
        looked = change_settings(known, actor=known.actor, progress=following(known.pk))
        found, refused = report(looked), error_file(looked)
    _waits(known).update(state=_state(looked), found=found, refused=refused)


@transaction.atomic
def ask_import(
    *,
    actor,
    import_id: int,
    seen: str,
    withdraws: bool = False,
    administers: bool = False,
    now: datetime | None = None,
) -> bool:
    """Let a worker put a file in force; return whether it was asked for only now.

    Args:
        seen: what its sender read that it would do (`Looked.seen`).
        withdraws: they mean that much of what is in use goes (`Looked.losses`).
        administers: they mean that it makes administrators.

    Raises:
        NotAllowed: no administrator acts.
        MissingInput: much would go, or administrators come, and they did not say that they mean it.
        PreviewMoved: it would do something else than was read.
        SettingsImport.DoesNotExist: none of one's own.
    """
    _check(actor)
    known = SettingsImport.objects.select_for_update().get(pk=import_id, actor=actor)
    if known.state != ImportState.EXAMINED:
        return False
    if known.found["seen"] != seen:
        raise PreviewMoved
    if known.found["losses"] and not withdraws:
        raise MissingInput(_("Ce fichier retire plus d’un dixième : cochez la case pour le dire."))
    if known.found.get("administrators") and not administers:
        raise MissingInput(_("Ce fichier nomme des administrateurs : cochez la case pour le dire."))
    known.state = ImportState.IMPORTING
    known.save(update_fields=["state"])
    at = now or timezone.now()
    publish(CARRY_OUT, key=f"{CARRY_OUT}:{known.pk}:{at.isoformat()}", import_id=known.pk)
    return True


def carry_out_import(*, import_id: int, now: datetime | None = None) -> None:
    """Put a file in force: a configuration or a register whole, of a table the good rows.

    What would do something else than its sender read is left for them to read again.
    """
    known = _waiting(import_id, ImportState.IMPORTING)
    if known is not None:
        _or_refused(known, lambda: _carry_out(known, now or timezone.now()))


def _carry_out(known: SettingsImport, now: datetime) -> None:
    try:
        with transaction.atomic(), one_act() as act, translation.override(known.language):
            looked = change_settings(known, actor=known.actor, progress=following(known.pk))
            found, refused = report(looked), error_file(looked)
            if looked.faults or looked.seen != known.found["seen"]:
                raise _NotDone
            _finish(known, looked, found, refused, act, now)
    except _NotDone:
        again = {**found, "moved": True}
        _waits(known).update(state=_state(looked), found=again, refused=refused)


def _or_refused(known: SettingsImport, work: Callable[[], None]) -> None:
    """Do what a file asks; where that breaks, log it and say so on its page, once for all.

    A database that is away is no fault of the file: the worker comes back to it.
    """
    try:
        with transaction.atomic():
            work()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("import_broke", import_id=known.pk, kind=known.kind)
        with translation.override(known.language):
            told = _(
                "Une erreur imprévue a arrêté l’examen de ce fichier, et rien n’est changé. Donnez"
                " à votre service informatique le numéro de cet import : %(number)d."
            )
            found = report(Looked(faults=[told % {"number": known.pk}]))
        _waits(known).update(state=ImportState.REFUSED, found=found, refused="")


def _state(looked: Looked) -> ImportState:
    return ImportState.REFUSED if looked.faults else ImportState.EXAMINED


def _finish(known: SettingsImport, looked: Looked, found, refused: str, act, now) -> None:
    done = _waits(known).update(
        state=ImportState.DONE,
        done_at=now,
        done=looked.number,
        content=b"",
        found=concluded(found),
        refused=refused,
        act=act if is_kept(act) else None,
    )
    if not done:  # given up meanwhile
        raise _NotDone
    record_access(
        user=known.actor, action=f"import:{known.kind}", object_type="import", object_id=known.pk
    )


def forget_import(*, actor, import_id: int) -> bool:
    """Give a file up; return whether it was not in force yet."""
    waiting = SettingsImport.objects.filter(pk=import_id, actor=actor, done_at=None)
    return bool(waiting.delete()[0])


def sweep_imports(now: datetime) -> int:
    """Delete the files that nobody put in force within their day, and rows refused a day ago."""
    SettingsImport.objects.filter(done_at__lt=now - KEPT).exclude(refused="").update(refused="")
    return SettingsImport.objects.filter(done_at=None, at__lt=now - KEPT).delete()[0]


def _waiting(import_id: int, state: ImportState) -> SettingsImport | None:
    """Return a file that a worker has to do with, while its sender may import it."""
    rows = SettingsImport.objects.filter(pk=import_id, state=state).select_related("actor")
    known = rows.first()
    if known is None or not scope_of(known.actor).may(Right.ADMINISTER):
        return None
    return known


def _waits(known: SettingsImport):
    """The row, unless its sender has given it up meanwhile."""
    return SettingsImport.objects.filter(pk=known.pk, state=known.state)


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _check(actor) -> None:
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
