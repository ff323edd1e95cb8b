"""What closes only from its page, which asks who takes over: a file cannot say that."""

from dataclasses import replace

from django.utils.translation import gettext as _

from backoffice.actions.departments import held_by
from backoffice.actions.sites import held_at
from prestations.configuration import Kind, State, kind_of
from prestations.models import Department, Site


def with_handover() -> list[Kind]:
    """Return the kinds of which a file, or the history, only closes what holds nothing."""
    departments, sites = kind_of("departments"), kind_of("sites")

    def of_department(key: str, state: State | None) -> list[str]:
        return departments.faults(key, state) if state else _department_faults(key)

    def of_site(key: str, state: State | None) -> list[str]:
        return sites.faults(key, state) if state else _site_faults(key)

    return [replace(departments, faults=of_department), replace(sites, faults=of_site)]


def _department_faults(key: str) -> list[str]:
    held = held_by(Department.objects.get(pk=key))
    if not (held.requests or held.tasks or held.agents):
        return []
    return [
        _(
            "Ce service a encore des demandes, des tâches ou des agents : fermez-le d’abord depuis"
            " sa page (Paramétrage, Services), qui demande qui les reprend."
        )
    ]


def _site_faults(key: str) -> list[str]:
    if not Site.objects.filter(is_active=True).exclude(pk=key).exists():
        return [_("C’est le dernier site ouvert : ouvrez-en un autre d’abord.")]
    if not held_at(Site.objects.get(pk=key)).agents:
        return []
    return [
        _(
            "Ce site a encore des agents : fermez-le d’abord depuis sa page (Paramétrage, Sites),"
            " qui demande où ils vont."
        )
    ]
