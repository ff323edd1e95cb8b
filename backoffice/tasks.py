"""Thin tasks: load, call the action. Beat's schedule is in the settings."""

from celery import shared_task

from backoffice.actions import figures


@shared_task
def roll_up_figures() -> int:
    """Bring the daily figures up to date; safe to run at any time."""
    return figures.roll_up_figures()
