from prestations.views.articles import article, articles, opinion, remark
from prestations.views.campaigns import campaign
from prestations.views.catalogue import catalogue, detail
from prestations.views.information import accessibility, contact, legal, place, privacy, services
from prestations.views.portal import home
from prestations.views.search import search, suggestions
from prestations.views.streets import address_at, addresses, plan

__all__ = [
    "accessibility",
    "address_at",
    "addresses",
    "article",
    "articles",
    "campaign",
    "catalogue",
    "contact",
    "detail",
    "home",
    "legal",
    "opinion",
    "place",
    "plan",
    "privacy",
    "remark",
    "search",
    "services",
    "suggestions",
]
