"""Regimes of silence that the catalogue is not sure of: told, confirmed, kept (L4)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from prestations.enums import Role, SilenceEffect
from prestations.loading.catalogue import load_catalogue
from prestations.models import Prestation, RegimeConfirmation
from tests.backoffice.conftest import client_of
from tests.factories.users import make_agent
from tests.requests.filed import file_request

pytestmark = pytest.mark.django_db
LIST = "/agent/parametrage/silence/"
REMARK = "régime à confirmer par le service juridique"


@pytest.fixture
def unsure(catalogue) -> Prestation:
    """The first prestation whose rejection by silence the catalogue leaves to be confirmed."""
    doubtful = Prestation.objects.open_on("web").silence_unconfirmed()
    return doubtful.filter(silence_effect=SilenceEffect.REJET).earliest("order")


def confirm(client, prestation: Prestation, **changes):
    words = {
        "regime": prestation.regime,
        "confirmed_by": "Me Garnier, service juridique",
        "confirmed_on": timezone.localdate().isoformat(),
        "source": "CRPA L231-4, note du 3 mars",
    }
    return client.post(f"{LIST}{prestation.pk}/", words | changes)


def waiting(client) -> set[str]:
    return {one.pk for one, _words in client.get(LIST).context["to_confirm"]}


def test_those_to_confirm_are_listed_with_effect_and_stated_source(administrator, unsure):
    client = client_of(administrator)
    page = client.get(LIST)
    listed = {one.pk: (one, words) for one, words in page.context["to_confirm"]}
    flagged = Prestation.objects.offered().filter(legal_confirmed=False)
    assert set(listed) == set(flagged.values_list("pk", flat=True))
    told, words = listed[unsure.pk]
    assert words.startswith("Le silence vaut rejet, au bout de")
    assert told.legal_basis[0] in page.content.decode()
    landing = client.get("/agent/parametrage/").content.decode()
    assert f"{len(listed)} régimes à confirmer" in landing


def test_the_data_protection_officer_confirms_with_name_day_and_source(unsure):
    officer = make_agent(Role.DPO, first_name="Léa", last_name="Marchand")
    client = client_of(officer)
    assert f'href="{LIST}"' in client.get("/agent/donnees-personnelles/").content.decode()
    assert confirm(client, unsure).url == LIST
    assert unsure.pk not in waiting(client)
    shown = client.get(LIST).content.decode()
    assert "Me Garnier, service juridique" in shown
    assert "CRPA L231-4, note du 3 mars" in shown
    assert "Léa Marchand" in client.get(f"{LIST}{unsure.pk}/").content.decode()


@pytest.mark.parametrize("field", ["confirmed_by", "confirmed_on", "source"])
def test_without_name_day_or_source_nothing_is_confirmed(administrator, unsure, field):
    assert confirm(client_of(administrator), unsure, **{field: ""}).status_code == 200
    assert not RegimeConfirmation.objects.exists()


def test_a_day_to_come_is_refused(administrator, unsure):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = confirm(client_of(administrator), unsure, confirmed_on=tomorrow).content.decode()
    assert "Cette date est à venir." in page


def test_what_the_catalogue_changed_meanwhile_is_read_again(administrator, unsure):
    page = confirm(client_of(administrator), unsure, regime="acceptation:2:months")
    assert "relisez-le avant de le confirmer" in page.content.decode()
    assert not RegimeConfirmation.objects.exists()


def test_a_load_keeps_the_confirmation_unless_the_regime_changed(administrator, unsure):
    client = client_of(administrator)
    confirm(client, unsure)
    load_catalogue()
    assert unsure.pk not in waiting(client)
    Prestation.objects.filter(pk=unsure.pk).update(silence_value=unsure.silence_value + 1)
    assert unsure.pk in waiting(client)
    load_catalogue()
    assert unsure.pk not in waiting(client)


def test_a_confirmation_is_never_rewritten(administrator, unsure):
    confirm(client_of(administrator), unsure)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegimeConfirmation.objects.update(source="autre")


def test_an_agent_sees_that_the_regime_of_a_request_waits(administrator, eas_agent, unsure):
    service_request = file_request(unsure.pk)
    assert service_request.implicit_decision_at is not None
    address = service_request.get_absolute_url()
    assert REMARK in client_of(eas_agent).get(address).content.decode()
    confirm(client_of(administrator), unsure)
    assert REMARK not in client_of(eas_agent).get(address).content.decode()


def test_a_sure_regime_bears_no_remark(eas_agent, catalogue):
    sure = Prestation.objects.open_on("web").filter(
        legal_confirmed=True, silence_effect=SilenceEffect.REJET, restricted=""
    )
    address = file_request(sure.earliest("order").pk).get_absolute_url()
    page = client_of(eas_agent).get(address).content.decode()
    assert "Décision implicite" in page
    assert REMARK not in page
