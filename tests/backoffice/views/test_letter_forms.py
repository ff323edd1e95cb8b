"""The letter an agent chooses: its template, what it asks, and its preview."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core import mail
from django.utils import timezone

from massy_grc.outbox.models import Delivery, OutboxEvent
from prestations.calendars import PARIS, town_calendar
from requests import actions
from requests.enums import State
from requests.letters import words
from requests.models import Document, Message, ServiceRequest
from tests.backoffice.views.conftest import url
from tests.helpers import drain_outbox

pytestmark = pytest.mark.django_db
POTHOLE = "voirie-intervention-rapide"
CERTIFICATE = "acte-naissance-filiation"


@pytest.fixture
def post(front):
    """`post(request, verb, step, **fields)`: what the page's form sends."""

    def send(sr, verb, step="send", **fields):
        data = {"version": sr.version, "seen": sr.event_count, "step": step, **fields}
        return front.post(url(sr, verb), data)

    return send


DONE = {"outcome": "positive", "template": "intervention-realisee", "close": "on"}


def test_answer_names_the_prestations_template_and_asks_exactly_what_it_needs(front, held):
    page = front.get(url(held(POTHOLE), "answer")).content.decode()
    assert "Modèle de la prestation" in page
    assert '<option value="intervention-realisee" selected>' in page
    assert 'name="intervention__date"' in page
    assert "Compte rendu de l’intervention" in page
    assert 'name="retrait__lieu"' not in page


def test_who_has_no_address_is_said_so_before_a_letter_is_chosen(front, held):
    sr, told = held(CERTIFICATE), "Ni adresse électronique ni adresse postale"
    assert told not in front.get(url(sr, "answer")).content.decode()
    ServiceRequest.objects.filter(pk=sr.pk).update(requester_email="")
    assert told not in front.get(url(sr, "answer")).content.decode()  # it goes by post
    ServiceRequest.objects.filter(pk=sr.pk).update(requester_address="")
    assert told in front.get(url(sr, "answer")).content.decode()
    assert told not in front.get(url(sr, "note")).content.decode()


def test_a_letter_does_not_say_that_something_was_done_on_a_day_to_come(held, post):
    sr = held(POTHOLE)
    tomorrow = timezone.localdate() + timedelta(days=1)
    done = {**DONE, "body": "Le trou est rebouché."}
    page = post(sr, "answer", **done, intervention__date=tomorrow.isoformat())
    assert "Cette date est à venir" in page.content.decode()
    assert not sr.messages.exists()
    today = timezone.localdate().isoformat()
    assert post(sr, "answer", **done, intervention__date=today).status_code == 302


def test_a_missing_value_is_refused_in_plain_words_and_nothing_leaves(held, post):
    sr = held(POTHOLE)
    page = post(sr, "answer", **DONE, body="Le trou est rebouché.").content.decode()
    assert "Renseignez « Date de l’intervention »" in page.replace("\u00a0", " ")
    sr.refresh_from_db()
    assert sr.state == State.EN_COURS
    assert not sr.messages.exists()


def test_the_letter_leaves_with_the_value_in_words(held, post):
    sr = held(POTHOLE)
    answered = post(
        sr, "answer", **DONE, body="Le trou est rebouché.", intervention__date="2026-11-23"
    )
    assert answered.status_code == 302
    drain_outbox()
    (sent,) = mail.outbox
    assert "a été faite le lundi 23 novembre 2026" in sent.body
    assert "Le trou est rebouché." in sent.body
    assert sent.subject.startswith(f"{sr.reference}\u00a0: ")


def test_the_reason_of_closing_goes_with_the_letter(front, held, post):
    sr = held(POTHOLE)
    page = front.get(url(sr, "answer")).content.decode()
    assert "Motif habituel\u00a0: Intervention réalisée" in page
    post(sr, "answer", **DONE, body="Le trou est rebouché.", intervention__date="2026-11-23")
    sr.refresh_from_db()
    assert sr.closing_reason_id == "intervention-realisee"


def test_another_template_brings_its_own_fields_and_keeps_the_words(held, post):
    sr = held(POTHOLE)
    chosen = {**DONE, "template": "reponse-information"}
    page = post(sr, "answer", "choose", **chosen, body="Mes mots").content.decode()
    assert 'name="article__lien"' in page
    assert 'name="intervention__date"' not in page
    assert "Mes mots" in page
    assert "data-error-summary" not in page


def test_a_refusal_of_a_page_without_script_says_that_the_template_changed(held, post):
    sr = held(CERTIFICATE)
    posted = {"outcome": "negative", "template": "document-pret", "body": "Non."}
    page = post(sr, "answer", "preview", **posted).content.decode()
    assert "ne convient pas à ce choix" in page
    assert '<option value="decision-refus" selected>' in page


def test_what_the_town_knows_is_proposed(front, held):
    sr = held(CERTIFICATE)
    until = timezone.localdate() + relativedelta(months=3)  # by month (L22)
    page = front.get(url(sr, "ready")).content.decode()
    assert f'value="{town_calendar().on_or_after(until).isoformat()}"' in page
    assert '<option value="mairie-principale" selected>' in page


def test_the_last_day_proposed_to_collect_is_an_open_one(front, held):
    with time_machine.travel(datetime(2026, 11, 28, 10, tzinfo=PARIS), tick=False):
        page = front.get(url(held(CERTIFICATE), "ready")).content.decode()
    assert 'value="2027-03-01"' in page  # three months later, 28 February, is a Sunday


def test_ready_says_the_chosen_place_and_day(held, post):
    sr = held(CERTIFICATE)
    until = timezone.localdate() + timedelta(days=30)
    post(
        sr,
        "ready",
        template="document-pret",
        retrait__lieu="mairie-annexe",
        retrait__date_limite=until.isoformat(),
        body="Demandez Nadia.",
    )
    drain_outbox()
    (sent,) = mail.outbox
    assert "Mairie annexe, 14 allée des Tilleuls" in sent.body
    assert f"au plus tard le {words.full_date(until)}" in sent.body
    assert "Demandez Nadia." in sent.body
    assert "Réponse prévue" not in sent.body


def test_a_message_may_use_a_template(held, post):
    sr = held(CERTIFICATE)
    post(
        sr,
        "write",
        template="transmission-autre-administration",
        transmission__administration="Préfecture de l'Essonne",
        transmission__adresse="boulevard de France, Évry",
        transmission__date="2026-11-20",
    )
    drain_outbox()
    (sent,) = mail.outbox
    assert "Préfecture de l'Essonne, boulevard de France, Évry" in sent.body
    assert "le vendredi 20 novembre 2026" in sent.body


def test_a_forged_template_is_refused(held, post):
    sr = held(CERTIFICATE)
    assert post(sr, "write", template="invitation-agent", body="x").status_code == 200
    with pytest.raises(Exception, match="ne convient pas"):
        actions.write_message(
            request_id=sr.pk, version=None, actor=sr.front_agent, template="invitation-agent"
        )


PREVIEWED = [
    (POTHOLE, "answer", {**DONE, "body": "Rebouché.", "intervention__date": "2026-11-23"}),
    (
        CERTIFICATE,
        "answer",
        {"outcome": "positive", "template": "", "body": "Voici.", "close": "on"},
    ),
    (
        POTHOLE,
        "close",
        {"closing_reason": "non-constate", "template": "cloture-sans-suite", "motive": "Rien vu."},
    ),
    (CERTIFICATE, "ask_question", {"body": "Quelle date ?"}),
    (CERTIFICATE, "write", {"template": "", "body": "Nous avançons."}),
    (
        CERTIFICATE,
        "ask_pieces",
        {"fault": "incorrect", "other": "Un livret", "due_on": "2999-01-04"},
    ),
]


@pytest.mark.parametrize(("code", "verb", "fields"), PREVIEWED)
def test_the_preview_is_what_leaves_to_the_letter(held, post, code, verb, fields):
    sr = held(code)
    page = post(sr, verb, "preview", **fields)
    assert page.status_code == 200
    shown = page.context["outlook"].letters[0]
    assert shown.subject in page.content.decode().replace("&#x27;", "'")
    assert post(sr, verb, **carried(page)).status_code == 302
    drain_outbox()
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == (shown.subject, [shown.mail_to])
    assert without_secrets(sent.body) == without_secrets(shown.mail_text)
    # an agent never holds what opens the requester's own page
    assert not re.search(r"/suivi/(lien|avis)/[^…\s]", page.content.decode())


def carried(page) -> dict[str, str]:
    """The hidden fields of a preview, as the browser posts them again."""
    fields = dict(page.context["carried"])
    return {name: value for name, value in fields.items() if name not in ("version", "seen")}


def without_secrets(text: str) -> str:
    return re.sub(r"\S*/suivi/(lien|avis)/\S+", "", text).strip()


def test_a_preview_leaves_no_trace(held, post):
    sr = held(CERTIFICATE)
    before = (OutboxEvent.objects.count(), Delivery.objects.count(), Document.objects.count())
    post(sr, "answer", "preview", outcome="positive", template="", body="Voici.", close="on")
    after = (OutboxEvent.objects.count(), Delivery.objects.count(), Document.objects.count())
    assert after == before
    version = sr.version
    sr.refresh_from_db()
    assert (sr.state, sr.version) == (State.EN_COURS, version)
    assert not Message.objects.filter(request=sr).exists()


def test_modify_brings_back_every_typed_word(held, post):
    sr = held(POTHOLE)
    typed = {**DONE, "body": "Rebouché à l'enrobé.", "intervention__date": "2026-11-23"}
    typed.pop("close")
    page = post(sr, "answer", "edit", **typed).content.decode()
    assert "Rebouché à l&#x27;enrobé." in page
    assert 'value="2026-11-23"' in page
    assert "data-error-summary" not in page
    assert not re.search(r'name="close"[^>]*checked', page)


def test_the_letter_is_seen_as_pdf_before_it_leaves(held, post):
    sr = held(CERTIFICATE)
    letter = post(sr, "answer", "pdf", outcome="positive", template="", body="Voici.", close="on")
    assert letter["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF")
    assert letter["Content-Disposition"].startswith("inline")


def test_a_closing_that_tells_nothing_says_so(held, post):
    sr = held(CERTIFICATE)
    page = post(sr, "close", "preview", closing_reason="satisfaite", template="aucune", motive="")
    assert "Aucune lettre ne part" in page.content.decode()


def test_a_stale_preview_is_refused_and_keeps_the_text(front, held, supervisor):
    sr = held(CERTIFICATE)
    actions.write_message(request_id=sr.pk, version=None, actor=supervisor, body="Bonjour.")
    page = front.post(
        url(sr, "answer"),
        {
            "version": sr.version,
            "step": "preview",
            "outcome": "positive",
            "template": "",
            "body": "Mon texte",
        },
    )
    assert page.status_code == 409
    assert "Mon texte" in page.content.decode()


COLLECT = {
    "outcome": "positive",
    "template": "document-pret",
    "retrait__lieu": "mairie-annexe",
    "retrait__date_limite": "2027-03-03",
    "body": "",
}


def test_an_answer_that_says_to_come_and_collect_leaves_the_document_waiting(
    front, client, held, post
):
    sr = held(CERTIFICATE)
    page = front.get(url(sr, "answer")).content.decode()
    assert re.search(r'<input[^>]*name="close"[^>]*>', page)[0].count("checked") == 0
    assert "la demande attend le retrait" in page
    assert post(sr, "answer", **COLLECT).status_code == 302
    drain_outbox()
    sr.refresh_from_db()
    assert (sr.state, sr.closed_at) == (State.A_RETIRER, None)
    (sent,) = [one for one in mail.outbox if one.to == [sr.requester_email]]
    assert "au plus tard le mercredi 3 mars 2027" in sent.body
    client.post("/suivi/", {"reference": sr.reference, "secret": sr.tracking_code})
    tracked = client.get(f"/demandes/{sr.reference}/").content.decode().replace("\u00a0", " ")
    assert "Venez le retirer au plus tard le mercredi 3 mars 2027, ici : " in tracked
    assert "Mairie annexe" in tracked.partition("Venez le retirer")[2][:200]
    assert "Document prêt à retirer" in tracked


def test_another_letter_proposes_anew_whether_to_close(held, post):
    sr = held(CERTIFICATE)
    for template, closes in (("document-expedie", True), ("document-pret", False)):
        page = post(sr, "answer", "choose", outcome="positive", template=template, close="on")
        box = re.search(r'<input[^>]*name="close"[^>]*>', page.content.decode())[0]
        assert ("checked" in box) is closes


def test_what_the_preview_shows_as_signature_is_sent_and_kept(held, post, eas_agent):
    sr = held(CERTIFICATE)
    ServiceRequest.objects.filter(pk=sr.pk).update(front_agent=None, assignee=None)
    sr.refresh_from_db()
    name = eas_agent.get_full_name()
    assert name in post(sr, "answer", "preview", **COLLECT).content.decode()
    post(sr, "answer", **COLLECT)
    drain_outbox()
    (sent,) = [one for one in mail.outbox if one.to == [sr.requester_email]]
    assert name in sent.body
    kept = Message.objects.get(request=sr).body
    assert name in kept
    assert "équipe" not in kept


@pytest.mark.parametrize("left", ["{nom}", "{{ demandeur.nom }}", "{date de la visite}"])
def test_a_field_left_among_ones_own_words_blocks_and_is_named(held, post, left):
    sr = held(CERTIFICATE)
    for step in ("preview", "send"):
        page = post(sr, "write", step, template="", body=f"Bonjour {left}, nous venons demain.")
        assert page.status_code == 409
        text = page.content.decode()
        assert (
            f"votre texte contient encore « {left} »".replace("« ", "«\xa0").replace(" »", "\xa0»")
            in text
        )
        assert "nous venons demain" in text  # kept
    assert not Message.objects.filter(request=sr, body__contains="demain").exists()


def test_a_field_left_in_a_question_or_in_a_reason_blocks_too(held, post):
    sr = held(CERTIFICATE)
    page = post(sr, "ask_question", body="Quelle est {la rue} ?")
    assert "{la rue}" in page.content.decode()
    page = post(sr, "answer", outcome="positive", template="", body="Voici {{acte}}.", close="on")
    assert page.status_code == 409
    assert not Message.objects.filter(request=sr, direction="out").exists()
