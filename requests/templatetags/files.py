"""A file that came from outside, with what the antivirus says of it."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from citizens.access import account_of
from massy_grc.common.components.conversation import document_row
from requests import actions
from requests.enums import UploadScan
from requests.models import ReceivedFile, ServiceRequest

register = template.Library()


@register.inclusion_tag("requests/wallet_offer_to_keep.html", takes_context=True)
def keepable_files(context: template.Context, service_request: ServiceRequest) -> dict[str, Any]:
    """Links that keep what was sent in the wallet of whoever sent it, signed in."""
    account = account_of(context["request"])
    if account is None:
        return {}
    sent = actions.keepable_attachments(account).filter(request=service_request)
    return {"sent": sent}


@register.inclusion_tag("components/document_row.html")
def received_file(
    *, file: ReceivedFile, url: str, kind: str = "", for_agents: bool = False
) -> dict[str, Any]:
    """One line: its name, a link only while it may be read, and its state in its reader's words."""
    state, words = "available", ""
    if file.is_quarantined:
        state = "refused"
        words = _("En quarantaine") if for_agents else _("Fichier bloqué par sécurité")
    elif file.is_held:
        state = "checking"
        words = _("En cours d’analyse") if for_agents else _("Vérification en cours")
    elif for_agents and file.scan == UploadScan.UNSCANNED:
        state, words = "checking", _("Non analysé")
    kind = kind if file.may_be_read and kind != file.name else ""
    # an agent looks for the document, the requester for the file they sent
    name, beside = (kind, file.name) if for_agents and kind else (file.name, kind)
    return document_row(
        name=name,
        url=url if file.may_be_read else "",
        size=file.size,
        kind=beside,
        added_at=file.created_at,
        state=state,
        state_label=words,
    )
