"""Mistakes in the questions before a form, and in links outside, are told with their place."""

import pytest

from prestations.loading import DataFileError, load_catalogue
from prestations.loading.checks_links import missing_links, outside_links

pytestmark = pytest.mark.usefixtures("catalogue")
BIRTH = "acte-naissance-filiation"


def problems(file) -> list[str]:
    with pytest.raises(DataFileError) as caught:
        load_catalogue(file)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"stops": [{"values": ["peut"], "because": "x", "instead": "y"}]}, "unknown answer"),
        ({"stops": [{"values": ["oui", "non"], "because": "x", "instead": "y"}]}, "go on"),
        ({"field": "motif"}, "is no select of this form"),
        ({"field": "type_document"}, "unknown choice"),
        ({"least_age": {"values": ["oui"], "field": "motif", "years": 18}}, "is no date"),
        ({"least_age": {"values": ["peut"], "field": "motif", "years": 18}}, "unknown answer"),
    ],
)
def test_a_question_that_cannot_work_is_told(catalogue_data, prestation, written, change, told):
    index, item = prestation(BIRTH)
    item["eligibility_questions"][0].update(change)
    found = problems(written(catalogue_data))
    assert any(f"prestations[{index}].eligibility_questions[0]" in one for one in found)
    assert any(told in one for one in found)


def test_a_stop_leads_only_to_a_prestation_of_the_file(catalogue_data, prestation, written):
    _index, item = prestation(BIRTH)
    item["eligibility_questions"][1]["stops"][0]["prestation"] = "inconnue"
    assert any("unknown prestation" in one for one in problems(written(catalogue_data)))


def test_a_form_named_in_a_text_must_be_listed(catalogue_data, prestation, written):
    _index, item = prestation("logement-demande")
    item["cerfa"] = []
    found = problems(written(catalogue_data))
    assert any("14069" in one and "not listed" in one for one in found)


def test_a_prestation_that_is_over_without_link_is_a_warning(catalogue_data, prestation):
    _index, item = prestation("sortie-territoire")
    assert missing_links(catalogue_data["prestations"]) == []
    item["external_link"] = None
    (warning,) = missing_links(catalogue_data["prestations"])
    assert warning.startswith("sortie-territoire")


def test_every_link_outside_is_known_to_the_check():
    links = dict(outside_links())
    assert links["sortie-territoire"].startswith("https://")
    assert {"election-inscription", BIRTH} <= links.keys()
