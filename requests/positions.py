"""Where a photograph was taken: taken out of it before it is kept; all the rest stays.

A telephone writes its position into each photograph (EXIF 2.32, tag 0x8825; XMP). The place of a
request is what its sender writes, so nobody needs it. Bytes are blanked where they stand: pixels
are neither decoded nor compressed again, and the orientation stays.
"""

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Literal

_GPS = 0x8825
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_MOST_DIRECTORIES = 4  # the image and its thumbnail; a loop of them ends here
_MOST_ENTRIES = 64  # the standard knows 32 for the position
_MOST_SEGMENTS = 500  # far more than 10 MB need; the rest of a hostile file stays as it is
_MOST_CHUNKS = 20_000
_EXIF = re.compile(rb"Exif\x00\x00(?=II\*\x00|MM\x00\*)")
_XMP = re.compile(rb"http://ns\.adobe\.com/(?:xap/1\.0|xmp/extension)/\x00")
_PNG_START = 8
# Text chunks of a PNG in which programs put EXIF and XMP, often packed.
_PNG_PROFILES = (b"XML:com.adobe.xmp", b"Raw profile type ")


def without_position(content: bytes, media_type: str) -> bytes:
    """Return an image without the position that it carries.

    Args:
        content: the bytes of a JPEG or PNG, as it was sent; damaged ones are no fault.
        media_type: what it is; anything but `image/jpeg` and `image/png` comes back as it is.

    Returns:
        The very same bytes where no position is found. XMP that holds one goes whole.
    """
    if media_type == "image/png":
        return _without_in_png(content)
    return _without_in_jpeg(content) if media_type == "image/jpeg" else content


def _without_in_jpeg(content: bytes) -> bytes:
    """Each segment of notes, also those of the pictures that telephones put behind the first."""
    image = bytearray(content)
    for start, end in _segments(_EXIF, content):
        image[start:end] = _without_in_tiff(content[start:end])
    for start, end in _segments(_XMP, content):
        if b"GPS" in content[start:end]:
            image[start:end] = b" " * (end - start)
    return bytes(image)


def _segments(pattern: re.Pattern[bytes], content: bytes) -> Iterator[tuple[int, int]]:
    """Where the segments that begin with `pattern` start, after it, and end; none overlaps."""
    done = 0
    for found in islice(pattern.finditer(content), _MOST_SEGMENTS):
        before = found.start() - 2
        end = before + int.from_bytes(content[before : before + 2], "big")
        if before >= done and found.end() < end <= len(content):
            done = end
            yield found.end(), end


def _without_in_png(content: bytes) -> bytes:
    if not any(sign in content for sign in (b"eXIf", *_PNG_PROFILES)):
        return content
    kept, at = [content[:_PNG_START]], _PNG_START
    for _turn in range(_MOST_CHUNKS):
        if at >= len(content):
            break
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        chunk = content[at:end]
        kind, data = chunk[4:8], chunk[8:-4]
        if kind == b"eXIf" and len(chunk) == end - at:
            blanked = kind + _without_in_tiff(data)
            chunk = chunk[:4] + blanked + zlib.crc32(blanked).to_bytes(4, "big")
        elif kind in (b"tEXt", b"zTXt", b"iTXt") and data.startswith(_PNG_PROFILES):
            chunk = b""
        kept.append(chunk)
        at = end
    return b"".join((*kept, content[at:]))


def _without_in_tiff(data: bytes) -> bytes:
    """An EXIF block of the same length whose directories have no entry for the position."""
    tiff = bytearray(data)
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    def blank(start: int, end: int) -> None:
        start, end = min(start, len(tiff)), min(end, len(tiff))
        tiff[start:end] = bytes(end - start)

    def blank_directory(at: int) -> None:
        count = min(number(at, 2), _MOST_ENTRIES)
        end = at + 2 + 12 * count
        for entry in range(at + 2, min(end, len(tiff)), 12):
            size = _SIZES.get(number(entry + 2, 2), 1) * number(entry + 4, 4)
            if size > 4:
                value = number(entry + 8, 4)
                blank(value, value + size)
        blank(at, end + 4)

    directory = number(4, 4)
    for _turn in range(_MOST_DIRECTORIES):
        if not 8 <= directory < len(tiff):
            break
        count = number(directory, 2)
        first, end = directory + 2, directory + 2 + 12 * count
        following = number(end, 4)
        for entry in range(first, min(end, len(tiff) - 11), 12):
            if number(entry, 2) != _GPS:
                continue
            blank_directory(number(entry + 8, 4))
            tiff[entry : end + 4] = tiff[entry + 12 : end + 4] + bytes(12)
            tiff[directory:first] = (count - 1).to_bytes(2, order)
            break
        directory = following
    return bytes(tiff)
