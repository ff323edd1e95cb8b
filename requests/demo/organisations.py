"""The demo's organisations with members, people for whom others filed, and newsletters."""

from datetime import datetime, timedelta
from random import Random

from django.db.models import Count
from django.utils.text import slugify

from citizens.actions import declare_organisation, write_newsletter
from citizens.actions.consents import Subject
from citizens.enums import CheckState, ConsentKind, ConsentSource, MemberRole
from citizens.models import (
    Citizen,
    CitizenAccount,
    ConsentEvent,
    Issue,
    Organisation,
    OrganisationAccount,
    OrganisationMember,
    Subscription,
)
from massy_grc.users.models import User
from prestations.enums import Channel, Role
from prestations.models import Prestation
from requests.actions.core import refresh_search
from requests.demo.accounts import BUSY, NEW
from requests.demo.people import demo_login
from requests.enums import FINAL_STATES, Relation
from requests.models import ConcernedPerson, ServiceRequest

CONCERNED = 24
SUBSCRIBERS = 160
# name: what it tells, and both in English
NEWSLETTERS = {
    "Travaux et circulation": (
        "Les chantiers et les rues fermées de la semaine.",
        "Roadworks and traffic",
        "The week’s building sites and closed streets.",
    ),
    "Enfance et écoles": (
        "Inscriptions, cantine, centres de loisirs : les dates à ne pas manquer.",
        "Children and schools",
        "Enrolment, canteen, leisure centres: the dates not to miss.",
    ),
    "Vie associative": (
        "Fêtes, forums et aides pour les associations.",
        "Clubs and associations",
        "Fairs, forums and grants for associations.",
    ),
}
ISSUES = (
    ("Travaux et circulation", "La rue Jean Mermoz fermée trois jours", True),
    ("Enfance et écoles", "Inscriptions scolaires : c’est parti", True),
    ("Vie associative", "Forum des associations : réservez votre table", False),
)
BODY = (
    "Bonjour,\n\n{subject}.\n\nLes dates et les détails sont sur le site de la ville. "
    "Une question ? Appelez l’accueil.\n\nLa mairie"
)


def make_shared_spaces(random: Random, now: datetime) -> None:
    """Give the demo's citizens an association and a business, and fill in what goes with them.

    What exists already is left as it is.
    """
    if OrganisationAccount.objects.exists():
        return
    accounts = {one.user.email: one for one in CitizenAccount.objects.select_related("user")}
    busy, new = accounts.get(BUSY), accounts.get(NEW)
    if busy is None:
        return
    club = _space("association", busy, now, CheckState.VERIFIED)
    shop = _space("entreprise", busy, now, CheckState.PENDING)
    if new is not None:
        for organisation, role in ((club, MemberRole.MEMBER), (shop, MemberRole.ADMINISTRATOR)):
            if organisation is not None:
                OrganisationMember.objects.create(
                    organisation=organisation, account=new, role=role, joined_at=now
                )
        _space("association", new, now, CheckState.PENDING, place=1)
    _name_concerned(random, now)
    _make_newsletters(random, now, busy)


def _space(
    kind: str, account: CitizenAccount, now: datetime, state: CheckState, place: int = 0
) -> OrganisationAccount | None:
    """The account of an organisation that asked much, with its requests in it."""
    by_requests = Organisation.objects.filter(kind=kind).annotate(asked=Count("requests"))
    known = by_requests.order_by("-asked", "pk")[place : place + 1].first()
    if known is None:
        return None
    made = declare_organisation(
        account=account,
        name=known.name,
        kind=kind,
        siret=known.siret,
        rna=known.rna,
        address=known.address,
        language="fr",
        now=now - timedelta(days=40 + place),
    )
    if state != CheckState.PENDING:
        made.state, made.checked_at = state, now - timedelta(days=38)
        made.checked_by = User.objects.filter(email=demo_login(Role.AGENT_EAS)).first()
        made.save()
        ServiceRequest.objects.filter(organisation=known).update(
            organisation_account=made, account=account
        )
    return made


def _name_concerned(random: Random, now: datetime) -> None:
    """Some requests were filed for a relative: told by mail, by letter, or still to be called."""
    asking = [one.pk for one in Prestation.objects.all() if one.on_behalf.get("ask")]
    filed = ServiceRequest.objects.filter(
        prestation__in=asking, channel=Channel.WEB, citizen__isnull=False
    ).exclude(state__in=FINAL_STATES)
    filed = filed.select_related("prestation")
    others = list(Citizen.objects.living().filter(accounts=None).order_by("pk")[:500])
    for number, one in enumerate(filed.order_by("-arrived_at")[:CONCERNED]):
        person = random.choice(others)
        fields, given = one.prestation.on_behalf.get("person", {}), one.answers["reponses"]
        by_phone, objects = number % 8 == 3, number % 8 == 5
        ConcernedPerson.objects.create(
            request=one,
            family_name=given.get(fields.get("family_name")) or person.family_name,
            given_name=given.get(fields.get("given_name")) or person.given_name,
            email="" if by_phone else person.email,
            phone=str(person.phone or ""),
            address="" if by_phone else person.address,
            relation=random.choice([Relation.FAMILY, Relation.PARTNER, Relation.PROTECTED]),
            told_at=None if by_phone else one.arrived_at,
            objected_at=now - timedelta(days=1) if objects and not by_phone else None,
        )
        one.refresh_from_db()
        refresh_search(one)


def _make_newsletters(random: Random, now: datetime, account: CitizenAccount) -> None:
    lists = {
        label: write_newsletter(
            code=slugify(label),
            label=label,
            description=description,
            label_en=label_en,
            description_en=description_en,
        )
        for label, (description, label_en, description_en) in NEWSLETTERS.items()
    }
    readers = Citizen.objects.living().filter(accounts=None).exclude(email="")
    people = list(readers.order_by("pk")[:SUBSCRIBERS])
    rows = {
        (newsletter.pk, person.email.lower()): Subscription(
            newsletter=newsletter,
            email=person.email.lower(),
            language="fr",
            asked_at=now - timedelta(days=30),
            confirmed_at=now - timedelta(days=30) if random.random() < 0.9 else None,
        )
        for newsletter in lists.values()
        for person in random.sample(people, len(people) // 2)
    }
    Subscription.objects.bulk_create(rows.values())
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            address_key=Subject.of_address(email).address_key,
            kind=ConsentKind.NEWSLETTER,
            version=1,
            given=True,
            source=ConsentSource.LINK,
            at=now - timedelta(days=30),
        )
        for email in sorted({row.email for row in rows.values() if row.confirmed_at})
    )
    Subscription.objects.create(
        newsletter=lists["Travaux et circulation"],
        email=account.user.email or "",
        citizen=account.citizen,
        language="fr",
        asked_at=now - timedelta(days=20),
        confirmed_at=now - timedelta(days=20),
    )
    author = User.objects.filter(email=demo_login(Role.ADMINISTRATEUR)).first()
    if author is None:
        return
    for label, subject, sent in ISSUES:
        newsletter = lists[label]
        Issue.objects.create(
            newsletter=newsletter,
            subject=subject,
            body=BODY.format(subject=subject),
            author=author,
            written_at=now - timedelta(days=8),
            sent_at=now - timedelta(days=7) if sent else None,
            sent_by=author if sent else None,
            recipients=newsletter.subscriptions.confirmed().count() if sent else 0,
        )
