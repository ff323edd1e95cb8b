"""The copy of one's data: asked for from the account, made by a worker, read by its owner only."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from citizens.actions import tie_household
from citizens.actions.consents import Subject, set_consent
from massy_grc.audit.models import AccessRecord
from prestations.models import Prestation
from requests import actions, tasks
from requests.copies import gather
from requests.letters import copy as letters_copy
from requests.letters.copy import TITLES, sections_of
from requests.models import DataExport
from tests.backoffice.conftest import client_of
from tests.factories.citizens import CitizenFactory, make_account
from tests.factories.requests import make_request
from tests.factories.users import PASSWORD
from tests.helpers import drain_outbox
from tests.requests.privacy.conftest import add_file, on_disk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]


@pytest.fixture
def account(catalogue):
    account = make_account(family_name="Okafor", email="okafor@courriel.example")
    sr = make_request(
        prestation=Prestation.objects.get(pk="voirie-graffitis"),
        citizen=account.citizen,
        answers={"demandeur": {}, "reponses": {"precision_lieu": "Sur le mur du préau"}},
        place="rue de la Division Leclerc",
    )
    actions.receive_message(request_id=sr.pk, body="Est-ce que vous venez demain ?")
    add_file(sr, name="photo du mur.pdf", content=b"%PDF-1.4 photo")
    set_consent(
        subject=Subject(account.citizen_id), kind="satisfaction", given=True, source="account"
    )
    return account


def ask(client) -> DataExport:
    client.post(reverse("requests:my_data_ask"))
    drain_outbox()
    return DataExport.objects.get()


def content(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_the_copy_holds_everything_and_is_told_by_mail(client, login, account, eas_agent):
    AccessRecord.objects.create(
        user=eas_agent, action="view", object_type="citizen", object_id=account.citizen_id
    )
    login(client, account.user)
    mail.outbox.clear()
    export = ask(client)
    told = [one for one in mail.outbox if "copie de vos données" in one.subject]
    assert [one.to for one in told] == [["okafor@courriel.example"]]
    session = client.session
    session["started_at"] = timezone.now().timestamp()
    session.save()
    bundle = content(client.get(reverse("requests:my_data_copy", args=[export.pk])))
    data = json.loads(bundle.read("donnees.json"))
    assert data["fiche"]["nom_de_famille"] == "Okafor"
    assert data["comptes"][0]["adresse_de_connexion"] == "okafor@courriel.example"
    (request,) = data["demandes"]
    assert request["codes_des_reponses"]["reponses"]["precision_lieu"] == "Sur le mur du préau"
    assert "Sur le mur du préau" in [one["reponse"] for one in request["reponses"]]
    assert data["comptes"][0]["appareils"]
    assert request["messages"][0]["texte"] == "Est-ce que vous venez demain ?"
    assert data["accords"][0]["donne"] is True
    assert data["consultations_par_les_agents"][0]["consultations"] == 1
    assert eas_agent.last_name not in json.dumps(data["consultations_par_les_agents"])
    files = {name: bundle.read(name) for name in bundle.namelist()}
    assert b"%PDF-1.4 photo" in files.values()
    assert files["donnees.pdf"].startswith(b"%PDF")


def test_the_readable_copy_has_every_part_in_words(account, eas_agent):
    child = CitizenFactory(family_name="Petitnom")
    tie_household(
        citizen_id=child.pk,
        other_id=account.citizen_id,
        quality="parent",
        shares_home=True,
        ground="proof",
        actor=eas_agent,
        now=timezone.now(),
    )
    data = gather(account.citizen)
    sections = sections_of(data)  # fails for a part without heading, or a name without words
    assert [section["title"] for section in sections] == [TITLES[part] for part in data]
    rows = [row for section in sections for rows in section["items"] for row in rows]
    assert ("Nom de famille", "Okafor") in rows
    assert ("Langue", "français") in rows
    assert ("Un proche", "enfant") in rows
    assert "Petitnom" not in str(rows)
    sizes = [value for label, value in rows if label.endswith("Taille")]
    assert sizes
    assert all(value.endswith("ko") for value in sizes)
    assert all("_" not in label for label, _value in rows)


def test_internal_notes_are_not_handed_out(client, login, account, eas_agent):
    sr = account.citizen.requests.get()
    actions.add_note(request_id=sr.pk, actor=eas_agent, body="Le voisin est venu se plaindre")
    login(client, account.user)
    export = ask(client)
    with zipfile.ZipFile(export.file.open()) as bundle:
        assert "voisin" not in bundle.read("donnees.json").decode()


def test_the_download_asks_for_the_password_again(client, login, account):
    login(client, account.user)
    export = ask(client)
    address = reverse("requests:my_data_copy", args=[export.pk])
    session = client.session
    session["started_at"] = timezone.now().timestamp() - 3600
    session.save()
    response = client.get(address)
    assert response.status_code == 302
    assert response.url.startswith("/compte/reauthenticate/")
    client.post(response.url, {"password": PASSWORD})
    assert client.get(address).status_code == 200


def test_nobody_else_reads_it(client, login, account):
    login(client, account.user)
    export = ask(client)
    address = reverse("requests:my_data_copy", args=[export.pk])
    stranger = make_account(citizen=CitizenFactory())
    login(client, stranger.user)
    session = client.session
    session["started_at"] = timezone.now().timestamp()
    session.save()
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).url.startswith("/compte/login/")


def test_it_is_deleted_after_seven_days(client, login, account, media):
    login(client, account.user)
    export = ask(client)
    before = len(on_disk(media))
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=True):
        tasks.sweep_exports()
    assert len(on_disk(media)) == before - 1
    export.refresh_from_db()
    assert export.state == "expired"


def test_three_copies_a_day_are_enough(client, login, account):
    login(client, account.user)
    for _ in range(5):
        client.post(reverse("requests:my_data_ask"))
        drain_outbox()
    assert DataExport.objects.count() == 3


def test_the_officer_has_one_made_once_the_identity_is_checked(catalogue, officer):
    citizen = CitizenFactory()
    desk = client_of(officer, post=None)
    address = reverse("backoffice:privacy_copy", args=[citizen.pk])
    desk.post(address, {"identity": ""})
    assert not DataExport.objects.exists()
    desk.post(address, {"identity": "document"})
    drain_outbox()
    export = DataExport.objects.get()
    response = desk.get(reverse("backoffice:privacy_download", args=[export.pk]))
    assert "donnees.json" in content(response).namelist()
    assert AccessRecord.objects.filter(action="download", object_id=citizen.pk).exists()


def test_a_long_copy_is_told_in_several_readable_files(client, login, account, monkeypatch):
    monkeypatch.setattr(letters_copy, "REQUESTS_A_FILE", 1)
    make_request(prestation=Prestation.objects.get(pk="voirie-graffitis"), citizen=account.citizen)
    login(client, account.user)
    with zipfile.ZipFile(ask(client).file) as bundle:
        assert {"donnees.pdf", "donnees-2.pdf"} <= set(bundle.namelist())
        assert "donnees-3.pdf" not in bundle.namelist()
        assert len(json.loads(bundle.read("donnees.json"))["demandes"]) == 2
