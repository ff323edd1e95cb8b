"""The antivirus: a clamd asked over TCP or a Unix socket (`CLAMD_URL`), or none.

Only the protocol's INSTREAM and VERSION are needed (clamd(8)): twenty lines, where the one client
library has had no release for ten years.
"""

import socket
import struct
from dataclasses import dataclass
from typing import IO

from django.conf import settings

CHUNK = 64 * 1024
CONNECT_SECONDS = 2
SCAN_SECONDS = 60


class AntivirusAway(Exception):
    """clamd cannot be reached, or broke off: nothing is known about the file."""


class ScanFailed(Exception):
    """clamd answers, but not about this file (larger than it takes, broken)."""


@dataclass(frozen=True)
class AntivirusState:
    """What the health page and the administrators read.

    Attributes:
        configured: whether there is one at all.
        version: what it answers, engine and signatures; "" while it does not.
    """

    configured: bool
    version: str = ""

    @property
    def word(self) -> str:
        """``none``, ``ok`` or ``unavailable``."""
        if not self.configured:
            return "none"
        return "ok" if self.version else "unavailable"


def is_configured() -> bool:
    """Whether files are scanned here."""
    return settings.CLAMD is not None


def find_virus(content: IO[bytes]) -> str:
    """Have a file scanned.

    Args:
        content: read from where it stands to its end.

    Returns:
        The name of what was found in it; "" when nothing was.

    Raises:
        AntivirusAway: not reachable, or broke off.
        ScanFailed: refused this file.
    """
    try:
        with _connected(SCAN_SECONDS) as clamd:
            try:
                clamd.sendall(b"zINSTREAM\0")
                while chunk := content.read(CHUNK):
                    clamd.sendall(struct.pack("!I", len(chunk)) + chunk)
                clamd.sendall(struct.pack("!I", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has said why before it hung up
            answer = _answer(clamd)
    except OSError as error:
        raise AntivirusAway(type(error).__name__) from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    if not answer:
        raise AntivirusAway("no answer")
    raise ScanFailed(answer)


def antivirus_state() -> AntivirusState:
    """Ask clamd for its version; a moment's wait at most."""
    if not is_configured():
        return AntivirusState(configured=False)
    try:
        with _connected(CONNECT_SECONDS) as clamd:
            clamd.sendall(b"zVERSION\0")
            return AntivirusState(configured=True, version=_answer(clamd))
    except OSError:
        return AntivirusState(configured=True)


def _connected(seconds: float) -> socket.socket:
    """A connection whose every step may take `seconds`."""
    address = settings.CLAMD
    if address is None:
        raise OSError("no antivirus is configured")
    if isinstance(address, str):
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        clamd.settimeout(CONNECT_SECONDS)
        try:
            clamd.connect(address)
        except OSError:
            clamd.close()
            raise
    else:
        clamd = socket.create_connection(address, timeout=CONNECT_SECONDS)
    clamd.settimeout(seconds)
    return clamd


def _answer(clamd: socket.socket) -> str:
    """The answer up to its NUL, or to the end of what came."""
    received = b""
    while not received.endswith(b"\0"):
        part = clamd.recv(4096)
        if not part:
            break
        received += part
    return received.rstrip(b"\0").decode(errors="replace").strip()
