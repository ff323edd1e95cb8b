"""A browser that is shown answers made beforehand: no server, no log-in, no waiting."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import BrowserContext, Page, Route

from tests.browser.scenes import Scene
from tests.browser.visitor import Visitor

ORIGIN = "http://localhost"  # a secure context, as the town's https is
EMPTY_DATA = {"/plan/rues.json": '{"streets": []}', "/signalements/points.json": "[]"}


class Stage:
    """One page of a browser, and the scene on it.

    Attributes:
        visitor: who sits before it.
    """

    def __init__(self, context: BrowserContext, data: dict[str, str]) -> None:
        self.page: Page = context.new_page()
        self.visitor = Visitor(self.page, ORIGIN)
        self.data = data
        self.scene: Scene | None = None
        context.route("**/*", self._answer)

    def shows(self, scene: Scene) -> None:
        """Put one scene on, as the server would send it."""
        self.scene = scene
        self.visitor.problems.clear()
        self.page.goto(ORIGIN + scene.page)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            found = Path(finders.find(path.removeprefix(f"/{settings.STATIC_URL.strip('/')}/")))
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            route.fulfill(body=found.read_bytes(), content_type=kind)
        elif route.request.resource_type == "document":
            headers = {"Content-Security-Policy": self.scene.policy}
            kind = "text/html; charset=utf-8"
            route.fulfill(body=self.scene.html, headers=headers | {"Content-Type": kind})
        elif path in self.data:
            route.fulfill(body=self.data[path], content_type="application/json")
        else:
            route.abort()
