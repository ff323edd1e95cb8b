"""The catalogue: by category, by search, and one page for each prestation."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.gzip import gzip_page

from prestations.enums import Audience
from prestations.models import Prestation
from prestations.presentation import present
from prestations.views.places import reach_now


@gzip_page
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every prestation in use, under its service and its category; or those for one audience."""
    prestations = Prestation.objects.listed().select_related("category", "team")
    audience = request.GET.get("public", "")
    if audience in Audience.values:
        prestations = prestations.open_to(audience)
    rows = prestations.order_by("team__order", "category__order", "order")
    teams = [
        {
            "team": team,
            "categories": [
                {"category": category, "prestations": [present(item) for item in items]}
                for category, items in groupby(of_team, key=lambda item: item.category)
            ],
        }
        for team, of_team in groupby(rows, key=lambda item: item.team)
    ]
    context = {"teams": teams, "audience": audience, "audiences": Audience.choices}
    return render(request, "prestations/catalogue.html", context)


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What a prestation is, who may ask, what to bring, cost, delay, answer, and how to ask."""
    prestation = get_object_or_404(
        Prestation.objects.listed()
        .select_related("category", "team", "current_form")
        .prefetch_related("sites"),
        code=slug,
    )
    sites = {site.code for site in prestation.sites.all()}
    reach = reach_now()
    return render(
        request,
        "prestations/detail.html",
        {
            "prestation": prestation,
            "page": present(prestation),
            "places": [place for place in reach.places if place.site.code in sites],
            "line": reach.line,
            "articles": prestation.articles.published(),
        },
    )
