"""Pages on narrow screens, under fingers and keyboards (bars 18, 22, 23, 24)."""

import pytest
from playwright.sync_api import expect

from prestations.enums import Role
from requests.models import ServiceRequest
from tests.browser.answering import pass_conditions
from tests.browser.visitor import Visitor
from tests.requests.filed import EMAIL, file_request

pytestmark = pytest.mark.browser

WIDTHS = (320, 390)
CERTIFICATE = "acte-naissance-filiation"
# What a person walking with Tab sees of the focused element: nothing, a ring, what covers it.
_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  return {
    what: one.outerHTML.slice(0, 150),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    covered: !(top && (one.contains(top) || top.contains(one) || one.labels?.[0]?.contains(top))),
  };
}"""
_SPACING = """* {
  line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
}
p { margin-bottom: 2em !important; }"""
# Texts that a box of a fixed size hides.
_CUT = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.offsetParent && one.innerText && getComputedStyle(one).overflow === "hidden"
    && !one.matches(".visually-hidden, .visually-hidden *")
    && (one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2))
  .map((one) => one.outerHTML.slice(0, 200))"""


def fits(visitor: Visitor) -> None:
    """No sideways scroll at any width; nothing wrong, small targets included."""
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 740})
        assert not visitor.scrolls_sideways(), f"{visitor.page.url} at {width} px"
    visitor.finds_no_fault()


def track(citizen: Visitor, sent: ServiceRequest) -> None:
    citizen.opens("/suivi/")
    citizen.fills("Référence de la demande", sent.reference)
    citizen.fills("Adresse électronique ou code de suivi", EMAIL)
    citizen.presses_button("Voir ma demande")
    citizen.sees("Prochaine étape")


def test_nothing_is_cut_with_the_spacing_of_wcag(visitor):
    citizen = visitor(bypass_csp=True)
    citizen.page.set_viewport_size({"width": 320, "height": 740})
    track(citizen, file_request("voirie-intervention-rapide"))
    paths = ("/", "/prestations/", f"/prestations/{CERTIFICATE}/", "/contact/", "/compte/login/")
    for path in ("", *paths):
        if path:
            citizen.opens(path)
        citizen.page.add_style_tag(content=_SPACING)
        assert not citizen.scrolls_sideways(), citizen.page.url
        assert citizen.page.evaluate(_CUT) == [], citizen.page.url


def test_the_state_of_a_request_is_seen_without_scrolling(visitor):
    citizen = visitor()
    citizen.page.set_viewport_size({"width": 360, "height": 740})
    track(citizen, file_request("voirie-intervention-rapide"))
    for told in ("Dernière étape", "Prochaine étape", "Service responsable"):
        expect(citizen.page.get_by_text(told)).to_be_in_viewport(ratio=1)
    expect(citizen.page.locator(".standing")).to_be_in_viewport(ratio=1)
    fits(citizen)


def test_agents_pages_fit_a_small_telephone(demo_agent):
    agent = demo_agent(Role.AGENT_PROXIMITE)
    waiting = ServiceRequest.objects.open().order_by("pk").first()
    for path in (
        "/agent/",
        "/agent/demandes/?vue=toutes",
        waiting.get_absolute_url(),
        "/agent/accueil/",
        "/agent/citoyens/",
    ):
        agent.opens(path)
        fits(agent)


def test_the_dashboard_fits_a_small_telephone(demo_agent):
    manager = demo_agent(Role.MANAGER)
    manager.opens("/pilotage/")
    fits(manager)


def walk(visitor: Visitor) -> int:
    """Press Tab through the page: each stop shows a ring, and nothing covers it."""
    stops = 0
    visitor.hits("Tab")
    while (seen := visitor.page.evaluate(_FOCUS)) and stops < 120:
        assert seen["ring"], f"no ring: {seen['what']}"
        assert not seen["covered"], f"covered: {seen['what']}"
        stops += 1
        visitor.hits("Tab")
    return stops


def test_the_focus_is_seen_at_every_stop(visitor, demo_agent):
    citizen = visitor()
    citizen.opens(f"/prestations/{CERTIFICATE}/demande/")
    citizen.presses_button("Commencer")
    pass_conditions(citizen, CERTIFICATE)
    citizen.arrives_at("L'acte")
    citizen.chooses("Document demandé", "Extrait avec filiation")
    citizen.presses_button("Continuer")
    citizen.arrives_at("La personne concernée")
    assert walk(citizen) > 10
    agent = demo_agent(Role.AGENT_EAS)
    agent.opens("/agent/demandes/?vue=toutes")
    assert walk(agent) > 40
