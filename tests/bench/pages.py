"""What is measured, and the visitors who ask for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen
from prestations.enums import Channel
from prestations.models import Prestation, Street
from requests.demo.answers import AnswerSheet
from requests.demo.people import demo_login
from requests.models import FilingDraft, ServiceRequest

PRESTATION = "acte-naissance-filiation"
FILED = "voirie-intervention-rapide"
PLAIN_LIST, PLAIN_DETAIL = "floor: a plain list", "floor: a plain page"
VIEWS = ("messages", "mon-service", "a-qualifier", "a-repondre", "en-retard", "toutes")
IN_THE_BOX = {"HX-Request": "true"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Page:
    """One thing a visitor asks for.

    Attributes:
        path: gives the address of the next request.
        visitor: whose browser asks.
        form: posted when not None; the token is added.
        headers: sent besides.
        floor: the plain page that it is measured beside.
    """

    name: str
    path: Callable[[], str]
    visitor: Client
    form: dict | None = None
    expected: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    floor: str = ""


def pages(filings: int) -> list[Page]:
    """Return the pages to measure, on the data that is there.

    Args:
        filings: how many drafts to keep ready for the filing POST.
    """
    visitor, agent = Client(), agent_at_post()
    alike = ServiceRequest.objects.filter(prestation=PRESTATION, state="close")
    shown = alike.exclude(citizen=None).order_by("-arrived_at")[50]
    counted = Citizen.objects.annotate(asked=Count("requests"))
    somebody = counted.filter(asked=4).order_by("pk")[50]  # as much to show at every size
    return [
        Page(PLAIN_LIST, lambda: reverse("plain_list"), agent),
        Page(PLAIN_DETAIL, lambda: reverse("plain_detail", args=[shown.pk]), agent),
        Page("portal", lambda: reverse("home"), visitor),
        Page("prestation", lambda: reverse("prestations:detail", args=[PRESTATION]), visitor),
        filing_page(filings),
        Page("portal search", lambda: catalogue_search("naissance"), visitor),
        Page("portal search, misspelt", lambda: catalogue_search("nessance"), visitor),
        Page("agent's day", lambda: reverse("backoffice:home"), agent, floor=PLAIN_LIST),
        *lists(agent),
        Page("search, common word", lambda: search("mermoz"), agent, floor=PLAIN_LIST),
        Page("search, a full name", lambda: search(str(somebody)), agent, floor=PLAIN_LIST),
        *boxes(agent, somebody, shown),
        Page(
            "request",
            lambda: reverse("backoffice:request", args=[shown.reference]),
            agent,
            floor=PLAIN_DETAIL,
        ),
        Page(
            "citizen's record",
            lambda: reverse("backoffice:citizen", args=[somebody.pk]),
            agent,
            floor=PLAIN_DETAIL,
        ),
        Page("dashboard", lambda: reverse("backoffice:dashboard"), logged_in("manager")),
    ]


def lists(agent: Client) -> list[Page]:
    """Return the queues, whole and filtered."""
    parks = logged_in("chef-service")
    street = {"vue": "toutes", "rue": str(Street.objects.order_by("pk")[3].pk)}
    kind = {"vue": "toutes", "prestation": PRESTATION, "etat": "close"}
    asked = {"vue": "ouvertes", "tri": "demandeur"}
    closed = {"vue": "toutes", "tri": "-cloture"}
    return [
        Page("staff queue", lambda: reverse("backoffice:queue"), agent, floor=PLAIN_LIST),
        *(
            Page(f"queue, {view}", lambda view=view: queue(vue=view), agent, floor=PLAIN_LIST)
            for view in VIEWS
        ),
        Page("queue, by requester", lambda: queue(**asked), agent, floor=PLAIN_LIST),
        Page("queue, last closed", lambda: queue(**closed), agent, floor=PLAIN_LIST),
        Page("queue of a department", lambda: queue(vue="mon-service"), parks, floor=PLAIN_LIST),
        Page("filter, a street", lambda: queue(**street), agent, floor=PLAIN_LIST),
        Page("filter, kind and state", lambda: queue(**kind), agent, floor=PLAIN_LIST),
    ]


def boxes(agent: Client, somebody: Citizen, request: ServiceRequest) -> list[Page]:
    """Return what the search box asks while one types, by what is typed."""
    called = Citizen.objects.exclude(phone="").order_by("pk")[50]
    slip = somebody.family_name[:2] + somebody.family_name[3:]
    typed = {
        "beginning": somebody.family_name[:3],
        "slip": f"{slip} {somebody.given_name}",
        "telephone": called.phone.as_national,
        "end of a number": called.phone_key[-5:],
        "reference": request.reference,
        "rare words": f"{request.reference[:11]} {request.requester_name}",
        "common word": "massy",
        "nothing": "zwxkjq",
    }
    found = [
        Page(f"box, {name}", lambda words=words: search(words), agent, headers=IN_THE_BOX)
        for name, words in typed.items()
    ]
    expert = logged_in("agent-expert")
    return [
        *found,
        Page("box of a department", lambda: search("massy"), expert, headers=IN_THE_BOX),
        Page("box of a department, rare", lambda: search("naissance"), expert, headers=IN_THE_BOX),
    ]


def catalogue_search(words: str) -> str:
    return f"{reverse('prestations:search')}?{urlencode({'q': words})}"


def queue(**params: str) -> str:
    return f"{reverse('backoffice:queue')}?{urlencode(params)}"


def search(words: str) -> str:
    return f"{reverse('backoffice:search')}?{urlencode({'q': words})}"


def logged_in(role: str) -> Client:
    """Return the browser of the demo's person of `role`."""
    client = Client()
    person = get_user_model().objects.get(email=demo_login(role))
    client.force_login(person, BACKEND)
    return client


def agent_at_post() -> Client:
    """Return the browser of the demo's front-office agent, seated."""
    client = logged_in("agent-eas")
    client.post(
        reverse("backoffice:choose_post"), {"site": "mairie-principale", "post_type": "back-office"}
    )
    return client


def filing_page(count: int) -> Page:
    """Return the last POST of a filing, with `count` complete drafts of one visitor."""
    prestation = Prestation.objects.select_related("current_form").get(pk=FILED)
    form = prestation.current_form
    if form is None:
        raise ValueError(f"{FILED} has no form: load the catalogue")
    sheet, random = AnswerSheet(form.definition), Random(1)
    drafts = FilingDraft.objects.bulk_create(
        FilingDraft(
            prestation=prestation,
            form_version=form,
            channel=Channel.WEB,
            answers={
                "demandeur": {},
                "reponses": sheet.draw(random, timezone.localdate(), {}),
            },
        )
        for _ in range(count)
    )
    long_ago = timezone.now() - timedelta(minutes=10)
    FilingDraft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(created_at=long_ago)
    visitor = Client()
    session = visitor.session
    session["filing_drafts"] = [str(draft.token) for draft in drafts]
    session.save()
    visitor.cookies["massy_session"] = session.session_key
    waiting = iter(drafts)

    def next_address() -> str:
        return reverse("requests:file_check", args=[FILED, next(waiting).token])

    return Page("filing POST", next_address, visitor, form={}, expected=302)
