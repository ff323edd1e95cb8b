"""Invented years of another size, day or seed; who may not have one."""

from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from stdnum.fr import siret

from requests.demo.loader import load_demo
from requests.demo.people import luhn_siret
from requests.models import ServiceRequest
from tests.requests.demo.support import NOW

pytestmark = pytest.mark.django_db


def test_same_seed_gives_the_same_town(catalogue):
    fields = ("reference", "state", "subject", "due_at", "requester_name", "tracking_code")
    first = _year(fields)
    second = _year(fields)

    assert first == second


def _year(fields):
    point = transaction.savepoint()
    load_demo(60, seed=3, now=NOW)
    rows = list(ServiceRequest.objects.order_by("reference").values_list(*fields))
    transaction.savepoint_rollback(point)
    return rows


def test_production_refuses_invented_people(catalogue, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        call_command("demo_data")


def test_invented_siret_has_a_right_key():
    assert all(siret.is_valid(luhn_siret(Random(seed))) for seed in range(50))
