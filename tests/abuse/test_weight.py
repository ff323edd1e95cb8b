"""Pages a telephone can pay for: each under 200 kB with all that it loads, compressed (bar 40).

Bytes, not seconds. What the browser asks for: the page, its styles and scripts, and what those
name (fonts, pictures). Fonts and pictures that only some screens need are counted too.
"""

import gzip
import re
from functools import cache
from pathlib import Path
from posixpath import join, normpath

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.factories.citizens import make_account
from tests.factories.places import make_register
from tests.requests.filed import file_request
from tests.requests.filing.support import begin, step_url
from tests.requests.reports.support import report

pytestmark = pytest.mark.django_db

MOST = 200_000
NAMED = re.compile(r'(?:href|src)="([^"]+)"')
IN_STYLE = re.compile(r"url\((?![\"']?data:)[\"']?([^\"')#?]+)")
COMPRESSED = {".css", ".js", ".svg", ".ttf", ".json", ".html"}


@cache
def weight(name: str) -> int:
    """Bytes of a static file as it is sent, with the files that it names."""
    found = finders.find(name)
    assert found, f"{name}: no such static file"
    content = Path(found).read_bytes()
    total = len(gzip.compress(content)) if Path(name).suffix in COMPRESSED else len(content)
    if name.endswith(".css"):
        named = set(IN_STYLE.findall(content.decode()))
        total += sum(weight(normpath(join(name, "..", one))) for one in named)
    return total


LONG = [
    "/prestations/",
    "/signalements/",
    "/signalements/points.json",
    "/signalements/flux.atom",
    "/donnees-personnelles/",
]


@pytest.mark.parametrize("address", LONG)
def test_long_public_pages_are_compressed_without_a_proxy(client, catalogue, address):
    make_register()
    for number in range(1, 6):
        report(catalogue, numero=str(number))
    plain = client.get(address)
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert len(gzip.decompress(packed.content)) == len(plain.content)


def test_personal_pages_are_not_compressed_beside_their_secrets(client, catalogue):
    client.force_login(make_account().user)
    page = client.get("/compte/", headers={"accept-encoding": "gzip"})
    assert page.status_code == 200
    assert "Content-Encoding" not in page


def page_weight(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    prefix = settings.STATIC_URL
    names = {
        one.removeprefix(prefix)
        for one in NAMED.findall(answer.content.decode())
        if one.startswith(prefix)
    }
    styles_only_when_printed = {name for name in names if name.endswith("print.css")}
    files = sum(weight(name) for name in names - styles_only_when_printed)
    return len(gzip.compress(answer.content)) + files


def test_each_public_page_is_under_200_kilobytes(client, catalogue, login):
    make_register()
    account = make_account()
    sr = file_request("voirie-intervention-rapide", account=account)
    names = ("home", "prestations:catalogue", "prestations:search", "prestations:articles")
    names += ("prestations:services", "prestations:contact", "prestations:accessibility")
    names += ("prestations:legal", "prestations:privacy", "requests:reports", "account_login")
    names += ("requests:track_lookup", "citizens:sign_up", "account_reset_password")
    addresses = [reverse(name) for name in names]
    addresses += ["/recherche/?q=naissance", "/prestations/voirie-intervention-rapide/"]
    addresses += ["/prestations/acte-naissance-filiation/demande/"]
    weights = {address: page_weight(client, address) for address in addresses}
    draft = begin(client, "voirie-intervention-rapide")
    steps = {number: step_url(draft, number) for number in (1, 2)}
    weights |= {f"step {number}": page_weight(client, url) for number, url in steps.items()}
    mine = login(Client(), account.user)
    space = ("/compte/", "/compte/demandes/", f"/demandes/{sr.reference}/")
    weights |= {address: page_weight(mine, address) for address in space}
    assert {address: size for address, size in weights.items() if size > MOST} == {}
    assert min(weights.values()) > 20_000  # the files were counted
