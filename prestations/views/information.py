"""Pages that say who we are and what the law asks us to say."""

from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page

from prestations.context_processors import current_town
from prestations.enums import Access, AccessAnswer
from prestations.models import Facility, Prestation, Site
from prestations.opening import coming_holidays
from prestations.privacy import RIGHTS_PRESTATION, register
from prestations.views.places import facilities_now, place_now, places_now, reach_now

QUESTION, COMPLAINT = "information-generale", "reclamation-service-municipal"


def services(request: HttpRequest) -> HttpResponse:
    """The sites and the other public places: address, hours, what is open now."""
    now = timezone.now()
    return render(
        request,
        "prestations/services.html",
        {
            "places": places_now(now),
            "facilities": facilities_now(now),
            "holidays": coming_holidays(now),
        },
    )


def place(request: HttpRequest, slug: str) -> HttpResponse:
    """One public place: hours, how to come, accessibility (S74), what is done there."""
    site = Site.objects.select_related("successor").filter(pk=slug).first()
    found = site or get_object_or_404(Facility.objects.outside_sites(), pk=slug)
    now = timezone.now()
    if site and not site.is_active:
        return _closed_site(request, site, now)
    return render(
        request,
        "prestations/place.html",
        {
            "place": place_now(found, now),
            "holidays": coming_holidays(now),
            "access": _access_lines(found),
            "categories": _done_at(found),
        },
    )


def _closed_site(request: HttpRequest, site: Site, now: datetime) -> HttpResponse:
    """Say that nobody is received there any more, and where one is."""
    places = places_now(now)
    taken_over = [one for one in places if one.site == site.successor]
    context = {"site": site, "places": taken_over or places}
    return render(request, "prestations/place_closed.html", context)


def _access_lines(found: Site | Facility) -> list[dict]:
    """What the data say of a site's accessibility, each with its icon and its word."""
    visit = found.visit if isinstance(found, Site) else {}
    return [
        {
            "label": Access(line["code"]).label,
            "answer": AccessAnswer(line["answer"]),
            "text": line["text"],
        }
        for line in visit.get("access", ())
    ]


def _done_at(found: Site | Facility) -> list[dict]:
    """The prestations handled at a site's counter, by category: one query."""
    if not isinstance(found, Site):
        return []
    rows = (
        Prestation.objects.open_on("guichet")
        .filter(sites=found)
        .select_related("category")
        .order_by("category__order", "order")
    )
    return [
        {"category": category, "prestations": list(items)}
        for category, items in groupby(rows, key=lambda item: item.category)
    ]


def contact(request: HttpRequest) -> HttpResponse:
    """Every way to reach the town: the single number, the relay for deaf callers (L9), letters."""
    reach, town = reach_now(), current_town()
    return render(
        request,
        "prestations/contact.html",
        {
            "places": reach.places,
            "line": reach.line,
            "relay": town.facts.get("deaf_relay") if town else None,
            "question": Prestation.objects.open_on("web").filter(pk=QUESTION).first(),
            "complaint": Prestation.objects.open_on("web").filter(pk=COMPLAINT).first(),
        },
    )


@gzip_page
def privacy(request: HttpRequest) -> HttpResponse:
    """Personal data: the register in plain words, and which rights (RGPD art. 13 and 30)."""
    rights = Prestation.objects.open_on("web").filter(code=RIGHTS_PRESTATION).first()
    return render(request, "prestations/privacy.html", {"rights": rights, "register": register()})


def accessibility(request: HttpRequest) -> HttpResponse:
    """Statement of accessibility (law 2005-102 art. 47, decree 2019-768)."""
    return render(request, "prestations/accessibility.html")


def legal(request: HttpRequest) -> HttpResponse:
    """Legal notice (law 2004-575 art. 6)."""
    return render(request, "prestations/legal.html")
