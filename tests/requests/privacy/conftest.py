"""The data-protection officer, and requests that ended long ago."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from prestations.enums import Role
from prestations.models import Prestation, Processing
from requests import actions
from requests.enums import State
from requests.models import Attachment, ServiceRequest
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request
from tests.factories.users import make_agent


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of these tests go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def officer(catalogue):
    """The data-protection officer."""
    return make_agent(Role.DPO, first_name="Odile", last_name="Rivière")


@pytest.fixture
def approve(officer):
    """`approve("actes")`: the officer approves these rules."""

    def _approve(*codes: str) -> None:
        for code in codes:
            actions.approve_rule(processing=Processing.objects.get(pk=code), actor=officer)

    return _approve


@pytest.fixture
def ended(catalogue):
    """`ended("acte-deces", months=13)`: a request closed so many months ago, with a document."""

    def _ended(code: str, *, months: int, file: bool = True, **fields) -> ServiceRequest:
        closed_at = timezone.now() - timedelta(days=31 * months)
        fields.setdefault("citizen", CitizenFactory())
        sr = make_request(
            prestation=Prestation.objects.get(pk=code),
            answers={"demandeur": {}, "reponses": {"motif": "Succession"}},
            days_ago=31 * months + 3,
            state=State.CLOSE,
            closed_at=closed_at,
            **fields,
        )
        if file:
            add_file(sr)
        return sr

    return _ended


def add_file(sr: ServiceRequest, name="piece.pdf", content=b"%PDF-1.4 piece") -> Attachment:
    """Give a request a document of the requester."""
    attachment = Attachment(
        request=sr, name=name, media_type="application/pdf", size=len(content), sha256="0" * 64
    )
    attachment.file.save(name, ContentFile(content))
    return attachment


def on_disk(folder) -> list:
    """The files kept below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]
