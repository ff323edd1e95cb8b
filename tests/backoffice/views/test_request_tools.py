"""What stands around one request: kept at hand, on paper, its files in place, its neighbours."""

import pytest
from django.core.files.base import ContentFile

from citizens.models import Citizen
from massy_grc.audit.models import AccessRecord
from requests import actions
from requests.enums import State, UploadScan
from requests.letters.documents import save_document
from requests.models import Attachment, ServiceRequest
from tests.backoffice.views.conftest import url
from tests.factories.citizens import CitizenFactory
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def attached(sr, name="trou.png", media_type="image/png", content=PNG, **fields) -> Attachment:
    return Attachment.objects.create(
        request=sr,
        file=ContentFile(content, name=name),
        name=name,
        media_type=media_type,
        size=len(content),
        sha256="x",
        **fields,
    )


def test_pinned_ones_stand_first_in_one_s_own_list_alone(front, eas_agent, sr):
    sooner = make_request(state=State.EN_COURS, assignee=eas_agent, front_agent=eas_agent)
    sooner.due_at = sr.due_at.replace(year=sr.due_at.year - 1)
    sooner.save(update_fields=["due_at"])

    def own() -> str:
        return front.get("/agent/demandes/", {"vue": "mes-demandes"}).content.decode()

    assert own().index(sooner.reference) < own().index(sr.reference)
    pinned = front.post(url(sr, "epingler"), {"pin": "on"}, follow=True)
    assert "Ne plus épingler" in pinned.content.decode()
    page = own()
    assert page.index(sr.reference) < page.index(sooner.reference)
    assert "Épinglée" in page
    front.post(url(sr, "epingler"), {"pin": "off"})
    assert own().index(sooner.reference) < own().index(sr.reference)


def test_paper_holds_answers_and_life_and_leaves_notes_out_when_asked(front, eas_agent, sr):
    actions.add_note(request_id=sr.pk, actor=eas_agent, body="Voisin difficile")
    actions.write_message(
        request_id=sr.pk, version=None, actor=eas_agent, body="Nous passons jeudi"
    )
    linked = make_request(state=State.EN_COURS, subject="La liée")
    actions.link_requests(request_id=sr.pk, version=None, actor=eas_agent, other=linked)
    ServiceRequest.objects.filter(pk=sr.pk).update(papers=["justificatif-domicile"])
    paper = front.get(url(sr, "imprimer")).content.decode()
    assert "Un trou" in paper
    assert "Nous passons jeudi" in paper
    assert "Voisin difficile" in paper
    assert f"{linked.reference} · La liée" in paper
    assert "composer" not in paper
    without = front.get(url(sr, "imprimer"), {"sans-notes": ""}).content.decode()
    assert "Nous passons jeudi" in without
    assert "Voisin difficile" not in without


def test_files_are_opened_in_place_fenced_in_and_held_ones_are_not(front, sr, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = attached(sr)
    pdf = attached(sr, "plan.pdf", "application/pdf", b"%PDF-1.4")
    held = attached(sr, "virus.png", scan=UploadScan.QUARANTINED)
    letter = save_document(
        sr, label="Lettre", template="x", content=b"<b>Bonjour</b>", media_type="text/plain"
    )
    page = front.get(url(sr)).content.decode()
    assert page.count("data-preview=") == 3
    words = front.get(url(sr, f"fichiers/document/{letter.pk}/apercu"))
    assert words["Content-Type"] == "text/plain; charset=utf-8"
    assert "sandbox" in words["Content-Security-Policy"]
    for file, sandboxed in ((image, True), (pdf, False)):
        shown = front.get(url(sr, f"fichiers/piece/{file.pk}/apercu"))
        policy = shown["Content-Security-Policy"]
        assert shown["Content-Disposition"].startswith("inline")
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert ("sandbox" in policy) is sandboxed
        assert "frame-ancestors 'self'" in policy
        assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert front.get(url(sr, f"fichiers/piece/{held.pk}/apercu")).status_code == 404
    other = make_request(state=State.EN_COURS)
    assert front.get(url(other, f"fichiers/piece/{image.pk}/apercu")).status_code == 404


def test_a_letter_is_read_again_beside_its_request(front, sr):
    letter = {"version": sr.version, "body": "Nous passons jeudi", "step": "preview"}
    page = front.post(url(sr, "write"), letter).content.decode()
    review, _start, beside = page.partition('class="layout-aside"')
    assert "Nous passons jeudi" in review
    for wanted in ("Un trou", "Le fil", "Demandeur"):
        assert wanted in beside
    assert AccessRecord.objects.filter(object_id=sr.pk, object_type="request").exists()


def test_related_ones_stand_once_in_one_block_within_rights(front, expert_browser, sr, transferred):
    person: Citizen = sr.citizen
    theirs = make_request(state=State.CLOSE, citizen=person, subject="La même personne")
    linked = make_request(state=State.EN_COURS, citizen=person, subject="La liée")
    make_request(state=State.EN_COURS, citizen=CitizenFactory(), subject="Sans rapport")
    actions.link_requests(request_id=sr.pk, version=None, actor=sr.assignee, other=linked)
    page = front.get(url(sr)).content.decode()
    block = page[page.index("Demandes en rapport") :]
    assert block.index("Demandes liées") < block.index("De la même personne")
    assert (block.count(f">{theirs.reference} ·"), block.count("La liée")) == (1, 1)
    assert "Sans rapport" not in page
    transferred.citizen = person
    transferred.save(update_fields=["citizen"])
    seen = expert_browser.get(url(transferred)).content.decode()
    assert theirs.reference not in seen  # another department's


def test_articles_are_offered_by_a_word_the_agents_own_in_notes_alone(front, sr):
    found = front.get(url(sr, "articles"), {"q": "passeport"}).json()["articles"]
    assert found
    assert all("/articles/" in one["text"] or "/article" in one["text"] for one in found)
    assert front.get(url(sr, "articles"), {"q": ""}).json() == {"articles": []}
    title = found[-1]["label"]
    begun = front.get(url(sr, "articles"), {"q": title[: len(title) // 2]}).json()["articles"]
    assert begun[0]["label"] == title  # what begins its title comes first
