"""Verbs on the notes of a record: written, pinned, withdrawn."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen
from massy_grc.users.models import User
from requests.enums import NoteLevel
from requests.exceptions import MissingInput, NotAllowed
from requests.models import RecordNote
from requests.permissions import Right, named_prestations, scope_of


@transaction.atomic
def write_record_note(
    *, citizen_id: int, actor: User, level: str, circle: str = "", body: str, now: datetime
) -> RecordNote:
    """Note something on a record, for a circle of agents that the author belongs to.

    Args:
        level: a `NoteLevel` code.
        circle: the code of the author's team or department that the level means, or of the
            prestation for which they are named; none for all.

    Raises:
        Citizen.DoesNotExist: there is none in use.
        MissingInput: nothing was written.
        NotAllowed: the circle is not the author's.
    """
    if not body.strip():
        raise MissingInput(_("Écrivez la note."))
    scope = scope_of(actor)
    belongs = {
        NoteLevel.TEAM: circle in scope.teams,
        NoteLevel.DEPARTMENT: circle in scope.departments,
        NoteLevel.FRONT: scope.may(Right.FRONT_OFFICE),
        NoteLevel.HOLDERS: named_prestations(actor.pk).filter(pk=circle).exists(),
    }
    if not belongs.get(NoteLevel(level), False):
        raise NotAllowed(_("Vous ne faites pas partie de ceux à qui vous adressez cette note."))
    citizen = Citizen.objects.living().select_for_update(no_key=True).get(pk=citizen_id)
    return RecordNote.objects.create(
        citizen=citizen,
        author=actor,
        level=level,
        team_id=circle if level == NoteLevel.TEAM else None,
        department_id=circle if level == NoteLevel.DEPARTMENT else None,
        prestation_id=circle if level == NoteLevel.HOLDERS else None,
        body=body.strip(),
        at=now,
    )


@transaction.atomic
def pin_record_note(*, note_id: int, actor: User, pinned: bool, now: datetime) -> RecordNote:
    """Put a note first on its record, for all who read it, or no longer.

    Raises:
        RecordNote.DoesNotExist: `actor` reads no such note.
    """
    note = _locked(note_id, actor)
    note.pinned_at = (note.pinned_at or now) if pinned else None
    note.save(update_fields=["pinned_at"])
    return note


@transaction.atomic
def withdraw_record_note(*, note_id: int, actor: User, now: datetime) -> RecordNote:
    """Take back one's own note: its text goes.

    Raises:
        RecordNote.DoesNotExist: `actor` reads no such note.
        NotAllowed: it is somebody else's.
    """
    note = _locked(note_id, actor)
    if note.author_id != actor.pk:
        raise NotAllowed(_("Seul l’auteur d’une note la retire."))
    note.body, note.pinned_at, note.withdrawn_at = "", None, now
    note.save(update_fields=["body", "pinned_at", "withdrawn_at"])
    return note


def _locked(note_id: int, actor: User) -> RecordNote:
    readable = RecordNote.objects.visible_to(actor)
    return readable.select_for_update(of=("self",), no_key=True).get(pk=note_id)
