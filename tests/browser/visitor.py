"""Somebody at a browser: fills in by label, and notices all that a page does wrong."""

import re
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

from backoffice.posts import choose_post
from prestations.models import PostType, Site
from tests.browser import axe

PNG = Path(__file__).parent / "files" / "papier.png"
SIDEWAYS = """() =>
  document.documentElement.scrollWidth > document.documentElement.clientWidth"""


def labelled(label: str) -> re.Pattern:
    """Exactly this label, with or without « (facultatif) »."""
    words = r"\s".join(map(re.escape, label.split()))  # the spaces may be no-break ones
    later = "peut être fourni plus tard|can come later"
    return re.compile(rf"^\s*{words}\s*(\((facultatif|optional|{later})\))?\s*$")


class Visitor:
    """One browser page and who sits before it.

    Attributes:
        has_javascript: axe needs it, and waits in each page.
        problems: what the browser reported: script errors, refusals of the content policy,
            broken images and styles, failures of the server.
        presses: keys and clicks so far, texts apart.
    """

    def __init__(self, page: Page, address: str, has_javascript: bool = True) -> None:
        self.page = page
        self.address = address
        self.has_javascript = has_javascript
        self.problems: list[str] = []
        self.presses = 0
        if has_javascript:
            page.add_init_script(axe.SCRIPT)  # into each page, whatever its policy
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("response", self._answered)

    def _hear(self, message: ConsoleMessage) -> None:
        # a refused page or file is judged by its response
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        document = response.request.resource_type == "document"
        if response.status >= (500 if document else 400):
            self.problems.append(f"{response.status} for {response.url}")

    # --- looking ---------------------------------------------------------------------------
    def arrives_at(self, heading: str | re.Pattern) -> None:
        """The page has this h1 (and one only), and nothing wrong."""
        self.reads(heading)
        self.finds_no_fault()

    def reads(self, heading: str | re.Pattern) -> None:
        """The page has this h1, and one only."""
        expect(self.page.locator("h1")).to_have_text(heading)

    def finds_no_fault(self, whole: bool = True) -> None:
        """axe and the browser's console have nothing to say about this page."""
        axe.assert_accessible(self.page, whole)
        assert not self.problems, self.problems

    def looks_right(self, whole: bool = True) -> None:
        """The page fits its screen and has no fault; without JavaScript axe cannot run."""
        assert not self.scrolls_sideways(), self.page.url
        if self.has_javascript:
            self.finds_no_fault(whole)
        assert not self.problems, self.problems

    def looks_right_at(self, *widths: int) -> None:
        """The same at each of these widths in pixels; axe's other rules are asked at the first."""
        for width in widths:
            self.holds(width).looks_right(whole=width == widths[0])

    def sees(self, text: str | re.Pattern) -> None:
        """The text is somewhere in the page, to be seen."""
        expect(
            self.page.locator("body").get_by_text(text).filter(visible=True).first
        ).to_be_visible()

    def never_sees(self, text: str) -> None:
        """The text is nowhere in the page, seen or hidden."""
        assert text not in self.page.content()

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than its screen."""
        return self.page.evaluate(SIDEWAYS)

    @property
    def language(self) -> str | None:
        return self.page.locator("html").get_attribute("lang")

    def holds(self, width: int, scheme: str = "light") -> "Visitor":
        """A screen of this width in pixels, light or dark; returns the visitor."""
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.emulate_media(color_scheme=scheme)
        return self

    # --- going -----------------------------------------------------------------------------
    def opens(self, path: str) -> None:
        """Type an address (a path of this site, or a whole one)."""
        self.page.goto(path if "://" in path else self.address + path)

    def follows(self, name: str, within: Locator | None = None, exact: bool = False) -> None:
        self._goes_on_by((within or self.page).get_by_role("link", name=name, exact=exact).first)

    def presses_button(self, name: str, within: Locator | None = None) -> None:
        self._goes_on_by((within or self.page).get_by_role("button", name=name, exact=True))

    def passes_on(self) -> None:
        """To the next page of a form, whether documents may be left out here or not."""
        words = re.compile("^Continuer( sans document)?$")
        self._goes_on_by(self.page.get_by_role("button", name=words))

    def does(self, act: str) -> None:
        """An act on a request: beside the others, or in their menu."""
        menu = self.page.get_by_text("Autres actions")
        link = self.page.get_by_role("link", name=act, exact=True)
        if not link.first.is_visible() and menu.count():
            menu.click()
        self._goes_on_by(link.first)

    def _goes_on_by(self, control: Locator) -> None:
        """Click what leads to another page, and be there."""
        self.presses += 1
        with self.page.expect_navigation():
            control.click()

    def hits(self, key: str) -> None:
        """One key."""
        self.presses += 1
        self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        """A text where the focus is: what is typed besides counts no press."""
        self.page.keyboard.type(text)

    def sits_at(self, site: str, post: str) -> None:
        """An agent has chosen a post, without its page; `chooses_a_post` goes through that."""
        key = next(
            cookie["value"]
            for cookie in self.page.context.cookies()
            if cookie["name"] == settings.SESSION_COOKIE_NAME
        )
        session = SessionStore(key)
        choose_post(
            SimpleNamespace(session=session),
            site=Site.objects.get(label=site),
            post_type=PostType.objects.get(label=post),
        )
        session.save()

    def chooses_a_post(self, site: str, post: str) -> None:
        """An agent's first page of the day."""
        self.opens("/agent/poste/")
        self.chooses("Site", site)
        self.chooses("Poste", post)
        self.presses_button("Commencer")

    # --- filling in ------------------------------------------------------------------------
    def control(self, label: str, within: Locator | None = None) -> Locator:
        """What a label names, radio buttons apart: those are answers (see `chooses`)."""
        named = (within or self.page).get_by_label(labelled(label))
        return named.and_(self.page.locator("input:not([type=radio]), select, textarea"))

    def group(self, name: str) -> Locator:
        """Radio buttons, or the parts of an address, under their legend."""
        return self.page.get_by_role("group", name=labelled(name))

    def fills(self, label: str, value: str, within: Locator | None = None) -> None:
        self.control(label, within).fill(value)

    def chooses(self, question: str, answer: str) -> None:
        """An answer among radio buttons or in a list."""
        group = self.group(question)
        if group.count():
            group.get_by_label(answer, exact=True).check()
        else:
            self.control(question).select_option(label=answer)

    def ticks(self, label: str) -> None:
        self.control(label).check()

    def attaches(self, label: str, file: Path | dict | list = PNG) -> None:
        self.control(label).set_input_files(file)
