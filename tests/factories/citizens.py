"""People, their accounts, and organisations."""

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from citizens.models import Citizen, CitizenAccount
from massy_grc.users.models import User, UserKind
from tests.factories.users import PASSWORD


class CitizenFactory(DjangoModelFactory):
    class Meta:
        model = Citizen

    family_name = "Durand"
    given_name = factory.Sequence(lambda n: f"Jeanne{n}")
    email = factory.Sequence(lambda n: f"jeanne{n}@courriel.example")
    phone = factory.Sequence(lambda n: f"+3361{n:07d}")
    address = "3 rue Jean Mermoz, 91300 Massy"


def make_account(*, citizen=None, password: str | None = PASSWORD, **person) -> CitizenAccount:
    """Return an open account with a confirmed address, as if its owner had signed up.

    `person` are fields of the citizen's record (email, family_name…) when none is given. Without
    a password the account is one of an identity provider.
    """
    citizen = citizen or CitizenFactory(**person)
    user = User.objects.create_user(
        citizen.email,
        password,
        kind=UserKind.CITIZEN,
        first_name=citizen.given_name,
        last_name=citizen.family_name,
    )
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return CitizenAccount.objects.create(user=user, citizen=citizen, terms_version="test")
