"""The demo's people who have two records: to be compared, told apart, made one; and a couple."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from citizens.actions import create_citizen, find_duplicates, merge_citizens, update_citizen
from citizens.enums import MergeGround
from citizens.likeness import VERY_LIKELY
from citizens.models import Citizen, PossibleDuplicate
from massy_grc.common.text import fold
from massy_grc.users.models import User
from requests.demo.people import Staff
from requests.models import ServiceRequest

MERGED_AGO = timedelta(days=3)


def make_doubles(staff: Staff, now: datetime) -> None:
    """Give a few people a second record, each for another reason; once.

    One pair was made one some days ago, so that its undoing can be tried.
    """
    agent = User.objects.filter(pk__in=staff.eas).order_by("pk").first()
    if agent is None or PossibleDuplicate.objects.exists():
        return
    busy = (
        Citizen.objects.living()
        .exclude(phone="")
        .annotate(number=Count("requests"))
        .filter(number__gte=2)
        .order_by("pk")
    )
    people = list(busy[: len(list(_ways(Citizen(pk=1, given_name="A"))))])
    for place, person in enumerate(people):
        known, second = list(_ways(person))[place]
        update_citizen(citizen_id=person.pk, **known)
        person.refresh_from_db()
        other = create_citizen(**_told(person) | second)
        last = ServiceRequest.objects.filter(citizen=person, account=None).order_by("-pk").first()
        if last is not None:
            ServiceRequest.objects.filter(pk=last.pk).update(citizen=other)
        find_duplicates(citizen_id=other.pk, now=now)
    for pair in PossibleDuplicate.objects.filter(score__gte=VERY_LIKELY).order_by("pk")[:1]:
        records = [pair.other, pair.citizen]
        merge_citizens(
            kept_id=records[0].pk,
            gone_id=records[1].pk,
            taken=[],
            ground=MergeGround.PROOF,
            actor=agent,
            seen=[one.updated_at for one in records],
            now=now - MERGED_AGO,
        )


def _told(person: Citizen) -> dict[str, Any]:
    """What somebody says who is entered a second time."""
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birth_date": person.birth_date,
        "residence": person.residence,
    }


def _ways(person: Citizen) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """What the first record says of a person, and the second one otherwise."""
    family, given = person.family_name, person.given_name
    reach = {"phone": person.phone}
    # the day of a month, which is not the month's own number
    born = date(1948 + 7 * person.pk % 51, 1 + person.pk % 12, 13 - (1 + person.pk % 6) * 2)
    yield {"birth_date": born}, {"family_name": fold(family).upper()} | reach
    yield {"birth_date": born}, {"family_name": fold(family).upper(), "email": person.email}
    yield {"usage_name": "Lavigne", "birth_date": born}, {"family_name": "Lavigne"}
    yield {"birth_date": born}, {"family_name": given, "given_name": family} | reach
    yield {}, {"family_name": family[:2] + family[1:], "address": person.address} | reach
    yield {"birth_date": born}, {"birth_date": date(born.year, born.day, born.month)} | reach
    # a couple: one telephone, two people
    yield {}, {"given_name": "Maëlle", "address": person.address} | reach
