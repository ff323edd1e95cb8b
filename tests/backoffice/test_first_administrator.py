"""A new installation gets its first administrator from the command line, once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from massy_grc.users.models import User
from requests.permissions import Right, scope_of

pytestmark = pytest.mark.django_db
NAMES = ("aline.faure@massy.example", "Aline", "Faure")


def test_first_administrator_chooses_a_password_by_the_printed_link(catalogue, client):
    printed = StringIO()
    call_command("first_administrator", *NAMES, stdout=printed)
    user = User.objects.get(email=NAMES[0])
    assert scope_of(user).may(Right.ADMINISTER)
    path = "/" + printed.getvalue().strip().split("/", 3)[3]
    assert client.get(path).status_code == 200
    client.post(
        path, {"new_password1": "un-mot-de-passe-long", "new_password2": "un-mot-de-passe-long"}
    )
    user.refresh_from_db()
    assert user.check_password("un-mot-de-passe-long")


def test_there_is_only_one_first_administrator(administrator):
    with pytest.raises(CommandError):
        call_command("first_administrator", *NAMES, stdout=StringIO())
