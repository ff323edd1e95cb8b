"""Files over a network that breaks off: nothing chosen or typed is lost, and it goes on."""

import io
import os
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from requests.models import Attachment, FilingDraft, WalletDocument
from tests.browser.answering import pass_conditions
from tests.browser.test_account import sign_in
from tests.browser.visitor import PNG
from tests.factories.citizens import make_account

pytestmark = [
    pytest.mark.browser,
    pytest.mark.browser_context_args(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    ),
]

CODE = "certificat-changement-domicile"
HOME = "Justificatif de la nouvelle adresse"
ROADS = "voirie-intervention-rapide"
# what Chromium's developer tools call so: bytes a second, milliseconds
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
FAST = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
CUT = re.compile("La connexion est coupée")


def picture(name: str, more: bytes) -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": PNG.read_bytes() + more}


@pytest.fixture
def citizen(visitor):
    """Somebody on a phone, before the page of the documents."""
    citizen = visitor()
    citizen.opens(f"/prestations/{CODE}/demande/")
    citizen.presses_button("Commencer")
    pass_conditions(citizen, CODE)
    draft = FilingDraft.objects.get()
    for number in range(1, 10):
        citizen.opens(f"/prestations/{CODE}/demande/{draft.token}/{number}/")
        if citizen.page.locator("input[type=file]").count():
            return citizen
    raise AssertionError("no page asks for a document")


def test_a_cut_network_keeps_the_file_and_the_page_until_it_is_back(citizen):
    page = citizen.page
    camera = page.locator("input[capture]").first
    expect(camera).to_be_visible()
    page.context.set_offline(True)
    camera.set_input_files(picture("photo.png", b""))
    expect(page.get_by_text(CUT).first).to_be_visible()
    expect(page.locator("[data-alert-region]")).to_have_text(CUT)
    citizen.finds_no_fault()
    assert not citizen.scrolls_sideways()
    here = page.url
    page.get_by_role("button", name="Continuer", exact=True).click()
    expect(page.get_by_role("button", name="Réessayer")).to_be_focused()
    assert page.url == here
    assert not Attachment.objects.exists()

    page.context.set_offline(False)  # it goes by itself

    expect(page.get_by_role("button", name="Retirer photo.png")).to_be_visible()
    expect(page.get_by_text(CUT)).to_have_count(0)
    assert Attachment.objects.get().name == "photo.png"

    page.route("**/demande/**", lambda route: route.abort())
    citizen.attaches(HOME, picture("domicile.png", b"another"))
    again = page.get_by_role("button", name="Réessayer")
    expect(again).to_be_visible()
    page.unroute("**/demande/**")
    again.click()
    expect(page.get_by_role("button", name="Retirer domicile.png")).to_be_visible()
    expect(page.get_by_role("button", name="Retirer photo.png")).to_be_visible()
    citizen.finds_no_fault()


def test_a_photograph_of_10_mb_on_slow_3g_shows_its_progress_and_goes_again_with_the_text(visitor):
    citizen = visitor()
    page = citizen.page
    citizen.opens(f"/prestations/{ROADS}/demande/")
    citizen.presses_button("Commencer")
    citizen.opens(f"/prestations/{ROADS}/demande/{FilingDraft.objects.get().token}/4/")
    words = "Un trou profond devant le portail"
    page.locator("main textarea").fill(words)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.emulateNetworkConditions", SLOW_3G)  # before: a change sends by itself
    page.route("**/demande/**", lambda route: route.abort())
    page.locator("main input[type=file]").first.set_input_files(
        picture("trou.png", bytes(10 * 1024 * 1024 - PNG.stat().st_size))
    )
    again = page.get_by_role("button", name="Réessayer")
    expect(again).to_be_visible()
    page.unroute("**/demande/**")
    again.click()
    going = page.get_by_role("progressbar", name="Envoi de «\u00a0trou.png\u00a0»")
    expect(going).not_to_have_attribute("value", "0")
    assert going.evaluate("bar => bar.value") < 50
    expect(page.locator("main textarea")).to_have_value(words)
    wire.send("Network.emulateNetworkConditions", FAST)  # its three minutes are not waited for
    expect(page.get_by_role("button", name="Retirer trou.png")).to_be_visible()
    expect(page.locator("main textarea")).to_have_value(words)
    assert Attachment.objects.get().size == 10 * 1024 * 1024


def test_a_telephones_heavy_photograph_is_made_lighter_on_its_way(citizen):
    picture = Image.frombytes("RGB", (4000, 1000), os.urandom(12_000_000))
    exif = Image.Exif()
    exif[0x0112] = 6  # taken upright: to be turned by a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 43.0, 52.0), 3: "E", 4: (2.0, 16.0, 16.0)})
    photo = io.BytesIO()
    picture.save(photo, "JPEG", quality=100, subsampling=0, exif=exif)
    assert len(photo.getvalue()) > 10 * 1024 * 1024  # more than is accepted

    citizen.attaches(
        HOME, {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )

    expect(citizen.page.get_by_role("button", name="Retirer photo.jpg")).to_be_visible()
    kept = Attachment.objects.get()
    with kept.file.open() as file, Image.open(file) as image:
        assert image.size == (750, 3000)
        assert not image.getexif()


def test_an_error_summary_follows_what_happens_to_a_file(citizen):
    page = citizen.page
    summary = page.locator("[data-error-summary]")
    citizen.presses_button("Continuer")
    expect(summary).to_contain_text(f"Joignez le document «\u00a0{HOME}\u00a0»")
    citizen.attaches(HOME, {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"notes"})
    expect(summary).to_contain_text("n’est ni un PDF")
    expect(summary).not_to_contain_text(f"Joignez le document «\u00a0{HOME}\u00a0»")
    citizen.presses_button("Continuer")
    expect(summary).to_contain_text("n’est ni un PDF")
    citizen.attaches(HOME, picture("domicile.png", b""))
    expect(summary).not_to_contain_text("n’est ni un PDF")


def test_a_document_for_the_wallet_is_sent_again_at_a_press(catalogue, visitor):
    account = make_account(email="aicha@courriel.example")
    citizen = visitor()
    page = citizen.page
    sign_in(citizen, account.user.email)
    citizen.opens("/compte/porte-documents/")
    citizen.chooses("Quel document ?", "Livret de famille")
    page.get_by_role("button", name="Continuer").click()
    citizen.attaches("Le fichier ou la photo", picture("livret.png", b""))
    page.route("**/porte-documents/", lambda route: route.abort())
    page.get_by_role("button", name="Garder ce document").click()
    expect(page.get_by_text(CUT).first).to_be_visible()
    citizen.finds_no_fault()
    page.unroute("**/porte-documents/")
    page.get_by_role("button", name="Réessayer").click()
    citizen.sees("Le document est gardé.")
    citizen.sees("livret.png")
    assert page.url.endswith("/compte/porte-documents/")
    citizen.finds_no_fault()
    assert not citizen.scrolls_sideways()
    assert WalletDocument.objects.get().account == account
