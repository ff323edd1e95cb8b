"""On a small phone the first screen says where the request stands (use bar 18)."""

import pytest

from prestations.models import Prestation
from requests import actions
from requests.tracking import tracking_link
from tests.browser.visitor import Visitor
from tests.requests.filed import file_request

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone(visitor) -> Visitor:
    visitor = visitor()
    visitor.page.set_viewport_size(PHONE)
    return visitor


def open_page(phone: Visitor, service_request) -> None:
    link = tracking_link(service_request)
    phone.opens(link[link.index("/suivi/") :])


def bottom_of(phone: Visitor, selector: str) -> float:
    box = phone.page.locator(selector).bounding_box()
    return box["y"] + box["height"]


def test_longest_titles_still_fit_the_first_screen(catalogue, phone):
    complexes = Prestation.objects.filter(
        handling="complexe", status="active", channels__contains=["web"]
    )
    longest = max(
        complexes.select_related("expert_department"),
        key=lambda one: len(one.label) + 2 * len(one.expert_department.label),
    )
    service_request = file_request(longest.pk, now=None)
    actions.route_request(request_id=service_request.pk)

    open_page(phone, service_request)

    assert bottom_of(phone, ".standing-facts") <= PHONE["height"]
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"]
    phone.arrives_at(longest.label)


def test_missing_pair_is_told_plainly(catalogue, phone):
    phone.opens("/suivi/")
    phone.fills("Référence de la demande", "2026 987654 5")
    phone.fills("Adresse électronique ou code de suivi", "jeanne@courriel.example")
    phone.presses_button("Voir ma demande")

    phone.sees("Cette référence comporte une erreur de frappe")
    phone.arrives_at("Suivre ma demande")
