"""The whole configuration leaves as one file and comes in force elsewhere (issue 5)."""

import pytest
from django.db import transaction

from prestations.actions import choose_audience
from prestations.agreeing import write_contract
from prestations.configuration import kind_of
from prestations.configuration.exchange import (
    exported,
    put_in_force,
    read_configuration,
    steps,
)
from prestations.exceptions import ChangeRefused
from prestations.models import (
    Category,
    ConfigurationChange,
    Department,
    LetterTemplate,
    Prestation,
    Site,
)
from requests import actions
from requests.models import RoutingRule

pytestmark = pytest.mark.django_db
POTHOLE, ROADS = "voirie-intervention-rapide", "voirie-assainissement"
TREES = "espaces-verts-entretien"


def tried(data, *, actor) -> list[str]:
    """Put a file in force and take it back; why it would be refused."""
    try:
        with transaction.atomic():
            put_in_force(data, actor=actor, reason="")
            transaction.set_rollback(True)
    except ChangeRefused as refusal:
        return refusal.faults
    return []


def test_what_was_exported_comes_back_whole_and_recorded(administrator, eas_agent):
    rule = actions.write_rule(
        actor=administrator,
        label="Trous urgents",
        conditions={"prestations": [POTHOLE], "urgent": True},
        department=Department.objects.get(pk=ROADS),
    )
    choose_audience(prestation_id=TREES, audience="association", is_open=False, actor=administrator)
    first = exported()
    assert administrator.email not in first
    assert eas_agent.email not in first
    data = read_configuration(first)
    assert steps(data) == []

    RoutingRule.objects.filter(pk=rule.pk).update(label="Autre nom")
    choose_audience(prestation_id=TREES, audience="association", is_open=True, actor=administrator)
    Category.objects.filter(pk=Category.objects.filter(is_active=True)[0].pk).update(label="Autre")
    Site.objects.filter(pk="mairie-annexe").update(opening_hours={}, is_active=False)
    LetterTemplate.objects.filter(pk="decision-refus").update(body="Non.")
    kind_of("departments").restore(
        "ponts", {**kind_of("departments").snapshot(ROADS), "code": "ponts"}, actor=administrator
    )
    state = kind_of("prestations").snapshot(POTHOLE)
    state = {**state, "form_fields": state["form_fields"][:-1], "expert_department": "ponts"}
    kind_of("prestations").restore(POTHOLE, state, actor=administrator)
    write_contract(
        department=Department.objects.get(pk="ponts"),
        prestations=[Prestation.objects.get(pk=POTHOLE)],
        information="Tout",
        take_days=1,
        treat_days=2,
        on_time_percent=90,
        resources="Aucune",
        evaluation="Annuelle",
        actor=administrator,
    )
    assert exported() != first
    assert tried(data, actor=administrator) == []
    assert not ConfigurationChange.objects.exists()  # tried, and taken back
    done = put_in_force(data, actor=administrator, reason="Import de sauvegarde.yaml")
    assert exported() == first
    kinds = {step.kind.code for step in done}
    changes = ConfigurationChange.objects.filter(reason="Import de sauvegarde.yaml")
    assert kinds == set(changes.values_list("kind", flat=True))
    assert kinds == {
        *("departments", "sites", "templates", "categories", "prestations"),
        *("contracts", "routing_rules"),
    }
    assert not Department.objects.get(pk="ponts").is_active


def test_a_file_that_does_not_go_together_changes_nothing(administrator):
    first = exported()
    data = read_configuration(first)
    data["categories"][0]["team"] = "lune"
    data["departments"] = [one for one in data["departments"] if one["code"] != ROADS]
    with pytest.raises(ChangeRefused, match="nulle part"):
        put_in_force(data, actor=administrator, reason="")
    data["categories"] = read_configuration(first)["categories"]
    faults = tried(data, actor=administrator)
    assert f"Le service «\u00a0{ROADS}\u00a0» est fermé." in faults
    assert exported() == first


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format: autre", "pas un fichier de configuration"),
        ("format: massy-grc-configuration\nversion: 9", "autre version"),
        ("a: &a [1]\nb: *a", "renvois YAML"),
        ("a: [", "not valid YAML"),
        ("format: massy-grc-configuration\nversion: 1\nlune: []", "«\u00a0lune\u00a0»"),
        (
            "format: massy-grc-configuration\nversion: 1\ndirections: [{code: A B}]",
            "directions[0]",
        ),
    ],
)
def test_another_file_is_refused_plainly(text, told):
    with pytest.raises(ChangeRefused, match=told.replace("[", r"\[")):
        read_configuration(text)
