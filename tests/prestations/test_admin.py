"""Django's own administration shows the catalogue and lets nobody change it there."""

import pytest
from allauth.mfa.models import Authenticator

from massy_grc.users.models import User
from prestations.models import Prestation


@pytest.fixture
def technician(catalogue, client, login):
    user = User.objects.create_superuser(
        "technique@massy.example", first_name="Léa", last_name="Blanc"
    )
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    return login(client, user)


@pytest.mark.parametrize(
    "path",
    [
        "prestation/",
        "prestation/voirie-graffitis/change/",
        "formversion/",
        "town/",
        "closure/",
        "department/",
    ],
)
def test_shows_what_the_files_loaded(technician, path):
    assert technician.get(f"/technique/prestations/{path}").status_code == 200


@pytest.mark.parametrize("act", ["change", "delete"])
def test_changes_nothing(technician, act):
    response = technician.post(
        f"/technique/prestations/prestation/voirie-graffitis/{act}/", {"label": "x", "post": "yes"}
    )
    assert response.status_code == 403
    assert (
        Prestation.objects.get(pk="voirie-graffitis").label == "Demande d'enlèvement de graffitis"
    )


def test_an_agent_has_no_business_there(client, login, eas_agent):
    response = login(client, eas_agent).get("/technique/prestations/prestation/")
    assert response.status_code == 302
