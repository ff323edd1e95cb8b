"""A real clamd for these tests, with one signature of its own: that of the EICAR test string.

The town's signatures come from the internet, which tests do not need.
"""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from massy_grc.common.antivirus import antivirus_state
from requests import actions
from tests.factories.answers import PDF_BYTES
from tests.factories.citizens import make_account

MISSING = (
    "The tests of the antivirus need clamd. `make test` installs it when it may; else, on Debian"
    " or Ubuntu, as root:\n  apt-get install --no-install-recommends clamav-daemon"
)
# In parts: the whole string would have this very file blocked by a scanner (eicar.org).
EICAR = b"X5O!P%@AP[4\\PZX54(P^)" + b"7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
INFECTED = PDF_BYTES + EICAR
START_SECONDS = 60


@pytest.fixture(scope="session")
def clamd_socket():
    """The path of the socket of a clamd that runs as long as the tests."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.fail(MISSING, pytrace=False)
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:  # short: a socket's path is
        home = Path(folder)
        (home / "own.ndb").write_text(f"Own.Eicar:0:*:{EICAR.hex()}\n")
        (home / "clamd.conf").write_text(
            f"DatabaseDirectory {home}\nLocalSocket {home}/socket\nForeground yes\n"
            "StreamMaxLength 25M\nMaxThreads 2\nConcurrentDatabaseReload no\n"
        )
        with (home / "log").open("wb") as log:
            clamd = subprocess.Popen(
                [program, "--config-file", str(home / "clamd.conf")], stdout=log, stderr=log
            )
        try:
            until = time.monotonic() + START_SECONDS
            while not (home / "socket").exists():
                if clamd.poll() is not None or time.monotonic() > until:
                    pytest.fail(
                        f"clamd did not start:\n{(home / 'log').read_text()}", pytrace=False
                    )
                time.sleep(0.05)
            yield str(home / "socket")
        finally:
            clamd.terminate()
            clamd.wait(timeout=20)


@pytest.fixture
def clamd(settings, clamd_socket):
    """The program asks the real clamd."""
    settings.CLAMD = clamd_socket
    assert antivirus_state().word == "ok"


@pytest.fixture
def away(settings, tmp_path):
    """An antivirus is configured, and does not answer."""
    settings.CLAMD = str(tmp_path / "nobody")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def account(catalogue):
    return make_account(family_name="Benali", given_name="Aïcha", email="aicha@courriel.example")


@pytest.fixture
def mine(login, account):
    """The browser of a citizen, signed in."""
    return login(Client(), account.user)


def upload(content=PDF_BYTES, name="carte.pdf"):
    return SimpleUploadedFile(name, content)


def keep(account, content=PDF_BYTES, name="carte.pdf"):
    """A document kept in the wallet."""
    return actions.keep_document(
        account=account, upload=upload(content, name), kind="piece-identite", until=None
    )
