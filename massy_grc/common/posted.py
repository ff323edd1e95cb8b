"""What a page sent, taken at its word only where it can be true."""

import re
from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

_ID = re.compile(r"[0-9]{1,18}")


def posted_id(text: str | None) -> int | None:
    """The number of a row; None for anything else."""
    return int(text) if text and _ID.fullmatch(text) else None


def posted_ids(texts: Iterable[str]) -> list[int]:
    """The numbers among `texts`, in their order."""
    return [int(text) for text in texts if _ID.fullmatch(text)]


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """The address of ours that a form names as `next`; `otherwise` for none or another site's."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours and target.startswith("/") else otherwise
