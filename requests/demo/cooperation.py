"""Colleagues around the demo's requests: who is away, who is named in notes, who watches."""

from datetime import datetime, timedelta

from massy_grc.users.models import User
from prestations.enums import Role
from prestations.models import Absence
from requests import actions
from requests.actions.mentions import watch_request
from requests.demo.people import DEMO_DEPARTMENT, Staff
from requests.demo.wording import MENTIONS
from requests.models import ServiceRequest

AWAY_FOR = timedelta(days=4)
WATCHED = 3


def make_cooperation(staff: Staff, now: datetime) -> None:
    """A colleague of the demo's expert and one of its front-office agent are away today.

    Both have notes to read and requests that they watch.
    """
    demo = User.objects.in_bulk(staff.demo.values())
    expert, front = (
        demo.get(staff.demo.get(role, 0)) for role in (Role.AGENT_EXPERT, Role.AGENT_EAS)
    )
    if expert is None or front is None:
        return
    for delegate, colleagues in ((expert, staff.experts[DEMO_DEPARTMENT]), (front, staff.eas)):
        _away(delegate, [pk for pk in colleagues if pk not in demo], now)
    held = ServiceRequest.objects.open().filter(
        department=DEMO_DEPARTMENT, department_since__isnull=False, prestation__restricted=""
    )
    rows = list(held.order_by("-arrived_at")[: 2 * WATCHED])
    for service_request, (to_expert, words) in zip(rows, MENTIONS, strict=False):
        author, person = (front, expert) if to_expert else (expert, front)
        actions.add_note(
            request_id=service_request.pk,
            actor=author,
            body=f"@{person.get_full_name()} {words}",
            now=now,
        )
    for user in (expert, front):
        for service_request in rows[-WATCHED:]:
            watch_request(service_request=service_request, user=user, at_once=False)


def _away(delegate: User, colleagues: list[int], now: datetime) -> None:
    person = User.objects.filter(pk__in=colleagues, is_active=True).order_by("pk").last()
    if person is None:
        return
    Absence.objects.create(
        person=person,
        first_day=now.date() - timedelta(days=1),
        last_day=now.date() + AWAY_FOR,
        delegate=delegate,
        noted_by=person,
        noted_at=now - timedelta(days=3),
    )
