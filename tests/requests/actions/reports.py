"""The same pothole reported again and again: for the tests of complaints and of problems."""

from datetime import timedelta

import pytest

from prestations.models import Street
from requests.models import ServiceRequest
from tests.requests.actions.conftest import MONDAY, PERSON

POTHOLE = "voirie-intervention-rapide"


def told(text):
    return {"type_desordre": "nid_poule", "emplacement": "chaussee", "description": text}


@pytest.fixture
def street(catalogue):
    return Street.objects.order_by("pk").first() or Street.objects.create(
        key="91377_0001", name="Rue Jean Mermoz", folded="rue jean mermoz", postcode="91300"
    )


@pytest.fixture
def report(file, street):
    """Report the same hole once more, `days` after the first."""

    def _report(days=0, text="Un trou profond devant l'arrêt de bus", **row):
        now = MONDAY + timedelta(days=days)
        sr = file(POTHOLE, demandeur=PERSON, reponses=told(text), now=now)
        ServiceRequest.objects.filter(pk=sr.pk).update(**{"street": street, **row})
        sr.refresh_from_db()
        return sr

    return _report
