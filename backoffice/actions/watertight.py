"""Prestations made watertight or opened again in the settings (L7): logged, told to the officer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.actions.accesses import record_access
from massy_grc.outbox.api import queue_delivery
from massy_grc.users.models import User
from prestations.editing.offers import write_rules
from prestations.models import Prestation
from requests.exceptions import NotAllowed
from requests.notifications.sending import GREETING
from requests.permissions import Right, places_with, scope_of


@transaction.atomic
def write_law(
    *,
    prestation_id: str,
    values: Mapping[str, Any],
    seen: str | None,
    actor,
    now: datetime | None = None,
) -> Prestation:
    """Change what law asks of a prestation: silence, checks, who reads its requests.

    Raises:
        NotAllowed: no administrator acts.
        Prestation.DoesNotExist, StalePage, StillWrong: see `write_rules`.
    """
    if not scope_of(actor).may(Right.ADMINISTER):
        raise NotAllowed
    with noted(prestation_id, by=actor, now=now):
        return write_rules(prestation_id=prestation_id, values=values, seen=seen, actor=actor)


@contextmanager
def noted(prestation_id: str, *, by: User | None, now: datetime | None = None) -> Iterator[None]:
    """Note, and tell the officers, when the block makes a prestation watertight or opens it.

    Args:
        by: nobody: a command, which only whoever keeps the server gives.
    """
    known = Prestation.objects.filter(pk=prestation_id)
    before = known.exclude(restricted="").exists()
    yield
    written = known.get()
    if by is not None and before != bool(written.restricted):
        _note(written, by, now or timezone.now())


def _note(prestation: Prestation, actor: User, now: datetime) -> None:
    closed = bool(prestation.restricted)
    act = "restrict" if closed else "unrestrict"
    record_access(
        user=actor,
        action=f"{act}:{prestation.pk}"[:40],
        object_type="user",
        object_id=actor.pk,
        detail={"prestation": prestation.pk},
    )
    who = actor.get_full_name()
    said = (
        f"{who} réserve cette prestation à des agents nommés\u00a0: {prestation.restricted}."
        if closed
        else f"{who} ouvre cette prestation\u00a0: les agents à qui le travail est confié lisent"
        " toutes ses demandes, celles d'avant comprises."
    )
    page = reverse("backoffice:holders")
    places = places_with(Right.PROTECT_DATA).values("user")
    for one in User.objects.filter(pk__in=places, is_active=True).exclude(pk=actor.pk):
        queue_delivery(
            key=f"{act}:{prestation.pk}:{now.isoformat()}:{one.pk}",
            to=str(one.email),  # an agent always has one
            subject=f"Accès réservés\u00a0: {prestation.label}",
            body=f"{GREETING}\n\n{said}\n\n{settings.PUBLIC_URL}{page}",
            about="watertight",
        )
