"""Every object of the configuration says its state, can be put back, and its changes are kept."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from prestations.configuration import all_kinds, kind_of, recorded
from prestations.exceptions import LastAudience
from prestations.loading.files import check_schema
from prestations.models import ConfigurationChange, Department, FormVersion, Prestation

pytestmark = pytest.mark.django_db


def test_each_state_has_the_shape_of_the_files_and_is_put_back_as_it_was():
    forms = FormVersion.objects.count()
    for kind in all_kinds():
        states = kind.states()
        assert list(states) == list(kind.keys())
        assert json.loads(json.dumps(states)) == states, kind.code
        if kind.schema is not None:
            shape = {"type": "array", "items": kind.schema}
            portable = [kind.portable(state) for state in states.values()]
            assert not check_schema([one for one in portable if one], shape), kind.code
        for key, state in list(states.items())[:2]:
            assert kind.name(state)
            assert kind.snapshot(key) == state
            assert kind.faults(key, state) == [], (kind.code, key)
            if kind.restore is not None:
                kind.restore(key, state, actor=None)
                assert kind.snapshot(key) == state, (kind.code, key)
    assert FormVersion.objects.count() == forms


def test_what_a_block_changes_is_kept_with_its_reason_and_never_edited(administrator):
    roads = Department.objects.get(pk="voirie-assainissement")
    with recorded("departments", roads.pk, actor=administrator, reason=" Déménagement ") as kept:
        Department.objects.filter(pk=roads.pk).update(phone="01 60 13 00 00")
    change = ConfigurationChange.objects.get()
    assert kept.change == change
    assert (change.actor, change.kind, change.key, change.reason, change.name) == (
        *(administrator, "departments", roads.pk, "Déménagement"),
        roads.label,
    )
    assert change.before == {**change.after, "phone": roads.phone}
    with recorded("departments", roads.pk, actor=administrator) as kept:
        pass  # nothing differs
    assert kept.change is None
    with pytest.raises(LastAudience):
        refused(roads, administrator)
    assert ConfigurationChange.objects.get() == change
    assert Department.objects.get(pk=roads.pk).phone == "01 60 13 00 00"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE prestations_configurationchange SET reason = ''")


def refused(department: Department, actor) -> None:
    with recorded("departments", department.pk, actor=actor):
        Department.objects.filter(pk=department.pk).update(phone="")
        raise LastAudience


def test_what_is_made_and_what_goes_out_of_use_has_one_side(administrator):
    known = kind_of("categories").snapshot(kind_of("categories").keys()[0])
    state = {**known, "code": "ponts", "label": "Ponts"}
    with recorded("categories", actor=administrator) as kept:
        kept.key = "ponts"
        kind_of("categories").restore("ponts", state, actor=administrator)
    assert (kept.change.before, kept.change.after) == (None, state)
    with recorded("categories", "ponts", actor=administrator) as kept:
        kind_of("categories").restore("ponts", None, actor=administrator)
    assert (kept.change.before, kept.change.after, kept.change.name) == (state, None, "Ponts")


def test_a_form_that_is_put_back_is_a_version_again(administrator):
    kind, code = kind_of("prestations"), "voirie-intervention-rapide"
    state = kind.snapshot(code)
    other = {**state, "form_fields": state["form_fields"][:-1], "label": "Trou dans la rue"}
    kind.restore(code, other, actor=administrator)
    assert kind.snapshot(code) == other
    kind.restore(code, state, actor=administrator)
    assert kind.snapshot(code) == state
    assert Prestation.objects.get(pk=code).current_form.number == 3
