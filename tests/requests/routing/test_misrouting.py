"""What each rule and the catalogue sent to the wrong place: the figures and their lists (S72)."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from prestations.models import Department, Prestation
from requests import actions
from requests.actions.destinations import recall_request
from requests.actions.handover import hand_over_request
from requests.enums import Outcome
from requests.models import ServiceRequest
from requests.routing.misrouting import MONTHS
from tests.backoffice.conftest import client_of
from tests.requests.routing.support import GRAFFITI, PARKS, ROADS, colleague, route

pytestmark = pytest.mark.django_db

PAGE = "/agent/parametrage/orientation/"
FURNITURE = "voirie-mobilier-urbain"


@pytest.fixture
def admin(administrator):
    return client_of(administrator, post=None)


@pytest.fixture
def head_browser(supervisor):
    """The front office's head, who reads in the list what an administrator only counts."""
    return client_of(supervisor)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page)))


def listed(browser, page: str) -> str:
    """Open the list behind the first of the page's figures."""
    (link, *_others) = re.findall(r'href="([^"]*renvoi=[^"]*)"', page)
    return browser.get(html.unescape(link)).content.decode()


def corrected(sr: ServiceRequest, how: str, front_agent, expert) -> None:
    """Send a request elsewhere, as those who have it in hand would."""
    acts = {"request_id": sr.pk, "version": sr.version}
    match how:
        case "transferred":
            actions.transfer_request(
                **acts, actor=front_agent, department=Department.objects.get(pk="batiments")
            )
        case "refused":
            actions.return_request(**acts, actor=expert, note="Ce n’est pas à nous.")
        case "qualified anew":
            kind = Prestation.objects.get(pk=FURNITURE)
            actions.qualify_request(**acts, actor=front_agent, prestation=kind)


@pytest.mark.parametrize("how", ["transferred", "refused", "qualified anew"])
def test_a_rule_s_misrouting_is_counted_and_opens_its_list(
    admin, head_browser, rule, graffiti, parks, eas_agent, how
):
    rule(label="Graffitis aux parcs", prestations=[GRAFFITI], department=parks)
    gardener = colleague(name="Jardin", department=PARKS)
    right, wrong = route(graffiti()), route(graffiti())
    corrected(wrong, how, eas_agent, gardener)
    page = admin.get(PAGE).content.decode()
    assert "2 demandes orientées, 1 envoyée ailleurs ensuite (50 %)" in words(page)
    counted = words(listed(admin, page))
    assert "1 demande " in counted
    assert wrong.reference not in counted
    found = listed(head_browser, page)
    assert wrong.reference in found
    assert right.reference not in found
    assert "la règle « Graffitis aux parcs »" in words(found)
    assert f'class="back-link" href="{PAGE}"' in listed(admin, page)
    assert 'class="back-link" href="/pilotage/"' in found


def test_what_no_rule_decided_is_counted_for_the_catalogue(
    admin, head_browser, graffiti, eas_agent, expert
):
    right, wrong, other = route(graffiti()), route(graffiti()), route(graffiti())
    corrected(wrong, "refused", eas_agent, expert)
    corrected(other, "qualified anew", eas_agent, expert)  # sent by the catalogue once more
    page = admin.get(PAGE).content.decode()
    told = words(page)
    assert "4 demandes orientées, 2 envoyées ailleurs ensuite (50 %)" in told
    roads = Department.objects.get(pk=ROADS).label
    assert f"{roads} 3 2 (67 %)" in told
    found = listed(head_browser, page)
    assert wrong.reference in found
    assert other.reference in found
    assert right.reference not in found
    assert "le catalogue, pour «" in words(found)


def test_what_follows_a_conclusion_or_a_closing_corrects_nothing(
    admin, rule, graffiti, parks, eas_agent, administrator
):
    rule(prestations=[GRAFFITI], department=parks)
    gardener = colleague(name="Jardin", department=PARKS)
    treated, recalled, inherited = route(graffiti()), route(graffiti()), route(graffiti())
    actions.take_request(request_id=inherited.pk, version=inherited.version, actor=gardener)
    heir = colleague(name="Serre", department=PARKS)
    hand_over_request(request_id=inherited.pk, actor=administrator, leaver=gardener, successor=heir)
    treated = actions.treat_request(
        request_id=treated.pk,
        version=treated.version,
        actor=gardener,
        conclusion="Nettoyé.",
        outcome=Outcome.POSITIVE,
    )
    corrected(treated, "transferred", eas_agent, gardener)
    Department.objects.filter(pk=PARKS).update(is_active=False)
    assert recall_request(request_id=recalled.pk) is not None
    page = admin.get(PAGE).content.decode()
    assert "3 demandes orientées, aucune envoyée ailleurs ensuite" in words(page)
    assert "renvoi=" not in page


def test_a_person_named_by_a_rule_and_replaced_was_the_wrong_one(
    admin, rule, graffiti, parks, administrator, head
):
    roads = Department.objects.get(pk=ROADS)
    named, other = colleague(name="Un"), colleague(name="Deux")
    graffiti_rule = rule(prestations=[GRAFFITI], department=roads, person=named)
    kept, moved = route(graffiti()), route(graffiti())
    for sr, person in ((kept, named), (moved, other)):
        actions.assign_request(request_id=sr.pk, version=sr.version, actor=head, assignee=person)
    assert "2 demandes orientées, 1 envoyée ailleurs" in words(admin.get(PAGE).content.decode())
    actions.file_rule(actor=administrator, rule_id=graffiti_rule.pk)
    given = route(graffiti())  # by the catalogue, which names nobody: giving it corrects nothing
    actions.assign_request(request_id=given.pk, version=given.version, actor=head, assignee=other)
    told = words(admin.get(PAGE).content.decode())
    assert "1 demande orientée, aucune envoyée ailleurs" in told


def test_only_the_last_months_count(admin, rule, graffiti, parks, eas_agent, expert):
    long_ago = timezone.now() - timedelta(days=31 * MONTHS + 1)
    sr = actions.route_request(request_id=graffiti(days_ago=31 * MONTHS + 1).pk, now=long_ago)
    corrected(sr, "refused", eas_agent, expert)
    page = words(admin.get(PAGE).content.decode())
    assert "Rien depuis 3 mois." in page
    forged = admin.get("/agent/demandes/?vue=pilotage&renvoi=regle:x").content.decode()
    assert sr.reference not in forged


def test_the_page_asks_as_often_for_many_as_for_few(admin, rule, graffiti, parks, eas_agent):
    rule(prestations=[GRAFFITI], department=parks)
    gardener = colleague(name="Jardin", department=PARKS)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get(PAGE)
        return len(queries)

    corrected(route(graffiti()), "refused", eas_agent, gardener)
    asked()  # what a process or a session reads once
    few = asked()
    for how in ("transferred", "refused", "qualified anew", "transferred"):
        corrected(route(graffiti()), how, eas_agent, gardener)
    assert asked() == few
