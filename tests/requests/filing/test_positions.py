"""A photograph is kept without the position that its telephone wrote into it."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from requests.models import Attachment
from requests.positions import without_position
from tests.factories.answers import JPEG_BYTES, PNG_BYTES
from tests.requests.filing.test_hostile_files import documents, media
from tests.requests.filing.test_uploads import IDENTITY, upload

__all__ = ["documents", "media"]

ORIENTATION, TAKEN, GPS = 0x0112, 0x0132, 0x8825
DAY = "2026:11:29 08:00:00"
LATITUDE = (48.0, 43.0, 59.13)


def photograph(kind: str, byte_order: str = "<", **more) -> bytes:
    """What a telephone held on its side sends: a picture, its orientation, its position."""
    exif = Image.Exif()
    exif.endian = byte_order
    exif[ORIENTATION], exif[TAKEN] = 6, DAY
    exif[GPS] = {1: "N", 2: LATITUDE, 3: "E", 4: (2.0, 20.0, 11.5), 29: "1999:12:31"}
    image = Image.linear_gradient("L").convert("RGB")
    file = io.BytesIO()
    image.save(file, kind, exif=exif, **more)
    return file.getvalue()


def exif_of(content: bytes) -> Image.Exif:
    return Image.open(io.BytesIO(content)).getexif()


def assert_only_the_position_is_gone(sent: bytes, kept: bytes) -> None:
    assert exif_of(sent).get_ifd(GPS)[2] == LATITUDE
    assert not exif_of(kept).get_ifd(GPS)
    assert dict(exif_of(kept)) == {ORIENTATION: 6, TAKEN: DAY}
    assert b"1999:12:31" not in kept
    before, after = (Image.open(io.BytesIO(content)) for content in (sent, kept))
    assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize("byte_order", ["<", ">"])
@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_the_position_goes_and_the_rest_stays(kind, media_type, byte_order):
    sent = photograph(kind, byte_order)
    kept = without_position(sent, media_type)
    assert_only_the_position_is_gone(sent, kept)
    assert len(kept) == len(sent)


def test_a_picture_behind_the_picture_loses_it_too():
    sent = photograph("JPEG") + photograph("JPEG", ">")
    kept = without_position(sent, "image/jpeg")
    assert_only_the_position_is_gone(sent[len(sent) // 2 :], kept[len(sent) // 2 :])


def test_notes_in_xml_that_tell_the_position_go():
    notes = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="48,43.98N"/></x:xmpmeta>'
    kept = without_position(photograph("JPEG", xmp=notes), "image/jpeg")
    assert b"GPSLatitude" not in kept
    Image.open(io.BytesIO(kept)).load()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG_BYTES, "image/jpeg"),
        (PNG_BYTES, "image/png"),
        (b"\xff\xd8\xff\xe1\x00\x20Exif\0\0II*\0\xff\xff\xff\xff" + b"x" * 40, "image/jpeg"),
        (b"\xff\xd8\xff\xe1\xff\xffExif\0\0MM\0*\0\0\0\x08", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffeXIfMM\0*", "image/png"),
        (b"%PDF-1.4 Exif\0\0II*\0", "application/pdf"),
    ],
    ids=["JPEG", "PNG", "directory nowhere", "cut short", "chunk without end", "PDF"],
)
def test_what_has_none_or_is_damaged_comes_back_as_it_was(content, media_type):
    assert without_position(content, media_type) == content


@pytest.mark.django_db
def test_a_photograph_sent_with_a_form_is_stored_without_it(client, documents, media):
    sent = photograph("JPEG")
    client.post(documents, {IDENTITY: upload(sent, "photo.jpg")})
    stored = Attachment.objects.get()
    address = reverse("requests:attachment", args=[stored.pk])
    kept = b"".join(client.get(address).streaming_content)
    assert_only_the_position_is_gone(sent, kept)
    assert stored.size == len(kept)
    client.post(documents, {IDENTITY: upload(sent, "photo.jpg")})
    assert Attachment.objects.get() == stored  # the same photograph sent again
