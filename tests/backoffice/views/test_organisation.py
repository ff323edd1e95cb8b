"""Departments, sites and the rights matrix, kept by the administrator (issue 5)."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from massy_grc.audit.models import AccessRecord
from prestations.calendars import PARIS
from prestations.enums import Role
from prestations.models import (
    ConfigurationChange,
    Department,
    Facility,
    Membership,
    Prestation,
    SearchEntry,
    ServiceContract,
    Site,
)
from requests import actions
from requests.actions.tasks import ask_task
from requests.enums import RuleOff, TaskKind, Verb
from requests.models import RoutingRule
from requests.permissions import RIGHTS, Right, scope_of
from requests.tasks import check_routing
from tests.backoffice.conftest import client_of
from tests.factories.users import make_agent
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
SERVICES = "/agent/parametrage/services/"
POTHOLE, ROADS, PARKS = "voirie-intervention-rapide", "voirie-assainissement", "espaces-verts"
TREES = "espaces-verts-entretien"


def routed(prestation: str):
    return actions.route_request(request_id=file_request(prestation).pk)


def with_rule(administrator) -> RoutingRule:
    rule = actions.write_rule(
        actor=administrator,
        label="Urgences",
        conditions={"prestations": [POTHOLE]},
        department=Department.objects.get(pk=ROADS),
    )
    RoutingRule.objects.filter(pk=rule.pk).update(enabled=True)
    return rule


def test_a_department_that_closes_hands_on_all_it_holds_in_one_recorded_act(
    administrator, eas_agent, expert
):
    client = client_of(administrator)
    pothole, trees, rule = routed(POTHOLE), routed(TREES), with_rule(administrator)
    ask_task(
        request_id=trees.pk,
        version=None,
        actor=eas_agent,
        departments=[Department.objects.get(pk=ROADS)],
        kind=TaskKind.WORK,
        asked="Barrer la rue",
        due_on=datetime.now(PARIS).date(),
    )
    place = Membership.objects.get(user=expert, department=ROADS)
    page = client.get(f"{SERVICES}{ROADS}/fermer/")
    held = page.context["held"]
    assert (held.requests, held.tasks, held.contracts, held.rules) == (1, 1, 1, 1)
    assert held.agents >= 1
    assert held.prestations > 1
    client.post(f"{SERVICES}{ROADS}/fermer/", {"successor": PARKS, "reason": ""})
    assert Department.objects.get(pk=ROADS).is_active  # without a reason nothing closes
    client.post(f"{SERVICES}{ROADS}/fermer/", {"successor": PARKS, "reason": "Fusion"})
    pothole.refresh_from_db()
    assert (pothole.department_id, pothole.events.last().verb) == (PARKS, Verb.TRANSFER)
    task = trees.tasks.get()  # the successor leads it already: it is not asked of itself
    assert task.ended_at is not None
    place.refresh_from_db()
    assert place.department_id == PARKS
    assert PARKS in scope_of(type(expert).objects.get(pk=expert.pk)).departments
    assert not ServiceContract.objects.get(pk=ROADS).is_active
    assert Prestation.objects.get(pk=POTHOLE).expert_department_id == PARKS
    rule.refresh_from_db()
    assert (rule.enabled, rule.switched_off_why) == (False, RuleOff.DEPARTMENT_CLOSED)
    changes = ConfigurationChange.objects.filter(reason="Fusion", actor=administrator)
    kinds = set(changes.values_list("kind", flat=True))
    assert kinds == {"departments", "prestations", "contracts", "routing_rules"}
    closed = client.get(f"{SERVICES}{ROADS}/")
    assert "Espaces" in closed.content.decode()
    handed = closed.context["handed_on"]
    assert {one.change.kind for one in handed.changes} == kinds - {"departments"}
    assert expert in handed.agents
    client.post(f"{SERVICES}{ROADS}/rouvrir/")
    assert Department.objects.get(pk=ROADS).successor is None
    assert ConfigurationChange.objects.latest("pk").before is None


def test_without_a_successor_all_falls_back_to_the_front_office(administrator, supervisor, expert):
    pothole = routed(POTHOLE)
    client_of(administrator).post(f"{SERVICES}{ROADS}/fermer/", {"reason": "Supprimé"})
    pothole.refresh_from_db()
    assert pothole.department_id is None
    assert pothole.events.filter(verb=Verb.RETURN, data__closed_department=ROADS).exists()
    assert not Membership.objects.filter(department=ROADS).exists()
    assert check_routing()["recalled"] == 0


def test_a_site_that_closes_says_what_hangs_on_it_and_hands_it_on(administrator, eas_agent):
    client, annexe = client_of(administrator), "/agent/parametrage/sites/mairie-annexe/"
    site, other = Site.objects.get(pk="mairie-annexe"), Site.objects.exclude(pk="mairie-annexe")[0]
    Membership.objects.filter(user=eas_agent).update(site=site)
    offered = list(Prestation.objects.filter(sites=site).values_list("pk", flat=True))
    held = client.get(f"{annexe}fermer/").context["held"]
    assert (held.prestations, held.agents) == (len(offered), 1)
    client.post(f"{annexe}fermer/", {"successor": other.pk, "reason": "Travaux"})
    assert set(other.prestations.values_list("pk", flat=True)) >= set(offered)
    assert not site.prestations.exists()
    assert eas_agent.memberships.get().site == other
    with CaptureQueriesContext(connection) as few:
        page = client.get(annexe)
    assert other.label in page.content.decode()
    assert len(page.context["handed_on"].changes) == (
        held.prestations + held.closures + held.facilities
    )
    assert page.context["handed_on"].agents == [eas_agent]
    moved = AccessRecord.objects.get(action__startswith="site_moved")
    for number in range(19):
        agent = make_agent(Role.AGENT_EAS, first_name="A", last_name=f"B{number}")
        given = {"user": administrator, "action": moved.action, "at": moved.at}
        AccessRecord.objects.create(object_type="user", object_id=agent.pk, **given)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(annexe).context["handed_on"].agents) == 20
    assert len(many) == len(few)
    client.post(f"{annexe}rouvrir/")
    site.refresh_from_db()
    assert (site.is_active, site.successor) == (True, None)
    assert Facility.objects.get(pk=site.pk).site == site  # the directory's words of it stay with it
    only = Prestation.objects.get(pk=offered[0])
    only.sites.set([site])
    assert client.get(f"{annexe}fermer/").context["held"].only_here == (only,)
    client.post(f"{annexe}fermer/", {"reason": "Travaux"})  # without anybody to take over
    assert not SearchEntry.objects.filter(key=site.pk).exists()
    public = client.get(f"/accueil-du-public/{site.pk}/").content.decode()
    assert "Ce lieu est fermé" in public
    assert other.label in public
    assert site.label not in client.get("/accueil-du-public/").content.decode()
    assert "Aucun guichet" in client.get(f"/prestations/{only.pk}/").content.decode()
    Facility.objects.filter(pk=site.pk).update(site=None)  # as closings left it before
    assert client.post(f"{annexe}rouvrir/").status_code == 302
    assert SearchEntry.objects.filter(key=site.pk).count() == 1


def test_departments_and_sites_are_written_and_their_mistakes_told(administrator):
    client = client_of(administrator)
    values = {
        "label": "Ponts et quais",
        "direction": Department.objects.get(pk=ROADS).direction_id,
        "target_return_days": 5,
        "reason": "Nouveau service",
    }
    client.post(f"{SERVICES}nouveau/", values)
    made = Department.objects.get(label="Ponts et quais")
    assert (made.pk, made.target_return_days, made.is_active) == ("ponts-et-quais", 5, True)
    page = f"{SERVICES}{made.pk}/"
    values["seen"] = client.get(page).context["seen"].value
    client.post(page, {**values, "label": "Ponts"})
    refused = client.post(page, {**values, "phone": "01 60 13 00 00"}).content.decode()
    assert "Quelqu’un d’autre l’a modifié entre-temps." in refused
    assert "01 60 13 00 00" in refused
    assert Department.objects.get(pk=made.pk).label == "Ponts"
    change = ConfigurationChange.objects.latest("pk")
    assert (change.before["label"], change.after["label"]) == ("Ponts et quais", "Ponts")
    annexe = "/agent/parametrage/sites/mairie-annexe/"
    page = client.get(annexe)
    week = {field.name: field.value() for field in page.context["form"].days()}
    before = Site.objects.get(pk="mairie-annexe").opening_hours
    site = {"label": "Annexe", "address": "1, rue", "counters": 2, **week}
    site["seen"] = page.context["seen"].value
    client.post(annexe, site)
    known = Site.objects.get(pk="mairie-annexe")
    assert (known.label, known.opening_hours) == ("Annexe", before)
    page = client.post(annexe, {**site, "label": "Mairie annexe"})
    assert "entre-temps" in page.content.decode()
    site["seen"] = page.context["seen"].value
    for said, wrong in (("8h30-12h, 11h-17h", "ne se suivent pas"), ("matin", "par exemple")):
        page = client.post(annexe, {**site, "monday": said})
        assert wrong in page.content.decode()
    client.post(annexe, {**site, "monday": "8h-12h30,14h-17h"})
    monday = Site.objects.get(pk="mairie-annexe").opening_hours["monday"]
    assert monday == [["08:00", "12:30"], ["14:00", "17:00"]]


def test_the_rights_matrix_is_that_of_the_code(administrator, eas_agent):
    page = client_of(administrator).get("/agent/parametrage/droits/?role=agent-eas")
    assert list(page.context["holders"]) == [eas_agent]
    rows = dict(zip(Right, page.context["rows"], strict=True))
    for right, row in rows.items():
        assert {role for role, has in row.held if has} == {
            role for role, rights in RIGHTS.items() if right in rights
        }
    assert "/agent/parametrage/droits/" in rows[Right.ADMINISTER].pages
    assert "/agent/parametrage/droits/" not in rows[Right.SUPERVISE].pages
