"""Every kind of mistake of catalogue.yaml is told with its path."""

import pytest

from prestations.loading import DataFileError, load_catalogue

pytestmark = pytest.mark.usefixtures("catalogue")

POTHOLE = "voirie-intervention-rapide"  # urgent when its box is ticked
BIRTH = "acte-naissance-filiation"  # has a select with a dependent field
SUBSIDY = (
    "aides-sociales-subvention-fin-annee"  # complexe, fields 0 select, 1 visible_if, 2 integer
)


def set_at(*path):
    """Return a function that writes its last argument at `path` of the prestation."""
    *steps, last, value = path

    def spoil(item, data):
        for step in steps:
            item = item[step]
        item[last] = value

    return spoil


CASES = [
    # shape
    (SUBSIDY, set_at("form_fields", 3, "type", "texte"), "form_fields[3].type", "not one of"),
    (SUBSIDY, set_at("team", 5), "team", "should be string"),
    (SUBSIDY, lambda item, data: item.pop("summary"), "summary", "is missing"),
    (SUBSIDY, set_at("couleur", "bleu"), "couleur", "not a key"),
    (SUBSIDY, set_at("form_fields", 0, "name", "Nom Complet"), "form_fields[0].name", "form"),
    (SUBSIDY, set_at("label", "x" * 251), "label", "251 characters"),
    (SUBSIDY, set_at("label", ""), "label", "is empty"),
    (SUBSIDY, set_at("target_delay", "value", 0), "target_delay.value", "less than"),
    (SUBSIDY, set_at("channels", ["web", "svi"]), "channels[1]", "not one of"),
    (SUBSIDY, set_at("channels", ["web", "web"]), "channels", "twice"),
    (SUBSIDY, set_at("fee", "payment", ["bitcoin"]), "fee.payment[0]", "not one of"),
    # codes that exist
    (SUBSIDY, set_at("category", "inconnue"), "category", "unknown category"),
    (SUBSIDY, set_at("team", "inconnue"), "team", "unknown team"),
    (SUBSIDY, set_at("sites", ["mairie-lune"]), "sites[0]", "unknown site"),
    (SUBSIDY, set_at("expert_department", "lune"), "expert_department", "unknown department"),
    (SUBSIDY, set_at("requester_block", "lune"), "requester_block", "unknown requester block"),
    (
        SUBSIDY,
        set_at("templates", "outcome_negative", "lune"),
        "templates.outcome_negative",
        "unknown template",
    ),
    (SUBSIDY, set_at("templates", "other", ["lune"]), "templates.other[0]", "unknown template"),
    (SUBSIDY, set_at("legacy_software", "lune"), "legacy_software", "unknown software"),
    # names and choices
    (
        SUBSIDY,
        set_at("form_fields", 2, "name", "situation"),
        "form_fields[2].name",
        "already at",
    ),
    (SUBSIDY, set_at("form_fields", 0, "choices", None), "form_fields[0].choices", "needs choices"),
    (
        SUBSIDY,
        set_at("form_fields", 2, "choices", [{"value": "a", "label": "A"}]),
        "form_fields[2].choices",
        "has no choices",
    ),
    (
        SUBSIDY,
        set_at("form_fields", 0, "choices", [{"value": "autre", "label": "A"}] * 2),
        "form_fields[0].choices[1].value",
        "already at",
    ),
    (SUBSIDY, set_at("documents", 1, "code", "piece-identite"), "documents[1].code", "already at"),
    # conditions
    (
        SUBSIDY,
        set_at("form_fields", 1, "visible_if", "field", "lune"),
        "form_fields[1].visible_if.field",
        "no field",
    ),
    (
        SUBSIDY,
        set_at("form_fields", 1, "visible_if", "field", "situation_precision"),
        "form_fields[1].visible_if.field",
        "itself",
    ),
    (
        SUBSIDY,
        set_at("form_fields", 1, "visible_if", "field", "nombre_personnes_foyer"),
        "form_fields[1].visible_if.field",
        "later field",
    ),
    (
        SUBSIDY,
        set_at("form_fields", 1, "visible_if", "value", "lune"),
        "form_fields[1].visible_if.value",
        "not a choice",
    ),
    (
        SUBSIDY,
        set_at("form_fields", 1, "visible_if", "operator", "in"),
        "form_fields[1].visible_if.value",
        "needs a list",
    ),
    (
        SUBSIDY,
        set_at("form_fields", 1, "visible_if", "operator", "greater_than"),
        "form_fields[1].visible_if.operator",
        "not a number",
    ),
    (
        SUBSIDY,
        set_at("documents", 2, "required_if", "value", "deux"),
        "documents[2].required_if.value",
        "not a number",
    ),
    (SUBSIDY, set_at("form_fields", 0, "at_most", "lune"), "form_fields[0].at_most", "no other"),
    (SUBSIDY, set_at("form_fields", 1, "page", "Ailleurs"), "form_fields[1].page", "stands on"),
    (
        POTHOLE,
        set_at("form_fields", 5, "leads_to", "prestation", "lune"),
        "form_fields[5].leads_to.prestation",
        "unknown prestation",
    ),
    (
        SUBSIDY,
        set_at("form_fields", 0, "at_most", "nombre_personnes_foyer"),
        "form_fields[0].at_most",
        "compares numbers",
    ),
    (
        POTHOLE,
        set_at("urgent_delay", "urgent_if", 0, "field", "lune"),
        "urgent_delay.urgent_if[0].field",
        "no field",
    ),
    (
        POTHOLE,
        set_at("urgent_delay", "urgent_if", 0, "value", "oui"),
        "urgent_delay.urgent_if[0].value",
        "true or false",
    ),
    (SUBSIDY, set_at("documents", 0, "condition", "Si"), "documents[0].condition", "obligatory"),
    (SUBSIDY, set_at("documents", 0, "later", True), "documents[0].later", "due with the request"),
    (SUBSIDY, set_at("documents", 2, "condition", None), "documents[2].condition", "conditional"),
    (
        SUBSIDY,
        set_at("documents", 0, "label", "Justificatif de domicile"),
        "documents[0].source",
        "needs the text that allows it",
    ),
    (
        SUBSIDY,
        set_at("documents", 2, "label", "Un justificatif de votre adresse"),
        "documents[2].source",
        "needs the text that allows it",
    ),
    # parts that agree
    (SUBSIDY, set_at("handling", "simple"), "expert_department", "simple prestation has none"),
    (SUBSIDY, set_at("expert_department", None), "expert_department", "needs one"),
    (BIRTH, set_at("team", "proximite"), "team", "category belongs to"),
    (BIRTH, set_at("anonymous_allowed", True), "anonymous_allowed", "asks for an identity"),
    (BIRTH, set_at("audiences", ["administration"]), "audiences[0]", "no requester kind"),
    (BIRTH, set_at("legal", "silence_effect", "none"), "legal.silence_delay", "effect of silence"),
    (BIRTH, set_at("legal", "appeal", "Recours au juge."), "legal.appeal", "names no delay"),
    (BIRTH, set_at("appointment", "required"), "appointment_info", "goes with an appointment"),
    (BIRTH, set_at("status", "historical"), "replaced_by", "historical"),
    (
        BIRTH,
        set_at("external_link", {"label": "Ailleurs", "url": "https://exemple.fr"}),
        "channels",
        "web is closed",
    ),
    (BIRTH, set_at("fee", "free", False), "fee.items", "is empty when it is free"),
    (
        BIRTH,
        set_at(
            "routing_rules",
            [
                {
                    "when": {"field": "lune", "operator": "equals", "value": "a"},
                    "expert_department": "voirie-assainissement",
                }
            ],
        ),
        "routing_rules[0].when.field",
        "no field",
    ),
]


SPOILT = {case[0] for case in CASES}


@pytest.mark.parametrize(("code", "spoil", "path", "words"), CASES)
def test_a_mistake_is_told_with_its_path(
    code, spoil, path, words, catalogue_data, prestation, written
):
    """In a file of these few prestations: what else is wrong with it then does not matter."""
    catalogue_data["prestations"] = [
        item for item in catalogue_data["prestations"] if item["code"] in SPOILT
    ]
    index, item = prestation(code)
    spoil(item, catalogue_data)
    with pytest.raises(DataFileError) as caught:
        load_catalogue(written(catalogue_data))
    place = f"prestations[{index}].{path}"
    assert any(
        problem.path == place and words in problem.message for problem in caught.value.problems
    ), caught.value


def test_all_mistakes_are_told_at_once(catalogue_data, prestation, written):
    first, subsidy = prestation(SUBSIDY)
    second, birth = prestation(BIRTH)
    subsidy["form_fields"][3]["type"] = "texte"
    subsidy["category"] = "inconnue"
    birth["team"] = "inconnue"
    catalogue_data["portal_groups"][0]["prestations"][0]["code"] = "lune"
    catalogue_data["counts"]["prestations"] = 66
    with pytest.raises(DataFileError) as caught:
        load_catalogue(written(catalogue_data))
    assert {problem.path for problem in caught.value.problems} >= {
        f"prestations[{first}].form_fields[3].type",
        f"prestations[{first}].category",
        f"prestations[{second}].team",
        "portal_groups[0].prestations[0].code",
        "counts.prestations",
    }


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "prestations: 5\n", "null\n"])
def test_another_file_altogether_is_refused_in_words(content, tmp_path):
    file = tmp_path / "autre.yaml"
    file.write_text(content)
    with pytest.raises(DataFileError):
        load_catalogue(file)


def test_a_prestation_twice_is_refused(catalogue_data, written):
    catalogue_data["prestations"].append(catalogue_data["prestations"][0])
    with pytest.raises(DataFileError) as caught:
        load_catalogue(written(catalogue_data))
    assert "prestations[65].code" in {problem.path for problem in caught.value.problems}


def test_a_group_may_only_show_what_is_open_on_the_web(catalogue_data, written):
    catalogue_data["portal_groups"][0]["prestations"][0]["code"] = "certificat-celibat"
    with pytest.raises(DataFileError, match="not open on the web"):
        load_catalogue(written(catalogue_data))
