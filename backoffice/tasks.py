"""Thin tasks: load, call the action. Beat's schedule is in the settings."""

from celery import shared_task
from django.utils import timezone

from backoffice.actions import absences, bulk, figures, imports, list_exports


@shared_task
def roll_up_figures() -> int:
    """Bring the daily figures up to date; safe to run at any time."""
    return figures.roll_up_figures()


@shared_task
def sweep_absences() -> int:
    """Delete the absences that ended long ago."""
    return absences.sweep_absences(timezone.localdate())


@shared_task
def sweep_list_exports() -> int:
    """Delete the exported lists whose day is over."""
    return list_exports.sweep_list_exports(timezone.now())


@shared_task
def sweep_bulk_runs() -> int:
    """Delete what is kept of acts on many requests begun long ago."""
    return bulk.sweep_runs(timezone.now())


@shared_task
def sweep_imports() -> int:
    """Delete the files of settings that nobody put in force within their day."""
    return imports.sweep_imports(timezone.now())
