"""Thin tasks: load, call the action. Beat's schedule is in the settings."""

from datetime import datetime
from functools import partial

import structlog
from celery import shared_task
from django.utils import timezone

from prestations.actions import forget_unrepeated, record_demand
from prestations.calendars import town_calendar
from requests import actions
from requests.actions import articles, chasing, presence, problems
from requests.actions.drafts import purge_drafts
from requests.actions.following import purge_followers
from requests.enums import AlertKind, DailyWork
from requests.notifications import arrivals, digests
from requests.notifications.files import tell_faults
from requests.stored_files import faults

logger = structlog.get_logger(__name__)

Due = tuple[int, AlertKind, str]
CHASE_LIMIT = 200  # alerts of each kind a run; the next run, a minute later, takes the rest


@shared_task
def chase_deadlines() -> dict[str, int]:
    """Raise alerts, send interim replies and reminders that are due; safe to run at any time."""
    now, interims, reminders = timezone.now(), 0, 0
    _due, raised = _raise_alerts(now)
    for request_id in actions.due_interim_replies(now=now, limit=CHASE_LIMIT):
        interims += actions.send_interim_reply(request_id=request_id) is not None
    for request_id in actions.due_reminders(now=now, limit=CHASE_LIMIT):
        reminders += actions.send_reminder(request_id=request_id) is not None
    for request_id in actions.due_back(now=now, limit=CHASE_LIMIT):
        actions.bring_back(request_id=request_id, now=now)
    actions.remind_call_backs(now=now, limit=CHASE_LIMIT)
    for request_id in actions.due_repeats(now=now, limit=CHASE_LIMIT):
        actions.open_again(request_id=request_id, now=now)
    return {"alerts": raised, "interim_replies": interims, "reminders": reminders}


def _raise_alerts(now: datetime) -> tuple[list[Due], int]:
    """Raise what is due, `CHASE_LIMIT` of each kind at most; return it, and how many were new."""
    calendar = town_calendar()
    due = actions.due_alerts(now=now, calendar=calendar, limit=CHASE_LIMIT)
    tasks = chasing.due_task_alerts(now=now, calendar=calendar, limit=CHASE_LIMIT)
    raised = [
        *(actions.raise_alert(request_id=pk, kind=kind, about=about) for pk, kind, about in due),
        *(
            chasing.raise_task_alert(task_id=pk, kind=kind, about=about)
            for pk, kind, about in tasks
        ),
    ]
    return [*due, *tasks], sum(alert is not None for alert in raised)


@shared_task
def sweep_batches() -> int:
    """Delete the files of letters printed together and posted long ago."""
    return actions.sweep_batches(timezone.now())


@shared_task
def check_files() -> int:
    """Read every stored file again; the administrators are told of those that do not match."""
    found = list(faults())
    if found:
        logger.error("stored_files_at_fault", files=[str(one) for one in found[:100]])
        tell_faults(found, timezone.now())
    return len(found)


@shared_task
def check_routing() -> dict[str, int]:
    """Switch off senseless rules; take back what closed departments hold, and what they owe."""
    stranded = actions.stranded_requests(limit=CHASE_LIMIT)
    asking = actions.asking_closed(limit=CHASE_LIMIT)
    return {
        "rules": actions.check_rules(),
        "recalled": sum(actions.recall_request(request_id=pk) is not None for pk in stranded),
        "withdrawn": sum(actions.withdraw_closed(request_id=pk) for pk in asking),
    }


@shared_task
def guess_waiting() -> int:
    """Guess about the unsorted requests that no classifier has read yet."""
    return actions.guess_waiting()


@shared_task
def train_classifier() -> dict[str, float]:
    """Learn again from what the agents have qualified since the last time."""
    version = actions.train_classifier()
    return {"examples": version.examples, "first_right": version.first_right}


@shared_task
def tell_day() -> dict[str, int]:
    """Write each person's mails of the day: what arrived, then what is due and late.

    Once each working day, from the morning on; the alerts of the hours missed are raised first,
    all of them.
    """
    chase_deadlines()
    now, calendar = timezone.now(), town_calendar()
    before: list[Due] = []
    due, _raised = _raise_alerts(now)
    while due != before:  # what cannot be raised would come back for ever
        before, (due, _raised) = due, _raise_alerts(now)
    told: dict[str, int] = {}
    for work, tell in (
        (DailyWork.ARRIVALS, partial(arrivals.tell_day, now=now, calendar=calendar)),
        (DailyWork.DIGEST, partial(digests.tell_day, now=now)),
    ):
        run = actions.once_a_day(work, tell, now=now, calendar=calendar)
        told[str(work)] = run.told if run else 0
    return told


@shared_task
def find_problems() -> int:
    """Propose what keeps happening, to who handles complaints (S33)."""
    return len(problems.find_problems(now=timezone.now()))


@shared_task
def tell_reviews() -> int:
    """Tell the owners of articles and procedures what is to be read again (S50, S70)."""
    return articles.tell_reviews(today=timezone.localdate())


@shared_task
def purge_expired_drafts() -> int:
    """Delete drafts nobody came back to, with their files."""
    return purge_drafts()


@shared_task
def apply_retention() -> dict[str, int]:
    """Erase what has outlived its term, as far as the officer has approved the rules."""
    run = actions.apply_retention()
    return {f"{line['rule']}.{line['what']}": line["done"] for line in run.lines}


@shared_task
def refresh_demand() -> int:
    """Note how often each prestation was asked for lately (« Le plus demandé »)."""
    counts = actions.demand_lately(now=timezone.now())
    record_demand(counts=counts)
    return len(counts)


@shared_task
def forget_missing_answers() -> int:
    """Delete what was asked in vain and that nobody asked again for a year."""
    return forget_unrepeated()


@shared_task
def refresh_usual_delays() -> int:
    """Count anew how long requests of each prestation really take."""
    return actions.refresh_usual_delays()


@shared_task
def sweep_presence() -> int:
    """Forget the pages of agents that never said they were closed."""
    return presence.sweep_presence(now=timezone.now())


@shared_task
def sweep_notices() -> int:
    """Forget what agents were told of a month ago."""
    return actions.sweep_notices(timezone.now())


@shared_task
def sweep_sendings() -> int:
    """Forget what would undo a sending that has left, and old drafts."""
    return actions.sweep_sendings(timezone.now())


@shared_task
def purge_old_followers() -> int:
    """Forget the followers of reports that are over, and addresses never confirmed."""
    return purge_followers()


@shared_task
def chase_idle_accounts() -> dict[str, int]:
    """Warn the owners of accounts nobody uses, then close them."""
    return actions.chase_idle_accounts()


@shared_task(ignore_result=True)
def settle_merges() -> int:
    """End the time of undoing of records made one thirty days ago."""
    return actions.settle_merges(now=timezone.now())


@shared_task
def sweep_exports() -> int:
    """Delete the copies of data that are over."""
    return actions.sweep_exports()


@shared_task
def scan_files() -> dict[str, int]:
    """Have the antivirus look at the files that wait for it."""
    return actions.scan_due_files()


@shared_task
def remind_wallet() -> int:
    """Tell citizens that a document of their wallet is soon over."""
    return actions.remind_documents()
