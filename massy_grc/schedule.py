"""What beat starts, and when: seconds between two runs, or a time of the day in Paris."""

from typing import Any

from celery.schedules import crontab

ALWAYS: dict[str, dict[str, Any]] = {
    "relay-outbox": {"task": "massy_grc.outbox.tasks.relay_outbox", "schedule": 5.0},
    "send-due-deliveries": {
        "task": "massy_grc.outbox.tasks.send_due_deliveries",
        "schedule": 10.0,
    },
    "chase-deadlines": {"task": "requests.tasks.chase_deadlines", "schedule": 60.0},
    "check-routing": {"task": "requests.tasks.check_routing", "schedule": 600.0},
    "guess-waiting": {"task": "requests.tasks.guess_waiting", "schedule": 60.0},
    "train-classifier": {
        "task": "requests.tasks.train_classifier",
        "schedule": crontab(hour=1, minute=30, day_of_week=0),
    },
    "tell-arrivals": {
        "task": "requests.tasks.tell_arrivals",
        "schedule": crontab(hour=7, minute=45),
    },
    "purge-expired-drafts": {"task": "requests.tasks.purge_expired_drafts", "schedule": 3600.0},
    "apply-retention": {
        "task": "requests.tasks.apply_retention",
        "schedule": crontab(hour=2, minute=30),
    },
    "sweep-exports": {"task": "requests.tasks.sweep_exports", "schedule": 3600.0},
    "check-files": {
        "task": "requests.tasks.check_files",
        "schedule": crontab(hour=5, minute=15),
    },
    "sweep-batches": {
        "task": "requests.tasks.sweep_batches",
        "schedule": crontab(hour=3, minute=45),
    },
    "chase-idle-accounts": {
        "task": "requests.tasks.chase_idle_accounts",
        "schedule": crontab(hour=4, minute=30),
    },
    "sweep-outbox": {
        "task": "massy_grc.outbox.tasks.sweep_outbox",
        "schedule": crontab(hour=3, minute=30),
    },
    "remind-wallet": {
        "task": "requests.tasks.remind_wallet",
        "schedule": crontab(hour=7, minute=15),
    },
    "refresh-usual-delays": {
        "task": "requests.tasks.refresh_usual_delays",
        "schedule": crontab(hour=4, minute=30),
    },
    "refresh-demand": {
        "task": "requests.tasks.refresh_demand",
        "schedule": crontab(hour=4, minute=45),
    },
    "forget-fruitless-searches": {
        "task": "requests.tasks.forget_fruitless_searches",
        "schedule": crontab(hour=3, minute=15, day_of_week=1),
    },
    "purge-old-followers": {"task": "requests.tasks.purge_old_followers", "schedule": 3600.0},
    "purge-account-mails": {
        "task": "citizens.tasks.purge_mail_requests",
        "schedule": 3600.0,
    },
    "seal-logs": {"task": "massy_grc.audit.tasks.seal_logs", "schedule": 600.0},
    "roll-up-figures": {"task": "backoffice.tasks.roll_up_figures", "schedule": 600.0},
}

WITH_ANTIVIRUS = {
    "scan-files": {"task": "requests.tasks.scan_files", "schedule": 5.0},
}
