"""What the back office does in a worker after an event of the outbox."""

from backoffice.actions import bulk, imports
from backoffice.actions.list_exports import drop_exports_naming_people, tell_export_ready
from backoffice.export_writing import write_list_export
from massy_grc.outbox.api import subscribe
from massy_grc.outbox.models import OutboxEvent


@subscribe("list.export")
def list_file(event: OutboxEvent) -> None:
    """The file of a list that an agent asked for; they are told when it is ready."""
    export_id = event.payload["export_id"]
    write_list_export(export_id=export_id)
    tell_export_ready(export_id=export_id)


@subscribe(imports.EXAMINE, first=True)
def examine_import(event: OutboxEvent) -> None:
    """What a file of settings would do, for its sender to read."""
    imports.examine_import(import_id=event.payload["import_id"])


@subscribe(imports.CARRY_OUT, first=True)
def carry_out_import(event: OutboxEvent) -> None:
    """A file of settings that its sender has read, put in force."""
    imports.carry_out_import(import_id=event.payload["import_id"])


@subscribe("request.anonymise", "citizen.anonymise")
def forget_exports(event: OutboxEvent) -> None:
    """Files of lists may name who has just been erased: they go, and can be asked for again."""
    drop_exports_naming_people()


@subscribe(bulk.TREAT, first=True)
def treat_row(event: OutboxEvent) -> None:
    """Do an act on many requests to one of them."""
    bulk.treat_row(row_id=event.payload["row_id"])


@subscribe(bulk.TAKE_BACK, first=True)
def undo_row(event: OutboxEvent) -> None:
    """Take it back from one request."""
    bulk.undo_row(row_id=event.payload["row_id"])
