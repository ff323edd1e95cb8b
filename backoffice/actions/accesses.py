"""Who looked at whose file (R24: reads of citizen files are logged)."""

from structlog.contextvars import get_contextvars

from massy_grc.audit.models import AccessRecord

VIEW, DOWNLOAD, SEARCH, EXPORT = "view", "download", "search", "export"


def record_access(
    *, user, action: str, object_type: str, object_id: int, detail: dict | None = None
) -> None:
    """Note that `user` looked at one object. One insert; append-only.

    Args:
        action: `VIEW`, `DOWNLOAD`…
        object_type: ``request``, ``citizen``, ``attachment``, ``document``, ``print_batch``,
            ``list_export``.
        detail: of an export, what it took out; no word about a person.
    """
    AccessRecord.objects.create(
        user=user,
        action=action,
        object_type=object_type,
        object_id=object_id,
        request_id=str(get_contextvars().get("request_id", ""))[:64],
        detail=detail,
    )
