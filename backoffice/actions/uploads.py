"""Files that an agent adds to a request: a scan at the counter, an expert's photo."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from requests import actions
from requests.models import Attachment, ServiceRequest
from requests.uploads import new_attachment


@transaction.atomic
def attach_uploads(
    *,
    request_id: int,
    actor,
    uploads: Sequence[UploadedFile],
    label: str = "",
    by_requester: bool = False,
) -> ServiceRequest:
    """Keep the files and add them to the request.

    Args:
        label: what they are, in a few words.
        by_requester: whether they come from the citizen (handed over at the counter).

    Raises:
        UploadRefused: a file is not of a kind or size we keep.
        RequestError: the agent may not, or the request is closed.
    """
    attachments = keep_uploads(uploads, actor=actor, label=label, by_requester=by_requester)
    return actions.attach(request_id=request_id, actor=actor, attachments=attachments)


def keep_uploads(uploads, *, actor, label: str, by_requester: bool) -> list[Attachment]:
    """Store files that an action then gives to a request, in the same transaction."""
    kept = []
    for upload in uploads:
        attachment = new_attachment(
            upload, label=label[:250], by_requester=by_requester, uploaded_by=actor
        )
        attachment.save()
        kept.append(attachment)
    return kept
