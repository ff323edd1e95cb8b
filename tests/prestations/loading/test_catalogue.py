"""catalogue.yaml: what is loaded, what a second load does, what a change does."""

import re

import pytest
from django.db.models import F

from prestations.loading import DataFileError, load_catalogue
from prestations.models import FormVersion, PortalEntry, Prestation
from prestations.models.catalogue import UNSORTED

pytestmark = pytest.mark.usefixtures("catalogue")


def test_all_prestations_are_loaded_with_every_field_and_document():
    offered = FormVersion.objects.exclude(prestation=UNSORTED)
    definitions = [version.definition for version in offered]
    assert Prestation.objects.filter(is_active=True).count() == 65
    assert sum(len(definition["fields"]) for definition in definitions) == 566
    assert sum(len(definition["documents"]) for definition in definitions) == 176


def test_each_prestation_has_its_form():
    without = Prestation.objects.exclude(current_form__prestation=F("pk"))
    assert not without.exists()


def test_the_nine_groups_hold_eighteen_prestations_in_the_order_of_the_seed():
    entries = PortalEntry.objects.filter(group__is_active=True)
    assert entries.count() == 18
    first = entries.filter(group="acte-naissance-reconnaissance").order_by("order")
    assert [entry.prestation_id for entry in first] == [
        "acte-naissance-filiation",
        "acte-naissance-sans-filiation",
        "acte-reconnaissance",
    ]


def test_portal_wording_differs_from_the_agents():
    entry = PortalEntry.objects.get(prestation="acte-deces")
    assert str(entry) == "Demande d'actes de décès"
    assert entry.prestation.label == "Demande d'acte de décès"


def test_routing_and_legal_regime_are_kept(catalogue):
    trees = catalogue["espaces-verts-entretien"]
    assert trees.routing_rules[0]["expert_department"] == "hygiene-sante"
    housing = catalogue["aides-sociales-subvention-fin-annee"]
    assert (housing.silence_effect, housing.silence_value, housing.silence_unit) == (
        "rejet",
        2,
        "months",
    )


def test_loading_twice_changes_nothing():
    before = list(Prestation.objects.order_by("pk").values())
    assert load_catalogue().nothing_changed
    assert list(Prestation.objects.order_by("pk").values()) == before
    assert FormVersion.objects.exclude(prestation=UNSORTED).count() == 65


def test_loading_twice_writes_no_row(django_assert_max_num_queries):
    with django_assert_max_num_queries(55) as queries:
        load_catalogue()
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "DELETE"))]
    assert writes == []


@pytest.mark.parametrize(
    "change",
    [
        lambda item, data: item["form_fields"][0].update(label="Autre libellé"),
        lambda item, data: item["documents"].clear(),
        lambda item, data: item.update(location="map"),
        lambda item, data: data["requester_blocks"][0]["fields"][0].update(label="Votre nom"),
    ],
    ids=["field", "documents", "location", "requester block"],
)
def test_a_changed_form_makes_a_new_version_and_keeps_the_old(
    change, catalogue, catalogue_data, prestation, written
):
    _index, item = prestation("acte-naissance-filiation")
    old = catalogue["acte-naissance-filiation"].current_form
    change(item, catalogue_data)
    catalogue_data["counts"]["documents"] = sum(
        len(each["documents"]) for each in catalogue_data["prestations"]
    )
    load_catalogue(written(catalogue_data))
    new = Prestation.objects.get(pk="acte-naissance-filiation").current_form
    assert (new.number, old.number) == (2, 1)
    kept = FormVersion.objects.get(pk=old.pk)
    assert (kept.definition, kept.checksum) == (old.definition, old.checksum)


def test_a_change_outside_the_form_makes_no_version(catalogue_data, prestation, written):
    prestation("acte-naissance-filiation")[1]["summary"] = "Autre résumé."
    summary = load_catalogue(written(catalogue_data))
    assert (summary.created, summary.changed) == (0, 1)


def test_an_absent_prestation_is_retired_and_can_come_back(catalogue_data, written):
    gone = catalogue_data["prestations"].pop()
    catalogue_data["counts"].clear()
    load_catalogue(written(catalogue_data))
    assert not Prestation.objects.get(pk=gone["code"]).is_active
    load_catalogue()
    assert Prestation.objects.get(pk=gone["code"]).is_active


def test_one_mistake_leaves_everything_as_it_was(catalogue_data, prestation, written):
    prestation("acte-deces")[1]["label"] = "Nouveau libellé"
    prestation("acte-mariage-filiation")[1]["team"] = "inconnue"
    with pytest.raises(DataFileError):
        load_catalogue(written(catalogue_data))
    assert Prestation.objects.get(pk="acte-deces").label == "Demande d'acte de décès"


# what a citizen cannot be expected to know, and what nothing keeps
JARGON = re.compile(
    r"CRPA|COMEDEC|API Particulier|article L\d|\bN-[12]\b|point sur la carte|Ouvre une"
)


def test_what_citizens_read_has_no_jargon_and_no_promise_that_nothing_keeps(catalogue):
    found = []
    for prestation in catalogue.values():
        form = prestation.current_form.definition
        texts = [prestation.summary, *prestation.eligibility, prestation.appointment_info]
        for field in (*form["requester_block"]["fields"], *form["fields"], *form["documents"]):
            texts += [field["label"], field.get("help"), field.get("condition")]
        found += [(prestation.pk, text) for text in texts if text and JARGON.search(text)]
    assert not found
