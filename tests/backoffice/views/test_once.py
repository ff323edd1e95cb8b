"""An act sent twice from one page is done, logged and told once, its words in no log (R24)."""

from collections import Counter

import pytest
from django.core import mail

from massy_grc.outbox.models import Delivery, OutboxEvent
from requests import actions
from requests.event_log import breaks
from requests.models import ServiceRequest
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.filed import EMAIL, file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]

WORDS = "Un texte-canari que nul journal ne garde."
CERTIFICATE, POTHOLE = "acte-naissance-filiation", "voirie-intervention-rapide"
# who does it, to what, with what; the page is sent twice as it was read
ACTS = {
    "take": ("supervisor", CERTIFICATE, {}),
    "answer": (
        "eas_agent",
        CERTIFICATE,
        {"outcome": "positive", "template": "", "body": WORDS, "close": "on"},
    ),
    "write": ("eas_agent", CERTIFICATE, {"subject": "Votre demande", "body": WORDS}),
    "ask_question": ("eas_agent", CERTIFICATE, {"body": WORDS}),
    "close": ("eas_agent", CERTIFICATE, {"closing_reason": "doublon", "motive": WORDS}),
    "transfer": ("eas_agent", CERTIFICATE, {"department": "espaces-verts", "note": WORDS}),
    "wait_third_party": ("eas_agent", CERTIFICATE, {"note": WORDS}),
    "submit_approval": ("eas_agent", CERTIFICATE, {}),
    "set_urgent": ("eas_agent", CERTIFICATE, {}),
    "withdraw": ("eas_agent", CERTIFICATE, {}),
    "split": ("eas_agent", CERTIFICATE, {"body": WORDS}),
    "cancel": ("supervisor", CERTIFICATE, {"reason": WORDS}),
    "return": ("expert", POTHOLE, {"note": WORDS}),
    "propose_question": ("expert", POTHOLE, {"body": WORDS}),
    "treat": ("expert", POTHOLE, {"outcome": "positive", "conclusion": WORDS}),
}


@pytest.fixture
def filed(eas_agent, settings, tmp_path, text_letters):
    """File a prestation and do what follows from it: `filed(code)`."""
    settings.MEDIA_ROOT = tmp_path

    def file(code: str) -> ServiceRequest:
        sr = file_request(code, place="rue Jean Mermoz")
        drain_outbox()
        if code == CERTIFICATE:
            actions.take_request(request_id=sr.pk, version=None, actor=eas_agent)
            drain_outbox()
        mail.outbox.clear()
        return ServiceRequest.objects.get(pk=sr.pk)

    return file


@pytest.mark.parametrize("verb", ACTS)
def test_what_is_sent_twice_from_one_page_is_done_logged_and_told_once(
    verb, filed, request, caplog, capsys
):
    name, code, typed = ACTS[verb]
    agent = client_of(request.getfixturevalue(name))
    sr = filed(code)
    known = sr.event_count
    caplog.set_level("INFO")
    caplog.clear()
    capsys.readouterr()
    url = f"{sr.get_absolute_url()}{verb}/"
    sent = [agent.post(url, {"version": sr.version, **typed}).status_code for _ in range(2)]
    told = drain_outbox()
    assert sent[0] == 302
    assert sent[1] in (200, 403, 404, 409)  # 200: what was chosen is no choice any more
    done = Counter(sr.events.filter(number__gt=known).values_list("verb", flat=True))
    assert done[verb] == 1
    assert set(done.values()) == {1}
    assert len(mail.outbox) == told
    assert len({(*one.to, one.subject) for one in mail.outbox}) == told
    events = sr.events.filter(number__gt=known).values_list("pk", flat=True)
    published = OutboxEvent.objects.filter(payload__event_id__in=list(events))
    assert published.count() == len(events)
    assert caplog.text.count("delivery_sent") == told
    logged = caplog.text + "".join(capsys.readouterr())
    for secret in ("texte-canari", sr.tracking_code, EMAIL):
        assert secret not in logged
    assert not Delivery.objects.exclude(state="sent").exists()
    assert list(breaks()) == []
