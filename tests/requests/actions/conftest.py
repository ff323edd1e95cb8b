"""A pothole and a birth certificate, filed through the real door."""

import itertools
from datetime import datetime, timedelta

import pytest

from prestations.calendars import PARIS
from prestations.models import Prestation
from requests import actions
from requests.models import ServiceRequest
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


POTHOLE = "voirie-intervention-rapide"
OTHER = {
    **PERSON,
    "prenom": "Paul",
    "nom_famille": "Ferry",
    "email": "paul.ferry@courriel.example",
    "adresse": {"numero": "9", "voie": "rue Gambetta", "code_postal": "91300", "commune": "Massy"},
}
TOLD = {
    "type_desordre": "nid_poule",
    "emplacement": "chaussee",
    "description": "Un trou profond devant l'arrêt de bus",
}


@pytest.fixture
def pair(file):
    """The same hole, told by two people on two days, at one spot."""
    rows = [
        file(POTHOLE, demandeur=who, reponses=TOLD, now=MONDAY + timedelta(days=days))
        for who, days in ((PERSON, 0), (OTHER, 1))
    ]
    ServiceRequest.objects.filter(pk__in=[sr.pk for sr in rows]).update(
        latitude=48.73, longitude=2.27
    )
    for sr in rows:
        actions.route_request(request_id=sr.pk)
        sr.refresh_from_db()
    return rows


def track(client, sr):
    given = {"reference": sr.reference, "secret": sr.tracking_code}
    return client.post("/suivi/", given, follow=True).content.decode()
