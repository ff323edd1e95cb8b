"""Telling the administrators of stored files that are not what was kept."""

from collections.abc import Sequence
from datetime import datetime

from massy_grc.outbox.api import queue_delivery
from prestations.calendars import PARIS
from requests.letters import words
from requests.notifications.recipients import administrators
from requests.notifications.sending import GREETING
from requests.stored_files import Fault

NAMED = 20


def tell_faults(found: Sequence[Fault], now: datetime) -> None:
    """Write once a day to each administrator; rows are named, nobody is."""
    lines = [f"{one.table} {one.row}" for one in found[:NAMED]]
    body = (
        f"{GREETING}\n\nDes fichiers gardés par le guichet manquent ou ont été modifiés depuis "
        f"leur enregistrement ({len(found)}) :\n{words.bullets(lines)}\n\n"
        "La commande « manage.py verify_files » les donne tous. Restaurez-les depuis la sauvegarde."
    )
    for user in administrators():
        queue_delivery(
            key=f"files:{now.astimezone(PARIS).date()}:{user.pk}",
            to=str(user.email),  # an agent always has one
            subject="Fichiers modifiés ou manquants",
            body=body,
            about=f"user:{user.pk}",
        )
