"""The town's street register: the national address base's streets and numbers, kept here (L17)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Street(models.Model):
    """A street, square or locality. Loaded from the commune's address file, or written on the
    register's page; never deleted.

    Coordinates are WGS 84 degrees; `line` is its course for the plan, ``[[lon, lat], …]``.
    """

    key = models.CharField(max_length=20, primary_key=True, help_text="91377_0123")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=220, help_text="prestations.streets.names.canonical")
    postcode = models.CharField(max_length=5)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    line = models.JSONField(default=list, blank=True)
    source = models.CharField(
        max_length=100, blank=True, help_text="name of the file it came from; empty: written here"
    )
    taken_up_at = models.DateTimeField(
        null=True, blank=True, help_text="by somebody of the town: a load leaves it alone since"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["folded", "key"]
        indexes = [
            # read by the address field's suggestions
            GinIndex(fields=["folded"], name="street_trigram", opclasses=["gin_trgm_ops"]),
            # read when an answer is matched with the register
            models.Index(fields=["folded"], name="street_folded"),
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """A number in a street, at its entrance."""

    key = models.CharField(max_length=60, primary_key=True, help_text="91377_0123_00012_bis")
    street = models.ForeignKey(Street, on_delete=models.PROTECT, related_name="addresses")
    number = models.PositiveSmallIntegerField()
    suffix = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["street", "number", "suffix"]
        indexes = [
            # read when a pin is put on the plan: what is the nearest address
            models.Index(
                fields=["latitude", "longitude"], name="address_near", condition=Q(is_active=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.street.name}"

    @property
    def label(self) -> str:
        """« 12 bis »."""
        return f"{self.number} {self.suffix}".strip()
