"""The tasks of log-ins: thin, repeatable, called by beat."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task(ignore_result=True)
def sweep_sessions() -> None:
    """Delete the sessions whose time is over, with what they held."""
    SessionStore.clear_expired()
