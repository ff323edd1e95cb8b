"""The project: settings, URLs, Celery, and what knows no town."""
