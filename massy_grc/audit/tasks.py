"""The audit's task: thin, repeatable, called by beat."""

from celery import shared_task

from massy_grc.audit import seals


@shared_task
def seal_logs() -> int:
    """Seal what was added to the append-only logs; safe to run at any time."""
    return seals.seal_logs()
