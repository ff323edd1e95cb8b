"""reference.yaml: what is loaded, what a second load does, and its mistakes."""

import datetime as dt

import pytest

from prestations.loading import DataFileError, load_reference
from prestations.models import (
    Closure,
    Department,
    Facility,
    KnowledgeArticle,
    LetterTemplate,
    Site,
    Team,
    Town,
)

pytestmark = pytest.mark.usefixtures("catalogue")


def test_the_town_and_its_organisation_are_loaded():
    town = Town.objects.get()
    assert (town.name, town.insee_code, town.phone) == ("Massy", "91377", "01 60 13 30 00")
    assert Department.objects.count() == 38
    assert Facility.objects.count() == 12
    assert LetterTemplate.objects.count() == 58
    assert Team.objects.get(pk="eas").email == "accueil@massy.example"


def test_each_site_opens_43_hours():
    for site in Site.objects.all():
        minutes = sum(
            (
                dt.datetime.fromisoformat(f"2024-01-01T{end}")
                - dt.datetime.fromisoformat(f"2024-01-01T{start}")
            ).seconds
            // 60
            for intervals in site.opening_hours.values()
            for start, end in intervals
        )
        assert minutes == 43 * 60


def test_phone_hours_are_spread_over_the_week():
    hours = Town.objects.get().facts["phone_hours"]
    assert hours["monday"] == hours["friday"] == [["08:30", "17:30"]]
    assert hours["saturday"] == [["08:30", "12:30"]]
    assert hours["sunday"] == []


def test_articles_are_tied_to_prestations():
    article = KnowledgeArticle.objects.get(pk="kb-cni-passeport")
    assert article.prestations.count() == 4


def test_loading_twice_changes_nothing():
    closures = list(Closure.objects.values())
    assert load_reference().nothing_changed
    assert list(Closure.objects.values()) == closures


def test_an_absent_department_is_retired_not_deleted(reference_data, written):
    gone = reference_data["departments"].pop()
    load_reference(written(reference_data))
    assert not Department.objects.get(pk=gone["code"]).is_active


def test_a_changed_closure_is_replaced(reference_data, written):
    reference_data["closures"] = reference_data["closures"][:1]
    load_reference(written(reference_data))
    assert Closure.objects.get().closes_at == dt.time(16)


CASES = [
    (lambda d: d["sites"][0]["opening_hours"]["monday"].append(["12:00", "11:00"]),
     "sites[0].opening_hours.monday[2]"),
    (lambda d: d["sites"][0]["opening_hours"]["monday"].append(["8h30", "11:00"]),
     "sites[0].opening_hours.monday[2][0]"),
    (lambda d: d["sites"][0].update(opening_hours_total=44.0), "sites[0].opening_hours_total"),
    (lambda d: d["facilities"][0].update(site="lune"), "facilities[0].site"),
    (lambda d: d["facilities"][0].update(opening_hours=d["facilities"][2]["opening_hours"]),
     "facilities[0].opening_hours"),
    (lambda d: d["departments"][0].update(direction="lune"), "departments[0].direction"),
    (lambda d: d["departments"][0].update(email="sans arobase"), "departments[0].email"),
    (lambda d: d["teams"][0].update(direction="lune"), "teams[0].direction"),
    (lambda d: d["departments"][1].update(code=d["departments"][0]["code"]),
     "departments[1].code"),
    (lambda d: d["roles"][1].update(code="sorcier"), "roles[1].code"),
    (lambda d: d["channels"].pop(), "channels"),
    (lambda d: d["closures"][0].update(start="2026-02-30"), "closures[0].start"),
    (lambda d: d["closures"][0].update(end="2026-12-01"), "closures[0].end"),
    (lambda d: d["closures"][0].update(closed=True), "closures[0].closed"),
    (lambda d: d["closures"][0].update(site="lune"), "closures[0].site"),
    (lambda d: d["payment_methods"]["items"][0].update(code="troc"),
     "payment_methods.items[0].code"),
    (lambda d: d["state_transitions"]["allowed"]["en-cours"].append("lune"),
     "state_transitions.allowed.en-cours[10]"),
    (lambda d: d["state_transitions"]["allowed"].pop("en-cours"), "state_transitions.allowed"),
    (lambda d: d["templates"][0].update(body="{{ lune.phase }}"), "templates[0].body"),
    (lambda d: d["templates"][0].update(subject="{% if agent.nom %}"), "templates[0].subject"),
    (lambda d: d["templates"][0].update(body="{% load x %}"), "templates[0].body"),
    (lambda d: d["templates"][0].update(channels=["pigeon"]), "templates[0].channels[0]"),
    (lambda d: d["templates"][0].update(channels=["sms"]), "templates[0].sms_body"),
    (lambda d: d["knowledge_base"]["articles"][0].update(prestations=["lune"]),
     "knowledge_base.articles[0].prestations[0]"),
    (lambda d: d.pop("ivr"), "ivr"),
    (lambda d: d.update(ivr=5), "ivr"),
    (lambda d: d["town"].pop("insee_code"), "town.insee_code"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "path"), CASES, ids=[path for _spoil, path in CASES])
def test_a_mistake_is_told_with_its_path(spoil, path, reference_data, written):
    spoil(reference_data)
    with pytest.raises(DataFileError) as caught:
        load_reference(written(reference_data))
    assert path in {problem.path for problem in caught.value.problems}


def test_a_mistake_leaves_everything_as_it_was(reference_data, written):
    reference_data["town"]["name"] = "Ailleurs"
    reference_data["teams"][0]["direction"] = "lune"
    with pytest.raises(DataFileError):
        load_reference(written(reference_data))
    assert Town.objects.get().name == "Massy"
