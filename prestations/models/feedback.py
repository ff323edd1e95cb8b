"""What readers tell us without a name: which articles help, which words find nothing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from prestations.enums import Channel, MissingFate
from prestations.models.knowledge import KnowledgeArticle


class ArticleOpinion(models.Model):
    """How often readers of one day said that an article helped, or did not. Only counts."""

    article = models.ForeignKey(KnowledgeArticle, on_delete=models.CASCADE, related_name="opinions")
    day = models.DateField()
    helpful = models.BooleanField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "day", "helpful"], name="one_opinion_count_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}"


class MissingAnswer(models.Model):
    """Words that found nothing, or a question that no article answers: how often, by channel.

    Written by `prestations.actions.note_missing`. No digit, no address is kept, nor who asked; a
    name typed into the portal's search box may be. What nobody asks again for a year is forgotten.
    What the knowledge manager decided stands on every row of the same words.
    """

    words = models.CharField(max_length=60, help_text="folded: what makes two searches the same")
    written = models.CharField(
        max_length=60, blank=True, help_text="the same with its accents, as somebody typed it"
    )
    channel = models.CharField(max_length=12, choices=Channel.choices)
    count = models.PositiveIntegerField(default=0)
    first_on = models.DateField()
    last_on = models.DateField()
    fate = models.CharField(max_length=10, choices=MissingFate.choices, blank=True)
    article = models.ForeignKey(
        KnowledgeArticle, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-count", "-last_on", "words"]
        constraints = [
            models.UniqueConstraint(fields=["words", "channel"], name="missing_answer_once")
        ]
        indexes = [
            # read by the list waiting to be written
            models.Index(fields=["words"], name="missing_waiting", condition=Q(fate=""))
        ]

    def __str__(self) -> str:
        return f"{self.words} ({self.channel})"
