"""Files people send: judged by their content, stored under random names, never run in our pages.

Kinds and limits are the catalogue's (`rules.attachments`): PDF, JPEG and PNG, 10 MB each, ten a
request. Where an antivirus is configured a file is held until it has looked; where none is, it
stays « non analysé » and nobody claims it is clean (`requests/actions/scanning.py`).
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from massy_grc.common.words import file_size
from prestations.forms.uploads import FileOrPhotoInput
from requests.models import Attachment, ReceivedFile, StoredFile
from requests.positions import without_position

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 10
NAME_LENGTH = 120
# Media type -> extensions a name may keep; the first one is added to a name that lies.
KINDS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
_SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
PLAIN = "text/plain"  # never sent by anybody: a letter where no PDF can be made
MAX_PIXELS = 250_000_000  # the largest telephones take 200; a few bytes may claim any number
_LAUNCH = b"/Launch"  # the action by which a PDF starts a program; forms need scripts, not this
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the segments of a JPEG that tell its size
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # of Windows
HELP = gettext_lazy("PDF, JPEG ou PNG, 10 Mo au plus par fichier.")


class UploadRefused(Exception):
    """A file was not kept; the message tells its sender why and what to do."""


@dataclass(frozen=True)
class Inspected:
    """What a file really is."""

    name: str
    media_type: str
    size: int
    sha256: str


def inspect_upload(upload: UploadedFile) -> Inspected:
    """Judge a file by its content.

    Returns:
        Its media type, its size in bytes, its digest, and a name that is safe to show.

    Raises:
        UploadRefused: empty, larger than 10 MB, neither PDF, JPEG nor PNG whatever its name, an
            image of more pixels than anybody can open, or a PDF that starts a program.
    """
    name = safe_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise UploadRefused(
            _("« %(name)s » est vide. Choisissez un autre fichier.") % {"name": name}
        )
    if size > MAX_BYTES:
        raise UploadRefused(
            _("« %(name)s » pèse %(size)s : c’est trop. Le maximum est de 10 Mo.")
            % {"name": name, "size": file_size(size)}
        )
    upload.seek(0)
    media_type = media_type_of(upload.read(64 * 1024))
    if media_type is None:
        raise UploadRefused(
            _(
                "« %(name)s » n’est ni un PDF, ni une image JPEG ou PNG. Prenez le document en "
                "photo, ou enregistrez-le en PDF."
            )
            % {"name": name}
        )
    if _pixels_of(upload, media_type) > MAX_PIXELS:
        raise UploadRefused(
            _("« %(name)s » est une image trop grande pour être ouverte. Réduisez-la.")
            % {"name": name}
        )
    upload.seek(0)
    digest, end = hashlib.sha256(), b""
    for chunk in upload.chunks():
        digest.update(chunk)
        if media_type == "application/pdf" and _LAUNCH in end + chunk:
            raise UploadRefused(
                _(
                    "« %(name)s » veut lancer un programme : nous ne le gardons pas. Imprimez-le "
                    "en PDF, puis envoyez ce PDF."
                )
                % {"name": name}
            )
        end = chunk[-len(_LAUNCH) :]
    upload.seek(0)
    return Inspected(_with_extension(name, media_type), media_type, size, digest.hexdigest())


def receive_upload(upload: UploadedFile) -> tuple[Inspected, File]:
    """Judge a file and return what is kept of it: a photograph without its position.

    Raises:
        UploadRefused: see `inspect_upload`.
    """
    seen = inspect_upload(upload)
    if not seen.media_type.startswith("image/"):
        return seen, File(upload, name=seen.name)
    kept = without_position(upload.read(), seen.media_type)
    digest = hashlib.sha256(kept).hexdigest()
    return replace(seen, size=len(kept), sha256=digest), ContentFile(kept, name=seen.name)


def media_type_of(head: bytes) -> str | None:
    """Return the accepted media type of a file that begins with `head`, or None.

    Its signature must stand at the very start, and libmagic, where it is installed, must agree: a
    page or a script that only contains a signature is refused.
    """
    signed = next((kind for start, kind in _SIGNATURES.items() if head.startswith(start)), None)
    if signed is None:
        return None
    seen = _libmagic(head)
    return signed if seen in (None, signed) else None


def _pixels_of(upload: UploadedFile, media_type: str) -> int:
    """How many pixels an image claims to have; 0 where it does not say. Nothing is decoded."""
    if media_type == "image/png":
        upload.seek(16)
        width, height = upload.read(4), upload.read(4)
        return int.from_bytes(width, "big") * int.from_bytes(height, "big")
    if media_type != "image/jpeg":
        return 0
    upload.seek(2)
    while len(head := upload.read(4)) == 4 and head[0] == 0xFF and head[1] != 0xDA:
        if head[1] in _FRAMES:
            size = upload.read(5)
            return int.from_bytes(size[1:3], "big") * int.from_bytes(size[3:5], "big")
        upload.seek(max(int.from_bytes(head[2:], "big") - 2, 0), 1)
    return 0


def _libmagic(head: bytes) -> str | None:
    """What libmagic says; None where it is not installed (docs/operations.md)."""
    try:
        import magic
    except ImportError:
        return None
    return magic.from_buffer(head, mime=True)


def safe_name(name: str) -> str:
    """Return a file name to show: without folders, control or direction-changing characters."""
    name = PurePosixPath(name.replace("\\", "/")).name
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .") or _("fichier")
    name = f"_{name}" if _DEVICES.match(name) else name
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    return f"{stem[: NAME_LENGTH - len(suffix)]}{suffix}"[:NAME_LENGTH]


def named_as(name: str, media_type: str) -> str:
    """Return a name that a person gave to a file, with the extension of what it really is."""
    return _with_extension(safe_name(name), media_type)


def _with_extension(name: str, media_type: str) -> str:
    accepted = KINDS[media_type]
    return name if name.lower().endswith(accepted) else f"{name}{accepted[0]}"


def new_attachment(upload: UploadedFile, **fields: Any) -> Attachment:
    """Return an attachment for a file just sent, not saved yet: actions save it.

    Args:
        upload: the file.
        fields: draft or request, document_code, label, by_requester, uploaded_by.

    Raises:
        UploadRefused: see `inspect_upload`.
    """
    seen, file = receive_upload(upload)
    return Attachment(
        file=file,
        name=seen.name,
        media_type=seen.media_type,
        size=seen.size,
        sha256=seen.sha256,
        **fields,
    )


class UploadField(forms.FileField):
    """A file field of an ordinary form, judged by content."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", FileOrPhotoInput())
        super().__init__(**kwargs)
        self.help_text = self.help_text or HELP

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload:
            try:
                inspect_upload(upload)
            except UploadRefused as refusal:
                raise ValidationError(str(refusal), code="refused") from refusal
        return upload


class ManyUploadsInput(FileOrPhotoInput):
    allow_multiple_selected = True


class ManyUploadsField(forms.FileField):
    """Several files for one thing: what is wrong with one keeps none of the others out.

    Its value is the files that can be kept; `refusals` says why others cannot. It is an error
    only when none is left.
    """

    def __init__(self, **kwargs):
        super().__init__(widget=ManyUploadsInput(), **kwargs)
        self.help_text = self.help_text or HELP
        self.refusals: list[str] = []

    def clean(self, data, initial=None):
        kept = []
        for upload in data or []:
            try:
                inspect_upload(upload)
            except UploadRefused as refusal:
                self.refusals.append(str(refusal))
            else:
                kept.append(upload)
        if not kept and self.refusals:
            raise ValidationError(self.refusals, code="refused")
        if not kept and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return kept


def show_pdf(name: str, content: bytes) -> HttpResponse:
    """Serve a PDF that the town made, to read and print at once; never a file somebody sent."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def download(stored: StoredFile) -> FileResponse:
    """Serve a stored file: saved by the browser, never run in our pages.

    The caller has checked the reader's right.

    Raises:
        Http404: in quarantine, waiting for the antivirus, or gone from the disk.
    """
    response = _served(stored, as_attachment=True)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def show(stored: StoredFile) -> FileResponse:
    """Serve a stored file to be looked at inside a page of ours, in an image or a frame.

    Its kind is what its content was judged to be and nothing else: no browser reads a page or a
    script in it, and only our own pages frame it. An image is fenced in whole. A PDF cannot be:
    Chrome's own viewer, which stands outside our pages, opens nothing under a sandbox or where
    the sources are limited (crbug.com/271452).

    Raises:
        Http404: as `download`, or of a kind that is never shown.
    """
    if stored.media_type not in (*KINDS, PLAIN):
        raise Http404
    response = _served(stored, as_attachment=False)
    if stored.media_type == PLAIN:
        response["Content-Type"] = "text/plain; charset=utf-8"
    is_pdf = stored.media_type == "application/pdf"
    fence = "base-uri 'none'; form-action 'none'" if is_pdf else "sandbox; default-src 'none'"
    response["Content-Security-Policy"] = f"{fence}; frame-ancestors 'self'"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _served(stored: StoredFile, *, as_attachment: bool) -> FileResponse:
    if isinstance(stored, ReceivedFile) and not stored.may_be_read:
        raise Http404
    try:
        content = stored.file.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    response = FileResponse(
        content,
        as_attachment=as_attachment,
        filename=stored.name,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
