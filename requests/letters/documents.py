"""Documents the town makes about a request: written once, kept with their digest."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.text import slugify

from requests.letters.pdf import PdfUnavailable, address_lines, make_pdf
from requests.letters.rendering import Rendered
from requests.models import Document, ServiceRequest
from requests.uploads import PLAIN

logger = structlog.get_logger(__name__)

PDF = "application/pdf"
OPINION = re.compile(r"^.*/suivi/avis/\S+.*$\n*", re.MULTILINE)
SIGNED_LINK = re.compile(r"\S*/suivi/lien/\S+")


def make_document(
    service_request: ServiceRequest,
    rendered: Rendered,
    *,
    label: str,
    now: datetime,
    to_print: bool = False,
    recipient: Sequence[str] | None = None,
    facts: Sequence[tuple[str, str]] = (),
    for_requester: bool = True,
) -> Document:
    """Return the document `label` of a request, made on the first call and found later.

    A PDF; where PDFs cannot be made, the same words as a text file, so that a letter can still
    be printed and posted.

    Args:
        for_requester: who reads it tracks the request; see `make_pdf`.
    """
    known = Document.objects.filter(request=service_request, label=label).first()
    if known:
        return known
    recipient = address_lines(service_request) if recipient is None else recipient
    try:
        content = make_pdf(
            service_request,
            subject=rendered.subject,
            body=on_paper(service_request, rendered.body, code_told=bool(facts)),
            now=now,
            recipient=recipient,
            facts=facts,
            signature=rendered.signature,
            after=[on_paper(service_request, one) for one in rendered.after],
            for_requester=for_requester,
        )
        media_type = PDF
    except PdfUnavailable as error:
        logger.warning("pdf_unavailable", error=str(error)[:200])
        table = "\n".join(f"{label} : {value}" for label, value in facts)
        text = on_paper(service_request, rendered.text, code_told=bool(facts))
        content = "\n\n".join(filter(None, [rendered.subject, table, text, ""])).encode()
        media_type = PLAIN
    return save_document(
        service_request,
        label=label,
        template=rendered.code,
        content=content,
        media_type=media_type,
        to_print=to_print,
        recipient=recipient if to_print else (),
    )


def on_paper(service_request: ServiceRequest, body: str, *, code_told: bool = False) -> str:
    """The words without secret links: paper says where to type the number and the code.

    The question of opinion is asked on screen alone: nobody types sixty signs.

    Args:
        code_told: the table above the words shows both.
    """
    lookup = f"{settings.PUBLIC_URL}{reverse('requests:track_lookup')}"
    code = service_request.tracking_code
    if not code_told:
        lookup += f" (numéro {service_request.reference}, code de suivi {code})"
    return SIGNED_LINK.sub(lookup, OPINION.sub("", body)).strip()


def save_document(
    service_request: ServiceRequest,
    *,
    label: str,
    template: str,
    content: bytes,
    media_type: str = PDF,
    to_print: bool = False,
    recipient: Sequence[str] = (),
) -> Document:
    """Keep a document; the first one of that label wins, so that a repeated task finds it."""
    extension = "pdf" if media_type == PDF else "txt"
    document, created = Document.objects.get_or_create(
        request=service_request,
        label=label,
        defaults={
            "template": template,
            "to_print": to_print,
            "recipient": "\n".join(recipient),
            "name": f"{slugify(label)}-{service_request.reference}.{extension}",
            "media_type": media_type,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    )
    if created:
        document.file.save(document.name, ContentFile(content), save=True)
    return document


def as_attachment(document: Document) -> dict[str, str]:
    """The document as `queue_delivery` takes it."""
    return {
        "name": document.name,
        "path": str(document.file.name),
        "media_type": document.media_type,
    }
