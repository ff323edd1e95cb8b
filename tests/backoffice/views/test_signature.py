"""A refusal is signed by the authority, not by whoever typed it (CRPA L212-1)."""

import pytest
from django.core import mail

from prestations.models import Signatory
from requests import actions
from requests.enums import State
from requests.exceptions import NotAllowed
from requests.models import Document, ServiceRequest
from requests.signing import may_sign, signatory_of
from tests.backoffice.conftest import client_of
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
CERTIFICATE = "acte-naissance-filiation"
REASONS = "La personne n'est pas née à Massy."
REFUSAL = {"outcome": "negative", "template": "decision-refus", "body": REASONS, "close": "on"}


def url(sr, verb: str = "") -> str:
    return f"/agent/demandes/{sr.reference}/" + (f"{verb}/" if verb else "")


@pytest.fixture
def sr(catalogue, eas_agent, settings, tmp_path, text_letters):
    settings.MEDIA_ROOT = tmp_path
    filed = file_request(CERTIFICATE)
    drain_outbox()
    taken = actions.take_request(request_id=filed.pk, version=None, actor=eas_agent)
    mail.outbox.clear()
    return taken


def refuse(browser, sr, verb="answer", **fields):
    sr.refresh_from_db()
    return browser.post(url(sr, verb), {"version": sr.version, **(fields or REFUSAL)})


@pytest.fixture
def proposed(front, sr, eas_agent):
    """A refusal typed by the agent: it waits."""
    assert refuse(front, sr).status_code == 302
    sr.refresh_from_db()
    return actions.pending_decision(sr)


def test_a_refusal_typed_by_an_agent_waits_for_its_signature(sr, proposed):
    drain_outbox()
    assert sr.state == State.A_VALIDER
    assert not sr.messages.exists()
    assert all(message.to != [sr.requester_email] for message in mail.outbox)


def test_those_who_may_sign_are_told_without_the_words(sr, supervisor, proposed):
    mail.outbox.clear()
    drain_outbox()
    (told,) = [one for one in mail.outbox if one.to == [supervisor.email]]
    assert "attend sa signature" in told.subject
    assert REASONS not in told.body


def test_the_signed_letter_names_its_author_by_delegation_and_the_agent_as_contact(
    sr, supervisor, proposed
):
    boss = client_of(supervisor)
    page = boss.get(url(sr, "sign") + f"?decision={proposed.pk}").content.decode()
    assert "Solène Marchadier" in page
    assert "Signer et envoyer" in page
    assert (
        "cette signature\u00a0: <strong>Pour le maire et par délégation, Solène Marchadier" in page
    )
    mail.outbox.clear()
    signed = boss.post(url(sr, "sign"), {"version": sr.version, "decision": proposed.pk})
    assert signed.status_code == 302
    drain_outbox()
    (sent,) = [one for one in mail.outbox if one.to == [sr.requester_email]]
    end = sent.body[sent.body.index("Fait à Massy, le ") :]
    assert "Pour le maire et par délégation,\nSolène Marchadier\nAdjointe au maire" in end
    order = (
        REASONS,
        "tribunal administratif",
        "Fait à Massy",
        "Votre interlocuteur\u00a0: Nadia Petit",
        "Votre avis\u00a0: ",
    )
    places = [sent.body.index(one) for one in order]
    assert places == sorted(places)
    sr.refresh_from_db()
    assert (sr.state, sr.closing_reason_id) == (State.CLOSE, "refusee")
    paper = Document.objects.get(request=sr, to_print=True, label__startswith="Réponse")
    text = paper.file.read().decode()
    assert "Votre interlocuteur" in text
    assert "Votre avis" not in text  # nobody types sixty signs
    assert [event.verb for event in sr.events.order_by("number")][-3:] == [
        "sign",
        "answer",
        "close",
    ]


def test_the_preview_tells_the_agent_that_it_will_wait_and_shows_the_signed_letter(front, sr):
    page = front.post(url(sr, "answer"), {"version": sr.version, "step": "preview", **REFUSAL})
    text = page.content.decode()
    assert "Soumettre à la signature" in text
    assert "Solène Marchadier" in text
    sr.refresh_from_db()
    assert sr.state == State.EN_COURS
    assert actions.pending_decision(sr) is None


def test_the_object_of_a_refusal_in_own_words_is_the_decision(front, sr):
    given = {"version": sr.version, "step": "preview", **REFUSAL, "template": ""}
    page = front.post(url(sr, "answer"), given).content.decode()
    assert "refus de votre demande «\u00a0Demande d&#x27;acte de naissance" in page


def test_whoever_may_sign_sends_at_once(sr, supervisor):
    assert refuse(client_of(supervisor), sr).status_code == 302
    sr.refresh_from_db()
    assert sr.state == State.CLOSE


def test_an_agent_with_a_delegation_signs_in_their_own_name(front, sr, eas_agent):
    Signatory.objects.create(
        code="petit",
        first_name="Nadia",
        last_name="Petit",
        quality="Responsable des actes",
        formula="Pour le maire et par délégation,",
        account=eas_agent.email.upper(),
        categories=[sr.category_id],
    )
    refuse(front, sr)
    drain_outbox()
    (sent,) = [one for one in mail.outbox if one.to == [sr.requester_email]]
    assert "Nadia Petit\nResponsable des actes" in sent.body


def test_an_agent_without_delegation_cannot_sign(front, sr, eas_agent, proposed):
    assert front.get(url(sr, "sign") + f"?decision={proposed.pk}").status_code == 403
    with pytest.raises(NotAllowed):
        actions.sign_decision(decision_id=proposed.pk, version=None, actor=eas_agent)
    assert "Relire et signer" not in front.get(url(sr)).content.decode()


def test_the_head_signs_for_their_own_department_only(catalogue, head, other_expert, sr):
    assert not may_sign(sr, head)
    sr.department_id = "voirie-assainissement"
    assert may_sign(sr, head)
    assert not may_sign(sr, other_expert)


def test_a_refusal_sent_back_tells_its_author_why_and_keeps_the_words(
    front, sr, supervisor, proposed
):
    data = {"version": sr.version, "decision": proposed.pk, "reason": "Citez l'article."}
    assert client_of(supervisor).post(url(sr, "send_back"), data).status_code == 302
    sr.refresh_from_db()
    assert sr.state == State.EN_COURS
    assert sr.notes.get().body == "Citez l'article."
    page = front.get(url(sr, "answer")).content.decode()
    assert "née à Massy." in page
    assert '<option value="decision-refus" selected>' in page


def test_a_decision_is_signed_once(sr, supervisor, proposed):
    actions.sign_decision(decision_id=proposed.pk, version=None, actor=supervisor)
    again = client_of(supervisor).post(
        url(sr, "sign"), {"version": sr.version, "decision": proposed.pk}
    )
    assert again.status_code == 409
    sr.refresh_from_db()
    assert sr.messages.count() == 1


def test_work_taken_up_again_takes_the_refusal_back(front, sr, eas_agent, supervisor, proposed):
    front.post(url(sr, "resume"), {"version": sr.version})
    sr.refresh_from_db()
    assert sr.state == State.EN_COURS
    assert actions.pending_decision(sr) is None


FAVOURABLE = {"outcome": "positive", "template": "", "body": "Voici l'acte.", "close": "on"}


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("answer", FAVOURABLE),
        ("answer", REFUSAL),
        ("close", {"closing_reason": "satisfaite", "template": "aucune"}),
        ("ready", {"template": "document-pret"}),
    ],
)
def test_nothing_decides_otherwise_while_a_refusal_waits_for_its_signature(
    front, sr, supervisor, proposed, verb, fields
):
    for browser in (front, client_of(supervisor)):
        assert refuse(browser, sr, verb, **fields).status_code in (200, 409)
    not_now = front.get(url(sr, verb))
    assert not_now.status_code == 409
    assert "reprenez d’abord le traitement" in not_now.content.decode()
    sr.refresh_from_db()
    assert (sr.state, sr.messages.count()) == (State.A_VALIDER, 0)
    assert actions.pending_decision(sr) == proposed


def test_the_page_says_how_to_take_a_refusal_back_and_a_message_may_still_leave(
    front, sr, eas_agent, proposed
):
    page = front.get(url(sr)).content.decode()
    assert "Envoyer la réponse" not in page
    assert "Aucune autre réponse ne peut partir en attendant" in page
    assert url(sr, "resume") in page
    front.post(
        url(sr, "write"), {"version": sr.version, "template": "", "body": "Nous y travaillons."}
    )
    assert sr.messages.count() == 1
    sr.refresh_from_db()
    front.post(url(sr, "resume"), {"version": sr.version})
    assert refuse(front, sr, **FAVOURABLE).status_code == 302
    sr.refresh_from_db()
    assert sr.state == State.CLOSE


CLOSING = {"closing_reason": "pieces-manquantes", "template": "cloture-sans-suite"}


def test_closing_against_the_requester_goes_through_the_signature_too(front, sr, supervisor):
    refuse(front, sr, "close", **CLOSING, motive="Il manque le livret.")
    sr.refresh_from_db()
    assert sr.state == State.A_VALIDER
    waiting = actions.pending_decision(sr)
    actions.sign_decision(decision_id=waiting.pk, version=None, actor=supervisor)
    drain_outbox()
    (sent,) = [one for one in mail.outbox if one.to == [sr.requester_email]]
    for wanted in ("Il manque le livret.", "tribunal administratif", "Solène Marchadier"):
        assert wanted in sent.body
    sr.refresh_from_db()
    assert (sr.state, sr.closing_reason_id) == (State.CLOSE, "pieces-manquantes")


def test_choosing_another_letter_does_not_escape_the_signature(front, sr):
    refuse(front, sr, **{**REFUSAL, "template": "", "body": "Non, désolée."})
    sr.refresh_from_db()
    assert sr.state == State.A_VALIDER


@pytest.mark.parametrize(
    ("requester", "posted"),
    [({"canal_reponse": "courrier"}, True), ({"email": ""}, True), ({}, True)],
)
def test_a_report_closed_against_the_requester_waits_among_the_letters_to_post(
    front, proximite_agent, catalogue, settings, tmp_path, text_letters, requester, posted
):
    """Reasons and remedies, on paper (CRPA L211-2); the agent signs a report not followed up."""
    settings.MEDIA_ROOT = tmp_path
    sr = file_request("voirie-intervention-rapide", requester=requester, channel="guichet")
    drain_outbox()
    ServiceRequest.objects.filter(pk=sr.pk).update(
        state=State.EN_COURS, department_since=None, front_agent=proximite_agent
    )
    fields = {"closing_reason": "non-constate", "template": "cloture-sans-suite"}
    refuse(front, sr, "close", **fields, motive="Rien sur place.")
    sr.refresh_from_db()
    assert sr.state == State.CLOSE
    drain_outbox()
    page = front.get("/agent/courriers/").content.decode()
    assert (sr.reference in page) is posted
    letter = Document.objects.get(request=sr, label__startswith="Clôture")
    assert letter.to_print


def test_a_closing_that_decides_nothing_has_neither_remedies_nor_paper(front, sr):
    refuse(front, sr, "close", closing_reason="doublon", template="", motive="Voir l'autre.")
    sr.refresh_from_db()
    assert sr.state == State.CLOSE
    drain_outbox()
    (sent,) = [one for one in mail.outbox if one.to == [sr.requester_email]]
    assert "tribunal" not in sent.body
    assert not Document.objects.filter(request=sr, to_print=True).exists()


def test_the_narrowest_line_signs(sr):
    assert signatory_of(sr).pk == "population"
    Signatory.objects.create(
        code="actes", first_name="A", last_name="B", quality="C", prestations=[CERTIFICATE]
    )
    assert signatory_of(sr).pk == "actes"
    sr.category_id, sr.prestation_id = "voirie", "voirie-graffitis"
    assert signatory_of(sr).pk == "maire"


def test_the_signers_queue_lists_what_waits(sr, supervisor, proposed):
    page = client_of(supervisor).get("/agent/demandes/?vue=a-signer").content.decode()
    assert sr.reference in page
    assert 'title="Refus à signer"' in page
    assert "Réponse favorable à approuver" not in page


def test_the_signatory_reads_the_request_beside_its_letter(sr, supervisor, proposed):
    ServiceRequest.objects.filter(pk=sr.pk).update(conclusion="Née à Palaiseau, registre vérifié.")
    page = client_of(supervisor).get(url(sr, "sign") + f"?decision={proposed.pk}").content.decode()
    assert "Relire et signer" in page
    aside = page.partition('class="layout-aside"')[2]
    for wanted in ("Née à Palaiseau, registre vérifié.", "12 rue Jean Mermoz", "Le fil"):
        assert wanted in aside


def test_what_was_decided_in_another_tab_says_by_whom_and_nothing_else(sr, supervisor, proposed):
    boss = client_of(supervisor)
    twice = {"version": sr.version, "decision": proposed.pk}
    boss.post(url(sr, "sign"), twice)
    for again in (boss.post(url(sr, "sign"), twice), boss.get(url(sr, "sign"), twice)):
        assert again.status_code == 409
        page = again.content.decode()
        assert "Rien n’est parti" not in page
        assert f"déjà été signée par {supervisor.get_full_name()}" in page


def test_what_waits_to_be_signed_has_one_name_everywhere(front, sr, supervisor, proposed):
    page = front.get(url(sr)).content.decode()
    head = page.partition('class="request-head"')[2].partition("</header>")[0]
    assert "À signer" in head
    assert "Soumise à la signature" in page
    for other in ("À valider", "Soumise à validation", "À approuver"):
        assert other not in page
