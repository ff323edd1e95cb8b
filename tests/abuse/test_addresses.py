"""E-mail addresses that look like others, and names of files that would be headers."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from massy_grc.common.addresses import ascii_domain, normalise_email
from massy_grc.outbox.api import queue_delivery
from massy_grc.outbox.sending import build_mail
from prestations.forms.fields import WordedEmailField
from requests.uploads import safe_name
from tests.requests.filed import EMAIL, file_request

CYRILLIC = "jeanne@courri\u0435l.example"  # its « е » is Cyrillic


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("jeanne@xn--courril-dhg.example", "jeanne@xn--courril-dhg.example"),
        ("jeanne@ｍａｓｓｙ.example", "jeanne@massy.example"),
        ("jeanne@massy.example", "jeanne@massy.example"),
    ],
)
def test_a_domain_is_kept_in_ascii(typed, kept):
    assert WordedEmailField().clean(typed) == kept
    assert normalise_email(typed) == kept.lower()
    assert ascii_domain(kept) == kept


@pytest.mark.parametrize(
    ("typed", "letter", "address"),
    [
        (CYRILLIC, "\u0435", "jeanne@xn--courril-dhg.example"),
        ("jeanne@mairie-évry.example", "é", "jeanne@xn--mairie-vry-h7a.example"),
    ],
)
def test_look_alike_letters_are_told_at_every_door(typed, letter, address):
    for clean in (WordedEmailField().clean, normalise_email):
        with pytest.raises(ValidationError) as refused:
            clean(typed)
        assert letter in refused.value.messages[0]
        assert address in refused.value.messages[0]
        assert clean(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "jeanne@courriel.example\r\nBcc: tous@evil.example",
        "jeanne@courriel.example, autre@evil.example",
        "j\u0435anne@courriel.example",
        "jeanne@",
        "@courriel.example",
        "jeanne@exa mple.example",
        f"jeanne@{'a' * 70}.example",
        f"{'j' * 65}@courriel.example",
        "jeanne@\u202ecourriel.example",
        "=?utf-8?q?jeanne?=@courriel.example",
    ],
)
def test_what_is_no_address_is_refused(typed):
    for clean in (WordedEmailField().clean, normalise_email):
        with pytest.raises(ValidationError):
            clean(typed)


@pytest.mark.django_db
def test_a_look_alike_address_opens_no_request(client, catalogue):
    sr = file_request("voirie-graffitis")
    for secret, status in ((CYRILLIC, 200), (EMAIL.replace("courriel", "ＣＯＵＲＲＩＥＬ"), 302)):
        answer = client.post("/suivi/", {"reference": sr.reference, "secret": secret})
        assert answer.status_code == status, secret


@pytest.mark.django_db
def test_the_name_of_a_file_adds_no_header(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    name = safe_name('a"\r\nBcc: tous@evil.example\r\n\r\n<b>é.pdf')
    path = default_storage.save("letter", ContentFile(b"%PDF-1.7"))
    delivery = queue_delivery(
        key="k",
        to="a@b.example",
        subject="Un\r\nBcc: tous@evil.example",
        body="x",
        attachments=[{"name": name, "path": path, "media_type": "application/pdf"}],
    )
    mail = build_mail(delivery).message()
    assert mail["Bcc"] is None
    assert [part["Bcc"] for part in mail.walk() if part["Bcc"]] == []
