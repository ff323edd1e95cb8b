"""The history of the configuration: kept at each save, compared in words, put back (issue 5)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.configured.differences import differences
from backoffice.configured.told import act_of
from prestations.configuration import kind_of, one_act, recorded
from prestations.models import (
    Category,
    ConfigurationChange,
    ContractProposal,
    Department,
    LetterTemplate,
    Prestation,
    RightHolder,
    ServiceLevel,
)
from tests.backoffice.conftest import client_of

pytestmark = pytest.mark.django_db
HISTORY = "/agent/parametrage/historique/"
ROADS, PARKS = "voirie-assainissement", "espaces-verts"
POTHOLE, TREES = "voirie-intervention-rapide", "espaces-verts-entretien"


def test_conditions_and_days_are_told_as_people_say_them():
    when = {"field": "support", "operator": "equals", "value": "mur"}
    walls = {"name": "support", "label": "Support", "choices": [{"value": "mur", "label": "Mur"}]}
    before = {"form_fields": [walls], "urgent_delay": None, "confirmed_on": None}
    documents = [{"name": "photo", "required_if": when, "original_at_counter": True}]
    after = before | {"on_behalf": {"ask": True}, "confirmed_on": "2027-07-02"}
    after |= {"documents": documents, "urgent_delay": {"urgent_if": [when]}}
    told = {one.label: one.after for one in differences(before, after)}
    assert told["Pour quelqu’un d’autre › Demander d’abord pour qui"] == "Oui"
    assert told["Confirmé le"] == "vendredi 2 juillet 2027"
    said = " ".join([*told, *told.values()])
    assert "si «\u00a0Support\u00a0» est\u00a0: Mur" in said
    assert not any(code in said for code in ("required_if", "original_at", "operator", "field"))
    draft, used = {"status": "draft"}, {"status": "active"}
    sides = [(None, draft), (draft, used), (used, draft), (draft, None), (None, used)]
    acts = [act_of(ConfigurationChange(before=one, after=other)).name for one, other in sides]
    assert acts == ["DRAFTED", "PUBLISHED", "CHANGED", "DROPPED", "PUBLISHED"]


def last() -> ConfigurationChange:
    return ConfigurationChange.objects.latest("pk")


def renamed(category: str, name: str, actor) -> ConfigurationChange:
    with recorded("categories", category, actor=actor):
        Category.objects.filter(pk=category).update(label=name)
    return last()


def test_saves_of_the_settings_are_kept_and_put_back(administrator):
    client = client_of(administrator)
    days = f"/agent/parametrage/delais/{POTHOLE}/{ROADS}/"
    client.post(days, {"treat_days": 4})
    client.post(days, {"treat_days": 3})
    client.post(days, {"treat_days": 3})  # nothing differs
    kept = list(ConfigurationChange.objects.filter(kind="service_levels"))
    assert [one.before and one.before["treat_days"] for one in kept] == [4, None]
    (line,) = [one for one in client.get(HISTORY).context["rows"] if one.change == kept[0]]
    assert line.fields == "Retour du service, en jours ouvrés\u00a0: 4 → 3"
    pothole, roads = Prestation.objects.get(pk=POTHOLE), Department.objects.get(pk=ROADS)
    assert line.change.name == f"{pothole.label} · {roads.label}"
    client.post(f"/agent/parametrage/publics/{TREES}/", {"audiences": ["citoyen"]})
    assert last().after == {**(last().before or {}), "audiences": ["citoyen"]}
    page = client.get(f"{HISTORY}{kept[0].pk}/").content.decode()
    assert "Retour du service, en jours ouvrés" in page
    back = client.get(f"{HISTORY}{kept[0].pk}/revenir/avant/")
    assert [(one.before, one.after) for one in back.context["rows"]] == [("3", "4")]
    form = {"seen": back.context["seen"], "reason": "Trop court"}
    assert client.post(f"{HISTORY}{kept[0].pk}/revenir/avant/", form).status_code == 302
    assert ServiceLevel.objects.last().treat_days == 4
    assert (last().reverts, last().reason, last().actor) == (kept[0], "Trop court", administrator)
    again = client.post(f"{HISTORY}{kept[0].pk}/revenir/avant/", form)  # another state was seen
    assert "a changé pendant que vous lisiez" in again.content.decode()


def test_what_an_import_proposed_is_withdrawn_with_it_unless_it_is_decided(administrator):
    kind, client = kind_of("contracts"), client_of(administrator)
    with one_act() as act:
        for key, state in kind.states().items():
            kind.put(key, {**state, "evaluation": "Chaque mois"}, actor=administrator)
    waiting, decided = ContractProposal.objects.filter(act=act)[:2]
    ContractProposal.objects.filter(pk=decided.pk).update(approved=True)
    together = f"{HISTORY}ensemble/{act}/"
    undoing = client.get(together).context["undoing"]
    names = [waiting.department.label, decided.department.label]
    assert [one.name for one in (*undoing.waiting, *undoing.decided)] == names
    client.post(together, {"seen": undoing.seen})
    waiting.refresh_from_db()
    assert (waiting.approved, waiting.why) == (False, ContractProposal.WITHDRAWN)
    assert ContractProposal.objects.get(pk=decided.pk).approved
    left = client.get(together)
    assert "en a déjà décidé, cela reste" in left.content.decode()
    assert not left.context["undoing"].does


def test_a_state_that_makes_no_sense_any_more_is_refused_with_the_reason(administrator):
    client = client_of(administrator)
    code = "voirie-intervention-rapide"
    with recorded("prestations", code, actor=administrator):
        kind_of("prestations").restore(
            code,
            {**kind_of("prestations").snapshot(code), "expert_department": PARKS},
            actor=administrator,
        )
    change = last()
    Department.objects.filter(pk=ROADS).update(is_active=False)
    back = client.get(f"{HISTORY}{change.pk}/revenir/avant/")
    gone = f"{Department.objects.get(pk=ROADS).label} ({ROADS})"
    assert f"Le service «\u00a0{gone}\u00a0» est fermé." in back.context["refusals"]
    refused = client.post(
        f"{HISTORY}{change.pk}/revenir/avant/", {"seen": back.context["seen"], "reason": ""}
    )
    assert "est fermé" in refused.content.decode()
    assert Prestation.objects.get(pk=code).expert_department_id == PARKS
    Department.objects.filter(pk=ROADS).update(is_active=True)
    client.post(f"{HISTORY}{change.pk}/revenir/avant/", {"seen": back.context["seen"]})
    assert Prestation.objects.get(pk=code).expert_department_id == ROADS


def test_holders_are_kept_by_number_and_go_back_one_by_one_only(administrator, eas_agent):
    client = client_of(administrator)
    code = "canicule-inscription-tiers"
    client.post(f"/agent/parametrage/acces/{code}/", {"user": eas_agent.pk})
    assert RightHolder.objects.filter(prestation=code, user=eas_agent).exists()
    change = last()
    assert change.after["holders"] == [{"user": eas_agent.pk, "until": None}]
    page = client.get(f"{HISTORY}{change.pk}/").content.decode()
    assert eas_agent.get_full_name() in page
    assert "un par un, sur sa page" in page


def test_the_history_is_asked_by_kind_object_person_and_day_in_as_many_queries(
    administrator, supervisor
):
    category = Category.objects.filter(is_active=True).first()
    assert category is not None
    client = client_of(administrator)
    renamed(category.pk, "Voies", administrator)
    client.get(HISTORY)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(HISTORY)
    for number in range(55):
        renamed(category.pk, f"Voies {number}", administrator)
    with CaptureQueriesContext(connection) as many:
        page = client.get(HISTORY)
    assert len(many) == len(one)
    assert len(page.context["rows"]) == 50
    further = client.get(f"{HISTORY}{page.context['page'].next_query}")
    assert len(further.context["rows"]) == 6
    for query, found in (
        ("kind=categories&q=voies 5", 6),
        (f"q={category.pk}", 50),
        ("kind=sites", 0),
        (f"who={administrator.pk}&since=2020-01-01", 50),
        ("until=2020-01-01", 0),
        ("since=0001-01-01&until=9999-12-31", 50),
    ):
        assert len(client.get(f"{HISTORY}?{query}").context["rows"]) == found, query


def test_states_are_compared_part_by_part_in_words(db):
    old = {
        "channels": ["web"],
        "legal": {"confirmed": False},
        "form_fields": [{"name": "rue", "label": "Rue"}, {"name": "bis", "label": "Bis"}],
        "opening_hours": {"monday": [["08:30", "12:30"]]},
        "expert_department": ROADS,
    }
    new = {
        "channels": ["web", "guichet"],
        "legal": {"confirmed": True},
        "form_fields": [{"name": "rue", "label": "Voie"}],
        "opening_hours": {"monday": []},
        "expert_department": None,
    }
    said = {(one.label, one.before, one.after) for one in differences(old, new)}
    assert ("Cadre légal › Confirmé", "Non", "Oui") in said
    assert ("Questions du formulaire › Voie › Libellé", "Rue", "Voie") in said
    assert ("Questions du formulaire", "Bis", "") in said
    assert ("Horaires d’ouverture › Lundi", "08:30–12:30", "") in said
    assert ("Service métier", Department.objects.get(pk=ROADS).label, "") in said
    assert ("Canaux", "Internet", "Internet, Guichet") in said
    assert len(said) == 6
    letter = LetterTemplate.objects.get(pk="decision-refus")
    pieces = [{"code": "identite", "label": "Pièce d’identité", "mode": "obligatory"}]
    old = {"templates": {"outcome_negative": None}, "prestations": []}
    new = {"templates": {"outcome_negative": letter.pk}, "prestations": [{"code": POTHOLE}]}
    said = {(one.label, one.after) for one in differences(old, new | {"documents": pieces})}
    assert said == {
        ("Modèles de lettres › Réponse défavorable", letter.label),
        ("Prestations", Prestation.objects.get(pk=POTHOLE).label),
        ("Pièces à fournir › Pièce d’identité › Libellé", "Pièce d’identité"),
        ("Pièces à fournir › Pièce d’identité › Obligation", "toujours"),
    }
