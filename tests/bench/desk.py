"""How long an agent waits at the counter (bars 32 and 37):

    .venv/bin/python -m massy_grc.embedded exec --throwaway --owner -- \\
        .venv/bin/python -m tests.bench.desk

In Chromium, from the last key to what it brings on the screen: the ready replies behind « :: », a
caller by number or by a misspelt name. The middle of the tries counts.
"""

import statistics
import sys
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

from tests.bench.ground import prepare, server
from tests.browser.chromium import chromium
from tests.browser.screenshots import log_in

TRIES = 15
AT_MOST = {"ready replies": 150, "caller by number": 300, "caller by misspelt name": 300}  # ms
# The time of the last key typed, and that of the first screen on which `wanted` stands.
WATCH = """
(wanted) => {
  window.waited = {from: 0, until: 0};
  addEventListener("keydown", () => { waited.from = performance.now(); waited.until = 0; }, true);
  const look = () => {
    const shown = [...document.querySelectorAll(wanted.at)]
      .some((one) => one.checkVisibility() && one.textContent.includes(wanted.text));
    if (shown && waited.from && !waited.until) waited.until = performance.now();
    requestAnimationFrame(look);
  };
  look();
}
"""


@dataclass(frozen=True)
class Caller:
    """Somebody who calls: name as lists show it, number, name one letter short."""

    name: str
    phone: str
    misspelt: str


def main() -> int:
    return tell() if prepare(requests=2000) else 2


def tell() -> int:
    """Measure each wait; print one line each; 1 when a bar is missed."""
    callers = some_callers()
    missed = False
    print(f"\n{'at the counter':<26}{'p50 ms':>9}{'most ms':>9}{'bar':>7}")
    with server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="fr-FR")
        log_in(page, base, "agent-eas")
        page.goto(f"{base}/agent/demandes/?vue=mes-demandes")
        page.goto(base + (page.locator("main td a").first.get_attribute("href") or ""))
        request = page.url
        waits_of = {
            "ready replies": [replies(page, request) for _try in range(TRIES)],
            "caller by number": [caller(page, base, one.phone, one.name) for one in callers],
            "caller by misspelt name": [
                caller(page, base, one.misspelt, one.name) for one in callers
            ],
        }
        for name, waits in waits_of.items():
            middle = statistics.median(waits)
            missed |= middle > AT_MOST[name]
            print(f"{name:<26}{middle:>9.0f}{max(waits):>9.0f}{AT_MOST[name]:>7}", flush=True)
        browser.close()
    return int(missed)


def some_callers() -> list[Caller]:
    """People of the town who gave a number."""
    from citizens.models import Citizen

    return [
        Caller(
            name=one.list_name,
            phone=one.phone.as_national,
            misspelt=f"{one.family_name[:2]}{one.family_name[3:]} {one.given_name}",
        )
        for one in Citizen.objects.exclude(phone="").order_by("pk")[:TRIES]
    ]


def replies(page: Page, request: str) -> float:
    """Milliseconds from the second colon to the list of ready replies."""
    page.goto(request)
    page.evaluate(WATCH, {"at": "[role=listbox] [role=option]", "text": ""})
    page.get_by_label("Votre message").click()
    page.keyboard.type("::")
    return waited(page)


def caller(page: Page, base: str, typed: str, name: str) -> float:
    """Milliseconds from the last key to the person among those found."""
    page.goto(f"{base}/agent/accueil/")
    page.evaluate(WATCH, {"at": "#resultats .person", "text": name})
    page.keyboard.type(typed)
    return waited(page)


def waited(page: Page) -> float:
    """Milliseconds from the last key to what was waited for."""
    page.wait_for_timeout(600)  # the policy of the pages lets nobody poll; longer than any bar
    return page.evaluate("waited.until ? waited.until - waited.from : Infinity")


if __name__ == "__main__":
    sys.exit(main())
