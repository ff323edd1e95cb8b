"""A favourable answer waits for the head of the department where the catalogue asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.core import mail

from prestations.enums import Role
from prestations.models import ClosingReason
from requests import actions
from requests.enums import Outcome, State
from requests.exceptions import Blocked, IllegalTransition, NotAllowed
from requests.models import PieceRequest
from requests.signing import is_approved
from tests.backoffice.conftest import client_of
from tests.factories.users import make_agent
from tests.helpers import drain_outbox
from tests.requests.filed import file_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("text_letters")]
BENCH = "voirie-mobilier-urbain"
ROOM = "association-location-salle"
WORDS = "Le banc sera posé en mars."
YES = {"outcome": "positive", "template": "", "body": WORDS, "close": "on"}


def url(sr, verb: str = "") -> str:
    return f"/agent/demandes/{sr.reference}/" + (f"{verb}/" if verb else "")


@pytest.fixture
def bench(catalogue, expert, settings, tmp_path, text_letters):
    """A bench the department wants to set: the front office is to answer."""
    settings.MEDIA_ROOT = tmp_path
    sr = file_request(BENCH)
    actions.route_request(request_id=sr.pk)
    drain_outbox()
    done = actions.treat_request(
        request_id=sr.pk, version=None, actor=expert, conclusion="À poser.", outcome="positive"
    )
    mail.outbox.clear()
    return done


def send(browser, sr, verb, **fields):
    sr.refresh_from_db()
    return browser.post(url(sr, verb), {"version": sr.version, **fields})


def test_a_favourable_answer_leaves_once_the_head_has_approved_it(front, bench, head, supervisor):
    preview = send(front, bench, "answer", step="preview", **YES).content.decode()
    assert "attend l’approbation du responsable du service" in preview
    assert "Soumettre à l’approbation" in preview
    assert send(front, bench, "answer", **YES).status_code == 302
    drain_outbox()
    assert [one.to for one in mail.outbox] == [[head.email]]
    assert WORDS not in mail.outbox[0].body
    bench.refresh_from_db()
    assert (bench.state, bench.messages.count()) == (State.A_VALIDER, 0)
    page = front.get(url(bench)).content.decode()
    for words in ("Réponse favorable à approuver", "À approuver", "Soumise à l’approbation"):
        assert words in page
    assert "Soumise à validation" not in page

    boss, decision = client_of(head), actions.pending_decision(bench)
    returned = {"decision": decision.pk, "reason": "Dites le jour."}
    assert send(boss, bench, "send_back", **returned).status_code == 302
    assert WORDS in front.get(url(bench, "answer")).content.decode()
    send(front, bench, "answer", **YES)
    decision = actions.pending_decision(bench)
    assert "Relire et approuver" in boss.get(url(bench)).content.decode()
    page = boss.get(url(bench, "sign") + f"?decision={decision.pk}").content.decode()
    assert "Approuver et envoyer" in page
    listed = boss.get("/agent/demandes/?vue=a-signer").content.decode()
    assert "À signer ou approuver" in listed
    assert 'title="Réponse favorable à approuver"' in listed
    assert "Refus à signer" not in listed
    mail.outbox.clear()
    assert send(boss, bench, "sign", decision=decision.pk).status_code == 302
    page = boss.get(url(bench)).content.decode()
    assert page.count("Réponse approuvée") == 2  # what was done, and the line of the file's life
    assert "Décision signée" not in page
    boss.post(f"{url(bench)}envois/{bench.sendings.get().pk}/annuler/")  # for ten seconds
    bench.refresh_from_db()
    assert (bench.state, actions.pending_decision(bench)) == (State.A_VALIDER, decision)
    assert not is_approved(bench)
    assert send(boss, bench, "sign", decision=decision.pk).status_code == 302
    drain_outbox()
    (sent,) = [one for one in mail.outbox if one.to == [bench.requester_email]]
    assert WORDS in sent.body
    bench.refresh_from_db()
    assert (bench.state, bench.closing_reason_id) == (State.CLOSE, "satisfaite")


def answer(sr, actor, outcome=Outcome.POSITIVE):
    return actions.answer_request(
        request_id=sr.pk, version=None, actor=actor, body=WORDS, outcome=outcome
    )


def test_a_fee_bars_the_delivery_and_not_the_approval(
    front, eas_agent, catalogue, settings, tmp_path
):
    """The room is granted first: agreement, payment and keys come after (procedures.yaml)."""
    settings.MEDIA_ROOT = tmp_path
    leads = {"department_id": catalogue[ROOM].expert_department_id}
    head = make_agent(Role.CHEF_SERVICE, first_name="Inès", last_name="Roy", **leads)
    sr = file_request(ROOM)
    actions.route_request(request_id=sr.pk)
    drain_outbox()
    actions.treat_request(
        request_id=sr.pk, version=None, actor=head, conclusion="Libre.", outcome="positive"
    )
    assert send(front, sr, "answer", **YES).status_code == 302
    boss, decision = client_of(head), actions.pending_decision(sr)
    page = boss.get(url(sr, "sign") + f"?decision={decision.pk}").content.decode()
    assert WORDS in page
    assert "La demande reste ouverte après cette réponse" in page
    assert "le paiement du tarif" in page
    assert send(boss, sr, "sign", decision=decision.pk).status_code == 302
    sr.refresh_from_db()
    assert (sr.state, sr.answered_at is not None) == (State.EN_COURS, True)
    own = {
        "request_id": sr.pk,
        "version": None,
        "actor": make_agent(Role.AGENT_EAS, first_name="Nadia", last_name="Petit"),
    }
    done = ClosingReason.objects.get(pk="satisfaite")
    with pytest.raises(Blocked, match="paiement"):
        actions.close_request(closing_reason=done, **own)
    fee = actions.Fee(Decimal("20.00"), "cheque", "R-118")
    actions.check_file(fee=fee, **own)
    assert actions.close_request(closing_reason=done, **own).state == State.CLOSE


def test_a_barred_approval_shows_the_words_and_its_own_name(front, bench, head):
    send(front, bench, "answer", **YES)
    PieceRequest.objects.create(
        request=bench, label="Un plan", asked_at=bench.arrived_at, due_on=date(2099, 1, 15)
    )
    decision = actions.pending_decision(bench)
    page = client_of(head).get(url(bench, "sign") + f"?decision={decision.pk}")
    text = page.content.decode()
    assert page.status_code == 409
    assert "Un plan, à recevoir du demandeur" in text
    assert WORDS in text
    assert "<title>Approuver et envoyer" in text
    assert "Signer" not in text


def test_no_other_door_leads_around_the_head(bench, proximite_agent, supervisor):
    own = {"request_id": bench.pk, "version": None, "actor": proximite_agent}
    for act in (
        lambda: actions.close_request(
            closing_reason=ClosingReason.objects.get(pk="satisfaite"), **own
        ),
        lambda: actions.mark_ready(**own),
    ):
        assert act().state == State.A_VALIDER
        actions.resume_request(**own)
    assert not bench.messages.exists()
    # a supervisor approves for a head who is away, but never what they wrote themselves
    assert answer(bench, supervisor).state == State.A_VALIDER
    decision = actions.pending_decision(bench)
    with pytest.raises(NotAllowed):
        actions.sign_decision(decision_id=decision.pk, version=None, actor=supervisor)
    colleague = make_agent(Role.SUPERVISEUR, first_name="Omar", last_name="Diallo")
    actions.sign_decision(decision_id=decision.pk, version=None, actor=colleague)
    bench.refresh_from_db()
    assert bench.state == State.CLOSE


def test_what_an_agent_submits_they_do_not_answer_themselves(front, catalogue, eas_agent):
    sr = file_request("acte-mariage-sans-filiation")
    taken = actions.route_request(request_id=sr.pk)
    actions.submit_approval(request_id=taken.pk, version=None, actor=eas_agent)
    with pytest.raises(IllegalTransition):
        answer(taken, eas_agent)
    assert "attend une validation" in front.get(url(sr, "answer")).content.decode()
    answer(taken, make_agent(Role.SUPERVISEUR, first_name="Omar", last_name="Diallo"))
    taken.refresh_from_db()
    assert taken.state == State.CLOSE


def test_an_approved_answer_that_closes_nothing_gives_the_request_back_to_work(
    front, bench, head, proximite_agent
):
    send(front, bench, "answer", **{key: YES[key] for key in YES if key != "close"})
    bench.refresh_from_db()
    decision = actions.pending_decision(bench)
    actions.sign_decision(decision_id=decision.pk, version=None, actor=head)
    bench.refresh_from_db()
    assert (bench.state, bench.messages.count()) == (State.EN_COURS, 1)
    done = ClosingReason.objects.get(pk="satisfaite")
    closed = actions.close_request(
        request_id=bench.pk, version=None, actor=proximite_agent, closing_reason=done
    )
    assert closed.state == State.CLOSE
