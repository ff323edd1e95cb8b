"""Contacts that needed no request: questions answered at once, and people called back."""

from datetime import timedelta

from prestations.enums import Channel
from requests.demo.lives import World
from requests.demo.wording import CONTACT_QUESTIONS
from requests.enums import ContactOutcome
from requests.models import Contact

CALLED_BACK = 0.15  # of those on the phone
ANSWERED_WITHIN = timedelta(hours=20)


def make_contacts(world: World, count: int) -> None:
    """Add `count` questions over the year, by agents of both teams.

    Some callers are to be called back; those of the last day still wait.
    """
    random = world.random
    agents = [*world.staff.eas, *world.staff.proximite]
    contacts = []
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
            contact.call_back_to = f"+3319900{random.randrange(10_000):04d}"
            if at + ANSWERED_WITHIN < world.now:
                contact.called_back_at, contact.called_back_by_id = at + ANSWERED_WITHIN, agent
            else:
                contact.answer = ""
        contacts.append(contact)
    contacts.sort(key=lambda contact: contact.at)
    Contact.objects.bulk_create(contacts, batch_size=2000)
