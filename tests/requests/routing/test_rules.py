"""The town's rules decide before the catalogue, in their order, and the timeline says why."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from massy_grc.users.models import User
from prestations.calendars import PARIS
from prestations.enums import Channel, RequesterKind
from prestations.models import Department, Prestation, Team, Training
from requests import actions
from requests.enums import State
from tests.factories.places import make_register
from tests.factories.requests import make_request
from tests.requests.routing.support import GRAFFITI, PARKS, ROADS, colleague, route, words_of

pytestmark = pytest.mark.django_db

AROUND_MERMOZ = [[[2.27, 48.72], [2.29, 48.72], [2.29, 48.74], [2.27, 48.74]]]


def test_a_rule_decides_before_the_catalogue_and_says_so(rule, graffiti, parks):
    rule(label="Graffitis aux parcs", prestations=[GRAFFITI], department=parks)
    routed = route(graffiti())
    assert (routed.state, routed.department_id) == (State.TRANSMISE, PARKS)
    assert routed.department_due_at is not None
    assert "D’après la règle «\xa0Graffitis aux parcs\xa0»" in words_of(routed)


def test_the_life_of_the_request_says_what_the_rule_asked_and_which_words_it_found(
    rule, graffiti, parks
):
    rule(prestations=[GRAFFITI], keywords=["tag", "trou", "benne"], urgent=False, department=parks)
    routed = route(graffiti(subject="Un tag, deux trous, un tag"))
    told = "la prestation, l’urgence, les mots «\xa0tag\xa0», «\xa0trous\xa0»"
    assert f"Elle remplit ses conditions\xa0: {told}" in words_of(routed)


def test_whom_a_rule_names_in_another_team_takes_it_over_with_their_team(rule, graffiti, eas_agent):
    """The citizen's interlocutor is of the team that follows the request."""
    eas_agent.memberships.update(team="eas")
    rule(prestations=[GRAFFITI], person=eas_agent)
    routed = route(graffiti(team_id="proximite"))
    assert (routed.assignee, routed.team_id) == (eas_agent, "eas")


def test_no_rule_that_holds_leaves_it_to_the_catalogue(rule, graffiti, parks):
    rule(prestations=["voirie-mobilier-urbain"], department=parks)
    rule(prestations=[GRAFFITI], department=parks, on=False)
    assert route(graffiti()).department_id == ROADS


def test_the_first_rule_in_the_order_decides(rule, graffiti, parks, administrator):
    first = rule(prestations=[GRAFFITI], department=parks)
    rule(prestations=[GRAFFITI], team=Team.objects.get(pk="proximite"))
    assert route(graffiti()).department_id == PARKS
    actions.file_rule(actor=administrator, rule_id=first.pk)
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
    odd = {arts.pk: [[1, 9, "odd"]]}
    rule(sector="Sud", area=AROUND_MERMOZ, streets=[arts.pk], numbers=odd, department=parks)
    inside = {"latitude": 48.7305, "longitude": 2.2786}
    outside = {"latitude": 48.7600, "longitude": 2.2786}
    assert route(graffiti(**inside)).department_id == PARKS
    assert route(graffiti(**outside)).department_id == ROADS
    house = {"street": arts, **outside}
    assert route(graffiti(**house, street_number="9 bis")).department_id == PARKS
    for number in ("8", "11", ""):  # of the square, a part
        assert route(graffiti(**house, street_number=number)).department_id == ROADS
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


# --- switching itself off --------------------------------------------------------------------


# --- loops and dead ends ---------------------------------------------------------------------
