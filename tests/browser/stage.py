"""A browser that is shown answers made beforehand: no application, no log-in, no waiting."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import BrowserContext, Page

from tests.browser.scenes import Scene
from tests.browser.visitor import Visitor


class Stage:
    """One page of a browser, and the scene on it.

    Attributes:
        visitor: who sits before it.
    """

    def __init__(self, context: BrowserContext, theatre: "Theatre") -> None:
        self.page: Page = context.new_page()
        self.theatre = theatre
        self.visitor = Visitor(self.page, theatre.address)

    def shows(self, scene: Scene) -> None:
        """Put one scene on, as the town's server would send it."""
        self.theatre.scene = scene
        self.visitor.problems.clear()
        self.visitor.opens(scene.page)


class Theatre(ThreadingHTTPServer):
    """Sends the scene for whatever page is asked for; files may be kept, as in production.

    Attributes:
        data: what scripts ask for, by its path.
    """

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.data = data
        self.scene: Scene | None = None
        # a secure context, as the town's https is
        self.address = f"http://localhost:{self.server_port}"


@contextmanager
def theatre(data: dict[str, str]) -> Iterator[Theatre]:
    """A server that is open inside the block."""
    with Theatre(data) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Theatre

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        static = f"/{settings.STATIC_URL.strip('/')}/"
        if path.startswith(static):
            found = Path(finders.find(path.removeprefix(static)))
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            self._send(found.read_bytes(), kind, {"Cache-Control": "max-age=3600"})
        elif self.headers.get("Sec-Fetch-Dest") == "document":
            scene = self.server.scene
            policy = {"Content-Security-Policy": scene.policy}
            self._send(scene.html.encode(), "text/html; charset=utf-8", policy)
        elif path in self.server.data:
            self._send(self.server.data[path].encode(), "application/json", {})
        else:
            self._hang_up()

    def do_POST(self) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        """The rest of the town cannot be reached."""
        self.close_connection = True

    def _send(self, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in {**headers, "Content-Type": kind, "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_about: object) -> None:
        """Silence: a failing test tells what it saw."""
