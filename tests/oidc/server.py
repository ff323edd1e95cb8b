"""Starts the real OpenID provider of `provider.mjs`, whose packages live in `var/oidc`."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "var" / "oidc"
CLIENT_ID, CLIENT_SECRET = "massy-guichet", "a-secret-of-the-tests-only"
MISSING = (
    "The tests of FranceConnect need Node.js 18 or later with npm, and `make test` installs the"
    " provider with them. On Debian or Ubuntu, as root:\n"
    "  apt-get install nodejs npm\n"
    "then: make test"
)


@contextmanager
def provider(public_url: str) -> Iterator[str]:
    """Run the provider; yield its issuer. Fails the test where Node or its packages lack."""
    node = shutil.which("node")
    if node is None or not (INSTALLED / "node_modules" / "oidc-provider").exists():
        pytest.fail(MISSING, pytrace=False)
    paths = ("/compte/franceconnect/retour/", "/compte/franceconnect/deconnecte/")
    process = subprocess.Popen(
        [
            *(node, str(HERE / "provider.mjs"), CLIENT_ID, CLIENT_SECRET),
            *(f"{public_url}{path}" for path in paths),
        ],
        env={"PATH": os.environ["PATH"], "OIDC_PROVIDER_DIR": str(INSTALLED)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        for line in process.stdout or ():
            if line.startswith("{"):
                yield json.loads(line)["issuer"]
                break
        else:
            pytest.fail("the OpenID provider did not start", pytrace=False)
    finally:
        process.kill()
        process.wait()
