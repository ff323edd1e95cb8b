"""The town's rules decide before the catalogue, in their order, and the timeline says why."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backoffice.timeline import timeline_of
from massy_grc.outbox.models import Delivery
from massy_grc.users.models import User
from prestations.calendars import PARIS
from prestations.enums import Channel, RequesterKind, Role
from prestations.models import Department, Prestation, Street, Team, Training
from requests import actions
from requests.enums import AlertKind, RuleOff, State
from requests.exceptions import MissingInput, NotAllowed, StaleRequest
from requests.models import Alert, RoutingRule, ServiceRequest
from requests.tasks import check_routing
from tests.backoffice.conftest import client_of
from tests.factories.places import make_register
from tests.factories.requests import make_request
from tests.factories.users import make_agent

pytestmark = pytest.mark.django_db

GRAFFITI = "voirie-graffitis"
ROADS, PARKS = "voirie-assainissement", "espaces-verts"
AROUND_MERMOZ = [[[2.27, 48.72], [2.29, 48.72], [2.29, 48.74], [2.27, 48.74]]]


@pytest.fixture
def parks(catalogue):
    return Department.objects.get(pk=PARKS)


def route(sr) -> ServiceRequest:
    return actions.route_request(request_id=sr.pk)


def words_of(sr) -> str:
    return "\n".join(item.words for item in timeline_of(sr))


def colleague(*, name: str, seen=True, trained=True, department=ROADS) -> User:
    """An agent of the roads, at work today and trained for graffiti."""
    agent = make_agent(
        Role.AGENT_EXPERT, first_name="Agent", last_name=name, department_id=department
    )
    if seen:
        User.objects.filter(pk=agent.pk).update(seen_at=timezone.now())
    if trained:
        Training.objects.create(user=agent, prestation_id=GRAFFITI)
    return agent


def test_a_rule_decides_before_the_catalogue_and_says_so(rule, graffiti, parks):
    rule(label="Graffitis aux parcs", prestations=[GRAFFITI], department=parks)
    routed = route(graffiti())
    assert (routed.state, routed.department_id) == (State.TRANSMISE, PARKS)
    assert routed.department_due_at is not None
    assert "D’après la règle «\xa0Graffitis aux parcs\xa0»" in words_of(routed)


def test_no_rule_that_holds_leaves_it_to_the_catalogue(rule, graffiti, parks):
    rule(prestations=["voirie-mobilier-urbain"], department=parks)
    rule(prestations=[GRAFFITI], department=parks, on=False)
    assert route(graffiti()).department_id == ROADS


def test_the_first_rule_in_the_order_decides(rule, graffiti, parks, administrator):
    first = rule(prestations=[GRAFFITI], department=parks)
    rule(prestations=[GRAFFITI], team=Team.objects.get(pk="proximite"))
    assert route(graffiti()).department_id == PARKS
    actions.switch_off_rule(actor=administrator, rule_id=first.pk)
    routed = route(graffiti())
    assert (routed.state, routed.department_id) == (State.EN_COURS, None)


def test_a_team_takes_over_what_the_front_office_keeps(rule, certificate_request):
    rule(prestations=["acte-naissance-filiation"], team=Team.objects.get(pk="proximite"))
    routed = route(certificate_request)
    assert routed.team_id == "proximite"
    assert "Suivie par\xa0: Service Proximité" in words_of(routed)


@pytest.fixture
def certificate_request(catalogue):
    person = {"nom_famille": "Lemaire", "prenom": "Inès", "email": "ines@courriel.example"}
    return make_request(
        prestation=catalogue["acte-naissance-filiation"],
        answers={"demandeur": person, "reponses": {}},
    )


@pytest.mark.parametrize(
    ("conditions", "fields", "holds"),
    [
        ({"categories": ["voirie-assainissement-graffitis"]}, {}, True),
        ({"categories": ["espaces-verts"]}, {}, False),
        (
            {"prestations": ["passeport"], "categories": ["voirie-assainissement-graffitis"]},
            {},
            True,
        ),
        ({"channels": [Channel.WEB]}, {}, True),
        ({"channels": [Channel.COURRIER]}, {}, False),
        ({"requester_kinds": [RequesterKind.ASSOCIATION]}, {}, False),
        ({"requester_kinds": [RequesterKind.ASSOCIATION]}, {"requester_kind": "association"}, True),
        ({"urgent": True}, {"urgent": True}, True),
        ({"urgent": True}, {}, False),
        ({"urgent": False}, {}, True),
        ({"keywords": ["école"]}, {"subject": "Tag raciste, mur de l’ECOLE"}, True),
        ({"keywords": ["école"]}, {"subject": "Tags sur deux écoles"}, True),
        ({"keywords": ["rat"]}, {"subject": "Il faut rattraper ce retard"}, False),
        ({"keywords": ["transformateur électrique"]}, {"subject": "Un transformateur"}, False),
        ({"keywords": ["tag", "trou"]}, {"subject": "Mur sale"}, True),  # in the description
        ({"keywords": [".*"]}, {"subject": "Mur sale"}, False),
        ({"urgent": True, "channels": [Channel.WEB]}, {}, False),
    ],
)
def test_every_condition_must_hold(rule, graffiti, parks, conditions, fields, holds):
    rule(**conditions, department=parks)
    described = {"demandeur": {}, "reponses": {"description": "Un trou"}}
    form_of_one_text(graffiti)
    assert (route(graffiti(answers=described, **fields)).department_id == PARKS) == holds


def form_of_one_text(graffiti) -> None:
    """The form asks for a description, so that what is written there is a free text."""
    prestation = Prestation.objects.select_related("current_form").get(pk=GRAFFITI)
    form = prestation.current_form
    if not any(field["name"] == "description" for field in form.definition["fields"]):
        field = {"name": "description", "type": "textarea", "label": "Description"}
        form.definition["fields"].append(field)
        form.save()


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (datetime(2026, 1, 12, 10, 0, tzinfo=PARIS), "open"),
        (datetime(2026, 1, 12, 12, 45, tzinfo=PARIS), "closed"),  # at noon
        (datetime(2026, 1, 11, 10, 0, tzinfo=PARIS), "closed"),  # a Sunday
        (datetime(2026, 12, 24, 16, 30, tzinfo=PARIS), "closed"),  # Christmas Eve, closed early
    ],
)
def test_opening_hours_are_those_at_the_arrival(rule, graffiti, parks, moment, opening):
    rule(opening="open", department=parks)
    sr = graffiti(arrived_at=moment)
    assert (route(sr).department_id == PARKS) == (opening == "open")


def test_a_sector_is_a_polygon_or_streets_of_the_register(rule, graffiti, parks):
    mermoz, arts = make_register()
    rule(sector="Sud", area=AROUND_MERMOZ, streets=[arts.pk], department=parks)
    inside = {"latitude": 48.7305, "longitude": 2.2786}
    outside = {"latitude": 48.7600, "longitude": 2.2786}
    assert route(graffiti(**inside)).department_id == PARKS
    assert route(graffiti(**outside)).department_id == ROADS
    assert route(graffiti(street=arts, **outside)).department_id == PARKS
    assert route(graffiti(street=mermoz)).department_id == PARKS  # by the middle of the street
    assert route(graffiti()).department_id == ROADS  # nobody knows where


def test_a_named_person_gets_it(rule, graffiti, expert):
    rule(prestations=[GRAFFITI], department=Department.objects.get(pk=ROADS), person=expert)
    routed = route(graffiti())
    assert (routed.department_id, routed.assignee) == (ROADS, expert)
    assert "Confiée à Karim Benali, que la règle désigne" in words_of(routed)


def test_a_named_front_office_agent_becomes_the_interlocutor(rule, graffiti, proximite_agent):
    rule(prestations=[GRAFFITI], person=proximite_agent)
    routed = route(graffiti())
    assert (routed.state, routed.department) == (State.EN_COURS, None)
    assert routed.assignee == routed.front_agent == proximite_agent


def test_the_least_busy_of_those_trained_and_present_gets_it(rule, graffiti, catalogue):
    rule(prestations=[GRAFFITI], department=Department.objects.get(pk=ROADS), to_colleague=True)
    colleague(name="Absente", seen=False)
    colleague(name="Nouveau", trained=False)
    colleague(name="Ailleurs", department=PARKS)
    first, second = colleague(name="Prime"), colleague(name="Second")
    given = [route(graffiti()) for _ in range(4)]
    assert [sr.assignee for sr in given] == [first, second, first, second]
    assert (
        "Confiée à Agent Second, qui a le moins de demandes ouvertes (1) des 2 personnes"
        " formées et présentes" in words_of(given[3])
    )


def test_closed_requests_weigh_nothing(rule, graffiti, catalogue):
    rule(prestations=[GRAFFITI], department=Department.objects.get(pk=ROADS), to_colleague=True)
    first, second = colleague(name="Prime"), colleague(name="Second")
    for _ in range(3):
        graffiti(assignee=first, state=State.CLOSE)
    graffiti(assignee=second, state=State.TRANSMISE)
    assert route(graffiti()).assignee == first


def test_the_only_one_who_can_is_named_as_such(rule, graffiti, catalogue):
    rule(prestations=[GRAFFITI], department=Department.objects.get(pk=ROADS), to_colleague=True)
    colleague(name="Seule")
    assert "Confiée à Agent Seule, seule personne formée et présente" in words_of(route(graffiti()))


def test_with_nobody_trained_and_present_the_department_shares_it_out(rule, graffiti, catalogue):
    rule(prestations=[GRAFFITI], department=Department.objects.get(pk=ROADS), to_colleague=True)
    yesterday = colleague(name="Hier")
    User.objects.filter(pk=yesterday.pk).update(seen_at=timezone.now() - timedelta(days=1))
    routed = route(graffiti())
    assert (routed.department_id, routed.assignee) == (ROADS, None)
    assert "Personne n’est à la fois formé et présent\xa0: elle reste à prendre" in words_of(routed)


def test_whoever_logged_it_at_the_counter_keeps_it(rule, catalogue, eas_agent, proximite_agent):
    rule(prestations=[GRAFFITI], team=Team.objects.get(pk="proximite"), to_colleague=True)
    User.objects.filter(pk=proximite_agent.pk).update(seen_at=timezone.now())
    Training.objects.create(user=proximite_agent, prestation_id=GRAFFITI)
    logged = make_request(prestation=catalogue[GRAFFITI], channel=Channel.GUICHET, actor=eas_agent)
    assert route(logged).assignee == eas_agent
    assert route(make_request(prestation=catalogue[GRAFFITI])).assignee == proximite_agent


def test_another_prestation_is_decided_anew_by_the_rules(rule, graffiti, parks, eas_agent):
    rule(prestations=["voirie-mobilier-urbain"], department=parks)
    routed = route(graffiti())
    qualified = actions.qualify_request(
        request_id=routed.pk,
        version=None,
        actor=eas_agent,
        prestation=Prestation.objects.get(pk="voirie-mobilier-urbain"),
    )
    assert qualified.department_id == PARKS
    assert "Transmise au service «\xa0Espaces verts\xa0». D’après la règle" in words_of(qualified)


# --- writing, replaying, switching on --------------------------------------------------------


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
    graffiti(days_ago=3)
    rule(prestations=[GRAFFITI], department=Department.objects.get(pk=ROADS))
    behind = rule(prestations=[GRAFFITI], department=parks, on=False)
    replay = actions.replay_rule(actor=administrator, rule_id=behind.pk)
    assert (replay.held, replay.differences) == (0, [])


# --- switching itself off --------------------------------------------------------------------


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


# --- loops and dead ends ---------------------------------------------------------------------


def go_round(sr, agent, *, stops=("espaces-verts", "batiments", ROADS, "espaces-verts")):
    for stop in stops:
        sr = actions.transfer_request(
            request_id=sr.pk, version=None, actor=agent, department=Department.objects.get(pk=stop)
        )
    return sr


def test_one_transfer_too_many_ends_with_the_manager_alerted_once(graffiti, eas_agent, supervisor):
    sr = go_round(route(graffiti()), eas_agent)
    assert sr.department_id == PARKS
    stopped = go_round(sr, eas_agent, stops=["batiments"])
    assert (stopped.state, stopped.department, stopped.assignee) == (
        State.EN_COURS,
        None,
        supervisor,
    )
    alert = Alert.objects.get(request=sr, kind=AlertKind.MISROUTED)
    assert "Transmission arrêtée. Elle est passée de service en service" in words_of(stopped)
    assert "confiée à Irène Lopez" in words_of(stopped)
    decided = go_round(stopped, supervisor, stops=["batiments"])  # the manager may
    alert.refresh_from_db()
    assert decided.department_id == "batiments"
    assert alert.cleared_at is not None
    again = go_round(decided, eas_agent, stops=[ROADS])
    assert again.assignee == supervisor
    assert sr.events.filter(verb="alert").count() == 1
    alert.refresh_from_db()
    assert alert.cleared_at is None  # it stands again, told once


def test_whoever_transfers_once_too_often_is_told(graffiti, eas_agent, supervisor):
    sr = go_round(route(graffiti()), eas_agent)
    answer = client_of(eas_agent).post(
        f"/agent/demandes/{sr.reference}/transfer/",
        {"version": sr.version, "department": "batiments"},
        follow=True,
    )
    assert "La demande a trop changé de service" in answer.content.decode()
    sr.refresh_from_db()
    assert sr.assignee == supervisor


def test_departments_that_all_say_no_end_with_the_manager(graffiti, eas_agent, supervisor):
    sr = route(graffiti())
    for stop in (PARKS, "batiments"):
        actions.return_request(request_id=sr.pk, version=None, actor=eas_agent, note="Pas nous.")
        sr = go_round(sr, eas_agent, stops=[stop])
    stopped = actions.return_request(
        request_id=sr.pk, version=None, actor=eas_agent, note="Ni nous."
    )
    assert (stopped.state, stopped.assignee) == (State.EN_COURS, supervisor)
    assert stopped.notes.count() == 3
    assert Alert.objects.filter(request=sr, kind=AlertKind.MISROUTED, cleared_at=None).exists()


def test_a_dead_end_of_the_catalogue_goes_to_the_manager(graffiti, supervisor):
    Department.objects.filter(pk=ROADS).update(is_active=False)
    routed = route(graffiti())
    assert (routed.state, routed.assignee, routed.front_agent) == (
        State.EN_COURS,
        supervisor,
        supervisor,
    )
    assert Alert.objects.get(request=routed).kind == AlertKind.MISROUTED
    assert "est fermé\xa0: confiée à Irène Lopez, qui décide de la suite" in words_of(routed)


def test_without_any_manager_the_front_office_keeps_it(graffiti):
    Department.objects.filter(pk=ROADS).update(is_active=False)
    routed = route(graffiti())
    assert (routed.state, routed.assignee) == (State.EN_COURS, None)
    assert "est fermé\xa0: l’accueil la garde" in words_of(routed)


def test_what_a_closing_department_holds_comes_back_once(graffiti, supervisor):
    routed = route(graffiti())
    Department.objects.filter(pk=ROADS).update(is_active=False)
    assert check_routing()["recalled"] == 1
    assert check_routing()["recalled"] == 0
    routed.refresh_from_db()
    assert (routed.state, routed.department, routed.assignee) == (
        State.EN_COURS,
        None,
        supervisor,
    )
    assert routed.events.filter(verb="return").count() == 1
