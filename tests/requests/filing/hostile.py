"""Hostile files, made here byte by byte: the repository holds none (R20)."""

import io
import struct
import zipfile
import zlib

from tests.factories.answers import JPEG_BYTES, PDF_BYTES, PNG_BYTES
from tests.requests.scanning.conftest import EICAR

MEGABYTE = 1024 * 1024
SCRIPT = b"<script>alert(document.domain)</script>"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def zipped(content: bytes, name: str = "a", depth: int = 1) -> bytes:
    """`content` in an archive, in an archive, and so on."""
    for _level in range(depth):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr(name, content)
        content = written.getvalue()
    return content


def laughs() -> bytes:
    """An SVG whose entities would grow to a thousand million."""
    entities = "".join(
        f'<!ENTITY l{one} "{f"&l{one - 1};" * 10 if one else "ha"}">' for one in range(10)
    )
    return f'<?xml version="1.0"?><!DOCTYPE svg [{entities}]><svg>&l9;</svg>'.encode()


def png(width: int, height: int) -> bytes:
    """A picture of a few bytes that claims a size."""
    size = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", size), (b"IDAT", zlib.compress(b"\0" * MEGABYTE)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def jpeg(width: int, height: int) -> bytes:
    """A picture whose frame claims a size, behind a long application segment."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return JPEG_BYTES[:-2] + b"\xff\xe1\xff\xff" + b"x" * 65533 + frame + b"\xff\xd9"


def pdf(action: bytes) -> bytes:
    """A document that does something when it is opened."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<<"
        + action
        + b">>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def macros() -> bytes:
    """A text document with macros."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as bundle:
        bundle.writestr("[Content_Types].xml", "<Types/>")
        bundle.writestr("word/vbaProject.bin", b"Sub AutoOpen()")
    return written.getvalue()


BOMB = b"\0" * 8 * MEGABYTE
# Name -> content, refused with a message that names the file.
REFUSED = {
    "eicar.com": EICAR,
    "eicar.zip": zipped(EICAR),
    "bombe.zip": zipped(BOMB),
    "bombe.pdf": zipped(BOMB),
    "poupees.odt": zipped(BOMB, "content.xml", depth=40),
    "rires.svg": laughs(),
    "rires.pdf": laughs(),
    "script.svg": SVG,
    "page.html": HTML,
    "page.jpg": HTML,
    "page.pdf": HTML,
    "tardif.pdf": HTML + PDF_BYTES,
    "macros.docx": macros(),
    "macros.pdf": macros(),
    "gif.gif": b"GIF89a=1;" + SCRIPT,
    "gif.png": b"GIF89a=1;alert(1)//",
    "pixels.png": png(100_000, 100_000),
    "pixels.jpg": jpeg(65_500, 65_500),
    "lance.pdf": pdf(b"/S/Launch/F(cmd.exe)"),
}
# Kept as what they are for whoever opens them on purpose, and handed out so that nothing runs.
KEPT = {
    "script.pdf": (pdf(b"/S/JavaScript/JS(app.alert(1))"), "application/pdf"),
    "adresse.pdf": (pdf(b"/S/URI/URI(https://evil.example/)"), "application/pdf"),
    "page-et.pdf": (PDF_BYTES + HTML, "application/pdf"),
    "archive-et.jpg": (JPEG_BYTES + zipped(HTML), "image/jpeg"),
    "page-et.png": (PNG_BYTES + HTML, "image/png"),
    "svg-et.jpg": (JPEG_BYTES + SVG, "image/jpeg"),
}
# Name in the request -> name that is shown.
NAMES = {
    "../../../etc/cron.d/carte.pdf": "carte.pdf",
    "..\\..\\carte.pdf": "carte.pdf",
    "/etc/passwd": "passwd.pdf",
    "photo\u202efdp.exe": "photofdp.exe.pdf",
    "CON.pdf": "_CON.pdf",
    "lpt1": "_lpt1.pdf",
    f"{'é' * 300}.pdf": f"{'é' * 116}.pdf",
    "a%00b%0d%0aSet-Cookie: x=1.pdf": "a%00b%0d%0aSet-Cookie_ x=1.pdf",
    "<img src=x onerror=alert(1)>.pdf": "_img src=x onerror=alert(1)_.pdf",
}
