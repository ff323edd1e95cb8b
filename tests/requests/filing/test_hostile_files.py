"""Hostile files: refused in words, or kept and handed out so that nothing runs (R20).

How long each takes and how much memory is measured by `tests/bench/hostile.py`.
"""

import html
import socket

import pytest
from django.urls import reverse

from prestations.forms import Questionnaire
from requests.models import Attachment
from requests.uploads import MAX_PIXELS, UploadRefused, inspect_upload
from tests.backoffice.conftest import front
from tests.factories.answers import PDF_BYTES
from tests.requests.filing import hostile
from tests.requests.filing.support import begin, file_valid, step_url
from tests.requests.filing.test_uploads import CODE, IDENTITY, upload
from tests.requests.privacy.conftest import add_file, on_disk

__all__ = ["front"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def calls(monkeypatch):
    """The addresses that something tried to reach."""
    reached: list = []
    for way in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, way, lambda _self, address: reached.append(address))
    return reached


@pytest.fixture
def documents(client, catalogue):
    draft = begin(client, CODE)
    steps = Questionnaire(draft.form_version, "web").steps()
    return step_url(draft, next(one.number for one in steps if one.kind == "documents"))


def test_what_is_no_document_is_refused_by_name_and_leaves_nothing(
    client, documents, media, tmp_path, calls
):
    sent = [upload(content, name) for name, content in hostile.REFUSED.items()]
    page = html.unescape(client.post(documents, {IDENTITY: sent}).content.decode())
    for name in hostile.REFUSED:
        assert f"«\u00a0{name}\u00a0» " in page, name
    assert not Attachment.objects.exists()
    assert [on_disk(tmp_path), calls] == [[], []]


def test_what_may_hold_a_script_is_handed_out_so_that_none_runs(
    client, documents, front, media, tmp_path, calls
):
    sent = [upload(content, name) for name, (content, _kind) in hostile.KEPT.items()]
    page = client.post(documents, {IDENTITY: sent}).content
    assert hostile.SCRIPT not in page
    kept = {one.name: one for one in Attachment.objects.all()}
    assert set(kept) == set(hostile.KEPT)
    for name, (content, kind) in hostile.KEPT.items():
        answer = client.get(reverse("requests:attachment", args=[kept[name].pk]))
        assert_harmless(answer, kind)
        assert b"".join(answer.streaming_content) == content
    assert {path.parent for path in on_disk(tmp_path)} < {*media.rglob("*")}
    assert calls == []


def test_agents_get_them_in_the_same_way(client, front, media):
    draft, _confirmation = file_valid(client, CODE)
    for name, (content, kind) in hostile.KEPT.items():
        sent = add_file(draft.filed_request, name, content)
        Attachment.objects.filter(pk=sent.pk).update(media_type=kind)
        assert_harmless(
            front.get(
                reverse("backoffice:file", args=[draft.filed_request.reference, "piece", sent.pk])
            ),
            kind,
        )


def assert_harmless(answer, kind: str) -> None:
    assert answer.status_code == 200
    assert answer["Content-Type"] == kind  # never one that a browser runs
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox;")


def test_a_name_never_reaches_the_disk_nor_a_header(client, documents, media, tmp_path):
    names = list(hostile.NAMES)
    for number, name in enumerate(names):
        part = (
            f'--limit\r\nContent-Disposition: form-data; name="{IDENTITY}";'
            f' filename="{name}"\r\nContent-Type: text/html\r\n\r\n'
        )
        body = part.encode() + PDF_BYTES + b"%d" % number + b"\r\n--limit--\r\n"
        client.post(documents, body, content_type="multipart/form-data; boundary=limit")
    kept = Attachment.objects.order_by("pk")
    assert [one.name for one in kept] == list(hostile.NAMES.values())
    assert {path.suffix for path in on_disk(tmp_path)} <= {".pdf", ""}
    for path in on_disk(tmp_path):
        assert media in path.parents
        assert not any(word in path.name for word in ("passwd", "CON", "é", "img"))
    for one in kept:
        answer = client.get(reverse("requests:attachment", args=[one.pk]))
        assert "Set-Cookie" not in answer
        assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("make", [hostile.png, hostile.jpeg])
def test_the_largest_photos_are_kept(make):
    assert MAX_PIXELS > 16_320 * 12_240
    assert inspect_upload(upload(make(16_320, 12_240), "photo"))
    with pytest.raises(UploadRefused, match="trop grande"):
        inspect_upload(upload(make(25_001, 10_000), "photo"))


def test_a_launch_is_seen_across_two_chunks():
    for before in range(64 * 1024 - 80, 64 * 1024):
        content = PDF_BYTES + b" " * (before - len(PDF_BYTES)) + b"/S/Launch"
        with pytest.raises(UploadRefused, match="lancer un programme"):
            inspect_upload(upload(content))
