"""The weekly training by its own task, and what the page tells of the answers since (S72)."""

import html
import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from massy_grc.celery import app
from prestations.calendars import PARIS
from prestations.models import Prestation
from requests import actions
from requests.models import AutomaticThreshold
from requests.qualification import examples, guessing
from requests.tasks import train_classifier
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.qualification.conftest import HEALTH, LINES, POTHOLE
from tests.requests.qualification.test_guessing import arrive, settled

pytestmark = pytest.mark.usefixtures("catalogue", "text_letters")

PAGE = "/agent/parametrage/classement/"
SLANG = "mon daron touche sa pépette à Alger, il lui faut le papelard du consulat"


def words(browser) -> str:
    page = re.sub(r"<[^>]*>", " ", browser.get(PAGE).content.decode())
    return re.sub(r"\s+", " ", html.unescape(page))


def month(at: datetime) -> str:
    return date_format(at.astimezone(PARIS), "F Y")


@pytest.fixture
def few_examples(monkeypatch):
    """It learns from nine lines, not from the hundreds that are written."""
    lines = [
        examples.Example(text, code, is_message=True)
        for code, texts in LINES.items()
        for text in texts
    ]
    monkeypatch.setattr(guessing, "written_examples", lambda: lines)
    monkeypatch.setattr(guessing, "catalogue_examples", lambda _prestations: [])


def test_the_weekly_task_learns_what_agents_said(few_examples, eas_agent, administrator):
    (entry,) = [
        one for one in app.conf.beat_schedule.values() if one["task"] == train_classifier.name
    ]
    assert len(entry["schedule"].day_of_week) == 1  # a night of each week
    task = app.tasks[entry["task"]]
    task.apply().get()
    before = actions.current_version()
    (unsure,) = guessing.propose(SLANG, before)[:1]
    for _ in range(2):
        for text in (SLANG, f"Bonjour. {SLANG}", f"{SLANG}, merci"):
            sr = arrive(text)
            drain_outbox()
            settled(sr, HEALTH, eas_agent)
    told = task.apply().get()
    after = actions.current_version()
    assert after.pk != before.pk
    assert told["examples"] == after.examples == before.examples + 3  # each text once
    assert after.learnt == 3
    (sure,) = guessing.propose(SLANG, after)[:1]
    assert sure.prestation.pk == HEALTH
    assert sure.score > 0.8
    assert (unsure.prestation.pk, unsure.score) != (HEALTH, sure.score)
    page = words(client_of(administrator, post=None))
    assert f"sur {after.examples} exemples, dont 3 demandes de la ville" in page


def test_the_page_tells_drift_confusion_and_misrouting(version, eas_agent, administrator):
    AutomaticThreshold.objects.create(prestation_id=HEALTH, percent=50)
    now = timezone.now()
    before = now - timedelta(days=40)
    lately = (
        (before, (POTHOLE, POTHOLE, POTHOLE, POTHOLE)),
        (now, (POTHOLE, HEALTH, HEALTH, "certificat-domicile")),
    )
    for at, answers in lately:
        for code in answers:
            sr = arrive()
            drain_outbox()
            sr.refresh_from_db()
            actions.qualify_request(
                request_id=sr.pk,
                version=sr.version,
                actor=eas_agent,
                prestation=Prestation.objects.get(pk=code),
                now=at,
            )
    automatic = [arrive("certificat de vie pour ma caisse de retraite") for _ in range(2)]
    drain_outbox()
    settled(automatic[0], POTHOLE, eas_agent)
    page = words(client_of(administrator, post=None))
    assert "8 propositions ont reçu la réponse d’un agent : justes en premier 62 %" in page
    assert f"{month(before)} 4 100 % 100 % {month(now)} 4 25 %" in page
    labels = dict(Prestation.objects.values_list("pk", "label"))
    assert f"{labels[POTHOLE]} {labels[HEALTH]} 2 " in page
    assert "2 demandes sont parties sans agent. Mal orientées : 1 (50 %)" in page
