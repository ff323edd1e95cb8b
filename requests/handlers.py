"""What follows from the verbs: routing, and the letters. Each runs once for one event.

The outbox calls them in a worker, in one transaction with their receipt.
"""

from django.utils import translation

from citizens.models import EmailChange
from massy_grc.outbox.api import subscribe
from massy_grc.outbox.models import OutboxEvent
from massy_grc.users.models import User
from prestations.models import ArticleRemark
from requests import actions
from requests.actions import problem_answers
from requests.actions.contact import follow_address
from requests.enums import Verb
from requests.models import RequestEvent
from requests.notifications import (
    alerts,
    arrivals,
    behalf,
    conversation,
    cooperation,
    decisions,
    filing,
    followers,
    forwarding,
    knowledge,
    tasks,
)
from requests.notifications.letters import LETTERS, letter_about
from requests.notifications.sending import event_of, send_letter

# after these the turn of a department's task may have come
_TURNS = (Verb.ASK_TASK, Verb.CONCLUDE_TASK, Verb.DECLINE_TASK, Verb.CANCEL_TASK)


def _tell(letter, outbox_event: OutboxEvent) -> None:
    """Write about an event, in French: the language of the town's letters."""
    event = event_of(outbox_event.payload["event_id"])
    if event.request.anonymised_at:  # erased meanwhile: nobody to write to
        return
    with translation.override("fr"):
        letter(event)


def _send(event: RequestEvent) -> None:
    """Send the letter to the requester that follows an event, if any."""
    letter = letter_about(event)
    if letter is not None:
        send_letter(letter)


@subscribe("request.file", first=True)
def route_new_request(event: OutboxEvent) -> None:
    """Send the new request where the town's rules say (S27, S72); letters wait behind it."""
    actions.route_request(request_id=event.payload["request_id"])


@subscribe("request.file", "request.split")
def guess_subject(event: OutboxEvent) -> None:
    """Guess what an unsorted text is about; what is sure goes its way at once (S72)."""
    actions.guess_qualification(request_id=event.payload["request_id"])


@subscribe("request.file")
def receipt(event: OutboxEvent) -> None:
    """The registration receipt, at once."""
    _tell(filing.receive, event)


@subscribe("request.file")
def person_concerned(event: OutboxEvent) -> None:
    """Somebody for whom another filed learns what, by whom, and how to object."""
    _tell(behalf.tell_concerned, event)


@subscribe("request.object")
def objection(event: OutboxEvent) -> None:
    """The agents who hold it learn that the person concerned objects."""
    _tell(behalf.tell_objection, event)


@subscribe("request.route", "request.qualify", "request.take", "request.transfer")
def acknowledgement(event: OutboxEvent) -> None:
    """The acknowledgement, after the first of these: it names the responsible service."""
    _tell(filing.acknowledge, event)


@subscribe(*(f"request.{verb}" for verb in LETTERS))
def letter(event: OutboxEvent) -> None:
    """The letter to the requester that follows an act."""
    _tell(_send, event)


@subscribe("request.forward")
def authority_told(event: OutboxEvent) -> None:
    """The administration that a request belongs to receives it (CRPA L114-2)."""
    _tell(forwarding.tell_authority, event)


@subscribe("request.supply", "request.receive")
def arrival(event: OutboxEvent) -> None:
    """The confirmation that a message or documents arrived."""
    _tell(conversation.confirm_arrival, event)


@subscribe("privacy.export")
def copy_of_data(event: OutboxEvent) -> None:
    """The copy of somebody's data."""
    actions.make_export(export_id=event.payload["export_id"])


@subscribe("request.route", "request.transfer")
def department_told(event: OutboxEvent) -> None:
    """The department knows that a request has reached it."""
    _tell(arrivals.tell_department, event)


@subscribe("request.quarantine")
def blocked_file_told(event: OutboxEvent) -> None:
    """The requester knows which file was blocked, and what to do."""
    _tell(conversation.tell_blocked_file, event)


@subscribe("request.reopen")
def reopening_told(event: OutboxEvent) -> None:
    """The agents who hold it know that the requester is not satisfied."""
    _tell(conversation.tell_reopening, event)


@subscribe("request.submit_approval")
def signature_asked(event: OutboxEvent) -> None:
    """Those who may sign or approve know that an answer waits."""
    _tell(decisions.tell_signers, event)


@subscribe("request.send_back")
def sent_back(event: OutboxEvent) -> None:
    """The answer's author knows that it comes back."""
    _tell(decisions.tell_author, event)


@subscribe(*(f"request.{verb}" for verb in _TURNS))
def task_started(event: OutboxEvent) -> None:
    """The departments whose turn has come know what is asked of them."""
    _tell(tasks.tell_started, event)


@subscribe("request.conclude_task", "request.decline_task")
def task_ended(event: OutboxEvent) -> None:
    """Who asked for a task knows how it ended."""
    _tell(tasks.tell_ended, event)


@subscribe("request.cancel_task")
def task_cancelled(event: OutboxEvent) -> None:
    """The department knows that its work is not needed any more."""
    _tell(tasks.tell_cancelled, event)


@subscribe("request.close", "request.withdraw", "request.cancel")
def lead_ended(event: OutboxEvent) -> None:
    """The requests that follow it get the same answer, or their own life back."""
    with translation.override("fr"):
        actions.end_merged(event_of(event.payload["event_id"]))


@subscribe("request.note")
def mentioned_told(event: OutboxEvent) -> None:
    """Those whom a note names know at once, where they want it so."""
    _tell(cooperation.tell_mentioned, event)


@subscribe("request.assign", "request.route", "request.transfer")
def assigned_told(event: OutboxEvent) -> None:
    """Whoever is given a request by somebody else knows."""
    _tell(cooperation.tell_assigned, event)


@subscribe("request.return")
def returned_told(event: OutboxEvent) -> None:
    """Who follows a request knows that a department gives it back."""
    _tell(cooperation.tell_returned, event)


@subscribe("request.correct")
def correction_told(event: OutboxEvent) -> None:
    """Whoever works on a request knows that its answers were corrected."""
    _tell(cooperation.tell_corrected, event)


@subscribe(*(f"request.{verb}" for verb in sorted(cooperation.WATCHED)))
def watchers_told(event: OutboxEvent) -> None:
    """Those who watch the request know what happened, where they want it at once."""
    _tell(cooperation.tell_watchers, event)


@subscribe("request.alert")
def alert(event: OutboxEvent) -> None:
    """Internal mail to those whom an alert concerns."""
    _tell(alerts.alert, event)


@subscribe("follower.ask")
def follower_confirmation(event: OutboxEvent) -> None:
    """The link by which somebody who wants to follow a report proves their address."""
    with translation.override("fr"):
        followers.ask_confirmation(event.payload["follower_id"])


# Verbs that may lead a report from one public stage to another; the handler compares both.
_MOVES = (
    *(Verb.QUALIFY, Verb.ROUTE, Verb.TAKE, Verb.TRANSFER, Verb.ASSIGN, Verb.SET_APPOINTMENT),
    *(Verb.ANSWER, Verb.CLOSE, Verb.REOPEN, Verb.WITHDRAW, Verb.CANCEL),
)


@subscribe(*(f"request.{verb}" for verb in _MOVES))
def followers_told(event: OutboxEvent) -> None:
    """Those who follow a report know that its public state has changed."""
    _tell(followers.tell_change, event)


@subscribe("consent.withdraw")
def end_following(event: OutboxEvent) -> None:
    """No news of reports without the consent to them, whichever page it was withdrawn on."""
    actions.end_following(consent_event_id=event.payload["event_id"])


@subscribe("organisation.close")
def forget_drafts(event: OutboxEvent) -> None:
    """What an organisation's members began ends with its space."""
    actions.forget_drafts_of(organisation_id=event.payload["organisation_id"])


@subscribe("citizen.anonymise")
def forget_letters(event: OutboxEvent) -> None:
    """What was written to a person on paper goes with their record."""
    actions.forget_letters(citizen_id=event.payload["citizen_id"])


@subscribe("account.change_address")
def requests_follow(event: OutboxEvent) -> None:
    """What was filed from a space is read and told at the new address of its owner alone."""
    change = EmailChange.objects.get(pk=event.payload["change_id"])
    if change.old_email:
        follow_address(account_id=change.account_id, old=change.old_email, new=change.new_email)


@subscribe("account.close")
def forget_space(event: OutboxEvent) -> None:
    """What only the account could open ends with it."""
    actions.forget_space(account_ids=[event.payload["account_id"]])


@subscribe("article.remark")
def tell_remark(event: OutboxEvent) -> None:
    """A reader of the portal finds an article out of date: its owner is told (S70)."""
    remark = ArticleRemark.objects.filter(pk=event.payload["remark_id"]).first()
    if remark is not None:
        knowledge.tell_remark(remark)


@subscribe("problem.answer")
def members_told(event: OutboxEvent) -> None:
    """One answer to all: each member of the problem is told apart (S33)."""
    problem_answers.tell_members(
        problem_id=event.payload["problem_id"],
        members=event.payload["members"],
        actor=User.objects.get(pk=event.payload["actor_id"]),
    )


@subscribe("problem.tell")
def member_told(event: OutboxEvent) -> None:
    """Tell the requester of one member of a problem."""
    problem_answers.tell_member(
        member_id=event.payload["member_id"], actor=User.objects.get(pk=event.payload["actor_id"])
    )
