"""The register of processing: loaded whole or not at all, and it covers every prestation."""

import copy
import functools

import pytest
import yaml

from prestations.loading import DataFileError, load_privacy
from prestations.loading.privacy import DEFAULT_FILE
from prestations.models import Prestation, Processing

pytestmark = pytest.mark.usefixtures("catalogue")

ARCHIVES = "instruction DAF/DPACI/RES/2009/018 (archives communales)"


@functools.cache
def _parsed():
    return yaml.load(DEFAULT_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)


@pytest.fixture
def register():
    return copy.deepcopy(_parsed())


def entry(register, code):
    return next(item for item in register["processings"] if item["code"] == code)


def test_each_prestation_says_why_and_how_long():
    for prestation in Prestation.objects.select_related("processing"):
        processing = prestation.processing
        assert processing.purpose
        assert processing.basis_source
        assert processing.kept_months
        assert processing.kept_source


def test_documents_go_before_the_rest():
    for processing in Processing.objects.filter(holds="requests"):
        assert processing.files_months <= processing.kept_months


def test_a_changed_term_is_another_rule(register, written):
    before = Processing.objects.get(pk="actes")
    entry(register, "actes")["kept"]["months"] = 24
    load_privacy(written(register))
    after = Processing.objects.get(pk="actes")
    assert after.kept_months == 24
    assert after.digest != before.digest


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda r: entry(r, "actes")["prestations"].pop(), "'acte-reconnaissance' is in no"),
        (lambda r: entry(r, "actes")["prestations"].append("dechets-conteneur"), "is in 'actes'"),
        (lambda r: entry(r, "actes")["prestations"].append("lune"), "unknown prestation 'lune'"),
        (lambda r: entry(r, "actes").update(kept=None), "goes with something to erase"),
        (lambda r: entry(r, "actes").update(kept_note="Toujours"), "goes with no term"),
        (lambda r: entry(r, "actes")["files"].update(months=13), "documents go before the rest"),
        (lambda r: entry(r, "actes")["files"].update(months=4), "needs a text of its own"),
        (
            lambda r: entry(r, "famille")["files"].update(source=ARCHIVES),
            "needs a text of its own",
        ),
        (lambda r: entry(r, "contacts").update(holds="none"), "goes with something to erase"),
        (lambda r: entry(r, "actes").update(basis="envie"), "is not one of"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_loaded(register, written, spoil, told):
    spoil(register)
    register["processings"][1]["label"] = "Autre nom"
    with pytest.raises(DataFileError) as caught:
        load_privacy(written(register))
    assert any(told in str(problem) for problem in caught.value.problems)
    assert not Processing.objects.filter(label="Autre nom").exists()
