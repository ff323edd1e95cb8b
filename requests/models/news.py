"""News that an agent tells: by telephone, or at the counter at the next visit."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from citizens.enums import NewsChannel
from requests.models.request import ServiceRequest
from requests.related_querysets import SpokenNewsQuerySet

WAYS = (NewsChannel.TELEPHONE, NewsChannel.GUICHET)


class SpokenNews(models.Model):
    """One letter that its requester wants to be told of: a task of the front office.

    Written by `requests.actions.news`. The number to call is the citizen record's.
    """

    request = models.ForeignKey(
        ServiceRequest, on_delete=models.CASCADE, related_name="spoken_news"
    )
    key = models.CharField(max_length=200, unique=True, help_text="the letter's: told once")
    way = models.CharField(max_length=12, choices=[(one.value, one.label) for one in WAYS])
    subject = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="calls that nobody answered")
    tried_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SpokenNewsQuerySet.as_manager()

    class Meta:
        verbose_name = "nouvelle à dire"
        indexes = [
            # read by the list of calls to make, and for whoever is at the counter: few rows
            models.Index(fields=["created_at"], name="news_to_tell", condition=Q(told_at=None))
        ]

    def __str__(self) -> str:
        return self.subject
