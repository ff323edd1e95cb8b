"""What beat starts, and when: seconds between two runs, or a time of the day in Paris."""

from typing import Any

from celery.schedules import crontab

Schedule = dict[str, dict[str, Any]]


def _every(times: dict[str, float | crontab]) -> Schedule:
    """Return beat's entries, each named after its task."""
    return {
        path.rpartition(".")[2].replace("_", "-"): {"task": path, "schedule": time}
        for path, time in times.items()
    }


ALWAYS = _every(
    {
        "massy_grc.outbox.tasks.relay_outbox": 5.0,
        "massy_grc.outbox.tasks.send_due_deliveries": 10.0,
        "massy_grc.outbox.tasks.sweep_outbox": crontab(hour=3, minute=30),
        "massy_grc.audit.tasks.seal_logs": 600.0,
        "massy_grc.users.tasks.sweep_sessions": crontab(hour=3, minute=20),
        "citizens.tasks.purge_mail_requests": 3600.0,
        "citizens.tasks.find_duplicates": 60.0,
        "requests.tasks.chase_deadlines": 60.0,
        "requests.tasks.check_routing": 600.0,
        "requests.tasks.guess_waiting": 60.0,
        "requests.tasks.train_classifier": crontab(hour=1, minute=30, day_of_week=0),
        "requests.tasks.tell_day": 300.0,  # once each working day
        "requests.tasks.find_problems": crontab(hour=4, minute=15),
        "requests.tasks.tell_reviews": crontab(hour=7, minute=30),
        "requests.tasks.purge_expired_drafts": 3600.0,
        "requests.tasks.apply_retention": crontab(hour=2, minute=30),
        "requests.tasks.sweep_exports": 3600.0,
        "requests.tasks.settle_merges": crontab(hour=2, minute=50),
        "requests.tasks.check_files": crontab(hour=5, minute=15),
        "requests.tasks.sweep_batches": crontab(hour=3, minute=45),
        "requests.tasks.chase_idle_accounts": crontab(hour=4, minute=30),
        "requests.tasks.remind_wallet": crontab(hour=7, minute=15),
        "requests.tasks.refresh_usual_delays": crontab(hour=4, minute=30),
        "requests.tasks.refresh_demand": crontab(hour=4, minute=45),
        "requests.tasks.forget_missing_answers": crontab(hour=3, minute=15, day_of_week=1),
        "requests.tasks.purge_old_followers": 3600.0,
        "requests.tasks.sweep_presence": 3600.0,
        "backoffice.tasks.sweep_absences": crontab(hour=3, minute=40),
        "backoffice.tasks.sweep_list_exports": 600.0,
        "backoffice.tasks.sweep_imports": 3600.0,
        "requests.tasks.sweep_notices": crontab(hour=3, minute=40),
        "backoffice.tasks.sweep_bulk_runs": crontab(hour=3, minute=50),
        "requests.tasks.sweep_sendings": 3600.0,
        "backoffice.tasks.roll_up_figures": 600.0,
    }
)
WITH_ANTIVIRUS = _every({"requests.tasks.scan_files": 5.0})
