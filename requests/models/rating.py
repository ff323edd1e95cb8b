"""What requesters think of how their request was handled."""

from django.db import models

from requests.enums import RatingScore
from requests.models.request import ServiceRequest


class Rating(models.Model):
    """One opinion about one closing; a request closed again may be rated again.

    Written by `requests.actions.rate_request`. The score is part of the figures for ever; the
    comment is the requester's text and goes with the request's other texts.
    """

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="ratings")
    closing = models.PositiveSmallIntegerField(help_text="how often it was reopened before")
    score = models.PositiveSmallIntegerField(
        choices=RatingScore.choices, null=True, help_text="null: not solved, and nothing said"
    )
    solved = models.BooleanField(null=True, help_text="null: not asked, the request was refused")
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["request", "closing"], name="one_rating_per_closing")
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.score}"
