"""Families of the demo: noted by an agent, or only proposed by their address; and notes on them."""

from datetime import date, datetime, timedelta

from django.db.models import Count

from citizens.actions import create_citizen, tie_household
from citizens.enums import HouseholdGround, HouseholdQuality
from citizens.models import Citizen, HouseholdTie
from massy_grc.users.models import User
from requests import actions
from requests.demo.people import Staff
from requests.enums import NoteLevel

NOTED_AGO = timedelta(days=12)
# for each home: the child, their birth date, the partner, whether an agent noted the partner
HOMES = (
    ("Malo", date(2018, 5, 14), "Irène", True),
    ("Awa", date(2020, 11, 2), "Marius", False),
    ("Noé", date(2015, 1, 27), "Salomé", True),
)
NOTES = (
    ("Entend mal au téléphone : lui écrire ou la recevoir au guichet.", NoteLevel.FRONT, True),
    ("Vient avec sa fille, qui traduit.", NoteLevel.FRONT, False),
    ("A laissé son dossier de rentrée dans la bannette bleue.", NoteLevel.TEAM, False),
)


def make_households(staff: Staff, now: datetime) -> None:
    """Give a few people a family at their address, and a note; once."""
    agent = User.objects.filter(pk__in=staff.eas).order_by("pk").first()
    if agent is None or HouseholdTie.objects.exists():
        return
    at_home = Citizen.objects.living().exclude(address="").annotate(number=Count("requests"))
    people = list(at_home.filter(number__gte=2).order_by("-pk")[: len(HOMES)])
    then = now - NOTED_AGO
    for person, (child, born, partner, noted), note in zip(people, HOMES, NOTES, strict=False):
        family = {
            "family_name": person.family_name,
            "address": person.address,
            "residence": person.residence,
        }
        members = [
            (create_citizen(given_name=child, birth_date=born, **family), HouseholdQuality.CHILD),
        ]
        spouse = create_citizen(given_name=partner, **family)
        if noted:
            members.append((spouse, HouseholdQuality.SPOUSE))
        for other, quality in members:
            tie_household(
                citizen_id=person.pk,
                other_id=other.pk,
                quality=quality,
                shares_home=True,
                ground=HouseholdGround.DECLARED,
                actor=agent,
                now=then,
            )
        _note(person, agent, note, then)


def _note(person: Citizen, agent: User, note: tuple[str, NoteLevel, bool], now: datetime) -> None:
    body, level, pinned = note
    team = agent.memberships.exclude(team=None).values_list("team", flat=True).first()
    written = actions.write_record_note(
        citizen_id=person.pk,
        actor=agent,
        level=level,
        circle=(team or "") if level == NoteLevel.TEAM else "",
        body=body,
        now=now,
    )
    if pinned:
        actions.pin_record_note(note_id=written.pk, actor=agent, pinned=True, now=now)
