"""Where documents are collected and appointments held, with the opening hours in words."""

from prestations.models import Site
from requests.handing import site_asked
from requests.letters.words import DAYS
from requests.models import ServiceRequest

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def place_of(service_request: ServiceRequest) -> Site | None:
    """Where its prestation is given: the site that took the request in when it is one of those."""
    own = service_request.prestation.sites.filter(is_active=True).order_by("order")
    sites = list(own or Site.objects.filter(is_active=True).order_by("order"))
    first = sites[0] if sites else None
    return next((one for one in sites if one.pk == service_request.site_id), first)


def collection_place(service_request: ServiceRequest) -> Site | None:
    """The site where the requester asked to collect the document, else its prestation's."""
    asked = Site.objects.filter(pk=site_asked(service_request), is_active=True).first()
    return asked or place_of(service_request)


def opening_words(site: Site | None) -> str:
    """« lundi 8 h 30 - 12 h 30 et 13 h 30 - 17 h 30, mardi … »; empty without hours."""
    if site is None:
        return ""
    days = []
    for code, name in zip(WEEK, DAYS, strict=True):
        spans = [f"{_hour(start)} - {_hour(end)}" for start, end in _spans(site, code)]
        if spans:
            days.append(f"{name} {' et '.join(spans)}")
    return ", ".join(days)


def _spans(site: Site, day: str) -> list:
    return (site.opening_hours or {}).get(day) or []


def _hour(clock: str) -> str:
    hour, minute = clock.split(":")[:2]
    return f"{int(hour)} h" if minute == "00" else f"{int(hour)} h {minute}"
