"""Closed lists of the back office."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# what the address of a list says for none
NOBODY = "personne"
NO_DEPARTMENT = "aucun"


class Measure(models.TextChoices):
    """What a daily figure counts; defined in `requests.figures`."""

    FILED = "filed", _("Déposées")
    CLOSED = "closed", _("Closes")
    ENDED = "ended", _("Retirées ou annulées")
