"""A site is closed with all that hangs on it, in one act that is kept, and opened again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.actions.roles import move_role
from prestations.configuration import recorded, recorded_all
from prestations.loading.search_index import index_search
from prestations.models import Closure, Facility, Membership, Prestation, Site
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import ServiceRequest
from requests.permissions import Right, scope_of


@dataclass(frozen=True)
class HeldThere:
    """What hangs on a site today, counted; `only_here`: the prestations offered at no other."""

    requests: int
    prestations: int
    only_here: tuple[Prestation, ...]
    closures: int
    facilities: int
    agents: int


def held_at(site: Site, today=None) -> HeldThere:
    """Count what has to go somewhere when the site closes."""
    offered = Prestation.objects.filter(is_active=True, sites=site)
    elsewhere = Prestation.objects.filter(sites__in=Site.objects.exclude(pk=site.pk))
    return HeldThere(
        requests=ServiceRequest.objects.filter(site=site, closed_at=None).count(),
        prestations=offered.count(),
        only_here=tuple(offered.exclude(pk__in=elsewhere.values("pk")).order_by("order")),
        closures=_to_come(site, today or timezone.localdate()).count(),
        facilities=_facilities(site).filter(is_active=True).count(),
        agents=Membership.objects.filter(site=site, user__is_active=True).count(),
    )


def _facilities(site: Site):
    """The public places in it, but not what the directory says of the site itself."""
    return Facility.objects.filter(site=site).exclude(pk=site.pk)


def _to_come(site: Site, today):
    return Closure.objects.announced().filter(site=site, end__gte=today)


@transaction.atomic
def close_site(
    *,
    actor,
    code: str,
    reason: str,
    successor: Site | None = None,
    now: datetime | None = None,
) -> HeldThere:
    """Close a site and hand on what hangs on it.

    With a successor its prestations are offered there, its facilities and its agents go there.
    Without, agents keep their roles with no usual site. Its announced closures are taken out of
    the calendar. Requests stay where they were filed: that is what happened.

    Returns:
        What hung on it.

    Raises:
        NotAllowed: no administrator acts.
        MissingInput: no reason, a successor that is closed, or the last site.
        IllegalTransition: it is closed already.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    if not reason.strip():
        raise MissingInput(_("Dites pourquoi le site ferme : l’historique le garde."))
    now = now or timezone.now()
    with recorded_all(actor=actor, reason=reason):
        site = Site.objects.select_for_update().get(pk=code)
        if not site.is_active:
            raise IllegalTransition(_("Ce site est déjà fermé."))
        if successor is not None and (successor.pk == code or not successor.is_active):
            raise MissingInput(_("Choisissez un autre site, ouvert."))
        if not Site.objects.filter(is_active=True).exclude(pk=code).exists():
            raise MissingInput(_("C’est le dernier site ouvert : ouvrez-en un autre d’abord."))
        held = held_at(site, timezone.localdate(now))
        _to_come(site, timezone.localdate(now)).update(removed_at=now)
        for prestation in Prestation.objects.filter(sites=site):
            prestation.sites.remove(site)
            if successor is not None:
                prestation.sites.add(successor)
        _facilities(site).update(site=successor)
        _move_agents(site, successor, actor)
        site.is_active, site.successor = False, successor
        site.save(update_fields=["is_active", "successor"])
        index_search()
    return held


def _move_agents(site: Site, successor: Site | None, actor) -> None:
    for place in Membership.objects.filter(site=site):
        move_role(place, actor=actor, action=f"site_moved:{site.pk}", site=successor)


@transaction.atomic
def reopen_site(*, actor, code: str, reason: str = "") -> Site:
    """Open a closed site again; what it handed on stays where it went.

    Raises:
        NotAllowed: no administrator acts.
        IllegalTransition: it is open.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    with recorded("sites", code, actor=actor, reason=reason):
        site = Site.objects.select_for_update().get(pk=code)
        if site.is_active:
            raise IllegalTransition(_("Ce site est ouvert."))
        site.is_active, site.successor = True, None
        site.save(update_fields=["is_active", "successor"])
        index_search()
    return site
