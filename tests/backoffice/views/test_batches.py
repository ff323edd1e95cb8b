"""Letters printed together: one file behind a cover sheet, posted in one act."""

import hashlib
import io

import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader, PdfWriter

from massy_grc.common.text import one_line
from prestations.models import Site
from requests import actions
from requests.actions.posting import FILE_LIFE
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed
from requests.models import Document, PrintBatch
from tests.requests.filed import ARRIVED, file_request

pytestmark = pytest.mark.django_db
PAGE = "/agent/courriers/"


def pdf_of(pages: int) -> bytes:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def letter(label="Réponse du 2 novembre 2026", *, pages=1, site=None, **more) -> Document:
    sr = file_request("acte-naissance-filiation", site=site)
    content = pdf_of(pages)
    document = Document(
        request=sr,
        template="decision-refus",
        label=label,
        name="lettre.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        to_print=True,
        recipient="Jeanne Durand\n12 rue Jean Mermoz\n91300 Massy",
        **more,
    )
    document.file.save("x", ContentFile(content))
    return document


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def pages_of(batch: PrintBatch) -> list[str]:
    return [one_line(page.extract_text()) for page in PdfReader(batch.file.open()).pages]


def test_a_cover_sheet_then_each_letter_on_a_recto(front, eas_agent, catalogue):
    letters = [letter(pages=number) for number in (1, 2, 3)]
    assert front.post(f"{PAGE}lots/").status_code == 302
    batch = PrintBatch.objects.get()
    pages = pages_of(batch)
    # the cover and its back, 1 + 1 blank, 2, 3 + 1 blank
    assert len(pages) == batch.page_count == 10
    cover = pages[0]
    assert f"lot n° {batch.pk}" in cover.replace("\xa0", " ")
    assert eas_agent.get_full_name() in cover
    assert "Courriers 3 Pages de courrier 6" in cover
    for one in letters:
        assert one.request.reference in cover
    assert "Jeanne Durand 12 rue Jean Mermoz 91300 Massy" in cover


def test_printed_again_it_is_the_same_file(front, catalogue):
    letter()
    front.post(f"{PAGE}lots/")
    batch = PrintBatch.objects.get()
    first, again = (
        b"".join(front.get(f"{PAGE}lots/{batch.pk}/imprimer/").streaming_content) for _ in "12"
    )
    assert first == again
    assert hashlib.sha256(first).hexdigest() == batch.sha256
    assert batch.sha256 in front.get(f"{PAGE}lots/{batch.pk}/").content.decode()


def test_only_the_chosen_site_and_kind_go_into_it(front, catalogue):
    annexe = Site.objects.get(pk="mairie-annexe")
    wanted = letter(site=annexe)
    others = [letter(), letter("Accusé de réception", site=annexe)]
    front.post(f"{PAGE}lots/", {"site": annexe.pk, "kind": "Réponse"})
    assert list(PrintBatch.objects.get().letters.all()) == [wanted]
    page = front.get(PAGE).content.decode()
    assert f'value="{wanted.pk}"' not in page
    assert all(f'value="{one.pk}"' in page for one in others)


def test_posted_in_one_act_each_letter_has_its_date(front, catalogue):
    letters = [letter(), letter()]
    front.post(f"{PAGE}lots/")
    batch = PrintBatch.objects.get()
    front.post(f"{PAGE}lots/{batch.pk}/poste/")
    batch.refresh_from_db()
    assert batch.posted_by is not None
    for one in letters:
        one.refresh_from_db()
        assert one.printed_at == batch.posted_at
    front.post(f"{PAGE}lots/{batch.pk}/poste/")  # twice changes nothing
    letters[0].refresh_from_db()
    assert letters[0].printed_at == batch.posted_at


def test_a_letter_taken_out_waits_again_and_says_why(front, catalogue):
    kept, other = letter(), letter()
    front.post(f"{PAGE}lots/")
    batch = PrintBatch.objects.get()
    path = f"{PAGE}lots/{batch.pk}/retirer/{other.pk}/"
    assert front.post(path, {"reason": " "}).status_code == 200  # asked again
    front.post(path, {"reason": "Adresse illisible."})
    assert "Adresse illisible." in front.get(f"{PAGE}lots/{batch.pk}/").content.decode()
    front.post(f"{PAGE}lots/{batch.pk}/poste/")
    kept.refresh_from_db()
    other.refresh_from_db()
    assert kept.printed_at is not None
    assert other.printed_at is None
    assert f'value="{other.pk}"' in front.get(PAGE).content.decode()


def test_nothing_is_taken_out_of_a_posted_batch(eas_agent, catalogue):
    one = letter()
    batch = actions.make_batch(actor=eas_agent)
    actions.post_batch(batch_id=batch.pk, actor=eas_agent)
    with pytest.raises(IllegalTransition):
        actions.take_out_of_batch(
            batch_id=batch.pk, document_id=one.pk, actor=eas_agent, reason="Trop tard."
        )


def test_an_altered_letter_stays_out(eas_agent, catalogue):
    good, bad = letter(), letter()
    with bad.file.storage.open(bad.file.name, "wb") as file:
        file.write(b"%PDF-1.7 other")
    batch = actions.make_batch(actor=eas_agent)
    assert list(batch.letters.all()) == [good]


def test_with_nothing_to_print_there_is_no_batch(front, eas_agent, expert, catalogue):
    with pytest.raises(MissingInput):
        actions.make_batch(actor=eas_agent)
    front.post(f"{PAGE}lots/")
    assert not PrintBatch.objects.exists()
    with pytest.raises(NotAllowed):
        actions.make_batch(actor=expert)


def test_the_file_goes_a_month_after_the_post_and_with_an_erased_request(
    eas_agent, catalogue, django_capture_on_commit_callbacks
):
    first, second = letter(), letter("Accusé de réception")
    posted = actions.make_batch(actor=eas_agent, kind="Réponse", now=ARRIVED)
    actions.post_batch(batch_id=posted.pk, actor=eas_agent, now=ARRIVED)
    storage, name = posted.file.storage, posted.file.name
    assert actions.sweep_batches(ARRIVED) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep_batches(ARRIVED + FILE_LIFE * 2) == 1
    assert not storage.exists(name)
    assert storage.exists(first.file.name)

    waiting = actions.make_batch(actor=eas_agent)
    sr = second.request
    type(sr).objects.filter(pk=sr.pk).update(state="close", closed_at=ARRIVED)
    with django_capture_on_commit_callbacks(execute=True):
        actions.anonymise_request(request_id=sr.pk, rule="actes")
    assert not storage.exists(waiting.file.name)
