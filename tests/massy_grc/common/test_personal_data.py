"""Every table from which a person can be reached says what becomes of it (R25)."""

import pytest
from django.apps import apps
from django.db import models

from citizens.models import Citizen, Organisation
from massy_grc.common.personal_data import Fate, holdings
from massy_grc.users.models import User
from requests.models import ServiceRequest

PEOPLE = {Citizen, Organisation, User}
# Tables without a key to a person that hold what people wrote, or their addresses.
WITHOUT_KEY = {
    "outbox.Delivery",
    "outbox.KeptMail",
    "outbox.OutboxEvent",
    "sessions.Session",
}

TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


def keys_of(model) -> set[type[models.Model]]:
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return {field.related_model for field in fields if field.related_model}


def reaching_people() -> set[str]:
    """Models with a chain of keys to a citizen, an organisation or a log-in."""
    everything = set(apps.get_models(include_auto_created=True))
    reached = set(PEOPLE)
    while True:
        more = {model for model in everything if keys_of(model) & reached} - reached
        if not more:
            return {model._meta.label for model in reached}
        reached |= more


def test_every_table_that_reaches_a_person_is_declared():
    missing = (reaching_people() | WITHOUT_KEY) - set(holdings())
    assert missing == set(), (
        "declare these tables in the holdings module of their app "
        "(massy_grc/common/personal_data.py says how): what becomes of them at an erasure?"
    )


def test_nothing_is_declared_that_does_not_exist():
    assert set(holdings()) <= {m._meta.label for m in apps.get_models(include_auto_created=True)}


@pytest.mark.parametrize("label", sorted(holdings()))
def test_every_column_of_text_says_whether_it_stays(label):
    model, holding = apps.get_model(label), holdings()[label]
    if holding.fate == Fate.DELETED:
        return
    texts = {
        field.name
        for field in model._meta.fields
        if isinstance(field, TEXT) and not field.primary_key
    }
    told = {*holding.emptied, *holding.stays}
    assert texts - told == set(), "emptied, or stays: say which"
    assert told <= {field.name for field in model._meta.fields}


def test_what_is_kept_or_left_out_of_the_copy_says_why():
    for holding in holdings().values():
        if holding.fate == Fate.KEPT or not holding.exported:
            assert holding.why, holding.model


def test_what_hangs_on_a_request_and_holds_text_is_emptied_or_deleted():
    for model in apps.get_models():
        if ServiceRequest in keys_of(model) and holdings()[model._meta.label].fate == Fate.KEPT:
            columns = {f.name for f in model._meta.fields if isinstance(f, models.TextField)}
            assert columns == set(), model
