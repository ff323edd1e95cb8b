"""A pothole and a birth certificate, filed through the real door."""

import itertools
from datetime import datetime

import pytest

from prestations.calendars import PARIS
from prestations.models import Prestation
from requests import actions
from tests.requests.filed import documents_of

MONDAY = datetime(2026, 1, 12, 10, 0, tzinfo=PARIS)
_numbers = itertools.count()


@pytest.fixture
def file(catalogue):
    """File a prestation by its code; keywords go to `intake`."""

    def _file(code: str, *, demandeur=None, reponses=None, channel="web", now=MONDAY, **extra):
        prestation = Prestation.objects.get(pk=code)
        if "missing_documents" not in extra:
            extra.setdefault("papers", documents_of(prestation))
        return actions.intake(
            prestation=prestation,
            form_version=prestation.current_form,
            channel=channel,
            answers={"demandeur": demandeur or {}, "reponses": reponses or {}},
            idempotency_key=extra.pop("key", f"test:{next(_numbers)}"),
            now=now,
            **extra,
        )

    return _file


PERSON = {
    "nom_famille": "Lemaire",
    "prenom": "Inès",
    "email": "ines.lemaire@courriel.example",
    "adresse": {"numero": "3", "voie": "rue de Moscou", "code_postal": "91300", "commune": "Massy"},
}


@pytest.fixture
def pothole(file):
    """An anonymous pothole, already with the roads department."""
    service_request = file("voirie-intervention-rapide", place="rue Jean Mermoz")
    return actions.route_request(request_id=service_request.pk, now=MONDAY)


@pytest.fixture
def certificate(file):
    """A birth certificate, with the front office."""
    service_request = file("acte-naissance-filiation", demandeur=PERSON)
    return actions.route_request(request_id=service_request.pk, now=MONDAY)
