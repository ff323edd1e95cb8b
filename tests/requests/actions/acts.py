"""What people and the system may do to a request, act by act: the state machine draws from it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from django.utils import timezone

from prestations.calendars import PARIS
from prestations.forms import Questionnaire
from prestations.models import Authority, ClosingReason, Department, Prestation
from prestations.privacy import RIGHTS_PRESTATION
from requests import actions
from requests.actions.filled import FilledForm
from requests.blocking import obstacles, pieces_of
from requests.enums import AlertKind, Verb
from requests.models import Attachment, RequestLink, ServiceRequest
from requests.workflow import VERBS
from tests.factories.citizens import make_account

Act = Callable[[ServiceRequest, object, datetime], object]
ROADS, PARKS = "voirie-assainissement", "espaces-verts"
RULE = "demandes"  # a term that is over
_numbers = count()


def by_agent(action, **given) -> Act:
    """The act of an agent, on the version that is there."""
    return lambda sr, actor, now: action(
        request_id=sr.pk, version=sr.version, actor=actor, now=now, **given
    )


def by_itself(action, **given) -> Act:
    """The act of the requester, or of the system."""
    return lambda sr, actor, now: action(request_id=sr.pk, now=now, **given)


def with_other(action) -> Act:
    """An agent's act on two requests: the other one is the first that is there."""

    def act(sr, actor, now):
        other = ServiceRequest.objects.exclude(pk=sr.pk).order_by("pk").first()
        return by_agent(action, other=other)(sr, actor, now)

    return act


def a_file(code: str = "photo") -> Attachment:
    name = f"{next(_numbers)}.jpg"
    return Attachment.objects.create(
        name=name, media_type="image/jpeg", size=9, sha256="0" * 64, document_code=code
    )


def ask_pieces(sr, actor, now):
    piece = {"document_code": "photo", "label": "Une photo"}
    due_on = now.date() + timedelta(days=15)
    return by_agent(actions.ask_pieces, pieces=[piece], due_on=due_on)(sr, actor, now)


def supply(sr, actor, now):
    pieces = list(sr.pieces.filter(received_at=None).values_list("pk", flat=True)[:1])
    return actions.supply(request_id=sr.pk, body="Voici.", received_pieces=pieces, now=now)


def attach(sr, actor, now):
    return actions.attach(request_id=sr.pk, actor=actor, attachments=[a_file()], now=now)


def quarantine(sr, actor, now):
    file = sr.attachments.first()
    return file and actions.keep_verdict(
        model=Attachment, file_id=file.pk, found="Eicar-Signature", now=now
    )


def decide_question(action) -> Act:
    def act(sr, actor, now):
        question = sr.proposed_questions.order_by("-pk").first()
        return question and action(question_id=question.pk, version=None, actor=actor, now=now)

    return act


def decide(action, **given) -> Act:
    def act(sr, actor, now):
        decision = actions.pending_decision(sr)
        return decision and action(
            decision_id=decision.pk, version=None, actor=actor, now=now, **given
        )

    return act


def close(code: str, motive: str = "") -> Act:
    def act(sr, actor, now):
        reason = ClosingReason.objects.get(pk=code)
        return by_agent(actions.close_request, closing_reason=reason, motive=motive)(sr, actor, now)

    return act


def forward(sr, actor, now):
    authority = Authority.objects.get(pk="departement")
    given = {"authority": authority, "reason": "C’est une route départementale."}
    return by_agent(actions.forward_request, **given)(sr, actor, now)


def transfer(code: str) -> Act:
    def act(sr, actor, now):
        department = Department.objects.get(pk=code)
        return by_agent(actions.transfer_request, department=department)(sr, actor, now)

    return act


def qualify(code: str) -> Act:
    def act(sr, actor, now):
        prestation = Prestation.objects.get(pk=code)
        return by_agent(actions.qualify_request, prestation=prestation)(sr, actor, now)

    return act


def assign(sr, actor, now):
    return by_agent(actions.assign_request, assignee=actor)(sr, actor, now)


def complete(sr, actor, now):
    form = FilledForm(version=sr.form_version, answers=sr.answers, papers=sr.papers)
    return by_agent(actions.complete_request, form=form)(sr, actor, now)


def lose_a_paper(sr, actor, now):
    missing = [piece.code for piece in pieces_of(sr)][:1]
    form = FilledForm(version=sr.form_version, answers=sr.answers, missing_documents=missing)
    return by_agent(actions.complete_request, form=form)(sr, actor, now)


def check(reason: str) -> Act:
    """Every document accepted, or refused for one reason."""

    def act(sr, actor, now):
        pieces = {piece.code: reason for piece in pieces_of(sr)}
        return by_agent(actions.check_file, pieces=pieces, proof="carte")(sr, actor, now)

    return act


def override(sr, actor, now):
    lifted = [obstacle.key for obstacle in obstacles(sr, Verb.CLOSE)]
    return by_agent(actions.override_obstacles, lifted=lifted, reason="Vu.")(sr, actor, now)


def appoint(sr, actor, now):
    return by_agent(actions.set_appointment, at=now + timedelta(days=9))(sr, actor, now)


def ask_parks(sr, actor, now):
    departments = [Department.objects.get(pk=PARKS)]
    given = {"kind": "work", "asked": "Tailler.", "due_on": now.date()}
    return by_agent(actions.ask_task, departments=departments, **given)(sr, actor, now)


def on_task(action, **given) -> Act:
    def act(sr, actor, now):
        task = sr.tasks.order_by("-pk").first()
        return task and by_agent(action, task=task.pk, **given)(sr, actor, now)

    return act


def repeat(sr, actor, now):
    day = (now.astimezone(PARIS).date() + timedelta(days=31)).replace(day=5)
    return by_agent(actions.repeat_request, rhythm="month", first_on=day)(sr, actor, now)


def correct(sr, actor, now):
    given = {"email": f"n{next(_numbers)}@courriel.example", "phone": "", "address": ""}
    return by_agent(actions.correct_contact, **given)(sr, actor, now)


def correct_answer(sr, actor, now):
    definition = Questionnaire(sr.form_version, sr.channel).definition
    first = next(one for one in definition.everything if not one.is_upload)
    given = {first.key: sr.answers.get(first.scope, {}).get(first.name)}
    return by_agent(actions.correct_answers, given=given, reason="Au téléphone.")(sr, actor, now)


def adopt(sr, actor, now):
    return actions.adopt_request(request_id=sr.pk, account=make_account(), now=now)


def end_merged(sr, actor, now):
    ends = (Verb.CLOSE, Verb.WITHDRAW, Verb.CANCEL)
    ending = sr.events.standing().filter(verb__in=ends).last()
    return ending and actions.end_merged(ending)


def undone(act: Act) -> Act:
    """The same act, taken back at once when it has sent something."""

    def do(sr, actor, now):
        _done, sending = actions.send_undoable(
            request_id=sr.pk,
            actor=actor,
            act="answer",
            typed={},
            perform=lambda: act(sr, actor, now),
            now=now,
        )
        soon = now + timedelta(seconds=5)
        return sending and actions.undo_sending(sending_id=sending.pk, actor=actor, now=soon)

    return do


def put_back(act: Act) -> Act:
    """The same act, and then whoever had the request has it again."""

    def do(sr, actor, now):
        before = actions.standing_of(sr)
        done = act(sr, actor, now)
        event = done.events.filter(verb__in=PUT_BACK, actor=actor).last()
        if "moves" in event.data or not actions.may_return(before["state"], done.state):
            return done
        return actions.put_back(
            request_id=sr.pk,
            version=done.version,
            actor=actor,
            undoes=event.number,
            before=before,
            now=now + timedelta(minutes=1),
        )

    return do


PUT_BACK = (Verb.TAKE, Verb.ASSIGN, Verb.TRANSFER, Verb.SET_URGENT)
ACTS: dict[Verb, tuple[Act, ...]] = {
    Verb.ROUTE: (by_itself(actions.route_request),),
    Verb.ACKNOWLEDGE: (by_itself(actions.acknowledge),),
    Verb.ALERT: (by_itself(actions.raise_alert, kind=AlertKind.OVERDUE, about="2026-01-19"),),
    Verb.INTERIM: (by_itself(actions.send_interim_reply),),
    Verb.REMIND: (by_itself(actions.send_reminder),),
    Verb.SUPPLY: (supply,),
    Verb.RECEIVE: (by_itself(actions.receive_message, body="Alors ?"),),
    Verb.WITHDRAW: (by_itself(actions.withdraw_request),),
    Verb.REOPEN: (
        by_itself(actions.reopen_request, by_requester=True, reason="Rien de fait."),
        by_agent(actions.reopen_request, reason="Une erreur de notre part."),
    ),
    Verb.RATE: (by_itself(actions.rate_request, score=3, solved=True),),
    Verb.ADOPT: (adopt,),
    Verb.QUALIFY: (
        qualify("voirie-graffitis"),
        qualify("acte-deces"),
    ),
    Verb.TAKE: (by_agent(actions.take_request), put_back(by_agent(actions.take_request))),
    Verb.ASSIGN: (assign, put_back(assign)),
    Verb.TRANSFER: (
        transfer(ROADS),
        transfer(PARKS),
        put_back(transfer(PARKS)),
    ),
    Verb.RETURN: (by_agent(actions.return_request, note="Pas à nous."),),
    Verb.ASK_PIECES: (ask_pieces,),
    Verb.ASK_QUESTION: (
        by_agent(actions.ask_question, body="Où ?"),
        decide_question(actions.approve_question),
    ),
    Verb.PROPOSE_QUESTION: (by_agent(actions.propose_question, body="Où ?"),),
    Verb.REFUSE_QUESTION: (decide_question(actions.refuse_question),),
    Verb.COMPLETE: (
        complete,
        lose_a_paper,
    ),
    Verb.RESUME: (by_agent(actions.resume_request),),
    Verb.WAIT_THIRD_PARTY: (by_agent(actions.wait_third_party),),
    Verb.SET_APPOINTMENT: (appoint,),
    Verb.SUBMIT_APPROVAL: (by_agent(actions.submit_approval),),
    Verb.CHECK: (
        check(""),
        check("la copie est illisible"),
    ),
    Verb.REKEY: (by_agent(actions.note_rekeying, number="7"), by_agent(actions.take_back_rekeying)),
    Verb.HAND_OVER: (
        by_agent(actions.hand_over, collected_by="Inès Lemaire", proof="carte", initials="IL"),
    ),
    Verb.OVERRIDE: (override,),
    Verb.SIGN: (decide(actions.sign_decision),),
    Verb.SEND_BACK: (decide(actions.send_back_decision, reason="À motiver."),),
    Verb.TREAT: (by_agent(actions.treat_request, conclusion="Rebouché.", outcome="positive"),),
    Verb.READY: (by_agent(actions.mark_ready),),
    Verb.WRITE: (by_agent(actions.write_message, body="C’est prévu."),),
    Verb.NOTE: (
        lambda sr, actor, now: actions.add_note(request_id=sr.pk, actor=actor, body="Vu.", now=now),
    ),
    Verb.ATTACH: (attach,),
    Verb.QUARANTINE: (quarantine,),
    Verb.SET_URGENT: (
        by_agent(actions.set_urgent, urgent=True),
        by_agent(actions.set_urgent, urgent=False),
        put_back(by_agent(actions.set_urgent, urgent=True)),
    ),
    Verb.CORRECT: (correct_answer,),
    Verb.CORRECT_CONTACT: (correct,),
    Verb.ANSWER: (
        by_agent(actions.answer_request, body="C’est fait.", outcome="positive"),
        by_agent(actions.answer_request, body="Venez.", outcome="positive", close=False),
        by_agent(actions.answer_request, body="Article 2.", outcome="negative"),
    ),
    Verb.CLOSE: (
        close("satisfaite"),
        close("refusee", motive="Hors délai."),
    ),
    Verb.FORWARD: (forward,),
    Verb.CANCEL: (by_agent(actions.cancel_request, reason="Essai."),),
    Verb.TELL_CONCERNED: (by_agent(actions.note_called),),
    Verb.OBJECT: (by_itself(actions.object_to_request),),
    Verb.ASK_TASK: (ask_parks,),
    Verb.ACCEPT_TASK: (on_task(actions.accept_task),),
    Verb.DECLINE_TASK: (on_task(actions.decline_task, note="Non."),),
    Verb.CONCLUDE_TASK: (on_task(actions.conclude_task, conclusion="Fait."),),
    Verb.CANCEL_TASK: (on_task(actions.cancel_task),),
    Verb.ASK_REASONS: (by_itself(actions.ask_reasons),),
    Verb.GIVE_REASONS: (by_agent(actions.give_reasons, body="Article 3 du règlement."),),
    Verb.MERGE: (with_other(actions.merge_request),),
    Verb.UNMERGE: (by_agent(actions.unmerge_request),),
    Verb.LEAD: (end_merged,),
    Verb.SPLIT: (by_agent(actions.split_request, body="Et un arbre penche."),),
    Verb.LINK: (with_other(actions.link_requests),),
    Verb.UNLINK: (with_other(actions.unlink_requests),),
    Verb.REPEAT: (
        repeat,
        by_agent(actions.repeat_request, rhythm=""),
    ),
    Verb.FILE: (by_itself(actions.open_again),),
    Verb.SNOOZE: (
        lambda sr, actor, now: actions.snooze_request(
            request_id=sr.pk, actor=actor, preset="week", reason="Attendre le devis.", now=now
        ),
    ),
    Verb.WAKE: (
        lambda sr, actor, now: actions.end_snooze(request_id=sr.pk, actor=actor, now=now),
        by_itself(actions.bring_back),
    ),
    Verb.EXTEND: (by_agent(actions.extend_request, reason="Beaucoup de pièces."),),
    Verb.HOLD: (
        lambda sr, actor, now: actions.hold_request(
            request_id=sr.pk, actor=actor, reason="Un recours.", now=now
        ),
    ),
    Verb.RELEASE: (
        lambda sr, actor, now: actions.release_request(request_id=sr.pk, actor=actor, now=now),
    ),
    Verb.PURGE_FILES: (by_itself(actions.delete_request_files, rule=RULE),),
    Verb.ANONYMISE: (by_itself(actions.anonymise_request, rule=RULE),),
}
# what follows from the others, or stands in the log whatever is drawn
FOLLOWING = {Verb.UNSEND, Verb.RECEIVE_MERGED}
ELSEWHERE = {Verb.RECALCULATE: "moves every request of the town at once: test_calendar.py"}


CHANCE = 0.5
# what must be there for a verb to mean anything
NEEDS: dict[Verb, Callable[[ServiceRequest], bool]] = {
    **dict.fromkeys(
        (Verb.ACCEPT_TASK, Verb.DECLINE_TASK, Verb.CONCLUDE_TASK, Verb.CANCEL_TASK),
        lambda sr: sr.tasks.filter(ended_at=None).exists(),
    ),
    Verb.UNMERGE: lambda sr: sr.merged_into_id is not None,
    Verb.UNLINK: lambda sr: RequestLink.objects.filter(undone_at=None).exists(),
    Verb.RELEASE: lambda sr: sr.holds.filter(lifted_at=None).exists(),
    Verb.REFUSE_QUESTION: lambda sr: sr.proposed_questions.filter(decided_at=None).exists(),
    Verb.SIGN: lambda sr: actions.pending_decision(sr) is not None,
    Verb.SEND_BACK: lambda sr: actions.pending_decision(sr) is not None,
    Verb.REOPEN: lambda sr: not sr.is_open,
    Verb.REMIND: lambda sr: sr.remind_at is not None and sr.remind_at <= timezone.now(),
    Verb.SUPPLY: lambda sr: sr.pieces.filter(received_at=None).exists() or sr.is_paused,
    Verb.OVERRIDE: lambda sr: bool(obstacles(sr, Verb.CLOSE)),
    Verb.QUARANTINE: lambda sr: sr.attachments.exists(),
    Verb.GIVE_REASONS: lambda sr: sr.reasons_due_at is not None,
    Verb.ASK_REASONS: lambda sr: actions.may_ask_reasons(sr, timezone.now()),
    Verb.TELL_CONCERNED: lambda sr: hasattr(sr, "concerned") and sr.concerned.is_to_be_called,
    Verb.OBJECT: lambda sr: hasattr(sr, "concerned") and sr.concerned.objected_at is None,
    Verb.EXTEND: lambda sr: (
        sr.prestation_id == RIGHTS_PRESTATION and not sr.events.filter(verb=Verb.EXTEND).exists()
    ),
    Verb.LEAD: lambda sr: not sr.is_open and sr.merged.filter(closed_at=None).exists(),
    Verb.WAKE: lambda sr: sr.snoozes.away().exists(),
    Verb.FILE: lambda sr: sr.repeats_on is not None,
    Verb.PURGE_FILES: lambda sr: not sr.is_open and sr.files_deleted_at is None,
    Verb.ANONYMISE: lambda sr: not sr.is_open and sr.anonymised_at is None,
}


def draw(sr: ServiceRequest, people: list, random: Random) -> tuple[Verb, object]:
    """A verb that may start from where a request is, and who has the right to it if anybody."""
    fitting = [verb for verb in ACTS if verb not in VERBS or sr.state in VERBS[verb].states]
    random.shuffle(fitting)
    if random.random() < CHANCE:  # what is seldom possible
        fitting.sort(key=lambda verb: verb not in NEEDS)
    verb = next(verb for verb in fitting if verb not in NEEDS or NEEDS[verb](sr))
    turn = random.sample(people, len(people))
    fit = (one for one in turn if verb not in VERBS or actions.may(sr, verb, one))
    return verb, next(fit, turn[0])
