"""A request's life, verb by verb: rights, states, clocks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from prestations.calendars import PARIS
from prestations.models import ClosingReason, Department, Prestation
from requests import actions
from requests.enums import State
from requests.exceptions import IllegalTransition, MissingInput, NotAllowed, StaleRequest
from requests.models import RequestEvent, ServiceRequest
from tests.requests.actions.conftest import MONDAY, PERSON
from tests.requests.actions.support import ask_one_piece, version

pytestmark = pytest.mark.django_db


def test_simple_prestation_stays_with_the_front_office(certificate):
    assert certificate.state == State.EN_COURS
    assert certificate.department is None


def test_complex_prestation_goes_to_the_department_of_the_catalogue(pothole):
    assert pothole.state == State.TRANSMISE
    assert pothole.department_id == "voirie-assainissement"
    # ten working days after Monday 12 January
    assert pothole.department_due_at == datetime(2026, 1, 26, 10, 0, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("code", "reponses", "department"),
    [
        ("proprete-depot-sauvage", {"nature": "vehicule"}, "police-municipale"),
        ("proprete-depot-sauvage", {"nature": "dangereux"}, "hygiene-sante"),
        ("proprete-depot-sauvage", {"nature": "encombrants"}, "proprete-urbaine"),
        ("nuisances-voisinage", {"type": "commerce"}, "hygiene-sante"),
        ("nuisances-voisinage", {"type": "chantier"}, "domaine-public"),
        ("nuisances-voisinage", {}, "police-municipale"),
    ],
)
def test_first_rule_that_holds_names_the_department(file, code, reponses, department):
    service_request = file(code, reponses=reponses)
    routed = actions.route_request(request_id=service_request.pk)
    assert routed.department_id == department


def test_closed_department_falls_back_to_the_front_office(file):
    Department.objects.filter(pk="voirie-assainissement").update(is_active=False)
    routed = actions.route_request(request_id=file("voirie-graffitis").pk)
    assert routed.state == State.EN_COURS
    assert routed.events.get(verb="route").data["closed_department"] == "voirie-assainissement"


def test_routing_twice_changes_nothing(pothole):
    before = pothole.event_count
    assert actions.route_request(request_id=pothole.pk).event_count == before


def test_whole_story_of_a_pothole(pothole, expert, eas_agent):
    taken = actions.take_request(request_id=pothole.pk, version=version(pothole), actor=expert)
    assert (taken.assignee, taken.state) == (expert, State.TRANSMISE)
    actions.add_note(request_id=pothole.pk, actor=expert, body="Équipe prévenue.")
    asked = ask_one_piece(pothole, expert, MONDAY + timedelta(days=1))
    assert (asked.state, asked.paused_at) == (State.ATTENTE_PIECES, MONDAY + timedelta(days=1))
    back = actions.supply(
        request_id=pothole.pk,
        body="Voici.",
        received_pieces=[asked.pieces.get().pk],
        now=MONDAY + timedelta(days=4),
    )
    assert (back.state, back.paused_at) == (State.TRANSMISE, None)
    assert back.due_at == pothole.due_at + timedelta(days=3)
    treated = actions.treat_request(
        request_id=pothole.pk,
        version=version(pothole),
        actor=expert,
        conclusion="Rebouché à l'enrobé froid.",
        outcome="positive",
    )
    assert (treated.state, treated.department_since) == (State.A_REPONDRE, None)
    closed = actions.answer_request(
        request_id=pothole.pk,
        version=version(pothole),
        actor=eas_agent,
        body="Le trou est rebouché.",
        outcome="positive",
    )
    assert (closed.state, closed.closing_reason_id) == (State.CLOSE, "satisfaite")
    assert [event.verb for event in closed.events.all()] == [
        "file",
        "route",
        "take",
        "note",
        "ask_pieces",
        "supply",
        "treat",
        "answer",
        "close",
    ]


@pytest.mark.parametrize("act", ["answer", "close", "write", "ask_question", "reopen", "transfer"])
def test_expert_can_neither_write_to_the_citizen_nor_close(pothole, expert, act):
    calls = {
        "answer": lambda: actions.answer_request(
            request_id=pothole.pk, version=None, actor=expert, body="Fait", outcome="positive"
        ),
        "close": lambda: actions.close_request(
            request_id=pothole.pk,
            version=None,
            actor=expert,
            closing_reason=ClosingReason.objects.get(pk="satisfaite"),
        ),
        "write": lambda: actions.write_message(
            request_id=pothole.pk, version=None, actor=expert, body="Bonjour"
        ),
        "ask_question": lambda: actions.ask_question(
            request_id=pothole.pk, version=None, actor=expert, body="Où ?"
        ),
        "reopen": lambda: actions.reopen_request(
            request_id=pothole.pk, actor=expert, reason="Encore"
        ),
        "transfer": lambda: actions.transfer_request(
            request_id=pothole.pk,
            version=None,
            actor=expert,
            department=Department.objects.get(pk="espaces-verts"),
        ),
    }
    with pytest.raises(NotAllowed):
        calls[act]()
    assert not pothole.messages.exists()


def test_other_department_does_not_even_know_the_request(pothole, other_expert):
    with pytest.raises(ServiceRequest.DoesNotExist):
        actions.take_request(request_id=pothole.pk, version=None, actor=other_expert)


def test_expert_loses_the_hand_once_the_department_has_treated(pothole, expert):
    actions.treat_request(
        request_id=pothole.pk, version=None, actor=expert, conclusion="Fait", outcome="positive"
    )
    with pytest.raises(NotAllowed):
        actions.take_request(request_id=pothole.pk, version=None, actor=expert)
    assert actions.add_note(request_id=pothole.pk, actor=expert, body="Photo au dossier.")


def test_suspended_agent_loses_every_right_at_once(certificate, eas_agent):
    eas_agent.is_active = False
    eas_agent.save()
    fresh = type(eas_agent).objects.get(pk=eas_agent.pk)
    with pytest.raises(ServiceRequest.DoesNotExist):
        actions.take_request(request_id=certificate.pk, version=None, actor=fresh)


def test_stale_version_is_refused_and_changes_nothing(certificate, eas_agent, supervisor):
    seen = version(certificate)
    actions.take_request(request_id=certificate.pk, version=seen, actor=supervisor)
    with pytest.raises(StaleRequest):
        actions.answer_request(
            request_id=certificate.pk, version=seen, actor=eas_agent, body="A", outcome="positive"
        )
    assert not certificate.messages.exists()


def test_expert_question_waits_for_the_front_office(pothole, expert, eas_agent):
    question = actions.propose_question(
        request_id=pothole.pk, version=None, actor=expert, body="Devant quel numéro ?"
    )
    assert not pothole.messages.exists()
    sent = actions.approve_question(question_id=question.pk, version=None, actor=eas_agent)
    assert sent.state == State.ATTENTE_DEMANDEUR
    assert sent.messages.get().body == "Devant quel numéro ?"
    with pytest.raises(IllegalTransition):
        actions.refuse_question(question_id=question.pk, version=None, actor=eas_agent)


def test_wrong_department_gives_the_request_back_with_its_reason(pothole, expert):
    back = actions.return_request(
        request_id=pothole.pk, version=None, actor=expert, note="Voie départementale."
    )
    assert (back.state, back.department) == (State.EN_COURS, None)
    assert pothole.notes.get().body == "Voie départementale."


def test_requalifying_moves_the_request_and_its_dates(pothole, eas_agent):
    moved = actions.qualify_request(
        request_id=pothole.pk,
        version=None,
        actor=eas_agent,
        prestation=Prestation.objects.get(pk="eclairage-equipement-defectueux"),
        now=MONDAY,
    )
    assert moved.department_id == "eclairage-public"
    assert moved.state == State.TRANSMISE
    assert moved.due_at == datetime(2026, 1, 19, 10, 0, tzinfo=PARIS)
    assert moved.form_version.prestation_id == "voirie-intervention-rapide"


def test_document_to_collect_then_handed_over(certificate, eas_agent):
    actions.answer_request(
        request_id=certificate.pk,
        version=None,
        actor=eas_agent,
        body="Votre acte est prêt.",
        outcome="positive",
        close=False,
    )
    ready = actions.mark_ready(request_id=certificate.pk, version=None, actor=eas_agent)
    assert ready.state == State.A_RETIRER
    closed = actions.close_request(
        request_id=certificate.pk,
        version=None,
        actor=eas_agent,
        closing_reason=ClosingReason.objects.get(pk="document-remis"),
    )
    assert closed.state == State.CLOSE


def test_negative_closing_needs_words_for_the_requester(certificate, eas_agent):
    with pytest.raises(MissingInput):
        actions.close_request(
            request_id=certificate.pk,
            version=None,
            actor=eas_agent,
            closing_reason=ClosingReason.objects.get(pk="hors-competence"),
        )


def test_requester_may_reopen_within_fifteen_days_only(certificate, eas_agent):
    closed = actions.answer_request(
        request_id=certificate.pk,
        version=None,
        actor=eas_agent,
        body="Voici.",
        outcome="positive",
        now=MONDAY,
    )
    with pytest.raises(IllegalTransition):
        actions.reopen_request(
            request_id=closed.pk,
            reason="Erreur",
            by_requester=True,
            now=MONDAY + timedelta(days=16),
        )
    again = actions.reopen_request(
        request_id=closed.pk,
        reason="Mon nom est faux.",
        by_requester=True,
        now=MONDAY + timedelta(days=15),
    )
    assert (again.state, again.reopened_count, again.closed_at) == (State.EN_COURS, 1, None)


def test_withdrawn_request_is_cancelled_and_final(pothole, eas_agent):
    ended = actions.withdraw_request(request_id=pothole.pk)
    assert (ended.state, ended.closing_reason_id) == (State.ANNULEE, "desistement")
    with pytest.raises(IllegalTransition):
        actions.reopen_request(request_id=pothole.pk, actor=eas_agent, reason="Encore")


def test_message_on_a_closed_request_is_kept_and_the_state_stays(certificate, eas_agent):
    actions.answer_request(
        request_id=certificate.pk, version=None, actor=eas_agent, body="Voici.", outcome="positive"
    )
    kept = actions.receive_message(request_id=certificate.pk, body="Merci !")
    assert kept.state == State.CLOSE
    assert kept.messages.filter(direction="in").get().body == "Merci !"


def test_only_a_supervisor_cancels(certificate, eas_agent, supervisor):
    with pytest.raises(NotAllowed):
        actions.cancel_request(
            request_id=certificate.pk, version=None, actor=eas_agent, reason="Doublon"
        )
    ended = actions.cancel_request(
        request_id=certificate.pk, version=None, actor=supervisor, reason="Saisie par erreur"
    )
    assert ended.state == State.ANNULEE


def test_case_cannot_be_given_to_somebody_who_could_not_treat_it(pothole, eas_agent, other_expert):
    with pytest.raises(NotAllowed):
        actions.assign_request(
            request_id=pothole.pk, version=None, actor=eas_agent, assignee=other_expert
        )


def test_events_hold_no_free_text(pothole, expert, eas_agent):
    secret = "CANARI-7741"
    actions.add_note(request_id=pothole.pk, actor=expert, body=secret)
    actions.ask_question(request_id=pothole.pk, version=None, actor=eas_agent, body=secret)
    actions.supply(request_id=pothole.pk, body=secret)
    assert secret not in str(list(pothole.events.values_list("data", flat=True)))


def test_postgresql_refuses_to_edit_or_delete_an_event(pothole):
    for change in (
        lambda: RequestEvent.objects.filter(request=pothole).update(verb="close"),
        lambda: RequestEvent.objects.filter(request=pothole).delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
    assert pothole.events.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_agents_act_at_the_same_instant_and_one_wins(file, eas_agent, supervisor):
    filed = file("acte-naissance-filiation", demandeur=PERSON)
    routed = actions.route_request(request_id=filed.pk)

    def take(agent) -> str:
        try:
            actions.take_request(request_id=routed.pk, version=routed.version, actor=agent)
            return "won"
        except StaleRequest:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(take, [eas_agent, supervisor]))
    assert results == ["told", "won"]
    assert routed.events.filter(verb="take").count() == 1


def test_answer_leaves_once(certificate, eas_agent):
    def answer():
        return actions.answer_request(
            request_id=certificate.pk,
            version=None,
            actor=eas_agent,
            body="Prêt.",
            outcome="positive",
            close=False,
        )

    answer()
    with pytest.raises(IllegalTransition):
        answer()


def test_any_department_is_mobilised_in_one_step_with_a_summary(file, proximite_agent):
    filed = file("reclamation-service-municipal", reponses={"type": "delai"})
    actions.route_request(request_id=filed.pk, now=MONDAY)
    moved = actions.transfer_request(
        request_id=filed.pk,
        version=None,
        actor=proximite_agent,
        department=Department.objects.get(pk="batiments"),
        note="Fuite au gymnase, photo au dossier.",
        now=MONDAY,
    )
    assert (moved.state, moved.department_id) == (State.TRANSMISE, "batiments")
    assert filed.notes.get().body == "Fuite au gymnase, photo au dossier."
