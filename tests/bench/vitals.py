"""Core Web Vitals of citizens' pages in a slow telephone's browser (bar 40):

    .venv/bin/python -m massy_grc.embedded exec --throwaway --owner -- \\
        .venv/bin/python -m tests.bench.vitals

Chromium with a processor four times slower and a slow 4G line (1.6 Mbit/s, 150 ms). Each page is
opened afresh, without cache; the middle of the runs counts. INP is the slowest answer to a Tab, a
letter and a click, as the browser itself times them.
"""

import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass

from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.bench.ground import prepare, server
from tests.browser.chromium import chromium
from tests.browser.screenshots import DEMO_PASSWORD

RUNS = 5
VIEWPORT = {"width": 360, "height": 740}
SLOW_4G = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
PAGES = {
    "portal": "/",
    "catalogue": "/prestations/",
    "prestation": "/prestations/acte-naissance-filiation/",
    "before the form": "/prestations/acte-naissance-filiation/demande/",
    "search": "/recherche/?q=naissance",
    "reports with their plan": "/signalements/",
    "tracking": "/suivi/",
    "log-in": "/compte/login/",
}
FIELD = "main :is(input[type=text], input[type=search]):not([tabindex='-1']):visible"
ROADS = "/prestations/voirie-intervention-rapide/demande/"
CITIZEN = "citoyen@demo.massy.example"
WATCH = """
window.vitals = {lcp: 0, cls: 0, inp: 0};
const watch = (type, see, more = {}) => {
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(see));
  observer.observe({type, buffered: true, ...more});
};
watch("largest-contentful-paint", (one) => { vitals.lcp = one.startTime; });
watch("layout-shift", (one) => { if (!one.hadRecentInput) vitals.cls += one.value; });
// a pointer that a loading page slides under is no interaction
const slowest = (one) => {
  if (one.interactionId) vitals.inp = Math.max(vitals.inp, one.duration);
};
watch("event", slowest, {durationThreshold: 16});
"""
# Google's « good »: milliseconds, a share of the screen, milliseconds; kB (bar 40).
GOOD = {"lcp": 2500, "cls": 0.1, "inp": 200, "weight": 200}


@dataclass(frozen=True)
class Visit:
    """One opening of one page: milliseconds, a share of the screen, milliseconds, kB."""

    lcp: float
    cls: float
    inp: float
    weight: float


def of_ones_own(browser: Browser, base: str) -> tuple[dict[str, str], StorageState]:
    """Sign in as the demonstration's citizen and begin a form; the addresses, and the cookies."""
    context = browser.new_context(viewport=VIEWPORT, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{base}/compte/login/")
    page.locator("#id_login").fill(CITIZEN)
    page.locator("#id_password").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/compte/")
    page.goto(f"{base}/compte/demandes/")
    request = page.locator('main a[href^="/demandes/"]').first.get_attribute("href") or ""
    page.goto(base + ROADS)
    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/1/")
    step = page.url.removeprefix(base)
    pages = {
        "a step of a form": step,
        "its check page": step.replace("/1/", "/verification/"),
        "one's space": "/compte/",
        "a tracked request": request,
    }
    state = context.storage_state()
    context.close()
    return pages, state


def visit(browser: Browser, address: str, state: StorageState | None = None) -> Visit:
    """Open a page as a slow telephone would, and touch it."""
    context = browser.new_context(viewport=VIEWPORT, locale="fr-FR", storage_state=state)
    page = context.new_page()
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    received: dict[str, float] = defaultdict(float)
    wire.on(
        "Network.loadingFinished",
        lambda event: received.update({event["requestId"]: event["encodedDataLength"]}),
    )
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW_4G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="networkidle")
    page.keyboard.press("Tab")
    field = page.locator(FIELD)
    if field.count():
        field.first.click()
        page.keyboard.type("a")
    page.locator("h1").click()
    page.wait_for_timeout(500)
    seen = page.evaluate("vitals")
    context.close()
    return Visit(**seen, weight=sum(received.values()) / 1000)


def main() -> int:
    return tell() if prepare(requests=300) else 2


def tell() -> int:
    """Measure all pages; print one line each; 1 when a bar is missed."""
    missed = False
    print(f"\n{'page':<26}{'LCP ms':>9}{'CLS':>8}{'INP ms':>9}{'kB':>8}")
    with server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        own, state = of_ones_own(browser, base)
        for name, path in (PAGES | own).items():
            cookies = state if name in own else None
            visits = [visit(browser, base + path, cookies) for _run in range(RUNS)]
            middle = {key: statistics.median(getattr(one, key) for one in visits) for key in GOOD}
            missed |= any(middle[key] > most for key, most in GOOD.items())
            print(
                f"{name:<26}{middle['lcp']:>9.0f}{middle['cls']:>8.3f}"
                f"{middle['inp']:>9.0f}{middle['weight']:>8.0f}",
                flush=True,
            )
        browser.close()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
