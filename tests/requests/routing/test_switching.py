"""Rules are written, replayed on real requests, switched on as replayed, and off by themselves."""

import pytest
from django.utils import timezone

from massy_grc.outbox.models import Delivery
from massy_grc.users.models import User
from prestations.models import Department, Prestation, Street, Team
from requests import actions
from requests.enums import RuleOff
from requests.exceptions import MissingInput, NotAllowed, StaleRequest
from requests.models import RoutingRule, ServiceRequest
from requests.tasks import check_routing
from tests.factories.places import make_register
from tests.factories.requests import make_request
from tests.requests.routing.support import GRAFFITI, PARKS, ROADS, route

pytestmark = pytest.mark.django_db


def test_only_an_administrator_writes_rules(supervisor, parks):
    with pytest.raises(NotAllowed):
        actions.write_rule(
            actor=supervisor,
            label="x",
            conditions={"prestations": [GRAFFITI]},
            department=parks,
        )


@pytest.mark.parametrize(
    "given",
    [
        {"conditions": {"sector": "Sans lieu"}},
        {"conditions": {"prestations": []}},
        {"department": None},
        {"person": "eas_agent"},
    ],
)
def test_a_rule_needs_a_condition_and_a_place_that_fits(administrator, parks, request, given):
    whole = {"conditions": {"prestations": [GRAFFITI]}, "department": parks} | given
    if "person" in whole:
        whole["person"] = request.getfixturevalue(whole["person"])
    with pytest.raises(MissingInput):
        actions.write_rule(actor=administrator, label="x", **whole)


def test_a_rule_is_switched_on_only_as_it_was_replayed(rule, administrator, parks):
    known = rule(prestations=[GRAFFITI], department=parks, on=False)
    with pytest.raises(StaleRequest):
        actions.switch_on_rule(actor=administrator, rule_id=known.pk, digest="")
    replay = actions.replay_rule(actor=administrator, rule_id=known.pk)
    changed = actions.write_rule(
        actor=administrator,
        rule_id=known.pk,
        version=known.version,
        label=known.label,
        conditions={"channels": ["web"]},
        department=parks,
    )
    with pytest.raises(StaleRequest):
        actions.switch_on_rule(actor=administrator, rule_id=known.pk, digest=replay.digest)
    replay = actions.replay_rule(actor=administrator, rule_id=known.pk)
    assert actions.switch_on_rule(
        actor=administrator, rule_id=changed.pk, digest=replay.digest
    ).enabled


def test_another_rule_in_force_meanwhile_asks_for_a_new_replay(rule, administrator, parks):
    known = rule(prestations=[GRAFFITI], department=parks, on=False)
    replay = actions.replay_rule(actor=administrator, rule_id=known.pk)
    rule(channels=["web"], department=parks)
    with pytest.raises(StaleRequest):
        actions.switch_on_rule(actor=administrator, rule_id=known.pk, digest=replay.digest)


def test_a_changed_rule_goes_off_and_a_renamed_one_stays(rule, administrator, parks):
    known = rule(prestations=[GRAFFITI], department=parks)
    same = {"rule_id": known.pk, "actor": administrator, "department": parks}
    renamed = actions.write_rule(
        **same, version=known.version, label="Autre nom", conditions={"prestations": [GRAFFITI]}
    )
    assert renamed.enabled
    changed = actions.write_rule(
        **same, version=renamed.version, label="Autre nom", conditions={"channels": ["web"]}
    )
    assert (changed.enabled, changed.switched_off_why) == (False, RuleOff.CHANGED)
    with pytest.raises(StaleRequest):
        actions.write_rule(
            **same, version=renamed.version, label="Perdu", conditions={"channels": ["sms"]}
        )


def test_a_rule_that_passes_another_in_force_is_to_be_replayed(rule, administrator, parks):
    first = rule(prestations=[GRAFFITI], department=parks)
    second = rule(channels=["web"], department=parks)
    draft = rule(channels=["sms"], department=parks, on=False)
    assert actions.move_rule(actor=administrator, rule_id=draft.pk, up=True).order == 2
    second.refresh_from_db()
    assert second.enabled  # nothing in force changed its place among those in force
    moved = actions.move_rule(actor=administrator, rule_id=first.pk, up=False)
    assert moved.enabled
    moved = actions.move_rule(actor=administrator, rule_id=first.pk, up=False)
    assert (moved.enabled, moved.switched_off_why) == (False, RuleOff.MOVED)
    order = list(RoutingRule.objects.values_list("pk", flat=True))
    assert order == [draft.pk, second.pk, first.pk]
    last = actions.move_rule(actor=administrator, rule_id=first.pk, up=False)
    assert last.order == 3  # already the last


def test_a_replay_tells_what_would_have_gone_elsewhere(rule, administrator, graffiti, parks):
    now = timezone.now()
    old, moved = graffiti(days_ago=40), graffiti(days_ago=3, urgent=True)
    graffiti(days_ago=2)  # not urgent
    make_request(
        prestation=Prestation.objects.get(pk="espaces-verts-entretien"), days_ago=1, urgent=True
    )  # goes to the parks already
    known = rule(urgent=True, department=parks, on=False)
    replay = actions.replay_rule(actor=administrator, rule_id=known.pk, now=now)
    assert (replay.examined, replay.held) == (3, 2)
    assert [pk for pk, _place in replay.differences] == [moved.pk]
    assert replay.differences[0][1]["department"] == ROADS
    assert not ServiceRequest.objects.filter(pk__in=[old.pk, moved.pk], department=parks).exists()


def test_a_rule_behind_another_that_holds_changes_nothing(rule, administrator, graffiti, parks):
    held = graffiti(days_ago=3)
    first = rule(prestations=[GRAFFITI], department=Department.objects.get(pk=ROADS))
    behind = rule(prestations=[GRAFFITI], department=parks, on=False)
    replay = actions.replay_rule(actor=administrator, rule_id=behind.pk)
    assert (replay.held, replay.differences) == (0, [])
    assert replay.earlier == [(held.pk, first.pk)]
    replay = actions.replay_rule(actor=administrator, rule_id=first.pk)
    assert replay.differences == []  # the catalogue leads there as well


def leave(expert):
    User.objects.filter(pk=expert.pk).update(is_active=False)


def move_away(expert):
    expert.memberships.update(department_id=PARKS)


@pytest.mark.parametrize(
    ("happens", "why"), [(leave, RuleOff.PERSON_LEFT), (move_away, RuleOff.PERSON_MOVED)]
)
def test_a_rule_whose_person_is_gone_goes_off_when_it_is_used(
    rule, graffiti, expert, administrator, happens, why
):
    known = rule(
        label="À Karim",
        prestations=[GRAFFITI],
        department=Department.objects.get(pk=ROADS),
        person=expert,
    )
    happens(expert)
    routed = [route(graffiti()), route(graffiti())]
    assert {sr.department_id for sr in routed} == {ROADS}
    assert {sr.assignee for sr in routed} == {None}
    known.refresh_from_db()
    assert (known.enabled, known.switched_off_why) == (False, why)
    told = Delivery.objects.get(about=f"routing_rule:{known.pk}")
    assert told.to == administrator.email
    assert "«\xa0À Karim\xa0» s'est désactivée d'elle-même" in told.body


def test_rules_that_make_no_sense_go_off_without_being_used(rule, parks, administrator):
    mermoz, _arts = make_register()
    team = Team.objects.get(pk="proximite")
    rules = {
        RuleOff.DEPARTMENT_CLOSED: rule(channels=["sms"], department=parks),
        RuleOff.TEAM_CLOSED: rule(channels=["sms"], team=team),
        RuleOff.PRESTATION_GONE: rule(
            prestations=[GRAFFITI], department=Department.objects.get(pk=ROADS)
        ),
        RuleOff.STREETS_GONE: rule(
            streets=[mermoz.pk], department=Department.objects.get(pk=ROADS)
        ),
    }
    sound = rule(
        prestations=[GRAFFITI, "voirie-mobilier-urbain"],
        department=Department.objects.get(pk=ROADS),
    )
    assert check_routing()["rules"] == 0
    Department.objects.filter(pk=PARKS).update(is_active=False)
    Team.objects.filter(pk=team.pk).update(is_active=False)
    Prestation.objects.filter(pk=GRAFFITI).update(status="historical")
    Street.objects.update(is_active=False)
    assert check_routing()["rules"] == len(rules)
    assert check_routing()["rules"] == 0
    for why, known in rules.items():
        known.refresh_from_db()
        assert (known.enabled, known.switched_off_why) == (False, why)
        assert Delivery.objects.filter(about=f"routing_rule:{known.pk}").count() == 1
    sound.refresh_from_db()
    assert sound.enabled  # one of its prestations is left


def test_a_rule_that_makes_no_sense_cannot_be_switched_on(rule, parks, administrator):
    known = rule(channels=["sms"], department=parks, on=False)
    replay = actions.replay_rule(actor=administrator, rule_id=known.pk)
    Department.objects.filter(pk=PARKS).update(is_active=False)
    with pytest.raises(MissingInput, match="fermé"):
        actions.switch_on_rule(actor=administrator, rule_id=known.pk, digest=replay.digest)
