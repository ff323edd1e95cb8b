"""Contacts that needed no request: questions answered at once, and people called back."""

from datetime import datetime

from prestations.calendars import PARIS
from prestations.enums import Channel
from requests.actions.call_backs import END_OF_DAY
from requests.demo.lives import World
from requests.demo.wording import CONTACT_QUESTIONS
from requests.enums import ContactOutcome
from requests.models import CallBack, Contact

CALLED_BACK = 0.15  # of those on the phone


def make_contacts(world: World, count: int) -> None:
    """Add `count` questions over the year, by agents of both teams.

    Some callers are to be called back; those of the last day still wait.
    """
    random = world.random
    agents = [*world.staff.eas, *world.staff.proximite]
    contacts, calls = [], []
    for day in world.timing.arrival_days(count):
        channel = random.choice((Channel.GUICHET, Channel.TELEPHONE))
        question, answer = random.choice(CONTACT_QUESTIONS)
        agent = random.choice(agents)
        at = world.timing.arrival(day, channel)
        contact = Contact(
            channel=channel,
            question=question,
            answer=answer,
            agent_id=agent,
            site_id=world.staff.sites[agent],
            post_type_id=str(channel),
            at=at,
        )
        if channel == Channel.TELEPHONE and random.random() < CALLED_BACK:
            contact.outcome = ContactOutcome.CALL_BACK
            call = CallBack(
                contact=contact,
                phone=f"+3319900{random.randrange(10_000):04d}",
                starts_at=at,
                ends_at=_end_of(world, at),
                owner_id=agent,
                promised_by_id=agent,
                promised_at=at,
                reminded_at=at,
            )
            if call.ends_at < world.now:
                call.done_at, call.done_by_id = call.ends_at, agent
            else:
                contact.answer = ""
            calls.append(call)
        contacts.append(contact)
    contacts.sort(key=lambda contact: contact.at)
    Contact.objects.bulk_create(contacts, batch_size=2000)
    CallBack.objects.bulk_create(calls, batch_size=2000)


def _end_of(world: World, at: datetime) -> datetime:
    """As of any call promised without a slot: the end of the next working day."""
    day = world.calendar.add_working_days(at.astimezone(PARIS).date(), 1)
    return datetime.combine(day, END_OF_DAY, PARIS)
