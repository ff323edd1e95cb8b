"""How many files one visitor may send: a bound on the disk, never felt by a person."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from massy_grc.common.throttle import Limit, client_address, spend
from requests.uploads import UploadRefused

# Generous: a library, a school or a mobile operator share one address.
UPLOAD_LIMIT = Limit("upload", attempts=200, window=timedelta(hours=1))


def count_upload(request: HttpRequest) -> None:
    """Count one file of this visitor, before it is looked at.

    Raises:
        UploadRefused: more than 200 within the hour.
    """
    wait = spend(UPLOAD_LIMIT, client_address(request), timezone.now())
    if wait:
        raise UploadRefused(
            _("Trop de fichiers viennent d’être envoyés d’ici. Réessayez dans %(minutes)d minutes.")
            % {"minutes": -(-wait // 60)}
        )
