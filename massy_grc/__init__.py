"""The project: settings, URLs, Celery, and what knows no town."""

from massy_grc.celery import app as celery_app

__all__ = ["celery_app"]
