"""« Le plus demandé »: counted from the requests once a day, read from the catalogue."""

import datetime as dt

import pytest
from django.utils import timezone

from prestations.models import Prestation
from requests.models import ServiceRequest
from requests.tasks import refresh_demand
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db


def test_the_most_asked_for_lately_stand_first_on_the_portal(client, catalogue):
    for _turn in range(3):
        make_request(prestation=catalogue["voirie-graffitis"])
    make_request(prestation=catalogue["voirie-mobilier-urbain"])
    old = make_request(prestation=catalogue["proprete-nettoyage"])
    long_ago = timezone.now() - dt.timedelta(days=100)
    ServiceRequest.objects.filter(pk=old.pk).update(arrived_at=long_ago)
    refresh_demand()
    demand = dict(Prestation.objects.exclude(demand=0).values_list("pk", "demand"))
    assert demand == {"voirie-graffitis": 3, "voirie-mobilier-urbain": 1}
    page = client.get("/").content.decode()
    quick = page[page.index("quick-links") :]
    assert quick.index("voirie-graffitis") < quick.index("voirie-mobilier-urbain")

    ServiceRequest.objects.update(arrived_at=long_ago)
    refresh_demand()
    assert not Prestation.objects.exclude(demand=0).exists()
