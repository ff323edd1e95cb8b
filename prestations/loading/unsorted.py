"""The row that stands for a prestation not known yet: a letter or a note still to be sorted.

It is no offer of the town, so it is not in the catalogue's file; its category and itself stay out
of every list of what can be asked for.
"""

from typing import Any

from prestations.enums import (
    Acknowledgement,
    Appointment,
    Channel,
    DelayUnit,
    FieldType,
    Handling,
    Location,
    PrestationStatus,
    SilenceEffect,
)
from prestations.loading.rows import keep_row
from prestations.models import Category, Prestation, Team
from prestations.models.catalogue import UNSORTED

LABEL = "Demande à qualifier"
BLOCK = "contact_facultatif"
FORM = {
    "code": UNSORTED,
    "requester_block": BLOCK,
    "form_fields": [
        {
            "name": "texte",
            "label": "Ce que la personne demande",
            "type": FieldType.TEXTAREA.value,
            "required": True,
            "choices": None,
            "help": None,
            "visible_if": None,
            "description": True,
        },
        {
            "name": "numerisation",
            "label": "Document numérisé",
            "type": FieldType.FILE.value,
            "required": False,
            "choices": None,
            "help": None,
            "visible_if": None,
        },
    ],
    "documents": [],
    "location": Location.NONE.value,
}
COLUMNS: dict[str, Any] = {
    "label": LABEL,
    "handling": Handling.SIMPLE,
    "status": PrestationStatus.ACTIVE,
    "is_active": False,
    "audiences": ["citoyen", "association", "entreprise", "administration"],
    "channels": [
        Channel.GUICHET,
        Channel.TELEPHONE,
        Channel.COURRIER,
        Channel.EMAIL,
        Channel.SMS,
    ],
    "anonymous_allowed": True,
    "location": Location.NONE,
    # what a town announces for a letter; the prestation found sets its own, from the arrival
    "target_value": 15,
    "target_unit": DelayUnit.WORKING_DAYS,
    "target_kind": "estimate",
    "appointment": Appointment.NONE,
    "acknowledgement": Acknowledgement.REQUIRED,
    "silence_effect": SilenceEffect.NONE,
    "acknowledgement_template": "accuse-reception-simple",
}


def write_unsorted() -> Prestation | None:
    """Write the row and its category; None before any team is loaded."""
    team = Team.objects.filter(is_active=True).order_by("order", "code").first()
    if team is None:
        return None
    category = keep_row(
        Category, UNSORTED, {"label": "À qualifier", "team_id": team.pk, "is_active": False}
    )
    return keep_row(
        Prestation, UNSORTED, {**COLUMNS, "category_id": category.pk, "team_id": team.pk}
    )
