"""What the requester reads, and what never reaches them."""

import re
from datetime import date, timedelta

import pytest

from massy_grc.common.text import one_line
from prestations.models import Department
from requests import actions
from requests.models import Attachment, Document, ServiceRequest
from requests.tracking_page import public_acts, public_events
from tests.requests.tracking.conftest import NOW
from tests.requests.tracking.test_acts import come_back

CANARY = "CANARI-NOTE-7f3a"


def text_of(answer) -> str:
    return one_line(answer.content.decode())


def test_standing_names_state_service_and_date(owner, address):
    text = text_of(owner.get(address))

    assert "Votre demande est chez le service « Voirie assainissement" in text
    assert "Réponse prévue au plus tard le dimanche 31 janvier 2027." in text
    assert "01\xa060\xa013\xa030\xa000" in text


@pytest.mark.parametrize("moment", ["pothole", "closed"])
def test_whom_to_reach_stays_beside_the_request_to_the_end_and_after(
    owner, address, moment, request
):
    request.getfixturevalue(moment)
    page = owner.get(address).text
    (shown,) = re.findall(r"Service responsable</dt>(.*?)</dd>", page, re.DOTALL)
    assert 'href="tel:+33160133000"' in shown
    assert "mailto:proximite@massy.example" in shown


def test_late_answer_is_owned_up_to(owner, address, clock, pothole):
    clock.move_to(pothole.due_at + timedelta(days=2))

    come_back(owner, pothole)
    text = text_of(owner.get(address))

    assert "La réponse a du retard" in text


def test_internal_notes_never_leak(owner, address, pothole, expert, proximite_agent):
    actions.add_note(request_id=pothole.pk, actor=expert, body=CANARY)
    actions.propose_question(
        request_id=pothole.pk, version=None, actor=expert, body=f"question {CANARY}"
    )
    actions.return_request(
        request_id=pothole.pk, version=None, actor=expert, note=f"rendu {CANARY}"
    )
    actions.transfer_request(
        request_id=pothole.pk,
        version=None,
        actor=proximite_agent,
        department=Department.objects.get(pk="espaces-verts"),
        note=f"transfert {CANARY}",
    )

    answer = owner.get(address)

    assert CANARY not in answer.content.decode()
    assert expert.last_name not in answer.content.decode()


def test_experts_steps_are_not_told_apart(owner, address, pothole, expert):
    before = text_of(owner.get(address))
    actions.take_request(request_id=pothole.pk, version=None, actor=expert)
    actions.treat_request(
        request_id=pothole.pk,
        version=None,
        actor=expert,
        conclusion=f"Rebouché {CANARY}",
        outcome="positive",
    )

    after = text_of(owner.get(address))

    assert CANARY not in after
    assert _timeline(before) == _timeline(after)


def test_steps_and_conversation_show_both_ways(owner, address, pothole, proximite_agent):
    actions.write_message(
        request_id=pothole.pk, version=None, actor=proximite_agent, body="Nous passons jeudi."
    )
    owner.post(f"{address}message/", {"body": "Merci beaucoup"})

    text = text_of(owner.get(address))

    assert "Nous passons jeudi." in text
    assert "Merci beaucoup" in text
    assert "Message de la mairie" in text


def test_answers_given_are_shown(owner, address):
    assert "rue Jean Mermoz" in text_of(owner.get(address))


def test_page_makes_as_many_queries_for_one_message_as_for_many(
    owner, address, pothole, proximite_agent, django_assert_max_num_queries
):
    for number in range(8):
        actions.write_message(
            request_id=pothole.pk, version=None, actor=proximite_agent, body=f"n° {number}"
        )
    with django_assert_max_num_queries(16) as many:
        owner.get(address)
    assert len(many) <= 16


def test_document_is_served_as_a_download(owner, address, pothole, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = _document(pothole)

    answer = owner.get(f"{address}documents/{document.pk}/")

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"


def test_document_of_another_request_is_not_found(owner, address, other, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    document = _document(other)

    assert owner.get(f"{address}documents/{document.pk}/").status_code == 404
    assert owner.get(f"/demandes/{other.reference}/documents/{document.pk}/").status_code == 404


@pytest.mark.parametrize(("by_requester", "status"), [(True, 200), (False, 404)])
def test_files_of_agents_stay_inside(owner, pothole, settings, tmp_path, by_requester, status):
    from django.core.files.base import ContentFile

    settings.MEDIA_ROOT = tmp_path
    attachment = Attachment.objects.create(
        request=pothole,
        file=ContentFile(b"%PDF-1.7", name="x"),
        name="avis.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        by_requester=by_requester,
    )

    assert owner.get(f"/fichiers/{attachment.pk}/").status_code == status


def test_waiting_for_pieces_names_them_with_their_date(owner, address, pothole, expert):
    actions.ask_pieces(
        request_id=pothole.pk,
        version=None,
        actor=expert,
        pieces=[
            {
                "document_code": "photo",
                "label": "Une photo du trou",
                "reason": "la copie est illisible",
            }
        ],
        due_on=date(2026, 11, 20),
        now=NOW,
    )

    text = text_of(owner.get(address))

    assert "Il manque une pièce" in text
    assert "au plus tard le vendredi 20 novembre" in text
    assert "Une photo du trou" in text
    assert "La copie est illisible. PDF, JPEG ou PNG" in text
    page = owner.get(address).content.decode()
    field = f"id_piece_{pothole.pieces.get().pk}"
    assert f'<a href="#{field}">Une photo du trou</a>' in page
    assert page.index(f'href="#{field}"') < page.index(f'id="{field}"') < page.index("Les étapes")


def _document(sr) -> Document:
    from django.core.files.base import ContentFile

    return Document.objects.create(
        request=sr,
        template="x",
        label="Accusé de réception",
        file=ContentFile(b"%PDF-1.7", name="x"),
        name="accuse.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
    )


def _timeline(text: str) -> str:
    return text[text.index('class="timeline"') : text.index("</ol>")]


def test_an_urgent_report_says_whom_to_call_until_it_is_closed(owner, address, pothole):
    assert "tel:112" not in text_of(owner.get(address))
    pothole.urgent = True
    pothole.save(update_fields=["urgent"])
    assert 'href="tel:112"' in text_of(owner.get(address))


def test_what_a_department_gave_back_is_with_the_front_office(owner, address, pothole):
    ServiceRequest.objects.filter(pk=pothole.pk).update(department_since=None)

    text = text_of(owner.get(address))

    assert "Votre demande est chez le service" not in text
    assert "Notre équipe" in text


def test_the_first_step_is_dated_by_the_arrival_and_the_last_by_the_latest(pothole, clock):
    arrived = pothole.arrived_at - timedelta(days=3)
    pothole.arrived_at = arrived
    for hours in (1, 2):
        clock.move_to(NOW + timedelta(hours=hours))
        actions.receive_message(request_id=pothole.pk, body="Alors ?")

    acts = public_acts(pothole, public_events(pothole))

    assert acts[0].date == arrived
    assert acts[-1].date == NOW + timedelta(hours=2)
    assert acts[-2].title != acts[-1].title
