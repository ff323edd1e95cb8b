"""SMS through a real Kannel (bearerbox, smsbox and its fake operator), and what becomes of them."""

import shutil
import socket
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from massy_grc.outbox.api import queue_delivery
from massy_grc.outbox.models import Delivery, KeptMail
from massy_grc.outbox.sending import send_due

pytestmark = pytest.mark.django_db

MOBILE = "+33612345678"
FAKE_OPERATOR = "/usr/lib/kannel/test/fakesmsc"
MISSING = (
    "The tests of SMS need Kannel. `make test` installs it when it may; else, on Debian or Ubuntu,"
    " as root:\n  apt-get install --no-install-recommends kannel kannel-extras"
)
SECONDS = 20
CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = none
smsbox-port = {boxes}
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"

group = smsc
smsc = fake
port = {operator}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {gateway}

group = sendsms-user
username = massy
password = secret
concatenation = true
max-messages = 4
"""


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def wait_until(true) -> None:
    until = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < until, "Kannel does not answer"
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def kannel(tmp_path_factory):
    """The port of a gateway whose operator writes down what it receives, and that file."""
    programs = [shutil.which(name, path="/usr/sbin:/usr/bin") for name in ("bearerbox", "smsbox")]
    if None in programs or not Path(FAKE_OPERATOR).exists():
        pytest.fail(MISSING, pytrace=False)
    home = tmp_path_factory.mktemp("kannel")
    admin, boxes, operator, gateway = free_ports(4)
    (home / "kannel.conf").write_text(
        CONFIGURATION.format(admin=admin, boxes=boxes, operator=operator, gateway=gateway)
    )
    received = home / "received"
    running = []

    def start(*command: str, log: str) -> None:
        with (home / log).open("wb") as written:
            running.append(subprocess.Popen(command, cwd=home, stdout=written, stderr=written))

    try:
        start(programs[0], "kannel.conf", log="bearerbox")
        wait_until(lambda: answers(boxes))
        start(programs[1], "kannel.conf", log="smsbox")
        wait_until(lambda: answers(gateway))
        # -m 0: it sends nothing, and prints what comes
        start(
            FAKE_OPERATOR,
            "-H",
            "127.0.0.1",
            "-r",
            str(operator),
            "-m",
            "0",
            "1 2 text x",
            log="received",
        )
        wait_until(lambda: b"Connecting to" in received.read_bytes())
        yield gateway, received
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(20)


@pytest.fixture
def gateway(kannel, settings):
    port, received = kannel
    settings.SMS_GATEWAY_URL = f"http://massy:secret@127.0.0.1:{port}/cgi-bin/sendsms?from=MASSY"
    return received


def queue(body: str, key: str = "k", **how) -> Delivery:
    return queue_delivery(key=key, channel="sms", to=MOBILE, subject="Essai", body=body, **how)


@pytest.mark.parametrize(
    "text",
    ["Massy, demande 2026-000001-0 à suivre.", "Massy, reçu : « forêt », l’été."],
)
def test_an_sms_reaches_the_operator_with_its_accents(gateway, text):
    from urllib.parse import unquote_to_bytes

    before = len(gateway.read_bytes())
    one = queue(text)
    assert send_due() == 1
    one.refresh_from_db()
    assert one.state == "sent"
    wait_until(lambda: b"33612345678" in gateway.read_bytes()[before:])
    line = gateway.read_bytes()[before:]
    plain = text.replace("’", "'").replace("«", '"').replace("»", '"')
    raw = unquote_to_bytes(line.decode(errors="replace").replace("+", " "))
    assert plain.encode() in raw or plain.encode("utf-16-be") in raw, line


def test_a_refusal_is_final_and_an_absent_gateway_is_tried_again(kannel, settings):
    port, _received = kannel
    settings.SMS_GATEWAY_URL = f"http://massy:wrong@127.0.0.1:{port}/cgi-bin/sendsms?from=MASSY"
    refused = queue("a", "refused")
    send_due()
    settings.SMS_GATEWAY_URL = f"http://massy:secret@127.0.0.1:{free_ports(1)[0]}/cgi-bin/sendsms"
    waiting = queue("b", "waiting")
    send_due()
    states = dict(Delivery.objects.values_list("key", "state"))
    assert states == {"refused": "failed", "waiting": "retry"}
    refused.refresh_from_db()
    waiting.refresh_from_db()
    assert "403" in refused.last_error
    assert "secret" not in waiting.last_error


def test_an_sms_that_a_lost_worker_may_have_sent_is_left_to_a_person(settings):
    one = queue("a")
    now = timezone.now()
    Delivery.objects.filter(pk=one.pk).update(state="in_flight", claimed_at=now)
    assert send_due(now + timedelta(minutes=11)) == 0
    one.refresh_from_db()
    assert (one.state, KeptMail.objects.count()) == ("failed", 0)
    assert one.last_error.startswith("uncertain")


def test_without_a_gateway_the_demonstration_keeps_it_once_and_a_town_refuses_it(settings):
    queue("Massy, bonjour.")
    send_due()
    kept = KeptMail.objects.get()
    assert kept.to == MOBILE
    settings.SMS_KEPT = False
    lost = queue("Massy, bonjour.", "other")
    send_due()
    lost.refresh_from_db()
    assert lost.state == "failed"


def test_it_leaves_not_before_its_moment():
    later = timezone.now() + timedelta(hours=2)
    queue("a", not_before=later)
    assert send_due() == 0
    assert send_due(later + timedelta(seconds=1)) == 1
