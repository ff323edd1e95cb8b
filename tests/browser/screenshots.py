"""Take the screenshots of the README and of docs/screens.md from the running program:

    make run PORT=8907
    .venv/bin/python -m tests.browser.screenshots http://localhost:8907

They go to docs/screenshots/, 1440 pixels wide or as a telephone's, in few colours to stay small;
the agents' screens, in agents/, at both widths and in both themes.
"""

import io
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.chromium import chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
AGENTS_FOLDER = FOLDER / "agents"
SIZE: ViewportSize = {"width": 1440, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}
COLOURS = 128

Scene = Callable[[Page, str], None]
Theme = Literal["light", "dark"]
DEMO_PASSWORD = "demo-massy-2026"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=fr-FR"]


def log_in(page: Page, address: str, role: str) -> None:
    """Enter as the demo's account of a role; sit at a counter when asked to."""
    page.goto(f"{address}/compte/login/")
    page.locator("#id_login").fill(f"{role}@demo.massy.example")
    page.locator("#id_password").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/agent/**")
    if "/poste/" in page.url:
        page.locator("main button[type=submit]").click()
        page.wait_for_url(lambda url: "/poste/" not in url)


def portal(page: Page, address: str) -> None:
    page.goto(f"{address}/")


def form(page: Page, address: str) -> None:
    """A step with texts and a date, half filled in."""
    page.goto(f"{address}/prestations/acte-naissance-filiation/demande/")
    page.locator("main button[type=submit]").first.click()
    for answer in ("Oui", "C'est moi, et je suis majeur ou émancipé"):  # who may ask
        page.get_by_label(answer).check()
        page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Extrait avec filiation").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom de naissance de la personne concernée").fill("Durand")
    page.get_by_label("Prénoms de la personne concernée").fill("Jeanne Marie")
    page.get_by_label("Date de naissance de la personne concernée").fill("1980-05-31")
    page.get_by_label("Commune et pays de naissance").fill("Massy")


def queue(page: Page, address: str) -> None:
    log_in(page, address, "agent-proximite")
    page.goto(f"{address}/agent/demandes/?vue=mon-service")


def request(page: Page, address: str) -> None:
    """An answer to send: conclusion of the department, notes and messages."""
    log_in(page, address, "agent-proximite")
    page.goto(f"{address}/agent/demandes/?vue=mon-service&etat=a-repondre")
    page.locator("tbody a").first.click()
    page.locator(".request-head").wait_for()


def dashboard(page: Page, address: str) -> None:
    log_in(page, address, "manager")
    page.goto(f"{address}/pilotage/")


def space(page: Page, address: str) -> None:
    """A citizen's own space."""
    page.goto(f"{address}/compte/login/")
    page.locator("#id_login").fill("citoyen@demo.massy.example")
    page.locator("#id_password").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/compte/")


def tracking(page: Page, address: str) -> None:
    """Where a request stands."""
    space(page, address)
    page.locator('main a[href^="/demandes/"]').first.click()
    page.wait_for_url("**/demandes/**")


def reports(page: Page, address: str) -> None:
    page.goto(f"{address}/signalements/")


def search(page: Page, address: str) -> None:
    """What the search box finds while one types."""
    log_in(page, address, "agent-eas")
    page.keyboard.press("Control+k")
    page.keyboard.type("bernard", delay=40)
    page.get_by_role("option").first.wait_for()


def record(page: Page, address: str) -> None:
    """The record of somebody who has asked for several things."""
    log_in(page, address, "agent-eas")
    page.goto(f"{address}/agent/demandes/?vue=toutes")
    page.locator("tbody a").first.click()
    page.locator('main a[href*="/agent/citoyens/"]').first.click()
    page.locator(".layout-aside").wait_for()


def builder(page: Page, address: str) -> None:
    """A form as an administrator makes it, its preview beside."""
    log_in(page, address, "administrateur")
    page.goto(
        f"{address}/agent/parametrage/prestations/famille-inscription-periscolaire/formulaire/"
    )


SCENES: tuple[Scene, ...] = (
    *(portal, form, space, dashboard),
    *(tracking, reports),
)
ON_A_PHONE: dict[Scene, Theme] = {
    tracking: "dark",
    reports: "light",
}


AGENTS = (queue, request, record, search, builder)
THEMES: tuple[Theme, ...] = ("light", "dark")


def main(address: str) -> None:
    AGENTS_FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for scene in SCENES:
            size, theme = (PHONE, ON_A_PHONE[scene]) if scene in ON_A_PHONE else (SIZE, THEMES[0])
            _take(browser, scene, address, size, theme, FOLDER / f"{scene.__name__}.png")
        for scene, size, theme in product(AGENTS, (SIZE, PHONE), THEMES):
            path = AGENTS_FOLDER / f"{scene.__name__}-{size['width']}-{theme}.png"
            _take(browser, scene, address, size, theme, path)
        browser.close()


def _take(
    browser: Browser,
    scene: Scene,
    address: str,
    size: ViewportSize,
    theme: Theme,
    path: Path,
) -> None:
    context = browser.new_context(
        viewport=size, color_scheme=theme, locale="fr-FR", reduced_motion="reduce"
    )
    page = context.new_page()
    scene(page, address)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1024} kB")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
