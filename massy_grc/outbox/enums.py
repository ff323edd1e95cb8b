"""Where a message to the outside stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryChannel(models.TextChoices):
    EMAIL = "email", _("Courriel")
    SMS = "sms", _("SMS")


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("En attente d'envoi")
    IN_FLIGHT = "in_flight", _("Envoi en cours")
    RETRY = "retry", _("Nouvel essai prévu")
    SENT = "sent", _("Envoyé")
    FAILED = "failed", _("Échec")


UNSENT_STATES = (DeliveryState.QUEUED, DeliveryState.RETRY, DeliveryState.IN_FLIGHT)
