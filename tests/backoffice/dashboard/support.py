"""Requests filed on a day of one's choice, and the numbers of a page with their lists."""

import re
import uuid
from datetime import datetime
from html.parser import HTMLParser

from django.urls import reverse

from prestations.models import Prestation
from requests import actions
from requests.models import ServiceRequest
from tests.factories.citizens import CitizenFactory
from tests.requests.filed import documents_of

URL = "/pilotage/"
WEB = (
    "acte-naissance-filiation",
    "voirie-graffitis",
    "acte-deces",
    "eclairage-equipement-defectueux",
)


def file_one(code: str, at: datetime) -> ServiceRequest:
    """File a request of this prestation at that moment, by a channel that the minute decides."""
    prestation = Prestation.objects.select_related("current_form").get(pk=code)
    channels = [one for one in ("web", "guichet", "telephone") if one in prestation.channels]
    return actions.intake(
        prestation=prestation,
        form_version=prestation.current_form,
        channel=channels[at.minute % len(channels)],
        answers={"demandeur": {}, "reponses": {}},
        idempotency_key=str(uuid.uuid4()),
        papers=documents_of(prestation),
        citizen=CitizenFactory(),
        now=at,
    )


class Links(HTMLParser):
    """The links into the queue with their words, and every number of the tables."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.cells: list[tuple[str, bool]] = []
        self.href = self.words = None
        self.cell = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and "demandes/?vue=" in attrs.get("href", ""):
            self.href, self.words = attrs["href"], ""
            if self.cell is not None:
                self.cell = (self.cell[0], True)
        if tag == "td":
            self.cell = ("", False)

    def handle_data(self, data):
        if self.href is not None:
            self.words += data
        if self.cell is not None:
            self.cell = (self.cell[0] + data, self.cell[1])

    def handle_endtag(self, tag):
        if tag == "a" and self.href is not None:
            self.found.append((self.href, self.words))
            self.href = None
        if tag == "td" and self.cell is not None:
            self.cells.append(self.cell)
            self.cell = None


def counts_and_lists(html: str) -> dict[str, set[int]]:
    """The counts that stand on links, by address; treatment times (« 3 j ») are no counts."""
    found: dict[str, set[int]] = {}
    for href, words in Links(html).found:
        number = re.search(r"([\d\s\u202f\u00a0]+)$", words.strip())
        if number:
            value = int(re.sub(r"\D", "", number[1]))
            found.setdefault(href, set()).add(value)
    return found


def list_length(client, url: str) -> int:
    """Walk the pages of a list as a reader would, and count its rows."""
    length = 0
    while url:
        response = client.get(url)
        assert response.status_code == 200
        page = response.context["page"]
        length += len(page.rows)
        url = reverse("backoffice:queue") + page.next_query if page.next_query else ""
    return length
