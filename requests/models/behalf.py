"""The person for whom somebody else filed a request."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests.enums import Relation
from requests.models.request import ServiceRequest
from requests.related_querysets import ConcernedPersonQuerySet


class ConcernedPerson(models.Model):
    """For whom a request was filed, when it is not who filed it: both are told, both are found.

    Written by `intake`, `requests.actions.behalf` and the erasure. The requester stays the one the
    town writes to; the person concerned may object (`objected_at`).
    """

    request = models.OneToOneField(
        ServiceRequest, on_delete=models.CASCADE, related_name="concerned"
    )
    family_name = models.CharField(_("nom de famille"), max_length=150)
    given_name = models.CharField(_("prénom"), max_length=150, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    address = models.CharField(_("adresse postale"), max_length=300, blank=True)
    relation = models.CharField(_("lien"), max_length=12, choices=Relation.choices, blank=True)
    told_at = models.DateTimeField(null=True, help_text="when the town wrote to them")
    called_at = models.DateTimeField(null=True, help_text="when an agent told them by telephone")
    objected_at = models.DateTimeField(null=True)

    objects = ConcernedPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("personne concernée")
        indexes = [
            # read by the list of calls to make: few rows
            models.Index(
                fields=["id"],
                name="concerned_to_call",
                condition=Q(told_at=None, called_at=None) & ~Q(phone="") & ~Q(relation="enfant"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_to_be_called(self) -> bool:
        """Whether a telephone number is the only way to tell them, and nobody called yet."""
        told = self.told_at or self.called_at or self.objected_at
        by_phone = self.phone and not (self.email or self.address)
        return bool(by_phone and not told and self.relation != Relation.CHILD)
