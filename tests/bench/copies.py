"""How long the copy of a very full account takes (R25: five minutes at most):

    .venv/bin/python -m massy_grc.embedded exec --throwaway --owner -- \\
        .venv/bin/python -m tests.bench.copies

One account has every request of a town, with their whole history, each with a document of 2 MB. The
time is that of the worker who makes the archive: JSON, readable PDF, files.
"""

import os
import resource
import sys
import tempfile
import time

from tests.bench.ground import prepare

REQUESTS = 200
DOCUMENT = 2 * 1024 * 1024
AT_MOST = 300.0  # seconds


def main() -> int:
    return tell() if prepare(requests=REQUESTS) else 2


def tell() -> int:
    """Print how long the copy took; 1 when that was too long."""
    from django.conf import settings

    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        export, seconds = _copied(_fullest_account())
    count = export.citizen.requests.count()
    megabytes = export.size / 1024 / 1024
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\ncopy of an account with {count} requests: {seconds:.1f} s, {megabytes:.0f} MB,"
        f" {memory:.0f} MB of memory at most"
    )
    return int(seconds > AT_MOST)


def _fullest_account():
    """The account of somebody who filed everything that the town ever got."""
    from django.core.files.base import ContentFile

    from citizens.models import CitizenAccount
    from requests.models import Attachment, ServiceRequest

    account = CitizenAccount.objects.open().select_related("user", "citizen")[0]
    ServiceRequest.objects.update(
        citizen=account.citizen, account=account, organisation_account=None
    )
    for sr in ServiceRequest.objects.all():
        piece = Attachment(
            request=sr,
            name="piece.pdf",
            media_type="application/pdf",
            size=DOCUMENT,
            sha256="0" * 64,
            by_requester=True,
        )
        piece.file.save("piece.pdf", ContentFile(b"%PDF-1.4" + os.urandom(DOCUMENT)))
    return account


def _copied(account):
    from requests import actions

    asked = actions.ask_export(citizen_id=account.citizen_id, actor=account.user)
    begun = time.perf_counter()
    export = actions.make_export(export_id=asked.pk)
    return export, time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
