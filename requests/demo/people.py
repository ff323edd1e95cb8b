"""The demo's people: the staff with one log-in per role, and the citizens who ask."""

import os
from dataclasses import dataclass, field
from random import Random

from django.contrib.auth.hashers import make_password

from citizens.enums import ReplyChannel, ResidenceKind
from citizens.models import Citizen, Organisation
from massy_grc.common.text import fold
from massy_grc.users.models import User
from prestations.enums import RequesterKind, Role
from prestations.models import Department, Membership, Prestation
from requests.demo.names import (
    ASSOCIATIONS,
    COMPANIES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    NEIGHBOURS,
    STREETS,
    invented_phone,
)

DEMO_DOMAIN = "demo.massy.example"
DEMO_PASSWORD = "demo-massy-2026"  # noqa: S105 - shown on the terminal, for demonstrations only
NAMED = 3  # front-office agents named for a restricted prestation
DEMO_DEPARTMENT = "voirie-assainissement"  # of the demo's expert and head of department
SITES = ("mairie-principale", "mairie-annexe")

JOB_TITLES = {
    Role.AGENT_EAS: "Agent d'accueil polyvalent",
    Role.AGENT_PROXIMITE: "Agent du service Proximité",
    Role.AGENT_EXPERT: "Gestionnaire de dossiers",
    Role.CHEF_SERVICE: "Responsable de service",
    Role.SUPERVISEUR: "Responsable de l'accueil",
    Role.RESPONSABLE_CONNAISSANCE: "Responsable de la base de connaissance",
    Role.REGISSEUR: "Régisseur",
    Role.MANAGER: "Directrice générale adjointe",
    Role.MAIRE: "Maire",
    Role.FACILITATEUR: "Facilitateur",
    Role.DPO: "Déléguée à la protection des données",
    Role.ADMINISTRATEUR: "Administratrice fonctionnelle",
}


@dataclass
class Staff:
    """Who works where, as the lives need them. Values are ids of users."""

    eas: list[int] = field(default_factory=list)
    proximite: list[int] = field(default_factory=list)
    experts: dict[str, list[int]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    supervisor: int = 0
    sites: dict[int, str] = field(default_factory=dict)
    demo: dict[str, int] = field(default_factory=dict)

    def front(self, prestation: Prestation, team: str) -> list[int]:
        """Who may follow a request at the front office: of a restricted one, those to be named.

        The demo's polyvalent agent is not, and so shows what others do not see.
        """
        if team == "proximite":
            return self.proximite
        if not prestation.restricted:
            return self.eas
        others = sorted({*self.eas} - {self.demo.get(Role.AGENT_EAS, 0)})
        return others[:NAMED] or self.eas


def demo_login(role: str) -> str:
    """The e-mail address of the demo account of a role."""
    return f"{role}@{DEMO_DOMAIN}"


def demo_password() -> str:
    """The password that all demo accounts share."""
    return os.environ.get("DEMO_PASSWORD", DEMO_PASSWORD)


def email_name(text: str) -> str:
    """A name as the left part of an e-mail address writes it."""
    return fold(text).replace(" ", "-").replace("'", "")


class StaffBuilder:
    """Makes the accounts and memberships of the whole staff, each under an invented name.

    Accounts that exist already are left as they are.
    """

    def __init__(self, random: Random):
        self.random = random
        # One hash for everybody: hashing 120 times would take a minute.
        self.password = make_password(demo_password())
        self.users: list[User] = []
        self.posts: list[tuple[User, dict]] = []
        self.taken = set(User.objects.values_list("email", flat=True))

    def build(self) -> Staff:
        """Create everybody and return who works where."""
        front = [(Role.AGENT_EAS, "eas", 15), (Role.AGENT_PROXIMITE, "proximite", 3)]
        for role, team, count in front:
            for number in range(count):
                self._hire(role, demo=number == 0, team_id=team, site_id=SITES[number % 3 == 2])
        for code in Department.objects.order_by("order").values_list("code", flat=True):
            demo = code == DEMO_DEPARTMENT
            self._hire(Role.CHEF_SERVICE, demo=demo, department_id=code)
            for number in range(3 if demo else self.random.choice((1, 2, 2, 3))):
                self._hire(Role.AGENT_EXPERT, demo=demo and number == 0, department_id=code)
        for role in Role:
            if role not in {Role.AGENT_EAS, Role.AGENT_PROXIMITE, *_IN_DEPARTMENTS}:
                self._hire(role, demo=True, **({"team_id": "eas"} if role == _SUPERVISOR else {}))
        User.objects.bulk_create(self.users)
        Membership.objects.bulk_create(Membership(user=user, **place) for user, place in self.posts)
        return read_staff()

    def _hire(self, role: Role, *, demo: bool, **place) -> None:
        first, last = self.random.choice(GIVEN_NAMES), self.random.choice(FAMILY_NAMES)
        email = (
            demo_login(role) if demo else f"{email_name(first)}.{email_name(last)}@massy.example"
        )
        if email in self.taken:
            if not demo:  # two invented colleagues of one name: draw again
                self._hire(role, demo=demo, **place)
            return
        self.taken.add(email)
        user = User(
            email=email,
            first_name=first,
            last_name=last,
            job_title=JOB_TITLES[role],
            password=self.password,
        )
        self.users.append(user)
        self.posts.append((user, {"role": role, **place}))


_IN_DEPARTMENTS = (Role.AGENT_EXPERT, Role.CHEF_SERVICE)
_SUPERVISOR = Role.SUPERVISEUR


def read_staff() -> Staff:
    """Return who works where, from the memberships in the database."""
    staff = Staff()
    memberships = Membership.objects.filter(user__is_active=True).select_related("user")
    for post in memberships.order_by("user_id", "pk"):
        if post.user.email == demo_login(post.role):
            staff.demo[post.role] = post.user_id
        if post.role == Role.AGENT_EAS:
            staff.eas.append(post.user_id)
            staff.sites[post.user_id] = post.site_id or SITES[0]
        elif post.role == Role.AGENT_PROXIMITE:
            staff.proximite.append(post.user_id)
            staff.sites[post.user_id] = post.site_id or SITES[0]
        elif post.role == Role.AGENT_EXPERT and post.department_id:
            staff.experts.setdefault(post.department_id, []).append(post.user_id)
        elif post.role == Role.CHEF_SERVICE and post.department_id:
            staff.heads[post.department_id] = post.user_id
        elif post.role == Role.SUPERVISEUR:
            staff.supervisor = post.user_id
    for code, head in staff.heads.items():
        staff.experts.setdefault(code, [head])
    _favour_demo_accounts(staff)
    return staff


def _favour_demo_accounts(staff: Staff) -> None:
    """Whoever logs in for a look finds work: the demo accounts get more than their share."""
    for role, colleagues in (
        (Role.AGENT_EAS, staff.eas),
        (Role.AGENT_EXPERT, staff.experts.get(DEMO_DEPARTMENT, [])),
    ):
        if role in staff.demo:
            colleagues.append(staff.demo[role])


def make_citizens(random: Random, count: int) -> list[Citizen]:
    """Create `count` citizens: one in nine lives elsewhere, some have neither e-mail nor phone."""
    people = [_citizen(random, number) for number in range(count)]
    return Citizen.objects.bulk_create(people, batch_size=2000)


def _citizen(random: Random, number: int) -> Citizen:
    first, last = random.choice(GIVEN_NAMES), random.choice(FAMILY_NAMES)
    outside = random.random() < 0.11
    town, postcode = random.choice(NEIGHBOURS) if outside else ("Massy", "91300")
    email = ""
    if random.random() < 0.84:
        email = f"{email_name(first)}.{email_name(last)}{number}@massy.example"
    phone = invented_phone(random) if random.random() < 0.8 else ""
    usage = random.choice(FAMILY_NAMES) if random.random() < 0.08 else ""
    channel = ReplyChannel.EMAIL if email else ReplyChannel.COURRIER
    person = Citizen(
        family_name=last.replace("-", " "),
        usage_name=usage.replace("-", " "),
        given_name=first,
        email=email,
        phone=phone,
        address=f"{random.randrange(1, 140)} {random.choice(STREETS)}, {postcode} {town}",
        residence=ResidenceKind.EXTERIEUR if outside else ResidenceKind.MASSICOIS,
        reply_channel=channel,
        language="fr",
    )
    person.derive_keys()
    return person


def make_organisations(random: Random) -> list[Organisation]:
    """Create the town's invented associations and businesses; existing ones are kept."""
    known = set(Organisation.objects.values_list("name", flat=True))
    new = []
    for kind, names in (
        (RequesterKind.ASSOCIATION, ASSOCIATIONS),
        (RequesterKind.ENTREPRISE, COMPANIES),
    ):
        for name in names:
            if name in known:
                continue
            organisation = Organisation(
                name=name,
                kind=kind,
                rna=f"W91{random.randrange(10**7):07d}" if kind == "association" else "",
                siret=luhn_siret(random) if kind == "entreprise" else "",
                representative=f"{random.choice(GIVEN_NAMES)} {random.choice(FAMILY_NAMES)}",
                email=f"contact@{email_name(name)}.massy.example",
                phone=invented_phone(random),
                address=f"{random.randrange(1, 90)} {random.choice(STREETS)}, 91300 Massy",
            )
            organisation.derive_keys()
            new.append(organisation)
    Organisation.objects.bulk_create(new)
    return list(Organisation.objects.order_by("pk"))


def luhn_siret(random: Random) -> str:
    """An invented SIRET whose two keys are right: the company's and the place's (Luhn, L15)."""
    siren = _with_luhn_key([random.randrange(10) for _ in range(8)])
    return "".join(map(str, _with_luhn_key([*siren, *(random.randrange(10) for _ in range(4))])))


def _with_luhn_key(digits: list[int]) -> list[int]:
    doubled = [
        sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit
        for place, digit in enumerate(reversed(digits))
    ]
    return [*digits, -sum(doubled) % 10]
