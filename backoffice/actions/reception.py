"""Filing for somebody: the same draft and the same door as the portal's."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests.models import FilingDraft


@transaction.atomic
def set_door(*, token: UUID, channel: str, arrived_at: datetime | None) -> FilingDraft:
    """Say by which channel a draft's request came and when it really arrived.

    Raises:
        FilingDraft.DoesNotExist: unknown, or filed already.
    """
    draft = FilingDraft.objects.select_for_update().get(token=token, filed_request=None)
    draft.channel, draft.arrived_at = channel, arrived_at
    draft.save(update_fields=["channel", "arrived_at", "updated_at"])
    return draft
